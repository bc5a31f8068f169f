"""`make demo`: the installed program on the owner's list, in a web where its hosts stand in.

Usage: python -m tests.web.demo [LIST]. Prints what linkcheck prints, the report and the YAML, and
fails when a title, an author list, a duration or a state is not what it has to be.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from tests.web import Web, environment
from tests.web.reading_list import EXPECTED, stand_in


def main(argv: list[str]) -> int:
    source = Path(argv[0] if argv else "lists/ml.md")
    program = shutil.which("linkcheck", path=str(Path(sys.executable).parent)) or "linkcheck"
    with Web() as web, tempfile.TemporaryDirectory() as folder:
        stand_in(web)
        command = [program, "run", source.as_posix(), "--reports", folder, *web.flags]
        print(f"$ linkcheck run {source.as_posix()}\n", flush=True)
        done = subprocess.run(command, env=environment(web), check=False)
        for suffix in (".md", ".yaml"):
            file = Path(folder) / (source.stem + suffix)
            print(f"\n---- reports/{file.name} " + "-" * (80 - len(file.name)))
            print(file.read_text(encoding="utf-8"), end="")
        wrong = mistakes(yaml.safe_load((Path(folder) / f"{source.stem}.yaml").read_text(encoding="utf-8")))
    print("\n" + "\n".join(wrong or [f"all {len(EXPECTED)} links as they have to be, exit code {done.returncode}"]))
    return 1 if wrong or done.returncode != 1 else 0


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
