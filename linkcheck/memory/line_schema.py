"""The fields of a line of `history.jsonl`, schema linkcheck-history/2. A field with its default is not written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linkcheck.model import Confidence, Fault, Flag, Presence, SignatureKind, State, Url, Value, replace
from linkcheck.model.base import NOTHING, Status

HTML = "text/html"
Marks = tuple[tuple[SignatureKind, str, Confidence, str], ...]
"""Matches of signatures: kind, name, confidence, evidence."""


class Site(Value, frozen=True, rename={"presence": "is", "evidence": "why", "certain": "sure", "replacement": "new"}):
    """What a site says of its item."""

    presence: Presence | None = Presence.PRESENT
    evidence: str = ""
    certain: bool = False
    is_missing: bool = False
    flags: Mapping[Flag, str] = NOTHING
    replacement: str = ""
    ask_page: bool = False


class Probed(Value, frozen=True, rename={"outcome": "status", "is_same_end": "same", "fingerprint": "print"}):
    """The answer of a URL that cannot exist; `is_same_end`: it was redirected to where the page was."""

    outcome: Status | Fault
    is_same_end: bool = False
    fingerprint: str = ""
    marks: Marks = ()


class Good(Value, frozen=True, rename={"language": "lang", "fingerprint": "print"}):
    """What the page was when it was last good, where that is not what it is now."""

    at: str
    title: str = ""
    language: str = ""
    fingerprint: str = ""


_NAMES = {
    "title_raw": "raw", "outcome": "status", "hops": "to", "insecure": "tls", "fingerprint": "print", "authors": "by",
    "published": "date", "modified": "changed", "description": "text", "language": "lang", "site_name": "site",
    "details": "more", "provenance": "from", "duration_s": "seconds",
}  # fmt: skip


class Line(Value, frozen=True, rename=_NAMES):
    """What is kept of one URL.

    `at` is the time of a look (`moments`). `state` is what that look alone showed (None: it was not judged), `looks`
    how many answers of a missing page agreed. `hops` are the redirects, each status with its target; a target '' is
    the URL itself. `since` has the time of the first look of the present failure, and of one on a day between; `runs`
    are the states before, each with its times. Then the metadata, each field as `metadata_line` writes it.
    `fingerprint`: the upper halves of its checksums, in base64.
    """

    url: Url
    at: str
    state: State | None = State.OK
    since: tuple[str, ...] = ()
    runs: tuple[tuple[str, ...], ...] = ()
    outcome: Status | Fault | None = 200
    looks: int = 1
    hops: tuple[tuple[Status, str], ...] = ()
    insecure: Fault | None = None
    detail: str = ""
    resolved: bool = False
    title: str = ""
    title_raw: str | tuple[str, str] = ""
    authors: tuple[str | tuple[str, ...], ...] = ()
    published: str = ""
    modified: str = ""
    kind: str = "page"
    site_name: str = ""
    description: str = ""
    language: str = ""
    canonical: str = ""
    doi: str = ""
    duration_s: int | None = None
    details: Mapping[str, Any] = NOTHING
    provenance: str | Mapping[str, str] = ""
    api: Site | None = None
    marks: Marks = ()
    lost: tuple[str, ...] = ()
    media: str = HTML
    probe: Status | Probed | None = None
    fingerprint: str = ""
    good: Good | None = None


def lean(line: Line) -> Line:
    """`line`, with the very object of the default where a value is equal to it: only those are left out in writing."""
    defaults = zip(Line.__struct_fields__[-len(Line.__struct_defaults__) :], Line.__struct_defaults__, strict=True)
    return replace(line, **{name: default for name, default in defaults if getattr(line, name) == default})
