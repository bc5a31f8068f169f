"""How long one page may be read: the last line of defence, behind steps that are bounded by their input.

What is counted is the processor's time of the thread, so that a busy machine changes no verdict.
"""

from __future__ import annotations

from collections.abc import Callable
from time import thread_time

SECONDS = 0.1


class Budget:
    """Spent `seconds` after it was made."""

    def __init__(self, seconds: float = SECONDS, clock: Callable[[], float] = thread_time) -> None:
        self._clock = clock
        self._end = clock() + seconds

    @property
    def is_spent(self) -> bool:
        return self._clock() >= self._end
