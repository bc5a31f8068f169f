"""What starting costs over bare Python: the medians of 25 runs each, interleaved, and the fastest of them.

The hook runs in a git repository on a staged list of 15 links, all of them known from the run before: nothing is asked.
On a machine that does something else too, the fastest run says more than the median.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from bench.crawl import BIN
from linkcheck import urls
from linkcheck.memory import Store
from linkcheck.model import Evidence, Past, Record, Sighting, State, Url

ROUNDS = 25
LINKCHECK = str(BIN / "linkcheck")
LISTED = tuple(f"https://{name}.example.org/articles/2024/{name}.html" for name in "abcdefghijklmno")
HOOK = "linkcheck hook list.md"
AIMS_MS = {"linkcheck --version": 40, HOOK: 80}


class Cost(NamedTuple):
    """Milliseconds of one process."""

    cpu: float
    wall: float


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        repository, memory = Path(folder, "repository"), Path(folder, "memory")
        set_up(repository, memory)
        commands = {
            "bare Python": [sys.executable, "-c", "pass"],
            "linkcheck --version": [LINKCHECK, "--version"],
            "linkcheck --help": [LINKCHECK, "--help"],
            "linkcheck links list.md": [LINKCHECK, "links", "list.md"],
            HOOK: [LINKCHECK, "hook", "list.md", "--memory", str(memory)],
        }
        for command in commands.values():  # what is learned once: bytecode
            cost(command, repository)
        found: dict[str, list[Cost]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                found[name].append(cost(command, repository))
    print("\n".join(table(found)))


def table(found: Mapping[str, Sequence[Cost]]) -> Iterator[str]:
    bare, least = middle(found["bare Python"]), fastest(found["bare Python"])
    fast = f"the fastest {least.cpu:.0f} and {least.wall:.0f}"
    yield f"bare Python: {bare.cpu:.0f} ms of CPU, {bare.wall:.0f} ms by the clock, {fast}\n"
    yield "| over bare Python, ms | aim | CPU | fastest | by the clock | fastest |\n|---|---:|---:|---:|---:|---:|"
    for name, costs in found.items():
        if name != "bare Python":
            one, best, aim = middle(costs), fastest(costs), AIMS_MS.get(name)
            shown = (one.cpu - bare.cpu, best.cpu - least.cpu, one.wall - bare.wall, best.wall - least.wall)
            yield f"| `{name}` | {aim or ''} | {' | '.join(f'{value:.0f}' for value in shown)} |"


def middle(costs: Sequence[Cost]) -> Cost:
    return Cost(statistics.median(one.cpu for one in costs), statistics.median(one.wall for one in costs))


def fastest(costs: Sequence[Cost]) -> Cost:
    return Cost(min(one.cpu for one in costs), min(one.wall for one in costs))


def set_up(repository: Path, memory: Path) -> None:
    """A repository with a staged list, and a memory in which each of its links was good a moment ago."""
    repository.mkdir()
    memory.mkdir(mode=0o700)
    (repository / "list.md").write_text("# A list\n\n" + "".join(f"- [An article]({url}) - words\n" for url in LISTED))
    for command in (["init", "-q"], ["add", "list.md"]):
        subprocess.run(["git", *command], cwd=repository, env=environment(), check=True)
    with Store(memory) as store:
        store.recall([known(url) for url in LISTED], datetime.now(UTC))
        for url in map(known, LISTED):
            at = datetime.now(UTC)
            evidence = Evidence(url, looks=(Sighting(at, 200, url),), resolver_works=True)
            store.remember(Record(url, at, evidence, past=(Past(at, 200, State.OK),)))
        store.finish(is_interrupted=False)


def known(url: str) -> Url:
    normal = urls.normalise(url)
    assert normal is not None
    return normal


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LINKCHECK_")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**kept, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def cost(command: Sequence[str], folder: Path) -> Cost:
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment(), stdout=subprocess.DEVNULL, check=True)
    wall_s, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu_s * 1_000, wall_s * 1_000)


if __name__ == "__main__":
    main()
