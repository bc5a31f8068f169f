"""What is said of a link, the evidence that it is said on, and what is remembered of both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from linkcheck.model.base import NOTHING, Fingerprint, Status, Time, Url, Value
from linkcheck.model.findings import Confidence, Finding, Flag, Match
from linkcheck.model.sightings import Fault, Sighting


class State(StrEnum):
    """What we say of a link; docs/verdicts.md, States, defines each."""

    OK = "ok"
    MOVED = "moved"
    DEAD = "dead"
    GONE = "gone"
    INVALID = "invalid"
    RESTRICTED = "restricted"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    SKIPPED = "skipped"


FAILING = frozenset({State.DEAD, State.GONE, State.INVALID})
"""The states that fail a run and block the hook."""

ALIVE = frozenset({State.OK, State.MOVED})
"""The states of what is there for everybody."""


class Probe(Value, frozen=True, rename={"matches": "marks", "fingerprint": "sketch"}):
    """What a sibling of the page answered that nobody can have made: the host's own way to say "not here"."""

    sighting: Sighting
    fingerprint: Fingerprint = ""
    matches: tuple[Match, ...] = ()


class Past(Value, frozen=True):
    """An earlier look, in short."""

    at: Time
    outcome: Status | Fault | None
    state: State


class Identity(Value, frozen=True, rename={"fingerprint": "sketch"}):
    """What a page was when it was last good: how a page that was swapped is told."""

    at: Time
    title: str = ""
    language: str = ""
    domain: str = ""
    fingerprint: Fingerprint = ""


class Evidence(Value, frozen=True):
    """All that a judge may look at. `looks` are the page's sightings of this run, oldest first, `past`
    the looks of earlier runs, `good` what the page was when it was last fine."""

    url: Url
    looks: tuple[Sighting, ...] = ()
    site: Finding | None = None
    page: Finding | None = None
    probe: Probe | None = None
    resolver_works: bool = False
    past: tuple[Past, ...] = ()
    good: Identity | None = None

    @property
    def last(self) -> Sighting | None:
        """The last look, None where the page was not looked at."""
        return self.looks[-1] if self.looks else None


class Record(Value, frozen=True):
    """All that is remembered of one URL: the last facts, earlier looks (oldest first), its good self."""

    url: Url
    at: Time
    evidence: Evidence
    past: tuple[Past, ...] = ()
    good: Identity | None = None


class Change(StrEnum):
    """What is different from earlier runs."""

    NEW = "newly-failing"
    STILL = "still-failing"
    RECOVERED = "recovered"


class Verdict(Value, frozen=True):
    """State, the rule that spoke, and the evidence in words; `advice` says what to do."""

    state: State
    rule: str
    reason: str
    confidence: Confidence = Confidence.CERTAIN
    advice: str = ""
    replacement: str = ""
    flags: Mapping[Flag, str] = NOTHING


class Policy(Value, frozen=True):
    """How earlier runs count. What was good fails only after `confirm`, where today's evidence is not certain."""

    confirm: timedelta = timedelta(0)


class Judgement(Value, frozen=True):
    """What is said of a link and what is new about it.

    `verdict` is what is reported; `first` is what today's facts alone say, and what is remembered. `change` is against
    earlier runs; `since` is when a link that fails began to. `is_complete`: our own program failed on nothing of the
    evidence, so that it may be remembered.
    """

    verdict: Verdict
    first: Verdict
    change: Change | None = None
    since: Time | None = None
    is_complete: bool = True
