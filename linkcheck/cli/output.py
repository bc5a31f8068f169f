"""Standard output and standard error, and handling of errors in writing to them."""

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
    """Make sure that the three standard streams are open, in UTF-8.

    A stream that was closed by the caller (`>&-`) is opened on the null device: else a database or a connection
    would get its descriptor. Reading from a closed standard input stays an error.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), mode, closefd=False))
    if isinstance(sys.stdout, io.TextIOWrapper) and isinstance(sys.stdout.buffer, io.RawIOBase):
        # PYTHONUNBUFFERED: the rest of a partial write to a pipe would be lost.
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(sys.stdout.detach()))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.stderr = _SafeStream(sys.stderr)


class _SafeStream:
    """Standard error without errors in writing (a full device, a closed terminal): they could not be printed."""

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

    If the reader (`| head`) has gone, the rest is discarded, and the exit code does not change.
    """
    try:
        sys.stdout.writelines(pieces)
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the interpreter flushes the rest at exit
        if not _is_gone(error):
            from linkcheck.errors import OutputError, reason

            raise OutputError(f"cannot write to standard output: {reason(error)}") from error


def _is_gone(error: OSError) -> bool:
    """Whether the reader has closed the pipe; Windows reports EINVAL for that."""
    return isinstance(error, ConnectionError) or (sys.platform == "win32" and error.errno == 22)


def say(text: str) -> None:
    """Print lines to standard error, with untrusted text in them sanitised."""
    sys.stderr.write("".join(f"{one if _is_plain(one) else _sanitised(one)}\n" for one in text.split("\n")))


def _is_plain(line: str) -> bool:
    """Whether a line needs no sanitising: if memory is short, no module should be loaded."""
    return line.isascii() and line.isprintable() and not any(mark in line for mark in ("::", "##", "_", "@", "="))


def _sanitised(line: str) -> str:
    from linkcheck.report import sanitise

    return sanitise.line(line)


def cleaned(text: str) -> str:
    """Untrusted text for one line of a message."""
    from linkcheck.report.sanitise import clean  # loaded lazily: most runs have nothing to say

    return clean(text, 600)


def print_error(error: LinkcheckError) -> None:
    """Print an error to standard error: what happened, where, and what to do."""
    lines = [f"error: {cleaned(error.what)}"]
    if error.where:
        lines.append(f"  --> {cleaned(error.where)}")
    if error.help:
        lines.append(f"help: {cleaned(error.help)}")
    say("\n".join(lines))


def warn(notices: Iterable[Notice]) -> None:
    """Print the notices on the inputs to standard error."""
    for notice in notices:
        from linkcheck.report.sanitise import clean

        say(f"warning: {clean(notice.path)}:{notice.line}: {clean(notice.text)}")
