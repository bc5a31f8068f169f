"""Speed: how many requests at once, and how many a second, one host gets after it has refused some.

Pure: times are seconds of any monotonic clock. A refusal halves the concurrency and the pace; answers raise both again,
in steps that need twice as many answers after each step that was refused (additive increase, multiplicative decrease:
Chiu and Jain 1989). From the second refusal on, the rate is estimated as that of a token bucket, of which most limits
are a form, and the pace is kept a little below.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from math import inf, sqrt
from typing import Literal

_SLOWER = 0.5
_FASTER = 1.5
_NEAR = 1.08  # a step up that gains less is not worth it
_BELOW = 0.96  # pace, as a share of the estimate
_SLOWEST_S = 5.0  # between two starts, unless the host is closed for longer each time
_STEP_ANSWERS, _MOST_STEP_ANSWERS = 4, 256  # needed for a step up
_AGAIN_ANSWERS = 8  # times as many before a refused speed is tried again
_CAREFUL = 0.25  # a step up waits for this share of the time that a refusal costs
# What a step up has to gain, in costs of a refusal: below and above the estimate.
_WORTH, _WORTH_ABOVE = 0.5, 3.0
_TRIED = 0.05  # largest share of time that a host may be closed because a speed above the estimate was tried
_ESTIMATE_ANSWERS = 4
_UNSURE = 2.0  # how far the estimate may be off, in bursts
_LONG_S = 5.0  # a wait after which a burst is sent at once
_CREDITED, _FILLED = 0.9, 1.2  # shares of a burst: sent, and answered if the bucket was full


@dataclass(slots=True)
class OpenPeriod:
    """Counts of the requests started since the host opened last; `pace` is in starts a second."""

    since: float
    starts: int = 0
    answers: int = 0
    first_answers: int = 0  # to URLs that had not been refused before

    def pace(self, now: float) -> float:
        return self.starts / max(now - self.since, 0.01)


@dataclass(slots=True)
class Speed:
    """At most `most` slots; `rate` is in requests a second, 0 if only the slots limit it."""

    most: int
    slots: float = 0.0
    rate: float = 0.0
    is_lowest: bool = False  # slower is no better: the host answered at this pace on average
    rose: Literal["", "rate", "slots"] = ""  # what the last step up changed, if it was after the last refusal
    _granted: float = 0.0  # starts exempt from the pace when the host opened last
    _credit: float = 0.0  # those that are left
    _period_granted: float = 0.0  # `_granted` of the period that ended last
    _credited: float = _CREDITED
    _ends: deque[float] = field(default_factory=lambda: deque(maxlen=512))  # when answers came
    _burst: int = 0  # answers before the first refusal
    _spans: deque[tuple[int, float]] = field(default_factory=lambda: deque(maxlen=3))  # answers, seconds
    _closed_s: float = 0.0
    _estimate: float = 0.0
    _failed_rate: float = inf
    _failed_slots: float = inf
    _calm_rate: float = 0.0  # before the last step up
    _quiet: int = 0  # answers since the last step
    _late: int = 0  # starts since then that had waited for a slot
    _step_answers: int = _STEP_ANSWERS

    @property
    def interval_s(self) -> float:
        return 1 / self.rate if self.rate and self._credit < 1 else 0.0

    def started(self, late_s: float) -> None:
        """Note a start, `late_s` seconds after the pace allowed it."""
        self._credit = max(self._credit - 1, 0.0)
        self._late += late_s > self.interval_s / 2

    def ended(self, now: float) -> None:
        self._ends.append(now)

    def ended_since(self, started: float) -> int:
        return sum(at >= started for at in self._ends)

    def add_to_burst(self) -> None:
        """Note an answer to a request that was in flight at the first refusal."""
        self._burst += 1

    def widen_to(self, slots: int) -> None:
        """Raise the slots to a number of requests that were answered while in flight together."""
        if self.rate:
            self.slots = max(self.slots, min(float(slots), self.most / 2))

    # -- down --------------------------------------------------------------------------------------

    def measure(self, period: OpenPeriod, now: float, span_s: float, closed_s: float, *, is_first: bool) -> None:
        """Keep the result of a period that a refusal ends now; its answers took `span_s`, closed times included."""
        self._spans.append((period.answers, max(span_s, 0.01)))
        self._closed_s = closed_s
        if is_first:
            self.slots, self._burst = float(self.most), len(self._ends)
        else:
            self._look_back(now)
        if period.answers < self._granted * _FILLED:
            self._credited /= 2  # an idle bucket does not fill up
        self._period_granted = self._granted
        self._granted = self._credit = (
            (closed_s >= _LONG_S) * self._credited * min(self._burst, self._estimate * closed_s)
        )

    def is_spent(self, answers: int) -> bool:
        """Whether a period with so many answers used up a burst beyond its pace."""
        return 0 < self._period_granted <= answers

    def average(self) -> float:
        """Average answers a second over the last periods, closed times included."""
        return sum(answers for answers, _ in self._spans) / sum(span for _, span in self._spans)

    def _look_back(self, now: float) -> None:
        """Estimate the rate of a token bucket whose burst is the number of answers before the first refusal, and that
        is empty now: for any span until now, answers <= burst + rate x span, with equality for one."""
        fewest = self._burst + max(_ESTIMATE_ANSWERS, self._burst // 4)
        rates = (
            ((number - self._burst) / (now - at), number)
            for number, at in enumerate(reversed(self._ends), 1)
            if number >= fewest and now > at
        )
        rate, number = max(rates, default=(0.0, 0))
        if number:
            self._estimate = rate
            self._failed_rate = min(self._failed_rate, rate * (1 + _UNSURE * (self._burst + 2) / number))

    def slow_down(self, pace: float, in_flight: int, answered_together: int, waiting: int) -> None:
        """Reduce speed below `pace` with `in_flight` requests, some answered together; `waiting` more wait."""
        self._quiet = self._late = 0
        rose, self.rose = self.rose, ""
        if rose:
            self._step_answers = min(self._step_answers * 2, _MOST_STEP_ANSWERS)
        elif self.is_lowest:
            return
        if rose == "slots":
            self._failed_slots, self.slots = self.slots, self.slots - 1
        elif rose == "rate":
            self._step_back(waiting)
        else:
            self._failed_slots = max(1.0, in_flight)
            together = min(answered_together, self._failed_slots - 1)
            self.slots = max(1.0, min(self.slots, self.most) / 2, together)
            self._halve(pace)

    def _step_back(self, waiting: int) -> None:
        """Return to the pace before the step; to the estimate if that is lower and one more refusal would cost more
        than the difference."""
        below = self._estimate * _BELOW or inf
        self._failed_rate = min(self._failed_rate, self.rate)
        is_worth = self._gain_s(below, self._calm_rate, waiting) >= self._closed_s * _WORTH_ABOVE
        self.rate = max(self._slowest, self._calm_rate if is_worth else min(self._calm_rate, below))
        self._failed_rate = max(self._failed_rate, self.rate * _NEAR)
        self.is_lowest = False

    def costs_more(self, pace: float) -> bool:
        """Whether a slower pace would cost the waiting requests more than occasional refusals."""
        was = self.rate or pace
        return 1 / self._slower(was)[0] - 1 / was > self._closed_s / max(1, self._spans[-1][0])

    def _halve(self, pace: float) -> None:
        """Halve the pace or more, but not below the average answered."""
        was = self.rate or pace
        self.rate, self.is_lowest = self._slower(was)
        self._failed_rate = max(min(self._failed_rate, was), self.rate * _NEAR)

    def _slower(self, was: float) -> tuple[float, bool]:
        """A pace below `was`, and whether an even lower one gains nothing."""
        if 0 < self._estimate < was:
            return max(self._slowest, self._estimate * _BELOW), True
        lowest = max(self.average(), self._slowest)
        rate = max(lowest, was * _SLOWER if self.rate else min(sqrt(lowest * was), was * _SLOWER))
        return rate, rate < lowest * _NEAR

    @property
    def _slowest(self) -> float:
        return 1 / max(_SLOWEST_S, self._closed_s)

    def forget_pace(self) -> None:
        self.rate, self.slots = 0.0, float(self.most)

    def start_low(self) -> None:
        """Start at the pace known to be answered, one request at a time."""
        known = self._estimate if self._estimate < self._failed_rate else 0.0
        self.rate, self.slots = max(known or self.average(), 1 / _SLOWEST_S), 1.0

    # -- up ----------------------------------------------------------------------------------------

    def step_up(self, waiting: int) -> None:
        """After one more answer: speed up a little, if there were enough and a refusal would not cost too much."""
        self._quiet += 1
        careful = min(2 * self._burst, _CAREFUL * self._closed_s * self.rate)
        if self._quiet < max(self._step_answers, careful):
            return
        if not self.rate or self._late * 2 > self._quiet:
            self._widen()
        else:
            self._speed_up(waiting)

    def _widen(self) -> None:
        wanted = self.slots + 1
        if wanted > self.most or (wanted >= self._failed_slots and not self._is_long_quiet):
            return
        self._failed_slots = max(self._failed_slots, wanted + 1)
        self.slots, self.rose = wanted, "slots"
        self._quiet = self._late = 0

    def _speed_up(self, waiting: int) -> None:
        wanted = min(self.rate * _FASTER, sqrt(self.rate * self._failed_rate))
        if wanted < self.rate * _NEAR:
            if not self._is_long_quiet or self._quiet * _TRIED < self._closed_s * self.rate:
                return
            self._failed_rate *= _FASTER
            wanted = self.rate * _NEAR
        gain_s = self._gain_s(self.rate, wanted, waiting)
        if gain_s < self._closed_s * (_WORTH_ABOVE if wanted > self._estimate > 0 else _WORTH):
            return
        self._calm_rate, self.rate = self.rate, wanted
        self.rose, self.is_lowest = "rate", False
        self._quiet = self._late = 0

    @staticmethod
    def _gain_s(rate: float, wanted: float, waiting: int) -> float:
        """Seconds saved for waiting requests by another rate."""
        return waiting / rate - waiting / wanted

    @property
    def _is_long_quiet(self) -> bool:
        return self._quiet >= _AGAIN_ANSWERS * self._step_answers
