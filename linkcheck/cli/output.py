"""Standard output and standard error, and what happens where they cannot be written."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TextIO

    from linkcheck.errors import LinkcheckError
    from linkcheck.model import Notice

NO_MEMORY = """error: not enough memory
help: check fewer links at a time, lower --concurrency, or raise the limit (ulimit -v)"""


def prepare() -> None:
    """Let the three streams be there, in UTF-8.

    A stream that was closed by the caller (`>&-`) leads nowhere: a database or a connection would get
    its number else. Reading from a closed standard input stays an error.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), mode, closefd=False))
    if isinstance(sys.stdout, io.TextIOWrapper) and isinstance(sys.stdout.buffer, io.RawIOBase):
        # PYTHONUNBUFFERED: of what a pipe takes in part, the rest would be lost.
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(sys.stdout.detach()))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.stderr = _Unfailing(sys.stderr)


class _Unfailing:
    """Standard error: what cannot be said there (a full device, a closed terminal) cannot be said anywhere."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except OSError:
            return len(text)

    def flush(self) -> None:
        try:  # noqa: SIM105
            self._stream.flush()
        except OSError:
            pass


def show(pieces: Iterable[str]) -> None:
    """Print to standard output. Raises OutputError.

    Where the reader (`| head`) has gone, the rest goes nowhere: the exit code is what it would have been.
    """
    try:
        sys.stdout.writelines(pieces)
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the interpreter writes what is left
        if not _is_gone(error):
            from linkcheck.errors import OutputError, reason

            raise OutputError(f"cannot write to standard output: {reason(error)}") from error


def _is_gone(error: OSError) -> bool:
    """Whether nobody reads any more; Windows has no name for that but EINVAL."""
    return isinstance(error, ConnectionError) or (sys.platform == "win32" and error.errno == 22)


def say(text: str) -> None:
    """Lines to standard error; what strangers wrote in them does nothing there."""
    sys.stderr.write("".join(f"{one if _is_our_own(one) else _harmless(one)}\n" for one in text.split("\n")))


def _is_our_own(line: str) -> bool:
    """Whether there is nothing in a line that could do harm: where memory is short nothing is to be loaded."""
    return line.isascii() and line.isprintable() and not any(mark in line for mark in ("::", "##", "_", "@", "="))


def _harmless(line: str) -> str:
    from linkcheck.report import messages

    return messages.line(line)


def tell(error: LinkcheckError) -> None:
    """What happened, where, and what to do, to standard error."""
    from linkcheck.report.messages import clean

    lines = [f"error: {clean(error.what, 600)}"]
    if error.where:
        lines.append(f"  --> {clean(error.where, 600)}")
    if error.help:
        lines.append(f"help: {clean(error.help, 600)}")
    say("\n".join(lines))


def warn(notices: Iterable[Notice]) -> None:
    """What is odd about the inputs, to standard error."""
    from linkcheck.report.messages import clean

    for notice in notices:
        say(f"warning: {clean(notice.path)}:{notice.line}: {clean(notice.text)}")
