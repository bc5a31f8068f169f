"""linkcheck with one call to the system that fails: `python -m tests.hostile.faults COMMAND…`.

FAULT=`KIND:NUMBER:ERROR` lets the call of that number (from 1) of that kind fail; what each kind was called is written to
the file FAULT_COUNTS at the end. Only calls of a run count: everything is loaded before. Where the work is done in C, the
fault is put in where Python hears of it: in the event loop's `create_connection`, at the bytes that come and go on a
connection, in the TLS object, the DNS channel, the connection to SQLite, and the raw file below Python's buffers.
"""

from __future__ import annotations

import atexit
import builtins
import errno
import io
import json
import os
import pkgutil
import sqlite3
import ssl
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import aiodns
import pycares

import linkcheck

COUNTS: Counter[str] = Counter()
_KIND, _NUMBER, _ERROR = (os.environ.get("FAULT") or "none:0:EIO").split(":")
# Which errors a kind of call fails with; the first is what it fails with where one is enough.
ERRORS = {
    "file": ("EIO", "ENOSPC", "EACCES", "EMFILE"),
    "net": ("ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "EMFILE"),
    "dns": ("ARES_ETIMEOUT", "ARES_ENOTFOUND", "ARES_ESERVFAIL", "ARES_ENOMEM"),
    "sqlite": ("SQLITE_IOERR", "SQLITE_FULL", "SQLITE_BUSY", "SQLITE_READONLY"),
    "tls": ("SSLError",),  # it reads and writes memory
}


def _is_due(kind: str) -> bool:
    COUNTS[kind] += 1
    return kind == _KIND and COUNTS[kind] == int(_NUMBER)


def _os_error() -> OSError:
    number = int(getattr(errno, _ERROR))
    return OSError(number, os.strerror(number))


def _sqlite_error() -> sqlite3.Error:
    error = sqlite3.OperationalError("disk I/O error" if _ERROR == "SQLITE_IOERR" else f"it said {_ERROR}")
    error.sqlite_errorcode = getattr(sqlite3, _ERROR)
    error.sqlite_errorname = _ERROR
    return error


def _tls_error() -> OSError:
    return ssl.SSLError(1, "[SSL] internal error")


def _wrap(
    module: Any, name: str, kind: str, error: Callable[[], BaseException] = _os_error, *, is_done: bool = False
) -> None:
    """Let a function of `module` fail; `is_done`: it does its work all the same, as `close` does."""
    real = getattr(module, name)

    def call(*values: Any, **more: Any) -> Any:
        is_due = _is_due(kind)
        found = real(*values, **more) if is_done or not is_due else None
        if is_due:
            raise error()
        return found

    setattr(module, name, call)


# -- files -----------------------------------------------------------------------------------


class _Raw(io.FileIO):
    """A file whose system calls can fail; Python's own buffers stand above it."""

    def __init__(self, *values: Any, **more: Any) -> None:
        if _is_due("file.open"):
            raise _os_error()
        super().__init__(*values, **more)

    def write(self, data: Any) -> int:
        if _is_due("file.write"):
            raise _os_error()
        return super().write(data)

    def readinto(self, buffer: Any) -> int:
        if _is_due("file.read"):
            raise _os_error()
        return super().readinto(buffer)

    def readall(self) -> bytes:
        if _is_due("file.read"):
            raise _os_error()
        return super().readall()

    def seek(self, *values: Any) -> int:
        if _is_due("file.seek"):
            raise _os_error()
        return super().seek(*values)

    def close(self) -> None:
        was_open = not self.closed
        super().close()
        if was_open and _is_due("file.close"):
            raise _os_error()


def _open(
    file: Any, mode: str = "r", buffering: int = -1, encoding: str | None = None, errors: str | None = None,
    newline: str | None = None, closefd: bool = True, opener: Any = None,
) -> Any:  # fmt: skip
    raw = _Raw(file, mode.replace("b", "").replace("t", ""), closefd, opener)
    buffered: Any = io.BufferedReader(raw) if mode[0] == "r" and "+" not in mode else io.BufferedWriter(raw)
    if "+" in mode:
        buffered = io.BufferedRandom(raw)
    return buffered if "b" in mode else io.TextIOWrapper(buffered, encoding, errors, newline)


def _break_files() -> None:
    for name in "open mkdir unlink replace rename stat lstat scandir listdir truncate utime fsync dup".split():
        _wrap(os, name, f"os.{name}")
    _wrap(os, "close", "os.close", is_done=True)
    io.open = builtins.open = _open
    with suppress(ImportError):  # Windows has none
        import fcntl

        _wrap(fcntl, "flock", "fcntl.flock")
    for number, name in ((1, "stdout"), (2, "stderr")):
        stream = io.TextIOWrapper(io.BufferedWriter(_Stream(number, "w", closefd=False)), line_buffering=number == 2)
        setattr(sys, name, stream)


class _Stream(io.FileIO):
    def write(self, data: Any) -> int:
        if _is_due("stdout.write" if self.fileno() == 1 else "stderr.write"):
            raise _os_error()
        return super().write(data)


# -- SQLite ----------------------------------------------------------------------------------


class _Base(sqlite3.Connection):
    def execute(self, *values: Any) -> sqlite3.Cursor:
        if _is_due("sqlite.execute"):
            raise _sqlite_error()
        return super().execute(*values)

    def executemany(self, *values: Any) -> sqlite3.Cursor:
        if _is_due("sqlite.executemany"):
            raise _sqlite_error()
        return super().executemany(*values)

    def executescript(self, *values: Any) -> sqlite3.Cursor:
        if _is_due("sqlite.executescript"):
            raise _sqlite_error()
        return super().executescript(*values)

    def close(self) -> None:
        super().close()
        if _is_due("sqlite.close"):
            raise _sqlite_error()


def _break_sqlite() -> None:
    real = sqlite3.connect

    def connect(*values: Any, **more: Any) -> sqlite3.Connection:
        if _is_due("sqlite.connect"):
            raise _sqlite_error()
        return real(*values, **more, factory=_Base)

    vars(sqlite3)["connect"] = connect


# -- the network -----------------------------------------------------------------------------


def _break_network() -> None:
    from linkcheck.cli import event_loop
    from linkcheck.fetch.http1 import Connection

    base: Any = (event_loop.loop_factory() or _asyncios_loop)()
    base.close()

    class Loop(type(base)):  # type: ignore[misc]
        async def create_connection(self, *values: Any, **more: Any) -> Any:
            if _is_due("net.connect"):
                raise _os_error()
            return await super().create_connection(*values, **more)

    event_loop.loop_factory = lambda: Loop

    def receive(connection: Connection, data: bytes, real: Any = Connection.data_received) -> None:
        if _is_due("net.read"):
            return connection.connection_lost(_os_error())  # as the loop does where `recv` fails
        return real(connection, data)  # type: ignore[no-any-return]

    def write(connection: Connection, data: bytes, real: Any = Connection._write) -> None:
        if _is_due("net.write"):
            return connection.connection_lost(_os_error())
        return real(connection, data)  # type: ignore[no-any-return]

    Connection.data_received = receive  # type: ignore[method-assign,assignment]
    Connection._write = write  # type: ignore[method-assign,assignment]
    ssl.SSLContext.sslobject_class = _Tls


def _asyncios_loop() -> Any:
    import asyncio

    return asyncio.new_event_loop()


class _Tls(ssl.SSLObject):
    def do_handshake(self) -> None:
        if _is_due("tls.handshake"):
            raise _tls_error()
        super().do_handshake()

    def read(self, *values: Any) -> Any:
        if _is_due("tls.read"):
            raise _tls_error()
        return super().read(*values)

    def write(self, data: Any) -> int:
        if _is_due("tls.write"):
            raise _tls_error()
        return super().write(data)


def _break_dns() -> None:
    def unanswered() -> Exception:
        return aiodns.error.DNSError(getattr(pycares.errno, _ERROR), "no such luck")

    _wrap(aiodns.DNSResolver, "getaddrinfo", "dns.getaddrinfo", unanswered)
    _wrap(aiodns.DNSResolver, "query_dns", "dns.query", unanswered)
    _wrap(
        aiodns.DNSResolver,
        "__init__",
        "dns.channel",
        lambda: pycares.AresError(pycares.errno.ARES_ENOMEM, "Out of memory"),
    )


# -- the whole -------------------------------------------------------------------------------


def _load() -> None:
    """Everything that a run loads, so that none of it counts."""
    for module in pkgutil.walk_packages(linkcheck.__path__, "linkcheck."):
        if module.name != "linkcheck.__main__":
            import_module(module.name)
    import difflib  # noqa: F401
    import encodings.idna  # noqa: F401
    import traceback  # noqa: F401

    import yaml  # noqa: F401

    from linkcheck import sites, urls
    from linkcheck.page import signatures

    sites.discover()
    urls.load_suffixes()
    signatures.load()
    signatures.absences()


def main() -> int:
    _load()
    from linkcheck import cli

    counts = os.environ.get("FAULT_COUNTS")
    open_file = os.open  # as it is before it is broken

    def write_counts() -> None:
        os.write(open_file(str(counts), os.O_WRONLY | os.O_CREAT | os.O_TRUNC), json.dumps(COUNTS).encode())

    if counts:
        atexit.register(write_counts)
    _break_sqlite()
    _break_network()
    _break_dns()
    _break_files()
    return cli.main()


def errors_of(kind: str) -> tuple[str, ...]:
    if kind == "dns.channel":
        return ("ARES_ENOMEM",)
    return ERRORS.get(kind.partition(".")[0], ERRORS["file"])


if __name__ == "__main__":
    sys.argv[0] = str(Path("linkcheck"))
    sys.exit(main())
