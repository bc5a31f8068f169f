"""Evidence in few words, for tables."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from linkcheck.common.similarity import fingerprint
from linkcheck.judge import judge
from linkcheck.model import (
    Confidence,
    Evidence,
    Fault,
    Finding,
    Identity,
    Match,
    Metadata,
    Past,
    Probe,
    Sighting,
    SignatureKind,
    State,
    Url,
    Verdict,
)
from tests.answers import NOW, hops, sighting

HERE = Url("https://a.example/some/deep/page")
NOWHERE = "https://a.example/some/deep/no-such-page"
TEXT = "The plane iron is set so that it takes a shaving as thin as paper along the grain of the board"
OTHER = "Every match of the league with odds that are better than those of any other house in the world"
DAY = timedelta(days=1)


def look(outcome: int | Fault = 200, final: str = HERE, *statuses: int, **more: Any) -> Sighting:
    """A look that ended at `final`, after redirects of these `statuses`."""
    return sighting(outcome, final, hops=hops(*statuses, url=HERE), **more)


def evidence(*looks: Sighting | int | Fault, url: str = HERE, **more: Any) -> Evidence:
    """`looks` in short, a status or fault at `url` for each."""
    seen = tuple(one if isinstance(one, Sighting) else sighting(one, url, look=at) for at, one in enumerate(looks, 1))
    return Evidence(Url(url), seen, **more)


def match(kind: SignatureKind, confidence: Confidence = Confidence.CERTAIN) -> Match:
    return Match(kind, "x", f"it is a {kind}", confidence)


def shown(*matches: Match, seen: Sighting | None = None, url: str = HERE, **more: Any) -> Evidence:
    """A page with these matches, looked at once."""
    page = Finding(matches=matches, fingerprint=fingerprint(TEXT), media="text/html", metadata=Metadata(title="Planes"))
    found = more.pop("page", page)
    return evidence(seen or look(final=url), url=url, page=found, **more)


def redirected(final: str, *statuses: int, url: str = HERE, **more: Any) -> Evidence:
    """A page at the end of redirects."""
    page = Finding(fingerprint=fingerprint(TEXT), media="text/html", metadata=Metadata(title="Planes"))
    return evidence(look(200, final, *(statuses or (302,))), url=url, page=page, **more)


def probe(outcome: int | Fault, final: str = NOWHERE, text: str = "", *matches: Match) -> Probe:
    """What an address that cannot exist answered, redirected where `final` is another."""
    return Probe(look(outcome, final, *((302,) if final != NOWHERE else ())), fingerprint(text), matches)


def swapped(title: str, *, language: str = "", was: str = "How it works", **more: Any) -> Evidence:
    """A page in place of another one."""
    page = Finding(fingerprint=fingerprint(TEXT), metadata=Metadata(title=title, language=language))
    return evidence(200, page=page, good=good(was), **more)


def good(title: str = "Planes", text: str = OTHER, language: str = "en") -> Identity:
    return Identity(NOW, title, language, "a.example", fingerprint(text))


def earlier(*found: tuple[float, State]) -> tuple[Past, ...]:
    """Looks of earlier runs: how many days ago, and what was said."""
    return tuple(Past(NOW - days * DAY, 200, state) for days, state in found)


def first(*looks: Sighting | int | Fault, **more: Any) -> Verdict:
    """What today's facts alone say."""
    return judge(evidence(*looks, **more)).first


NOT_FOUND = match(SignatureKind.NOT_FOUND, Confidence.LIKELY)
