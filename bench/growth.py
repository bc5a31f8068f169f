"""What one more URL costs: CPU and peak memory from 1,000 to 100,000 URLs, and 1,000 connections at once.

The mix is the same at every size, 67 URLs a host, so that nothing but their number differs.
"""

from __future__ import annotations

import random

from bench.crawl import HOSTS, Web, ours, skewed, web

SIZES = (1_000, 10_000, 100_000)
CONNECTIONS = 1_000


def main() -> None:
    with web(HOSTS) as place:
        one = ours(place, workload(place, 1))
        print(f"One URL: {one.cpu_s:.2f} s of CPU, {one.rss_mb:.0f} MB\n")
        print("| URLs | hosts | s | CPU µs a URL over that | peak MB |\n|---:|---:|---:|---:|---:|")
        for size in SIZES:
            run = ours(place, workload(place, size))
            each = (run.cpu_s - one.cpu_s) / size * 1e6
            print(f"| {size:,} | {hosts(size):,} | {run.wall_s:.0f} | {each:.0f} | {run.rss_mb:.0f} |", flush=True)
        one = ours(place, [place.url(0, "p/3000/0")])
        many = ours(place, [place.url(n, f"p/3000/{n}") for n in range(CONNECTIONS)], "--concurrency", str(CONNECTIONS))
        print(f"\n{CONNECTIONS:,} TLS connections at once: {many.rss_mb - one.rss_mb:.0f} MB more than one")


def hosts(size: int) -> int:
    return max(1, size * HOSTS // max(SIZES))


def workload(place: Web, size: int) -> list[str]:
    chance = random.Random(1)
    return [place.url(host, f"p/20/{n}") for n, host in enumerate(skewed(chance, size, hosts(size)))]


if __name__ == "__main__":
    main()
