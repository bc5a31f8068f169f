"""A lock on a folder for one process at a time; the system releases it when the process ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EACCES, EAGAIN, EDEADLK, EWOULDBLOCK
from pathlib import Path

_PAUSE_S = 0.02
_HELD = frozenset({EACCES, EAGAIN, EDEADLK, EWOULDBLOCK})  # errors of Windows and some file systems for a held lock

if sys.platform == "win32":
    import msvcrt
    from hashlib import sha256
    from tempfile import gettempdir

    def _open(folder: Path) -> int:
        """A lock file for `folder`, since Windows locks only files; it is never removed."""
        name = sha256(os.fsencode(str(folder.resolve()).casefold())).hexdigest()[:16]
        return os.open(Path(gettempdir()) / f"linkcheck-{name}.lock", os.O_RDWR | os.O_CREAT)

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _open(folder: Path) -> int:
        """The folder itself: no lock file that could be committed, or removed while another process waits for it."""
        return os.open(folder, os.O_RDONLY | os.O_DIRECTORY)

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def held(folder: Path, wait_s: float) -> Iterator[bool]:
    """Hold the lock of `folder`; False if the folder cannot be locked.

    Raises TimeoutError when another process holds it for longer than `wait_s`.
    """
    try:
        handle = _open(folder)
    except OSError:
        yield False
        return
    try:
        yield _is_locked(handle, time.monotonic() + wait_s)
    finally:
        os.close(handle)


def _is_locked(handle: int, until: float) -> bool:
    while True:
        try:
            _lock(handle)
        except OSError as error:
            if error.errno not in _HELD:
                return False
        else:
            return True
        if time.monotonic() >= until:
            raise TimeoutError("another process holds its folder")
        time.sleep(_PAUSE_S)
