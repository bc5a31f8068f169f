"""Throttle: when one host may get requests, learned from its refusals (429, 503): no HTTP, only times and counts.

Pure: every call gets `now` (seconds of any monotonic clock).

- A refusal closes the host until the time it asked for (`Retry-After`, RFC 9110 §10.2.3), else for a default wait
  that doubles until something is answered. Requests in flight meanwhile say nothing new about the pace. When the host
  opens again, one request goes first.
- Then the pace is lower (speed.py). If that does not make refusals rarer, or if requests started after a refused one
  were answered, the refusals may concern single URLs: that is tried (trial.py).
- If a lower pace changes nothing and all requests are refused for a while, there is a quota for a span of time: its
  waits are respected, and the pace is not lowered in between.
- A host that answers nothing for too long, or takes too long in all, is given up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from linkcheck.fetch.speed import OpenPeriod, Speed
from linkcheck.fetch.trial import Trial, TrialOutcome

# A host that refused its first request with Retry-After is trusted: a queue that fits is sent at once after that time,
# and so are those of it that are refused, a second time.
_BURST, _BURSTS = 32, 2
_OWN_WAIT_S, _MOST_OWN_WAIT_S = 0.5, 4.0
_UNKNOWN_ROUNDS = 4  # of refusals by a host that has answered nothing yet
_BELIEVED_ROUNDS = 3  # waits of Retry-After without an answer after them
_SOONER = 0.75  # of the time that a host was closed before: the spans of a quota are alike
_STUBBORN = 2  # refusals of one URL before the one after which others were answered
_PASSED, _PASSED_SHARE = 3, 0.75  # answered requests among those started after a refused one
_FADING = 0.6
_CHEAP_S, _CROWD = 2.0, 2
_CONVINCED = 2
_FEW, _SLOW = 3, 4.0  # refusals; requests a second
_AGAIN = 2
_SHORT_SPELL, _SHORT_SPELLS = 5, 3
_LEAST_QUOTA, _LEAST_QUOTA_S, _ALIKE = 10, 5.0, 0.1


class Mode(Enum):
    OPEN = auto()  # has not refused, or its pace is unknown
    PACED = auto()
    TRIAL = auto()
    QUOTA = auto()


@dataclass(frozen=True, slots=True)
class Requeue:
    """When to request a refused URL again. `is_own`: other URLs need not wait; `counts`: it concerned this URL."""

    until: float
    is_own: bool = False
    counts: bool = False


@dataclass(slots=True)
class _Waits:
    """How long a host stays closed; `since_answer_s` is the sum since its last answer."""

    longest_s: float
    rounds: int = 0  # of refusals since the last answer
    since_answer_s: float = 0.0
    _last_s: float = 0.0
    _worked_s: float = 0.0  # the sum of waits after which it answered, if one was not enough

    def answered(self) -> None:
        if self.rounds > 1:
            self._worked_s = self.since_answer_s
        self.rounds, self.since_answer_s, self._last_s = 0, 0.0, 0.0

    @property
    def was_too_short(self) -> bool:
        """Whether a wait once ended without an answer: the limit does not refill continuously."""
        return self._worked_s > 0

    def next_s(self, asked_s: float | None) -> float:
        """The Retry-After of the host; a default wait without one, or if it was too short a few times."""
        if asked_s is not None and self.rounds < _BELIEVED_ROUNDS:
            return asked_s
        first_s = max(_OWN_WAIT_S, asked_s or 0.0)
        if self._worked_s > first_s:
            self._last_s = self._worked_s * (1 - _SOONER if self.rounds else _SOONER)
        else:
            self._last_s = max(self._last_s * 2, first_s)
        return min(self._last_s, max(2 * self.longest_s - self.since_answer_s, first_s))


@dataclass(slots=True)
class Throttle:
    """At most `most` slots; a host is given up after `longest_wait_s` without an answer, twice that if it has
    answered before, and `longest_s` after its first refusal."""

    most: int
    longest_wait_s: float = 60.0
    longest_s: float = 3_600.0
    closed_until: float = 0.0
    answers: int = 0
    refusals: int = 0  # that closed the host
    mode: Mode = Mode.OPEN
    speed: Speed = field(init=False)
    _waits: _Waits = field(init=False)
    _trial: Trial = field(default_factory=Trial)
    _failed_trials: int = 0
    _evidence: int = 0  # number of indications that the pace is not the cause
    _period: OpenPeriod | None = None
    _first_refusal: float = 0.0
    _refused_start: float = 0.0  # start of the request whose refusal closed the host last
    _refused_at: float = 0.0
    _answered_together: int = 0
    _is_crowd: bool = False  # enough requests were in flight then to learn from
    _passed: float = 0.0  # requests started after a refused one and answered; older ones count less
    _stopped: float = 0.0  # the same, refused
    _periods_again: int = 0  # in a row that answered only URLs which had been refused before
    _answers_again: int = 0  # within those
    _bursts: int = 0
    _short_periods: int = 0
    _before: tuple[int, float] = (0, 0.0)  # answers and pace of the period before

    def __post_init__(self) -> None:
        self.speed, self._waits = Speed(self.most), _Waits(self.longest_wait_s)

    # -- what may be done ------------------------------------------------------------------------

    @property
    def interval_s(self) -> float:
        return self.speed.interval_s

    def at_once(self, held: int) -> int:
        """How many may be in flight while `held` URLs wait for their own time."""
        if self.mode is Mode.TRIAL:
            return max(0, min(int(self.speed.slots), self._trial.allowance - held))
        is_closed = self._period is None or not self._period.answers
        return 1 if is_closed else int(self.speed.slots)

    def is_over(self, now: float) -> bool:
        if not self.refusals:
            return False
        if not self.answers:
            return self._waits.rounds > _UNKNOWN_ROUNDS or self._waits.since_answer_s > self.longest_wait_s
        is_silent = self._waits.since_answer_s > 2 * self.longest_wait_s
        return is_silent or now - self._first_refusal > self.longest_s

    # -- events ----------------------------------------------------------------------------------

    def started(self, now: float, late_s: float) -> None:
        """Note a start, `late_s` seconds after it was allowed."""
        if self._period is None:
            self._period = OpenPeriod(now)
            self._reconsider()
        self._period.starts += 1
        self.speed.started(late_s)

    def _reconsider(self) -> None:
        """A single refusal does not show a pace, unless most requests started after it were refused too."""
        is_first = self.refusals == 1 and self.mode is Mode.PACED
        is_cheap = self.closed_until - self._refused_at <= _CHEAP_S
        is_crowd_refused = self._stopped >= _CROWD and self._stopped > self._passed
        if is_first and is_cheap and not is_crowd_refused:
            self.mode = Mode.OPEN
            self.speed.forget_pace()

    def answered(self, started: float, now: float, waiting: int, *, before: int = 0) -> None:
        """Note an answer to a request that `started` then, whose URL had `before` refusals; `waiting` more wait."""
        self.answers += 1
        self.speed.ended(now)
        self._waits.answered()
        if self._period is not None and started >= self._period.since:
            self._period.answers += 1
            self._period.first_answers += not before
        if not self.refusals:
            return
        if self.mode is Mode.TRIAL:
            self._trial.answered(before)
        elif started >= self._refused_at:
            self.speed.step_up(waiting)
        else:
            if self.refusals == 1:
                self.speed.add_to_burst()
            self._see_in_flight(started, is_answer=True)

    def refused(
        self, started: float, now: float, asked_s: float | None, *, waiting: int, in_flight: int, before: int = 0,
        answers_then: int = 0,
    ) -> Requeue:  # fmt: skip
        """Note a refusal of a request that `started` then. `asked_s` is its Retry-After in seconds; `before` counts
        earlier refusals of the URL, `answers_then` is the value of `answers` at the last of them."""
        if self.mode is Mode.TRIAL:
            self._try_on(before)
        is_own = before >= _STUBBORN and (self.answers > answers_then or not waiting)
        if self.mode is Mode.TRIAL or is_own:
            own_s = (
                asked_s if asked_s is not None else min(_OWN_WAIT_S * 2 ** max(0, min(before, 5) - 1), _MOST_OWN_WAIT_S)
            )
            return Requeue(now + own_s, is_own=True, counts=is_own or self._trial.is_certain)
        if self.refusals and started < self._refused_at:
            self._see_in_flight(started, is_answer=False)
            if asked_s is not None and now + asked_s > self.closed_until:
                self._close(now, asked_s)
        else:
            self._learn(started, now, asked_s, waiting, in_flight, is_first=before == 0)
        return Requeue(self.closed_until)

    # -- learning --------------------------------------------------------------------------------

    def _close(self, now: float, wait_s: float) -> None:
        until = now + wait_s
        self._waits.since_answer_s += until - max(self.closed_until, now)
        self.closed_until = until

    def _learn(
        self, started: float, now: float, asked_s: float | None, waiting: int, in_flight: int, *, is_first: bool
    ) -> None:
        """Close the host, and set slots and pace for when it opens."""
        period = self._period or OpenPeriod(started)
        wait_s = self._waits.next_s(asked_s)
        span_s = now - self._refused_at if self.refusals else now - period.since + wait_s
        self.speed.measure(period, now, span_s, wait_s, is_first=not self.refusals)
        self._first_refusal = self._first_refusal if self.refusals else now
        self.refusals += 1
        self._refused_start, self._refused_at, self._period = started, now, None
        self._answered_together = self.speed.ended_since(started)
        self._is_crowd = in_flight > _PASSED and not self.speed.rate
        self._passed, self._stopped = self._passed * _FADING, self._stopped * _FADING
        self._close(now, wait_s)
        if not self._goes_at_once(asked_s, waiting):
            self._judge(period, now, in_flight, waiting, is_first=is_first)
        self._waits.rounds += 1

    def _goes_at_once(self, asked_s: float | None, waiting: int) -> bool:
        is_unknown = not self.answers and not self._waits.rounds
        is_next = is_unknown or 0 < self._bursts < _BURSTS
        if not is_next or asked_s is None or waiting > _BURST or self.most == 1:
            return False
        self.speed.slots = _BURST / 2**self._bursts
        self._bursts += 1
        return True

    def _judge(self, period: OpenPeriod, now: float, in_flight: int, waiting: int, *, is_first: bool) -> None:
        """Adjust the pace by this period, and the evidence on whether the pace is the cause."""
        if not period.answers:  # the host was closed for longer than it said
            if not self.answers:
                self.speed.slots = 1.0
            return
        if self.mode is Mode.QUOTA:
            self._short_periods = self._short_periods + 1 if period.answers < _SHORT_SPELL else 0
            if self._short_periods < _SHORT_SPELLS:
                return
        pace = min(period.pace(now), self.speed.rate or period.pace(now))
        if self.mode is not Mode.QUOTA and self._is_quota(period.answers, pace, self.closed_until - now):
            self._keep_quota()
            return
        self._weigh(period, is_first=is_first)
        if self._evidence >= _CONVINCED << self._failed_trials:
            self._begin_trial()
            return
        if self.refusals <= _FEW and pace < _SLOW and self.speed.costs_more(pace):
            return  # it refused even at a slow pace
        self.mode, self._short_periods = Mode.PACED, 0
        self.speed.slow_down(pace, in_flight, self._answered_together, waiting)

    def _is_quota(self, answers: int, pace: float, wait_s: float) -> bool:
        """Whether as many were answered as in the period before, and the wait is long; and either the pace was less
        than half of the one before, or nothing at all was answered after a part of the wait."""
        (answers_before, pace_before), self._before = self._before, (answers, pace)
        is_alike = abs(answers - answers_before) <= _ALIKE * answers_before
        is_other_pace = pace < pace_before / 2 or self._waits.was_too_short
        return answers >= _LEAST_QUOTA and is_alike and is_other_pace and wait_s >= _LEAST_QUOTA_S

    def _keep_quota(self) -> None:
        self.mode, self._short_periods = Mode.QUOTA, 0
        self.speed.forget_pace()

    def _weigh(self, period: OpenPeriod, *, is_first: bool) -> None:
        """Add to the evidence if repeatedly all retried URLs were answered and no first request was, or if the pace
        was no higher than the average answered, and yet refused."""
        is_again = is_first and not period.first_answers
        self._periods_again = self._periods_again + 1 if is_again else 0
        self._answers_again = self._answers_again + period.answers if is_again else 0
        if self._periods_again > 1 and self._answers_again >= _AGAIN:
            self._evidence += _CONVINCED
        elif self.speed.is_lowest and not self.speed.rose and not self.speed.is_spent(period.answers):
            self._evidence += 1

    def _see_in_flight(self, started: float, *, is_answer: bool) -> None:
        """Learn from requests in flight at a refusal how many the host takes at once, and from those started after
        the refused one: if most are answered, the host does not refuse everything."""
        self._answered_together += is_answer
        self.speed.widen_to(self._answered_together)
        if not self._is_crowd:
            return
        self._stopped += not is_answer and started >= self._refused_start
        if started > self._refused_start:
            self._passed += is_answer
            seen = self._passed + self._stopped
            if self._passed >= max(_PASSED, _PASSED_SHARE * seen) and not self._failed_trials:
                self._begin_trial()

    # -- where the pace is not the cause ---------------------------------------------------------

    def _begin_trial(self) -> None:
        self.mode, self._trial = Mode.TRIAL, Trial()
        self.speed.forget_pace()
        self.closed_until = self._refused_at

    def _try_on(self, before: int) -> None:
        outcome = self._trial.refused(before)
        if outcome is TrialOutcome.GOES_ON:
            return
        self._failed_trials += 1
        self._evidence = self._periods_again = self._answers_again = 0
        if outcome is TrialOutcome.QUOTA:
            self._keep_quota()
        else:
            self.mode = Mode.PACED
            self.speed.start_low()
