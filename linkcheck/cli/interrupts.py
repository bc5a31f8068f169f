"""The signals that end a run: the first ends the fetching, and what is known is reported; a second ends the program.

No handler raises: an exception between any two instructions would leave something half done, and a traceback.
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
# GNU timeout signals its child, then the whole group, and others pass a Ctrl-C on: one wish, two signals.
_SAME_S = 0.3


class Interrupts:
    """`with interrupts:` the first signal is only noted; outside, where nothing is to be saved, it ends the program.

    `code` is the exit code that tells of the first signal (128 and its number), 0 while none has come.
    """

    def __init__(self) -> None:
        self.code = 0
        self._numbers: list[int] = []
        self._at = 0.0
        self._is_deferred = False
        self._action: Action | None = None
        self._cleanups: list[Action] = []

    def listen(self) -> None:
        """Handle the signals from here on. Those that are ignored (nohup, a background job) stay ignored."""
        for name in _NAMES:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._on_signal)
                self._numbers.append(number)

    def ignore(self) -> None:
        """Ignore all signals from here on: one would end the interpreter while it shuts down."""
        for number in self._numbers:
            signal.signal(number, signal.SIG_IGN)

    def __enter__(self) -> None:
        self._is_deferred = True

    def __exit__(self, *_: object) -> None:
        self._is_deferred = False

    def call(self, action: Action | None) -> None:
        """Let `action` be called when the first signal comes, at once if it has come; None: nothing any more."""
        self._action = action
        if action and self.code:
            action()

    def add(self, cleanup: Action) -> None:
        """Let `cleanup` be called before the program is ended. It must not wait or print."""
        self._cleanups.append(cleanup)

    def remove(self, cleanup: Action) -> None:
        self._cleanups.remove(cleanup)

    def end(self, code: int) -> NoReturn:
        """End the program at once, with no file left half written."""
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
