"""Resource limits of this process: open files and address space, and how to stay within them."""

from __future__ import annotations

import errno
import math
import os
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from linkcheck.cli.interrupts import interrupts
from linkcheck.cli.output import NO_MEMORY, say
from linkcheck.errors import LimitError

_MOST_KEPT = 1_500
_LATER_FILES = 15  # for the event loop and the name servers
_DNS_FILES = 6  # for each second query of a name
_MOST_NAMES = 64  # second queries at a time
_REQUEST_FILES = 2  # a host with several addresses has several connection attempts
_STACK_BYTES = 512 * 2**10
_WATCH_S = 0.05
_NO_FILES = """error: too many open files
help: lower --concurrency, or raise the limit (ulimit -n)"""
LOADING = 32 * 2**20  # bytes for the program and the libraries of the readers
_ASKING = 100 * 2**20  # bytes for the network libraries and a crawl
_SHORT_BYTES = 32 * 2**20  # reserve: may be used up in a moment, and CPython's ssl crashes without memory

if TYPE_CHECKING:
    import asyncio


class OpenFiles(NamedTuple):
    """Requests in flight and idle connections that a `limit` of open files allows."""

    concurrency: int
    keep: int
    limit: int


if sys.platform == "win32":  # sockets are not files, and there is no limit per process

    def open_files(concurrency: int) -> OpenFiles:
        return OpenFiles(concurrency, _MOST_KEPT, 0)

    def address_space_left() -> float:
        return math.inf

else:
    import resource

    def open_files(concurrency: int) -> OpenFiles:
        """The numbers for `concurrency`, the limit raised if possible, else fewer. Raises LimitError."""
        from linkcheck.fetch.room import SPARE

        limit = _raised(concurrency * (_REQUEST_FILES + 1) + _MOST_NAMES * _DNS_FILES + _MOST_KEPT + 100)
        free = limit - _open_now() - _LATER_FILES - SPARE
        if free < 1:
            raise LimitError(
                f"too few open files: the limit is {limit}", where="ulimit -n", help=f"raise it to {limit + 1 - free}"
            )
        free -= min(_MOST_NAMES, concurrency, free // (4 * _DNS_FILES)) * _DNS_FILES
        fits = max(1, min(concurrency, free // (_REQUEST_FILES + 1)))
        return OpenFiles(fits, min(_MOST_KEPT, max(1, free - fits * _REQUEST_FILES)), limit)

    def _raised(wanted: int) -> int:
        """The limit of open files, raised to `wanted` or as far as the system allows."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft == resource.RLIM_INFINITY or soft >= wanted:
            return max(soft, wanted)
        higher = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (higher, hard))
        except (OSError, ValueError):  # macOS has a limit that getrlimit does not report
            return soft
        return higher

    def _open_now() -> int:
        try:
            return len(os.listdir("/dev/fd")) - 1  # noqa: PTH208
        except OSError:
            return 10

    def address_space_left() -> float:
        """Bytes that this process may still map (`ulimit -v`); infinite without a limit."""
        limit = resource.getrlimit(resource.RLIMIT_AS)[0]
        if limit == resource.RLIM_INFINITY:
            return math.inf
        try:
            with open("/proc/self/statm", "rb") as file:  # noqa: PTH123
                return limit - int(file.read().split()[0]) * resource.getpagesize()
        except OSError:
            return math.inf


def describe_lack(error: BaseException) -> str:
    """The message for an error caused by a lack of memory or of files; '' for other errors."""
    match error:
        case MemoryError():
            return NO_MEMORY
        case OSError(errno=errno.EMFILE | errno.ENFILE):
            return _NO_FILES
        case BaseExceptionGroup():
            return next(filter(None, map(describe_lack, error.exceptions)), "")
        case _:
            return ""


def demand(size: int) -> None:
    """Raises MemoryError if fewer than `size` bytes are available: C libraries would end the program."""
    if address_space_left() < size:
        raise MemoryError


def save_address_space() -> None:
    """If address space is limited, let threads share one heap and have small stacks: each would reserve 72 MB.

    Raises MemoryError if it is too little for a crawl.
    """
    if address_space_left() == math.inf:
        return
    demand(_ASKING)
    try:
        import ctypes

        library = ctypes.CDLL(None)
        library.mallopt(-8, 1)  # M_ARENA_MAX of glibc's malloc.h
        attributes = ctypes.create_string_buffer(256)  # a pthread_attr_t has 56 to 64 bytes
        library.pthread_attr_init(attributes)
        library.pthread_attr_setstacksize(attributes, ctypes.c_size_t(_STACK_BYTES))
        library.pthread_setattr_default_np(attributes)
    except (ImportError, OSError, AttributeError):
        pass  # another C library, whose heap and stacks are small


def watch_memory(loop: asyncio.AbstractEventLoop) -> None:
    """End the program with a message before memory runs out, since a shortage must not affect verdicts."""

    def on_error(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if isinstance(context.get("exception"), MemoryError):
            _end_without_memory()
        loop.default_exception_handler(context)

    def watch() -> None:
        if address_space_left() < _SHORT_BYTES:
            _end_without_memory()
        loop.call_later(_WATCH_S, watch)

    loop.set_exception_handler(on_error)
    if address_space_left() < math.inf:
        watch()


def _end_without_memory() -> NoReturn:
    say(NO_MEMORY)
    interrupts.end(2)
