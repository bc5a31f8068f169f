"""The state of one host: cold, open, limited, silent, or given up. No HTTP, no sockets.

Pure: every call gets `now` (seconds of any monotonic clock). A host is *cold* until it has answered, *open* from
then on, *limited* while it refuses (throttle.py decides when and how fast to send requests), *silent* when a link
failed before any answer, and *given up* when it gets no more requests in this run: two links got no answer, it limited
the rate for too long, or it asked twice in a row for too long a wait.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from linkcheck.fetch.retry import SLOW_FAULTS
from linkcheck.fetch.throttle import Requeue, Throttle
from linkcheck.model import Fault, Pace

_MOST_SILENCES = 1  # links without an answer; one more, and the host is given up
_MOST_OWN_REFUSALS = 4  # of the URL itself; then the last refusal is its answer
_MOST_SERVER_ERRORS = 1  # the same for a 503 without Retry-After
_LONGEST_WAITS = 60  # how long one refusing host may prolong a run: an hour, with the usual wait of a minute
STILL_LIMITED = "the host went on limiting the rate until we stopped asking"
SILENT_TWICE = "the host was silent for two other links"


class GivenUp(Exception):
    """A URL is not requested, or not again. `fault` and the message say why; `at` is when that was decided in a
    recorded run (None: in this run)."""

    def __init__(self, fault: Fault, message: str, at: datetime | None = None) -> None:
        super().__init__(message)
        self.fault, self.at = fault, at


@dataclass(slots=True)
class RefusalCount:
    """The number of refusals of one URL; `own`: those for another reason than its host's rate limit. `answers_then`
    is how often the host had answered at the last one."""

    count: int = 0
    own: int = 0
    answers_then: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """One rate-limit response: when its request started, when it came, and its Retry-After in seconds (`asked_s`)."""

    status: int
    started: float
    now: float
    asked_s: float | None = None


@dataclass(slots=True)
class Host:
    """`longest_wait_s` is the longest Retry-After that is respected."""

    pace: Pace
    longest_wait_s: float
    is_open: bool = False
    given_up: GivenUp | None = None
    throttle: Throttle = field(init=False)
    _silences: int = 0
    _answers_at_long_wait: int = -1

    def __post_init__(self) -> None:
        self.start_cold()

    def start_cold(self) -> None:
        """Reset its pace to that of the start of a run. A host that was given up stays so."""
        self.is_open = False
        self.throttle = Throttle(self.pace.slots, self.longest_wait_s, self.longest_wait_s * _LONGEST_WAITS)

    @property
    def is_silent(self) -> bool:
        """Whether a link of it failed, and none has had an answer."""
        return self._silences > 0

    def limits_rate(self, status: int, asked_s: float | None) -> bool:
        """Whether an answer is a rate limit: 429 (RFC 6585 §4); 503 with Retry-After (RFC 9110 §15.6.4), or from a
        host that answers other requests (nginx's limit_req sends it by default)."""
        return status == 429 or (status == 503 and (asked_s is not None or self.is_open))

    # -- what happens ------------------------------------------------------------------------

    def note_answer(self, started: float, now: float, waiting: int, *, refused_before: int = 0) -> None:
        """Note an answer to a request that `started` then, whose URL had `refused_before` refusals; `waiting` more
        requests wait."""
        self.throttle.answered(started, now, waiting, before=refused_before)
        self.is_open = True
        self._give_up_if_over(now)

    def note_silence(self, fault: Fault) -> None:
        """Note that a link failed before the host has ever answered."""
        self._silences += 1
        if self._silences > _MOST_SILENCES:
            self.give_up(fault, SILENT_TWICE)

    def note_refusal(self, one: Refusal, before: RefusalCount, *, waiting: int, in_flight: int) -> Requeue | None:
        """When to request the refused URL again; None if it was refused too often. Raises GivenUp.

        `before` counts the refusals of this URL, and is incremented; `waiting` more requests wait for the host.
        """
        if one.asked_s is not None and one.asked_s > self.longest_wait_s:
            self._note_long_wait(one.asked_s)
        refusal = self.throttle.refused(
            one.started, one.now, one.asked_s, waiting=waiting, in_flight=in_flight,
            before=before.count, answers_then=before.answers_then,
        )  # fmt: skip
        before.count += 1
        before.own += refusal.counts
        before.answers_then = self.throttle.answers
        self._give_up_if_over(one.now)
        is_server_error = one.status == 503 and one.asked_s is None
        return refusal if before.own <= (_MOST_SERVER_ERRORS if is_server_error else _MOST_OWN_REFUSALS) else None

    def _note_long_wait(self, asked_s: float) -> None:
        """Give up the URL, and with the second in a row the whole host. Raises GivenUp."""
        message = f"the host asked to wait {asked_s:.0f} s"
        if self._answers_at_long_wait == self.throttle.answers:
            self.give_up(Fault.HELD_BACK, message)
        self._answers_at_long_wait = self.throttle.answers
        raise GivenUp(Fault.HELD_BACK, message)

    def _give_up_if_over(self, now: float) -> None:
        if self.given_up is None and self.throttle.is_over(now):
            self.give_up(Fault.HELD_BACK, STILL_LIMITED)

    def give_up(self, fault: Fault, message: str) -> None:
        """Send it no more requests in this run."""
        self.given_up = GivenUp(fault, message)

    def forget_silence(self) -> None:
        """Discard its silence: the local network was down."""
        self._silences = 0
        if self.given_up and self.given_up.fault in SLOW_FAULTS:
            self.given_up = None


class Hosts:
    """The hosts of a run by name, created lazily; `pace` is for those that are not in `paces`."""

    def __init__(self, pace: Pace, paces: Mapping[str, Pace] | None = None, *, longest_wait_s: float = 60.0) -> None:
        self._pace = pace
        self._paces = dict(paces or {})
        self._longest_wait_s = longest_wait_s
        self._hosts: dict[str, Host] = {}

    def __getitem__(self, name: str) -> Host:
        host = self._hosts.get(name)
        if host is None:
            host = self._hosts[name] = Host(self._paces.get(name, self._pace), self._longest_wait_s)
        return host

    def __iter__(self) -> Iterator[Host]:
        return iter(self._hosts.values())
