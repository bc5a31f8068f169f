"""Whether this process may open more files: a link must not pay for a limit of the machine it is looked at from."""

from __future__ import annotations

import asyncio
import errno
import os
import sys

MESSAGE = "too many open files"
SPARE = 8  # for what a DNS channel opens at once, and for files of Python's and ours
_PATIENCE_S = 1.0
_PAUSE_S = 0.05

if sys.platform == "win32":  # where sockets are no files

    def has_room() -> bool:
        return True

else:
    import resource

    def has_room() -> bool:
        """Whether a few more descriptors are to be had: a new one gets the lowest free number (POSIX, `dup`)."""
        try:
            lowest = os.dup(0)
            os.close(lowest)
        except OSError as error:
            return error.errno != errno.EMFILE
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        return limit == resource.RLIM_INFINITY or lowest + SPARE <= limit


async def wait_for_room() -> bool:
    """Wait a moment for others to close what they have; whether there is room then."""
    loop = asyncio.get_running_loop()
    until = loop.time() + _PATIENCE_S
    while not has_room():
        if loop.time() >= until:
            return False
        await asyncio.sleep(_PAUSE_S)
    return True
