"""A run whose links are all known, report files and history included: CPU and peak memory of the process.

Nothing is asked: the time is that of reading list, memory and history, judging anew, and writing. Of *plain* links
no more is known than a title, and the list has no words on them. Of *rich* ones a fifth are papers with authors and
abstracts, a tenth videos, the others articles; titles are of several scripts, with emoji among them.
"""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.crawl import BIN, timed
from linkcheck.cli import files
from linkcheck.common import similarity
from linkcheck.memory import Store, history
from linkcheck.model import (
    Author,
    Evidence,
    Finding,
    Identity,
    Metadata,
    Past,
    Presence,
    Record,
    Sighting,
    State,
    Url,
)

SIZES = (1_000, 10_000, 100_000)
TITLES = """attention models learn réseaux größer данные 学习 モデル 🚀 of the and with for a in “scale” transformer:
state-of-the-art retrieval, graphs no 2024 #1 [draft] it's 🤗 yes C++ & probability naïve""".split()
PROSE = """we show that the models learn of a and in with for, on; large-scale training – as “they” are naïve 3.5 %
better than; results: it's (almost) probability retrieval graphs attention transformers language""".split()


def main() -> None:
    print("| known links | | printed | s CPU | CPU µs a link | peak MB | history MB | YAML MB |")
    print("|---:|---|---|---:|---:|---:|---:|---:|")
    for size in SIZES:
        for kind in ("plain", "rich"):
            with tempfile.TemporaryDirectory() as name:
                prepare(Path(name), size, is_rich=kind == "rich")
                for printed in ("text", "json"):
                    print(f"| {size:,} | {kind} | {printed} | {measured(Path(name), size, printed)} |", flush=True)


def measured(folder: Path, size: int, printed: str) -> str:
    command = [str(BIN / "linkcheck"), "run", "list.md", "--memory", "memory", "--format", printed]
    (_, cpu_s, peak_mb), out = timed(command, folder, dict(os.environ))
    assert f"{size} ok" in out or out.count('"state": "ok"') == size, "not every link was known"
    history_mb, yaml_mb = ((folder / "reports" / file).stat().st_size / 1e6 for file in ("history.jsonl", "list.yaml"))
    each = cpu_s / size * 1e6
    return f"{cpu_s:.1f} | {each:.0f} | {peak_mb:.0f} | {history_mb:.0f} | {yaml_mb:.0f}"


def prepare(folder: Path, size: int, *, is_rich: bool) -> None:
    """A list, the memory of a run an hour ago that found every link good, and the history of that run."""
    chance, at = random.Random(4), datetime.now(UTC) - timedelta(hours=1)
    known = list((rich if is_rich else plain)(chance, size, at))
    lines = (item(chance, n, one.url) if is_rich else f"- [T{n}]({one.url})\n" for n, one in enumerate(known))
    (folder / "list.md").write_text("# A list\n\n" + "".join(lines), encoding="utf-8")
    (folder / "reports").mkdir()
    history.update(folder / "reports" / history.FILE, {one.url: one for one in known}, files.write, datetime.now(UTC))
    with Store(folder / "memory") as memory:
        for record in known:
            memory.remember(record)
        memory.finish(is_interrupted=False)


def item(chance: random.Random, n: int, url: str) -> str:
    heading = f"\n## {title(chance, 3)}\n\n" if n % 50 == 0 else ""
    return f"{heading}- [{title(chance, 5)}]({url}) - {prose(chance, 15)}\n"


def title(chance: random.Random, number: int = 8) -> str:
    return " ".join(chance.choices(TITLES, k=number))


def fingerprint(chance: random.Random, n: int) -> str:
    return similarity.fingerprint(f"page {chr(0x4E00 + n % 20_000)} {prose(chance, 30)}")


def prose(chance: random.Random, number: int) -> str:
    return " ".join(chance.choices(PROSE, k=number))


