"""What a commit waits for, in a git repository: wall time over an empty Python start, medians, interleaved.

The list has 200 links that were there before. Known: the commit adds one that memory knows. New: one of a host that
takes 100 ms. Silent: one of a host that never answers, at the first commit and at those that follow within minutes.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.crawl import BIN, Web, web

ROUNDS = 11
LINKS = 200
AIMS = {"known": "", "new": "1 s", "silent, at first": "the budget, 8 s", "silent, again": "no request"}
LINKCHECK = str(BIN / "linkcheck")


def main() -> None:
    with web(LINKS) as place, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {**os.environ, "SSL_CERT_FILE": place.ca, "NO_PROXY": "*", "GIT_CONFIG_GLOBAL": os.devnull}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        prepare(folder, place, environment)
        print("| a commit adds a link that is … | s over an empty Python | aim |\n|---|---:|---|")
        for name, times in measured(folder, place, environment).items():
            print(f"| {name} | {statistics.median(times):.3f} | {AIMS[name]} |")


def prepare(folder: Path, place: Web, environment: dict[str, str]) -> None:
    """A repository with a committed list, and the memory of a run that found its first links good."""
    (folder / "list.md").write_text("".join(f"- <{place.url(n, f'p/1/{n}')}>\n" for n in range(LINKS)))
    (folder / ".gitignore").write_text("memory*\n")
    for command in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=A", "-c", "user.email=a@a.example", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *command], cwd=folder, env=environment, check=True)
    (folder / "known.md").write_text(f"<{place.url(1, 'p/1/known')}>\n")
    subprocess.run([*hook("run", "memory", "known.md"), "--no-files"], cwd=folder, env=environment, check=True)
    (folder / "known.md").unlink()


def measured(folder: Path, place: Web, environment: dict[str, str]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {name: [] for name in AIMS}
    for turn in range(ROUNDS):
        bare = wall_s([sys.executable, "-c", "pass"], folder, environment)

        def over(memory: str, path: str, bare: float = bare) -> float:
            stage(folder, place.url(2, path), environment)
            return wall_s(hook("hook", memory, "list.md"), folder, environment) - bare

        stage(folder, place.url(1, "p/1/known"), environment)
        found["known"].append(wall_s(hook("hook", "memory", "list.md"), folder, environment) - bare)
        found["new"].append(over("memory", f"p/100/new{turn}"))
        if turn < 2:  # each takes the budget
            shutil.rmtree(folder / "memory-silent", ignore_errors=True)
            found["silent, at first"].append(over("memory-silent", "hang/1"))
        found["silent, again"].append(over("memory-silent", "hang/1"))
    return found


def hook(command: str, memory: str, path: str) -> list[str]:
    return [LINKCHECK, command, path, "--allow-private", "--memory", memory]


def stage(folder: Path, url: str, environment: dict[str, str]) -> None:
    """Stage the list of HEAD with one link more."""
    subprocess.run(["git", "checkout", "-q", "HEAD", "--", "list.md"], cwd=folder, env=environment, check=True)
    with (folder / "list.md").open("a") as file:
        file.write(f"- <{url}>\n")
    subprocess.run(["git", "add", "list.md"], cwd=folder, env=environment, check=True)


def wall_s(command: Sequence[str], folder: Path, environment: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
