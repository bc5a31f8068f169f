"""Reading Markdown: seconds of CPU for 10 MB on one core, and the same for the parser alone.

Takes the real lists of ../shared/data where they are, else text of the same mix made here.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence

from linkcheck.read import read
from linkcheck.read.markdown.walk import PARSER
from tests import shared

ROUNDS = 7
MEGABYTES = 10


def corpus() -> list[bytes]:
    found = [path.read_bytes() for path in shared.lists()]
    if not found:
        item = "- [Some title {n}](https://host{n}.example/path/{n}) - A description, in `code` and *words*.\n"
        text = "".join(f"## Section {n}\n\n" * (n % 20 == 0) + item.format(n=n) for n in range(2_000))
        found = [text.encode()]
    many: list[bytes] = []
    while sum(map(len, many)) < MEGABYTES * 1_000_000:
        many += found
    return many


def cpu_s(work: Callable[[bytes], object], documents: Sequence[bytes]) -> float:
    started = time.process_time()
    for data in documents:
        work(data)
    return (time.process_time() - started) * MEGABYTES * 1_000_000 / sum(map(len, documents))


def parse_only(data: bytes) -> None:
    for _ in PARSER.events_with_range(data.decode(errors="replace")):
        pass


def main() -> None:
    documents = corpus()
    links = sum(len(read(data, "x").links) for data in documents)
    pairs = [(cpu_s(lambda d: read(d, "x"), documents), cpu_s(parse_only, documents)) for _ in range(ROUNDS)]
    ours, parser = (statistics.median(column) for column in zip(*pairs, strict=True))
    print("| what | s CPU / 10 MB | |\n|---|---:|---|")
    print(f"| links, places, sections, entries | {ours:.2f} | {links} links; target 2 |")
    print(f"| pyromark's events alone | {parser:.2f} | ×{ours / parser:.1f} |")


if __name__ == "__main__":
    main()
