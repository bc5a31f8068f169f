"""Whether this process can open more files: a local limit must not affect a verdict."""

from __future__ import annotations

import asyncio
import errno
import os
import sys

MESSAGE = "too many open files"
SPARE = 8  # descriptors for a DNS channel, and for files of Python and linkcheck
_PATIENCE_S = 1.0
_PAUSE_S = 0.05

if sys.platform == "win32":  # sockets are not file descriptors

    def has_room() -> bool:
        return True

else:
    import resource

    def has_room() -> bool:
        """Whether a few more descriptors are available: a new one gets the lowest free number (POSIX, `dup`)."""
        try:
            lowest = os.dup(0)
            os.close(lowest)
        except OSError as error:
            return error.errno != errno.EMFILE
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        return limit == resource.RLIM_INFINITY or lowest + SPARE <= limit


async def wait_for_room() -> bool:
    """Wait a moment for other tasks to close files; returns whether there is room then."""
    loop = asyncio.get_running_loop()
    until = loop.time() + _PATIENCE_S
    while not has_room():
        if loop.time() >= until:
            return False
        await asyncio.sleep(_PAUSE_S)
    return True
