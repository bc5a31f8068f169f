"""Open regular files only: a link, a pipe or a device in their place is refused.

Where the system has `O_NOFOLLOW`, a link that replaces the file between check and open is not followed either.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from errno import EFBIG, EINVAL, ELOOP, EMLINK
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

PRIVATE, PUBLIC, PRIVATE_FOLDER = 0o600, 0o644, 0o700  # before the umask
_PART_BYTES = 2**20
_ANY = getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
}


class IrregularError(OSError):
    """The path is a link, a pipe, a device, a folder, or the file is too large; `strerror` says which."""


def open_to_read(path: Path, *, follows_links: bool = True) -> BufferedReader:
    """Raises OSError."""
    return os.fdopen(_opened(path, os.O_RDONLY, follows_links=follows_links), "rb")


def read(path: Path, most_bytes: int) -> bytes:
    """The bytes of a file, links followed. Raises OSError; IrregularError for more than `most_bytes`."""
    with open_to_read(path) as file:
        return read_from(file, most_bytes)


def read_from(file: BufferedReader, most_bytes: int) -> bytes:
    """The rest of `file`. Raises OSError; IrregularError for more than `most_bytes`."""
    parts, size = list[bytes](), 0
    while part := file.read1(_PART_BYTES):  # a longer read of a pipe would delay a signal's handler
        parts.append(part)
        size += len(part)
        if size > most_bytes:
            raise IrregularError(EFBIG, f"larger than {most_bytes:,} bytes")
    return b"".join(parts)


def open_to_append(path: Path) -> BinaryIO:
    """Open to append; a new file is private. Raises OSError, also for a symbolic link or several hard links."""
    return os.fdopen(_opened(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, follows_links=False), "ab")


def open_to_overwrite(path: Path) -> BinaryIO:
    """Open and truncate. Raises OSError, also for a symbolic link or several hard links."""
    file = os.fdopen(_opened(path, os.O_WRONLY | os.O_CREAT, follows_links=False, mode=PUBLIC), "wb")
    file.truncate()
    return file


def create(path: Path, mode: int = PRIVATE) -> BinaryIO:
    """Create a file that did not exist. Raises OSError."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK | _ANY, mode), "wb")


def refuse_irregular(path: Path) -> None:
    """Raises IrregularError if `path` exists and is no regular file (a link is none); else OSError."""
    with suppress(FileNotFoundError):
        _check(path.lstat())


def make_private(folder: Path) -> None:
    """Create `folder` for the user alone, or restrict it if an older version did not. Errors show when it is used."""
    with suppress(OSError):
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        if folder.stat().st_mode & 0o077:
            folder.chmod(PRIVATE_FOLDER)


def _opened(path: Path, flags: int, *, follows_links: bool, mode: int = PRIVATE) -> int:
    try:  # before opening, which alone has side effects on some devices
        _check(path.stat() if follows_links else path.lstat())
    except FileNotFoundError:
        if not flags & os.O_CREAT:
            raise
    handle = os.open(path, flags | _ANY | (0 if follows_links else _NO_LINK), mode)
    try:
        found = os.fstat(handle)
        _check(found)
        if flags & os.O_CREAT and found.st_nlink > 1:
            raise IrregularError(EMLINK, "a file of several names (hard links)")
    except OSError:
        os.close(handle)
        raise
    return handle


def _check(found: os.stat_result) -> None:
    kind = stat.S_IFMT(found.st_mode)
    if kind == stat.S_IFLNK:
        raise IrregularError(ELOOP, "a symbolic link")
    if kind != stat.S_IFREG:
        raise IrregularError(EINVAL, f"{_KINDS.get(kind, 'something')}, not a regular file")
