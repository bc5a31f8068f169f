"""What starting costs over bare Python: the medians of 15 runs each, interleaved.

The hook looks at 15 links, all of them known from the run before.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.crawl import BIN, web

ROUNDS = 15
LINKS = 15
LINKCHECK = str(BIN / "linkcheck")


def main() -> None:
    with web(LINKS) as place, tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "list.md").write_text("".join(f"- <{place.url(n, f'p/1/{n}')}>\n" for n in range(LINKS)))
        commands = {
            "bare Python": [sys.executable, "-c", "pass"],
            "linkcheck --version": [LINKCHECK, "--version"],
            "linkcheck --help": [LINKCHECK, "--help"],
            "linkcheck links list.md": [LINKCHECK, "links", "list.md"],
            "linkcheck hook list.md": [LINKCHECK, "hook", "list.md", "--allow-private", "--memory", "."],
        }
        environment = {**os.environ, "SSL_CERT_FILE": place.ca, "NO_PROXY": "*"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for command in commands.values():  # what is learned once: bytecode, the links
            cpu_ms(command, folder, environment)
        found: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                found[name].append(cpu_ms(command, folder, environment))
    bare = statistics.median(found["bare Python"])
    print("| command | CPU ms | over bare Python |\n|---|---:|---:|")
    for name, times in found.items():
        middle = statistics.median(times)
        print(f"| `{name}` | {middle:.0f} | {middle - bare:+.0f} |")


def cpu_ms(command: Sequence[str], folder: str, environment: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


if __name__ == "__main__":
    main()
