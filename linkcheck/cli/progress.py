"""A progress bar, if standard error is a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from linkcheck.cli.interrupts import interrupts
from linkcheck.contracts import Observer

if TYPE_CHECKING:
    from tqdm import tqdm


@contextmanager
def bar() -> Iterator[Observer | None]:
    """An observer that draws a progress bar; None if standard error is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with (
        _wiped(),
        tqdm(unit=" links", leave=False, file=sys.stderr, dynamic_ncols=True, mininterval=0.1) as shown,
    ):
        yield _Bar(shown)


class _Bar(Observer):
    def __init__(self, shown: tqdm[NoReturn]) -> None:
        self._shown = shown

    def on_progress(self, done: int, total: int) -> None:
        self._shown.total = total
        self._shown.update(done - self._shown.n)


@contextmanager
def _wiped() -> Iterator[None]:
    """Remove the bar from the terminal if a signal ends the program."""
    interrupts.add(_wipe)
    try:
        yield
    finally:
        interrupts.remove(_wipe)


def _wipe() -> None:
    """Clear the bar's line without tqdm, which would take its locks."""
    from shutil import get_terminal_size

    os.write(2, b"\r" + b" " * (get_terminal_size().columns - 1) + b"\r")
