"""A time limit for the user's regular expressions, which can take exponential time.

`re` cannot be interrupted, but it runs signal handlers between steps (CPython's Modules/_sre), and an exception in them
ends the search. So a timer of CPU time is set around it. Windows has no such timer.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, NoReturn

from linkcheck.errors import SettingsError

ONE_S, ALL_S = 1.0, 30.0  # CPU time for the patterns on one URL, and on all
LOADING_S = 5.0  # for the compiler, which takes 20 ms for each `(?i)[\0-\U0010ffff]`

if sys.platform == "win32":

    def stopwatch(_: float = ONE_S) -> AbstractContextManager[None]:
        return nullcontext()

else:
    _left = ALL_S

    @contextmanager
    def stopwatch(limit_s: float = ONE_S) -> Iterator[None]:
        """Raises SettingsError inside the block if the patterns take too long. In the main thread only."""
        global _left
        limit = min(limit_s, _left)
        signal.signal(signal.SIGVTALRM, _too_long)
        signal.setitimer(signal.ITIMER_VIRTUAL, limit)
        try:
            yield
        finally:
            _left -= limit - signal.setitimer(signal.ITIMER_VIRTUAL, 0)[0]

    def _too_long(*_: Any) -> NoReturn:
        raise SettingsError(
            "the patterns of --include, --exclude, [[rule]] and [[ignore]] take too long to load, on one URL or all",
            where="--include, --exclude, [[rule]], [[ignore]]",
            help="write fewer and shorter ones, without `.*` in a row, and without a repeat in a repeat",
        )
