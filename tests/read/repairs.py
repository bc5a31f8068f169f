"""A repair done, as a command that mends lists would do it."""

from __future__ import annotations

from linkcheck.model import Document, Link, Repair, State, Unchecked
from linkcheck.plan import sort


def repair_of(link: Link) -> Repair | None:
    """What mends a link; None where nothing does, or nothing is wrong."""
    found = sort(link)
    return found.repair if isinstance(found, Unchecked) and found.state is State.INVALID else None


def mended(data: bytes, document: Document, repair: Repair) -> bytes:
    start, end = repair.span
    assert 0 <= start <= end <= len(data)
    return data[:start] + repair.text.encode(document.encoding) + data[end:]
