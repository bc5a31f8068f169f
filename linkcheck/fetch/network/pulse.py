"""Pulse: the last answer, the failures since, and whether a local outage is suspected.

Pure: every call gets `now` (seconds of any monotonic clock). One failure does not show whose fault it is. If nothing
at all answers while unrelated hosts fail, the local network is suspected; pages that answered earlier in the run,
requested again, decide (outage.py). Invariants:

- any answer ends the suspicion; but that of a private host does not once a public one has answered, since it may be
  on this side of the outage;
- an outage takes three unrelated domains that agree, or two that are unreachable: one provider may fail alone;
- when a suspicion was wrong, the next one comes later.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from linkcheck.model import Fault, Url

UNRELATED = 3
FAILURES = 4
# Results of a look-up without delay: repeating it is cheap, and it may make a link dead.
NAME_FAULTS = frozenset({Fault.DNS_NXDOMAIN, Fault.DNS_NODATA, Fault.DNS_SERVFAIL, Fault.DNS_FAILED})
# Faults in which nothing reached the host.
NO_WAY = NAME_FAULTS | {Fault.DNS_TIMEOUT, Fault.NO_ROUTE}
_INTERNAL_FAULTS = frozenset(
    {
        Fault.HELD_BACK,
        Fault.OUT_OF_TIME,
        Fault.OWN_LIMIT,
        Fault.TOO_MANY_REDIRECTS,
        Fault.BAD_REDIRECT,
        Fault.INTERNAL_ERROR,
    }
)
_NETWORK_LOGIN = 511  # RFC 6585 §6
_LEAST_SILENCE_S = 0.5
_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 30.0
_PAGES = 8
_CANARIES = 3


def is_doubtful(outcome: int | Fault, insecure: Fault | None = None) -> bool:
    """Whether an exchange is no proof that the host itself answered: a router, a captive portal or this machine may
    have caused the outcome. Only the host itself has a certificate for its name."""
    if isinstance(outcome, Fault):
        return outcome not in _INTERNAL_FAULTS
    return outcome == _NETWORK_LOGIN or insecure is not None


def is_failure(outcome: int | Fault) -> bool:
    """Whether an exchange is a reason to suspect an outage; a private address is none, it may be intended."""
    return is_doubtful(outcome) and outcome is not Fault.ADDRESS_NOT_PUBLIC


class Canary(NamedTuple):
    """A page that has answered, and the seconds it took (None: unknown)."""

    domain: str
    url: Url
    took_s: float | None = None
    is_public: bool = True


@dataclass(slots=True)
class Pulse:
    """`answered_at` is the time of the last answer, at first the start of the run.

    `quiet_s` is the longest time without an answer in a busy run. All domains are registrable ones.
    """

    answered_at: float = 0.0
    quiet_s: float = 3.0
    has_answered: bool = False
    failed: set[str] = field(default_factory=set)
    failures: int = 0
    has_lost_name: bool = False
    _asked: Counter[str] = field(default_factory=Counter)
    _pages: dict[str, Canary] = field(default_factory=dict)
    _is_public: bool = False
    _not_before: float = 0.0
    _pause_s: float = _PAUSE_S

    # -- what happens ------------------------------------------------------------------------

    def ask(self, domain: str) -> None:
        """Note the start of a request to `domain`; `end` has to follow."""
        self._asked[domain] += 1

    def end(self, domain: str) -> None:
        self._asked[domain] -= 1
        if not self._asked[domain]:
            del self._asked[domain]

    def note_answer(self, now: float, *, is_public: bool = True) -> bool:
        """Record an answer; returns whether it shows a working network."""
        if self._is_public and not is_public:
            return False
        if is_public and not self._is_public:
            self._is_public = True
            self._pages = {name: page for name, page in self._pages.items() if page.is_public}
        self.has_answered, self.answered_at = True, now
        self._forget_failures()
        return True

    def note_failure(self, domain: str, *, is_lost_name: bool = False) -> None:
        """Record a failure of `domain`; `is_lost_name`: the look-up failed for a name that had answered before."""
        self.failed.add(domain)
        self.failures += 1
        self.has_lost_name = self.has_lost_name or is_lost_name

    def keep(self, page: Canary) -> None:
        """Keep a page to test the network with."""
        if self._is_public and not page.is_public:
            return
        self.drop(page.domain)
        self._pages[page.domain] = page
        if len(self._pages) > _PAGES:
            del self._pages[next(iter(self._pages))]

    def drop(self, domain: str) -> None:
        """Discard the pages of `domain`."""
        self._pages.pop(domain, None)

    def settle(self, now: float, *, was_wrong: bool) -> None:
        """End a suspicion."""
        self._forget_failures()
        if not was_wrong or now > self._not_before + _LONGEST_PAUSE_S:
            self._pause_s = _PAUSE_S
        self._not_before = now + self._pause_s
        if was_wrong:
            self._pause_s = min(2 * self._pause_s, _LONGEST_PAUSE_S)

    def _forget_failures(self) -> None:
        if self.failures:
            self.failed, self.failures, self.has_lost_name = set(), 0, False

    # -- what follows ------------------------------------------------------------------------

    @property
    def in_flight(self) -> int:
        """Number of domains with a request in flight."""
        return len(self._asked)

    @property
    def have_many_failed(self) -> bool:
        """Whether enough unrelated hosts have failed since the last answer, or a few repeatedly."""
        return len(self.failed) >= UNRELATED or self.failures >= FAILURES

    def wakes_at(self, *, is_busy: bool) -> float | None:
        """When an outage is suspected, if nothing answers until then; `is_busy`: more requests wait."""
        if self.have_many_failed:
            return max(self.answered_at + _LEAST_SILENCE_S, self._not_before)
        if is_busy and self.has_answered and self.in_flight >= UNRELATED:
            return max(self.answered_at + self.quiet_s, self._not_before)
        return None

    def canaries(self, last: Canary | None) -> list[Canary]:
        """Pages of unrelated domains to test the network with: the fastest of those that answered last,
        and then `last`, which need not be in any list.
        """
        found = sorted(self._pages.values(), key=lambda page: page.took_s or 0.0)[:_CANARIES]
        if last is None or last.domain in self._pages:
            return found
        return [*found, last._replace(took_s=found[-1].took_s) if found else last]
