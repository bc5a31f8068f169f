"""When one host may be asked, learned from its refusals (429, 503): no HTTP, only times and counts.

Pure: every call gets `now` (seconds of any monotonic clock).

- A refusal closes the host until the time it asked for (`Retry-After`, RFC 9110 §10.2.3), else for a wait of our own
  that doubles until something is answered. What is in flight meanwhile says nothing new about the pace. When the host
  opens again, one request goes first.
- Then it is asked more slowly (speed.py). Where that does not make refusals rarer, or where what started after a
  refused request was answered, the refusals may be about URLs, each for itself: that is tried (trial.py).
- Where going slower changes nothing and all is refused for a while, there is a quota for a span of time: its waits
  are kept to, and nothing is slowed down in between.
- A host that answers nothing for too long, or that takes too long in all, is over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from linkcheck.fetch.speed import Speed, Spell
from linkcheck.fetch.trial import Outcome, Trial

# A host that refused its first request and said when to come again is taken at its word: a queue that fits goes at
# once, and what is refused of it a second time.
_BURST, _BURSTS = 32, 2
_OWN_WAIT_S, _MOST_OWN_WAIT_S = 0.5, 4.0
_UNKNOWN_ROUNDS = 4  # of refusals by a host that has answered nothing yet
_BELIEVED_ROUNDS = 3  # of waits as asked for, after which nothing was answered
_SOONER = 0.75  # of the time that a host was closed before: the spans of a quota are alike
_STUBBORN = 2  # refusals of one URL before the one after which others were answered
_PASSED, _PASSED_SHARE = 3, 0.75  # of what started after a refused request
_FADING = 0.6
_CHEAP_S, _CROWD = 2.0, 2
_CONVINCED = 2
_FEW, _SLOW = 3, 4.0  # refusals; requests a second
_AGAIN = 2
_SHORT_SPELL, _SHORT_SPELLS = 5, 3
_LEAST_QUOTA, _LEAST_QUOTA_S, _ALIKE = 10, 5.0, 0.1


class Mode(Enum):
    OPEN = auto()  # has not refused, or nothing is known of its pace
    PACED = auto()
    TRIAL = auto()
    QUOTA = auto()


@dataclass(frozen=True, slots=True)
class Refusal:
    """When a refused URL may come again. `is_own`: the others need not wait; `counts`: it was about this URL."""

    until: float
    is_own: bool = False
    counts: bool = False


@dataclass(slots=True)
class _Waits:
    """How long a host stays closed; `since_answer_s` adds up."""

    longest_s: float
    rounds: int = 0  # of refusals since the last answer
    since_answer_s: float = 0.0
    _last_s: float = 0.0
    _worked_s: float = 0.0  # the waits after which it answered, where one was not enough

    def answered(self) -> None:
        if self.rounds > 1:
            self._worked_s = self.since_answer_s
        self.rounds, self.since_answer_s, self._last_s = 0, 0.0, 0.0

    @property
    def was_too_short(self) -> bool:
        """Whether a wait was over once before the host answered anything: its limit is no trickle."""
        return self._worked_s > 0

    def next_s(self, asked_s: float | None) -> float:
        """As long as the host asks; on our own where it does not, or where that was too short a few times."""
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
    """`most` slots at most; a host is over after `longest_wait_s` without an answer, twice that when it has answered
    before, and `longest_s` after its first refusal."""

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
    _evidence: int = 0  # that the pace is not the cause
    _spell: Spell | None = None
    _first_refusal: float = 0.0
    _refused_start: float = 0.0  # when the request started whose refusal closed the host last
    _refused_at: float = 0.0
    _answered_together: int = 0
    _is_crowd: bool = False  # enough was in flight then to learn from
    _passed: float = 0.0  # what started after a refused request and was answered; older ones count less
    _stopped: float = 0.0  # the same, refused
    _spells_again: int = 0  # in a row that answered only URLs which had been refused before
    _answers_again: int = 0  # within those
    _bursts: int = 0
    _short_spells: int = 0
    _before: tuple[int, float] = (0, 0.0)  # answers and pace of the spell before

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
        is_closed = self._spell is None or not self._spell.answers
        return 1 if is_closed else int(self.speed.slots)

    def is_over(self, now: float) -> bool:
        if not self.refusals:
            return False
        if not self.answers:
            return self._waits.rounds > _UNKNOWN_ROUNDS or self._waits.since_answer_s > self.longest_wait_s
        is_silent = self._waits.since_answer_s > 2 * self.longest_wait_s
        return is_silent or now - self._first_refusal > self.longest_s

    # -- what was seen ---------------------------------------------------------------------------

    def started(self, now: float, late_s: float) -> None:
        """A request starts, `late_s` after it was allowed to."""
        if self._spell is None:
            self._spell = Spell(now)
            self._reconsider()
        self._spell.starts += 1
        self.speed.started(late_s)

    def _reconsider(self) -> None:
        """One refusal tells of no pace yet, unless most of what started after that request was refused too."""
        is_first = self.refusals == 1 and self.mode is Mode.PACED
        is_cheap = self.closed_until - self._refused_at <= _CHEAP_S
        is_crowd_refused = self._stopped >= _CROWD and self._stopped > self._passed
        if is_first and is_cheap and not is_crowd_refused:
            self.mode = Mode.OPEN
            self.speed.forget_pace()

    def answered(self, started: float, now: float, waiting: int, *, before: int = 0) -> None:
        """An answer to a request that `started` then; its URL was refused `before` so often, `waiting` more wait."""
        self.answers += 1
        self.speed.ended(now)
        self._waits.answered()
        if self._spell is not None and started >= self._spell.since:
            self._spell.answers += 1
            self._spell.first_answers += not before
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
    ) -> Refusal:  # fmt: skip
        """A refusal of a request that `started` then. `asked_s` is what `Retry-After` says; `before` is how often the
        same URL was refused before, `answers_then` what `answers` was then."""
        if self.mode is Mode.TRIAL:
            self._try_on(before)
        is_own = before >= _STUBBORN and (self.answers > answers_then or not waiting)
        if self.mode is Mode.TRIAL or is_own:
            own_s = (
                asked_s if asked_s is not None else min(_OWN_WAIT_S * 2 ** max(0, min(before, 5) - 1), _MOST_OWN_WAIT_S)
            )
            return Refusal(now + own_s, is_own=True, counts=is_own or self._trial.is_certain)
        if self.refusals and started < self._refused_at:
            self._see_in_flight(started, is_answer=False)
            if asked_s is not None and now + asked_s > self.closed_until:
                self._close(now, asked_s)
        else:
            self._learn(started, now, asked_s, waiting, in_flight, is_first=before == 0)
        return Refusal(self.closed_until)

    # -- learning --------------------------------------------------------------------------------

    def _close(self, now: float, wait_s: float) -> None:
        until = now + wait_s
        self._waits.since_answer_s += until - max(self.closed_until, now)
        self.closed_until = until

    def _learn(
        self, started: float, now: float, asked_s: float | None, waiting: int, in_flight: int, *, is_first: bool
    ) -> None:
        """Close the host; slots and pace from then on."""
        spell = self._spell or Spell(started)
        wait_s = self._waits.next_s(asked_s)
        span_s = now - self._refused_at if self.refusals else now - spell.since + wait_s
        self.speed.measure(spell, now, span_s, wait_s, is_first=not self.refusals)
        self._first_refusal = self._first_refusal if self.refusals else now
        self.refusals += 1
        self._refused_start, self._refused_at, self._spell = started, now, None
        self._answered_together = self.speed.ended_since(started)
        self._is_crowd = in_flight > _PASSED and not self.speed.rate
        self._passed, self._stopped = self._passed * _FADING, self._stopped * _FADING
        self._close(now, wait_s)
        if not self._goes_at_once(asked_s, waiting):
            self._judge(spell, now, in_flight, waiting, is_first=is_first)
        self._waits.rounds += 1

    def _goes_at_once(self, asked_s: float | None, waiting: int) -> bool:
        is_unknown = not self.answers and not self._waits.rounds
        is_next = is_unknown or 0 < self._bursts < _BURSTS
        if not is_next or asked_s is None or waiting > _BURST or self.most == 1:
            return False
        self.speed.slots = _BURST / 2**self._bursts
        self._bursts += 1
        return True

    def _judge(self, spell: Spell, now: float, in_flight: int, waiting: int, *, is_first: bool) -> None:
        """What this spell says of the pace, and of whether the pace is the cause."""
        if not spell.answers:  # it was closed for longer than thought
            if not self.answers:
                self.speed.slots = 1.0
            return
        if self.mode is Mode.QUOTA:
            self._short_spells = self._short_spells + 1 if spell.answers < _SHORT_SPELL else 0
            if self._short_spells < _SHORT_SPELLS:
                return
        pace = min(spell.pace(now), self.speed.rate or spell.pace(now))
        if self.mode is not Mode.QUOTA and self._is_quota(spell.answers, pace, self.closed_until - now):
            self._keep_quota()
            return
        self._weigh(spell, is_first=is_first)
        if self._evidence >= _CONVINCED << self._failed_trials:
            self._begin_trial()
            return
        if self.refusals <= _FEW and pace < _SLOW and self.speed.costs_more(pace):
            return  # it was asked slowly, and refused all the same
        self.mode, self._short_spells = Mode.PACED, 0
        self.speed.slow_down(pace, in_flight, self._answered_together, waiting)

    def _is_quota(self, answers: int, pace: float, wait_s: float) -> bool:
        """Whether as many were answered as in the spell before, and the wait is long; and either the pace was less than
        half of the one before, or nothing at all was answered after a part of the wait."""
        (answers_before, pace_before), self._before = self._before, (answers, pace)
        is_alike = abs(answers - answers_before) <= _ALIKE * answers_before
        is_other_pace = pace < pace_before / 2 or self._waits.was_too_short
        return answers >= _LEAST_QUOTA and is_alike and is_other_pace and wait_s >= _LEAST_QUOTA_S

    def _keep_quota(self) -> None:
        self.mode, self._short_spells = Mode.QUOTA, 0
        self.speed.forget_pace()

    def _weigh(self, spell: Spell, *, is_first: bool) -> None:
        """Add to the evidence: all that came again was answered and no first request was, time and again; or the host
        was asked no faster than it had answered on average, and refused all the same."""
        is_again = is_first and not spell.first_answers
        self._spells_again = self._spells_again + 1 if is_again else 0
        self._answers_again = self._answers_again + spell.answers if is_again else 0
        if self._spells_again > 1 and self._answers_again >= _AGAIN:
            self._evidence += _CONVINCED
        elif self.speed.is_lowest and not self.speed.rose and not self.speed.is_spent(spell.answers):
            self._evidence += 1

    def _see_in_flight(self, started: float, *, is_answer: bool) -> None:
        """What was in flight at a refusal says how many the host takes at once. And what started after the refused
        request: when most of that is answered, the host does not refuse everything."""
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
        if outcome is Outcome.GOES_ON:
            return
        self._failed_trials += 1
        self._evidence = self._spells_again = self._answers_again = 0
        if outcome is Outcome.QUOTA:
            self._keep_quota()
        else:
            self.mode = Mode.PACED
            self.speed.start_low()
