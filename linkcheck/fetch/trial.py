"""Whether the refusals of a host are about its URLs, each for itself, and not about the pace.

A limit for each URL and refusals at random look like a limit on the pace, but going slower does not make them rarer.
Where that is suspected, it is tried: the refused URL alone waits, the others go on. Few are let into that at first,
more with each that is answered when it comes again; when those are refused too, the trial has failed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

_FIRST_ALLOWANCE, _MORE_ALLOWANCE = 4, 4
_TRUST_LOST, _MOST_TRUST = -6, 16
_ROW = 5
_MOST_USUAL = 3
_BY_CHANCE = 1e-4


class Outcome(Enum):
    GOES_ON = auto()
    FAILED = auto()  # who comes again is refused again
    QUOTA = auto()  # first requests are refused in a row: so many are answered in a span of time


@dataclass(slots=True)
class Trial:
    """`allowance` is how many URLs may wait for their own time at once."""

    allowance: int = _FIRST_ALLOWANCE
    _trust: int = 0
    _usual: int = 1  # refusals of a URL before its answer
    _row: int = 0  # refusals of first requests since the last answer to one
    _answers: int = 0  # to first requests
    _refusals: int = 0  # of first requests, before this row

    @property
    def is_trusted(self) -> bool:
        return self._trust > 0

    def answered(self, before: int) -> None:
        """An answer to a URL that was refused `before` so often."""
        if not before:
            self._answers, self._refusals, self._row = self._answers + 1, self._refusals + self._row, 0
            return
        self._usual = min(max(self._usual, before), _MOST_USUAL)
        self._trust = min(self._trust + 1, _MOST_TRUST)
        if self.is_trusted:
            self.allowance += _MORE_ALLOWANCE

    def refused(self, before: int) -> Outcome:
        """One more refusal of a URL that was refused `before` so often."""
        if before:
            self._trust -= before >= self._usual
            return Outcome.FAILED if self._trust <= _TRUST_LOST else Outcome.GOES_ON
        self._row += 1
        share = (self._refusals + 1) / (self._answers + self._refusals + 2)
        is_unlikely = min(self._row, self._answers) >= _ROW and share**self._row < _BY_CHANCE
        return Outcome.QUOTA if is_unlikely else Outcome.GOES_ON
