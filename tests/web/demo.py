"""`make demo`: the installed program on the owner's list, in a web where its hosts stand in.

Usage: python -m tests.web.demo [--instead] [LIST]. Prints what linkcheck prints, the report and the YAML, and
fails when a title, an author list, a duration or a state is not what it has to be. `--instead` is for a machine
without a network: it says so, and ends with linkcheck's exit code 3 where LIST has hosts that do not stand in.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from linkcheck.cli import inputs
from linkcheck.plan import plan
from tests.web import Web, environment
from tests.web.reading_list import EXPECTED, stand_in

NO_NETWORK = 3


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.web.demo")
    parser.add_argument("--instead", action="store_true")
    parser.add_argument("list", nargs="?", default="lists/ml.md")
    arguments = parser.parse_args(argv)
    if arguments.instead:
        if not _all_stand_in(arguments.list):
            print(
                "help: on a machine without a network only lists/ml.md can be shown: its hosts stand in",
                file=sys.stderr,
            )
            return NO_NETWORK
        print(
            "\nwithout a network, the same command in a small web on this machine, where the list's hosts stand in:\n"
        )
    return show(Path(arguments.list))


def _all_stand_in(path: str) -> bool:
    found = plan(inputs.documents([path]).documents, sites=())
    return {target.links[0].url for target in found.targets} == set(EXPECTED)


def show(source: Path) -> int:
    """Run linkcheck on `source` and print what it makes; 0 when everything is as it has to be."""
    with Web() as web, tempfile.TemporaryDirectory() as folder:
        stand_in(web)
        arguments = ["run", source.as_posix(), "--reports", folder, *web.flags]
        print(f"$ linkcheck run {source.as_posix()}\n", flush=True)
        done = subprocess.run([sys.executable, "-m", "linkcheck", *arguments], env=environment(web), check=False)
        for suffix in (".md", ".yaml"):
            file = Path(folder) / (source.stem + suffix)
            print(f"\n---- reports/{file.name} " + "-" * (80 - len(file.name)))
            print(file.read_text(encoding="utf-8"), end="")
        wrong = mistakes(yaml.safe_load((Path(folder) / f"{source.stem}.yaml").read_text(encoding="utf-8")))
    if done.returncode != 1:
        wrong.append(f"expected exit code 1, since a link is dead; got {done.returncode}")
    print("\n" + "\n".join(wrong or [f"all {len(EXPECTED)} links as they have to be"]))
    return 1 if wrong else 0


def mistakes(document: dict[str, list[dict[str, object]]]) -> list[str]:
    """Where the enriched list differs from what is expected."""
    wrong = []
    found = {str(reference["URL"]): reference for reference in document["references"]}
    for url, (state, title, authors, duration) in EXPECTED.items():
        reference = found.get(url, {})
        custom = reference.get("custom")
        names = tuple(_name(author) for author in reference.get("author", ()))  # type: ignore[attr-defined]
        got = (custom.get("state") if isinstance(custom, dict) else None, reference.get("title"), names,
               reference.get("dimensions", ""))  # fmt: skip
        if got != (state, title, authors, duration):
            wrong.append(f"{url}: expected {(state, title, authors, duration)}, got {got}")
    return wrong


def _name(author: dict[str, str]) -> str:
    return author.get("literal") or f"{author['given']} {author['family']}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
