"""Trial: whether the refusals of a host concern single URLs, and not the pace.

A limit for each URL and random refusals look like a limit on the pace, but a lower pace does not make them rarer. If
that is suspected, it is tried: only the refused URL waits, the others go on. Few URLs may wait so at first, more with
each that is answered when retried; if those are refused too, the trial has failed. A host may refuse each URL twice: a
URL with fewer refusals than every other one had before its answer is no evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

_FIRST_ALLOWANCE, _MORE_ALLOWANCE = 4, 4
_TRUST_LOST, _CERTAIN, _MOST_TRUST = -6, 4, 16
_ROW = 5
_MOST_FEWEST = 3
_CALM = 16  # answers to first requests in a row
_BY_CHANCE = 1e-4


class TrialOutcome(Enum):
    GOES_ON = auto()
    FAILED = auto()  # retried URLs are refused again
    QUOTA = auto()  # first requests are refused in a row: a fixed number is answered in a span of time


@dataclass(slots=True)
class Trial:
    """`allowance` is how many URLs may wait individually at once."""

    allowance: int = _FIRST_ALLOWANCE
    _trust: int = 0
    _fewest: int = 0  # refusals of a URL before its answer
    _row: int = 0  # refusals of first requests since the last answer to one
    _calm: int = 0  # answers to first requests since the last refusal
    _answers: int = 0  # to first requests
    _refusals: int = 0  # of first requests, before this row

    @property
    def is_trusted(self) -> bool:
        return self._trust > 0

    @property
    def is_certain(self) -> bool:
        return self._trust >= _CERTAIN

    def answered(self, before: int) -> None:
        """Note an answer to a URL with `before` refusals."""
        if not before:
            self._answers, self._refusals, self._row = self._answers + 1, self._refusals + self._row, 0
            self._calm += 1
            if self._calm % _CALM == 0:
                self.allowance += _MORE_ALLOWANCE
            return
        self._fewest = min(self._fewest or before, before, _MOST_FEWEST)
        self._trust = min(self._trust + 1, _MOST_TRUST)
        if self.is_trusted:
            self.allowance += _MORE_ALLOWANCE

    def refused(self, before: int) -> TrialOutcome:
        """Note one more refusal of a URL with `before` refusals."""
        self._calm = 0
        if before:
            self._trust -= before >= self._fewest
            return TrialOutcome.FAILED if self._trust <= _TRUST_LOST else TrialOutcome.GOES_ON
        self._row += 1
        share = (self._refusals + 1) / (self._answers + self._refusals + 2)
        is_unlikely = min(self._row, self._answers) >= _ROW and share**self._row < _BY_CHANCE
        return TrialOutcome.QUOTA if is_unlikely else TrialOutcome.GOES_ON
