"""Verdicts, the evidence they rest on, and the records that are stored of both."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from enum import StrEnum

from linkcheck.model.base import NOTHING, Fingerprint, Status, Time, Url, Value
from linkcheck.model.findings import Confidence, Finding, Flag, Match
from linkcheck.model.sightings import Fault, Sighting


class State(StrEnum):
    """The states of a link, defined in docs/verdicts.md, States."""

    OK = "ok"
    MOVED = "moved"
    DEAD = "dead"
    GONE = "gone"
    INVALID = "invalid"
    RESTRICTED = "restricted"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    SKIPPED = "skipped"
    PENDING = "pending"
    UNKNOWN = "unknown"


FAILING = frozenset({State.DEAD, State.GONE, State.INVALID, State.UNKNOWN})
"""The states that fail a run and block the hook."""

ALIVE = frozenset({State.OK, State.MOVED})
"""The states of links that work for everybody."""


class Probe(Value, frozen=True, rename={"matches": "marks", "fingerprint": "sketch"}):
    """The answer of a sibling URL that cannot exist: how the host says "not found"."""

    sighting: Sighting
    fingerprint: Fingerprint = ""
    matches: tuple[Match, ...] = ()


class Past(Value, frozen=True):
    """A summary of an earlier look."""

    at: Time
    outcome: Status | Fault | None
    state: State


class Identity(Value, frozen=True, rename={"fingerprint": "sketch"}):
    """Identity of the page when it was last good; detects a replaced page."""

    at: Time
    title: str = ""
    language: str = ""
    domain: str = ""
    fingerprint: Fingerprint = ""


class Evidence(Value, frozen=True):
    """Everything that a verdict may depend on. `looks` are the page's sightings of this run, oldest first, `past`
    the looks of earlier runs, `good` is the page's identity when it was last good."""

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
        """The last look, None if the page was not requested."""
        return self.looks[-1] if self.looks else None


class Record(Value, frozen=True):
    """Everything stored of one URL: the last facts, earlier looks (oldest first), its identity when last good."""

    url: Url
    at: Time
    evidence: Evidence
    past: tuple[Past, ...] = ()
    good: Identity | None = None


class Change(StrEnum):
    """The change of a link against earlier runs."""

    NEW = "newly-failing"
    STILL = "still-failing"
    RECOVERED = "recovered"


class Verdict(Value, frozen=True):
    """State, the rule that decided, and its reason; `advice` says what to do.

    `decided_by` names the user's setting that replaced the state `instead_of`, or is ''.
    """

    state: State
    rule: str
    reason: str
    confidence: Confidence = Confidence.CERTAIN
    advice: str = ""
    replacement: str = ""
    flags: Mapping[Flag, str] = NOTHING
    decided_by: str = ""
    instead_of: State | None = None


class StatusRange(Value, frozen=True):
    """The HTTP statuses from `first` to `last`, both included; `origin` is the setting that names them."""

    first: int
    last: int
    origin: str = ""

    def holds(self, status: int) -> bool:
        return self.first <= status <= self.last


class Override(Value, frozen=True):
    """A user's rule: the links and verdicts that it is about get the state `to`.

    Links are those of `host` and its sub-domains, or those whose normal URL `match` finds; without either, all. Of
    `statuses`, `states` and `rules` (names) each that is not empty has to hold the verdict's own. `origin` names the
    entry, `reason` is the user's.
    """

    to: State
    origin: str
    reason: str = ""
    host: str = ""
    match: re.Pattern[str] | None = None
    statuses: tuple[StatusRange, ...] = ()
    states: frozenset[State] = frozenset()
    rules: frozenset[str] = frozenset()


class Policy(Value, frozen=True):
    """What the user decides of verdicts.

    A link that was good fails only after `confirm`, unless today's evidence is certain. The statuses in `accept` are no
    failure. The first of `overrides` that is about a verdict replaces its state; `in_time` is a context manager around
    the search of their patterns, which may stop it by raising.
    """

    confirm: timedelta = timedelta(0)
    accept: tuple[StatusRange, ...] = ()
    overrides: tuple[Override, ...] = ()
    in_time: Callable[[], AbstractContextManager[None]] = nullcontext


class Judgement(Value, frozen=True):
    """The verdict on a link, and its change against earlier runs.

    `verdict` is reported; `first` is the verdict on today's facts alone, which is stored. `since` is when a failing
    link began to fail. `is_complete`: no internal error concerned the evidence, so that it may be stored.
    """

    verdict: Verdict
    first: Verdict
    change: Change | None = None
    since: Time | None = None
    is_complete: bool = True
