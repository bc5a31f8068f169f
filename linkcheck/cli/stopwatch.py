"""What the user's own regular expressions may take: a pattern can keep `re` busy for longer than anybody lives.

`re` cannot be stopped from outside, but between steps it lets handlers of signals run (CPython's Modules/_sre), and
what they raise ends the search. So a timer of the CPU's time is set around it. Windows has no such timer.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, NoReturn

from linkcheck.errors import SettingsError

ONE_S, ALL_S = 1.0, 30.0  # CPU time for the patterns on one URL, and on all

if sys.platform == "win32":

    def stopwatch() -> AbstractContextManager[None]:
        return nullcontext()

else:
    _left = ALL_S

    @contextmanager
    def stopwatch() -> Iterator[None]:
        """Raises SettingsError within, where the patterns take too long. In the main thread only."""
        global _left
        limit = min(ONE_S, _left)
        signal.signal(signal.SIGVTALRM, _too_long)
        signal.setitimer(signal.ITIMER_VIRTUAL, limit)
        try:
            yield
        finally:
            _left -= limit - signal.setitimer(signal.ITIMER_VIRTUAL, 0)[0]

    def _too_long(*_: Any) -> NoReturn:
        raise SettingsError(
            "the patterns of --include and --exclude take too long on one URL or on all of them",
            where="--include, --exclude",
            help="write them without `.*` in a row, and without a repeat in a repeat",
        )
