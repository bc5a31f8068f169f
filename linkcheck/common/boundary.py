"""Boundaries for untrusted input: an exception there costs one link its verdict and never ends the run.

`except Exception` stands only at such a boundary (tests/test_layers.py lists them), which reports it by `trouble_of`.
"""

from __future__ import annotations

from errno import EMFILE, ENFILE, ENOSPC
from pathlib import Path

from linkcheck.common.secret import masked
from linkcheck.errors import LinkcheckError

_PACKAGE = Path(__file__).parent.parent
_LACKS = (EMFILE, ENFILE, ENOSPC)
_ROOM = 32 * 2**20  # bytes that a run needs to go on
_MOST_CHARS = 200
_MOST_SEARCHED = 20_000  # characters in which secrets are masked


def trouble_of(error: Exception) -> str:
    """Describe an exception in one line: `ValueError: too many digits (page/titles.py:64)`.

    Raises `error` again if it is not a link's: the user has to act on it, or the machine has no file handles, no disk
    or no memory left. A MemoryError for one value that is too large is the link's: there is room for others.
    """
    if isinstance(error, LinkcheckError) or (isinstance(error, OSError) and error.errno in _LACKS):
        raise error
    from traceback import clear_frames, walk_tb  # rarely needed

    ours = [place for frame, line in walk_tb(error.__traceback__) if (place := _place(frame.f_code.co_filename, line))]
    if isinstance(error, MemoryError):
        clear_frames(error.__traceback__)
        bytearray(_ROOM)
    text = " ".join(masked(str(error)[:_MOST_SEARCHED]).split())[:_MOST_CHARS]
    return f"{type(error).__name__}{': ' if text else ''}{text} ({ours[-1] if ours else 'nowhere'})"


def _place(file: str, line: int) -> str:
    """`page/titles.py:64` for a line of this package, else ''."""
    path = Path(file)
    return f"{path.relative_to(_PACKAGE).as_posix()}:{line}" if path.is_relative_to(_PACKAGE) else ""