def plain(chance: random.Random, size: int, at: datetime) -> Iterator[Record]:
    for n in range(size):
        url = Url(f"https://host{n % 1_500}.example/p/{n}")
        found = Metadata(title="A page", language="en", provenance={"title": "og:title", "language": "html.lang"})
        finding = Finding(metadata=found, fingerprint=fingerprint(chance, n), media="text/html")
        evidence = Evidence(url, (Sighting(at, 200, url, elapsed_s=0.12),), page=finding, resolver_works=True)
        good = Identity(at, "A page", "en", f"host{n % 1_500}.example", finding.fingerprint)
        yield Record(url, at, evidence, (Past(at, 200, State.OK),), good)


def rich(chance: random.Random, size: int, at: datetime) -> Iterator[Record]:
    past = (Past(at, 200, State.OK),)
    for n in range(size):
        if n % 10 < 2:
            yield paper(chance, n, at, past)
        elif n % 10 == 2:
            yield video(chance, n, at, past)
        else:
            yield article(chance, n, at, past)


def paper(chance: random.Random, n: int, at: datetime, past: tuple[Past, ...]) -> Record:
    key = f"{chance.randrange(15, 26)}{chance.randrange(1, 13):02}.{n:05}"
    authors = (Author(f"Ann {n} Müller", "Müller", f"Ann {n}"), Author("李 明", "明", "李"), Author("The ATLAS group"))
    details = {
        "id": key, "latest_version": 3, "primary_category": "cs.LG", "categories": ["cs.LG", "stat.ML"],
        "updated": "2024-05-06", "withdrawn": False, "comment": "12 pages, 5 figures", "pdf": f"https://arxiv.org/pdf/{key}",
    }  # fmt: skip
    found = Metadata(
        "arxiv", title(chance), authors=authors, published="2023-04-05", modified="2024-05-06",
        description=prose(chance, 150), site_name="arXiv", canonical=f"https://arxiv.org/abs/{key}",
        doi=f"10.48550/arXiv.{key}", details=details,
        provenance=dict.fromkeys(("title", "authors", "published", "modified", "description", "doi"), "arxiv-api"),
    )  # fmt: skip
    finding = Finding(Presence.PRESENT, f"the arXiv API lists {key} (v3)", certain=True, metadata=found)
    url = Url(f"https://arxiv.org/abs/{key}")
    return Record(url, at, Evidence(url, site=finding, resolver_works=True), past)


def video(chance: random.Random, n: int, at: datetime, past: tuple[Past, ...]) -> Record:
    key = f"v{n:010}"
    details = {"id": key, "channel": title(chance, 2), "channel_url": "https://www.youtube.com/@channel"}
    found = Metadata(
        "youtube-video", title(chance), authors=(Author(title(chance, 2)),), published="2023-04-05T01:02:03-07:00",
        description=prose(chance, 60), site_name="YouTube", canonical=f"https://www.youtube.com/watch?v={key}",
        duration_s=3723, details=details, provenance=dict.fromkeys(("title", "authors"), "youtube-oembed"),
    )  # fmt: skip
    finding = Finding(Presence.PRESENT, "oEmbed answered 200", certain=True, metadata=found)
    url = Url(f"https://www.youtube.com/watch?v={key}")
    return Record(url, at, Evidence(url, site=finding, resolver_works=True), past)


def article(chance: random.Random, n: int, at: datetime, past: tuple[Past, ...]) -> Record:
    url = Url(f"https://host{n % 1_500}.example/posts/{n}")
    name = title(chance)
    found = Metadata(
        "article", name, title_raw=f"{name} | A site", authors=(Author(title(chance, 2)),), published="2021-02-03",
        description=prose(chance, 25), language="en", site_name="A site",
        provenance=dict.fromkeys(("title", "authors", "published", "description", "language", "site_name"), "og:title"),
    )  # fmt: skip
    seen = Sighting(at, 200, url, elapsed_s=0.12, etag=f'"{n:032x}"', modified="Sat, 07 Nov 2026 10:00:00 GMT")
    finding = Finding(metadata=found, fingerprint=fingerprint(chance, n), media="text/html")
    good = Identity(at, name, "en", f"host{n % 1_500}.example", finding.fingerprint)
    return Record(url, at, Evidence(url, (seen,), page=finding, resolver_works=True), past, good)


if __name__ == "__main__":
    main()
