"""The time that parsing one page may take: the last line of defence, after steps that are bounded by their input.

It is CPU time of the thread, so that a busy machine changes no verdict.
"""

from __future__ import annotations

from collections.abc import Callable
from time import thread_time

SECONDS = 0.1


class Budget:
    """A limit of CPU time, spent `seconds` after it was created."""

    def __init__(self, seconds: float = SECONDS, clock: Callable[[], float] = thread_time) -> None:
        self._clock = clock
        self._end = clock() + seconds

    @property
    def is_spent(self) -> bool:
        return self._clock() >= self._end
