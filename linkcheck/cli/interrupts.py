"""Signals: the first ends the fetching, and the partial result is reported; a second ends the program.

No handler raises: an exception between any two instructions would leave an inconsistent state, and a traceback.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from time import monotonic

TYPE_CHECKING = False  # typing and contextlib would take longer to load than `--version` takes
if TYPE_CHECKING:
    from typing import NoReturn

Action = Callable[[], object]

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # the last is Ctrl-Break on Windows
# GNU timeout signals its child, then the whole group, and other programs forward a Ctrl-C: one intent, two signals.
_SAME_S = 0.3


class Interrupts:
    """In `with interrupts:` the first signal is only noted; outside, with nothing to save, it ends the program.

    `code` is the exit code for the first signal (128 plus its number), 0 without one.
    """

    def __init__(self) -> None:
        self.code = 0
        self._numbers: list[int] = []
        self._at = 0.0
        self._is_deferred = False
        self._action: Action | None = None
        self._cleanups: list[Action] = []

    def listen(self) -> None:
        """Install the handlers. Signals that are ignored (nohup, a background job) stay ignored."""
        for name in _NAMES:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._on_signal)
                self._numbers.append(number)

    def ignore(self) -> None:
        """Ignore all signals: one during shutdown would end the interpreter."""
        for number in self._numbers:
            signal.signal(number, signal.SIG_IGN)

    def __enter__(self) -> None:
        self._is_deferred = True

    def __exit__(self, *_: object) -> None:
        self._is_deferred = False

    def call(self, action: Action | None) -> None:
        """Call `action` on the first signal, at once if there was one; None: no action any more."""
        self._action = action
        if action and self.code:
            action()

    def add(self, cleanup: Action) -> None:
        """Call `cleanup` before a signal ends the program. It must not wait or print."""
        self._cleanups.append(cleanup)

    def remove(self, cleanup: Action) -> None:
        self._cleanups.remove(cleanup)

    def end(self, code: int) -> NoReturn:
        """End the program at once, after the clean-up of partial files."""
        for cleanup in self._cleanups:
            try:  # noqa: SIM105
                cleanup()
            except OSError:
                pass
        os._exit(code)

    def _on_signal(self, number: int, _: object) -> None:
        if not self.code:
            self.code, self._at = _code(number), monotonic()
            if not self._is_deferred:
                self.end(self.code)
            if self._action:
                self._action()
        elif monotonic() - self._at > _SAME_S:
            self.end(self.code)


def _code(number: int) -> int:
    return 128 + (signal.SIGINT if sys.platform == "win32" and number == signal.SIGBREAK else number)


interrupts = Interrupts()
