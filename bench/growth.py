"""What one more URL costs: CPU and peak memory from 1,000 to 100,000 URLs, and 1,000 connections at once."""

from __future__ import annotations

import random

from bench.crawl import HOSTS, Web, ours, skewed, web

SIZES = (1_000, 10_000, 100_000)
CONNECTIONS = 1_000


def main() -> None:
    with web(HOSTS) as place:
        print("| URLs | s | CPU µs a URL | of each one more | peak MB |\n|---:|---:|---:|---:|---:|")
        last_size, last_cpu_s = 0, 0.0
        for size in SIZES:
            run = ours(place, workload(place, size))
            more = (run.cpu_s - last_cpu_s) / (size - last_size) * 1e6
            last_size, last_cpu_s = size, run.cpu_s
            each = run.cpu_s / size * 1e6
            print(f"| {size:,} | {run.wall_s:.0f} | {each:.0f} | {more:.0f} | {run.rss_mb:.0f} |", flush=True)
        one = ours(place, [place.url(0, "p/3000/0")])
        many = ours(place, [place.url(n, f"p/3000/{n}") for n in range(CONNECTIONS)], "--concurrency", str(CONNECTIONS))
        print(f"\n{CONNECTIONS:,} TLS connections at once: {many.rss_mb - one.rss_mb:.0f} MB more than one")


def workload(place: Web, size: int) -> list[str]:
    chance = random.Random(1)
    return [place.url(host, f"p/20/{n}") for n, host in enumerate(skewed(chance, size, min(size, HOSTS)))]


if __name__ == "__main__":
    main()
