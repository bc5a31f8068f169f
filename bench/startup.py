"""What starting costs over bare Python: the medians of 15 runs each, interleaved."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys

from bench.crawl import BIN

ROUNDS = 15
COMMANDS = {
    "bare Python": [sys.executable, "-c", "pass"],
    "linkcheck --version": [str(BIN / "linkcheck"), "--version"],
    "linkcheck --help": [str(BIN / "linkcheck"), "--help"],
    "linkcheck links README.md": [str(BIN / "linkcheck"), "links", "README.md"],
}


def main() -> None:
    found: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, command in COMMANDS.items():
            found[name].append(cpu_ms(command))
    bare = statistics.median(found["bare Python"])
    print("| command | CPU ms | over bare Python |\n|---|---:|---:|")
    for name, times in found.items():
        middle = statistics.median(times)
        print(f"| `{name}` | {middle:.0f} | {middle - bare:+.0f} |")


def cpu_ms(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


if __name__ == "__main__":
    main()
