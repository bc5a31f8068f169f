"""A progress bar on a terminal, nothing elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from shutil import get_terminal_size

from linkcheck.cli.interrupts import interrupts


@contextmanager
def bar() -> Iterator[Callable[[int, int], None] | None]:
    """A function that hears (done, all) and draws a bar; None where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with (
        _wiped(),
        tqdm(unit=" links", leave=False, file=sys.stderr, dynamic_ncols=True, mininterval=0.1) as shown,
    ):

        def update(done: int, total: int) -> None:
            shown.total = total
            shown.update(done - shown.n)

        yield update


@contextmanager
def _wiped() -> Iterator[None]:
    """Leave no bar on the terminal where the program is ended."""
    interrupts.add(_wipe)
    try:
        yield
    finally:
        interrupts.remove(_wipe)


def _wipe() -> None:
    """Take the bar off the terminal's line, past tqdm and its locks."""
    os.write(2, b"\r" + b" " * (get_terminal_size().columns - 1) + b"\r")
