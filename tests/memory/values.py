"""Records to remember, and a database to damage."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from linkcheck.memory import FILE, Store, lines
from linkcheck.memory.history_file import HEADER
from linkcheck.model import (
    Author,
    Confidence,
    Evidence,
    Fault,
    Finding,
    Flag,
    Hop,
    Identity,
    Match,
    Metadata,
    Past,
    Presence,
    Probe,
    Record,
    Sighting,
    SignatureKind,
    State,
    Url,
)

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
URL = Url("https://a.example/x")
# For processes that are killed: a coverage file cut off in writing is a warning.
UNMEASURED = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}


def record(at: datetime = NOW, state: State = State.OK, url: Url = URL, outcome: int | Fault = 200) -> Record:
    return Record(url, at, Evidence(url, (Sighting(at, outcome, url),)), (Past(at, outcome, state),))


def rich() -> Record:
    """Every field of every value in use."""
    metadata = Metadata(
        "paper", "A “title”", "raw", (Author("Ann Lee", "Lee", "Ann"),), "2020", "2021", "words", "en", "site", "c", "10.1/x",
        61, {"id": "1", "categories": ["a", "b"], "nested": {"n": 1.5, "none": None}}, {"title": "h1"},
    )  # fmt: skip
    mark = Match(SignatureKind.PARKED, "x", "why", Confidence.LIKELY)
    looks = (
        Sighting(NOW, Fault.RESET, URL, detail="reset", attempts=3, elapsed_s=1.5),
        Sighting(NOW, 200, URL, (Hop(URL, 301),), insecure=Fault.TLS_EXPIRED, retry_after_s=2.0, look=2, etag='"1"'),
    )
    site = Finding(Presence.PRESENT, "listed", certain=True, metadata=metadata, flags={Flag.WITHDRAWN: "so"})
    page = Finding(matches=(mark,), fingerprint="00ff00ff", media="text/html", lost=("a",), refresh="/x")
    evidence = Evidence(URL, looks, site, page, Probe(looks[0], "00000000", (mark,)), resolver_works=True)
    return Record(URL, NOW, evidence, (Past(NOW, None, State.DEAD),), Identity(NOW, "t", "en", "a.example", "00ff00ff"))


def urls(who: object, number: int) -> list[Url]:
    return [Url(f"https://{who}.example/{n:04}") for n in range(number)]


def remember(folder: Path, some: Iterable[Url], at: datetime = NOW) -> None:
    """A whole run that looks at `some`."""
    with Store(folder) as memory:
        for url in some:
            memory.keep(url, record(at, url=url).evidence, at)
        memory.commit()
        for url in some:
            memory.remember(record(at, url=url))
        memory.finish(is_interrupted=False)
    assert memory.notices == []


def known(folder: Path) -> set[str]:
    """The URLs of all facts, journalled ones included."""
    with closing(sqlite3.connect(folder / FILE)) as base:
        return {url for (url,) in base.execute("select url from facts union select url from journal")}


def write_history(path: Path, records: Iterable[Record]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in [HEADER, *map(lines.dump, records)]), encoding="utf-8")


def damage(path: Path, needle: str, kind: int) -> None:
    """Make one page unreadable that holds `needle`: of the table (`kind` 13) or of an index (10), SQLite's file format §1.6."""
    content = bytearray(path.read_bytes())
    size = int.from_bytes(content[16:18], "big")
    at = next(
        at
        for at in range(size, len(content), size)
        if content[at] == kind and needle.encode() in content[at : at + size]
    )
    content[at : at + 8] = b"\xff" * 8
    path.write_bytes(content)
