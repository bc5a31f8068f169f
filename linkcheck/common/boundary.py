"""Where what strangers wrote meets our code: whatever is raised there is told of one link, and ends no run.

`except Exception` stands at such a boundary only (tests/test_layers.py has the list), and each asks here what to say.
"""

from __future__ import annotations

from errno import EMFILE, ENFILE, ENOSPC
from pathlib import Path

from linkcheck.common.secret import masked
from linkcheck.errors import LinkcheckError

_PACKAGE = Path(__file__).parent.parent
_LACKS = (EMFILE, ENFILE, ENOSPC)
_ROOM = 32 * 2**20  # bytes; a run cannot go on with less
_MOST_CHARS = 200
_MOST_SAID = 20_000  # characters in which a secret is looked for


def trouble_of(error: Exception) -> str:
    """What was raised and where, in one line: `ValueError: too many digits (page/titles.py:64)`.

    Raises `error` again where no link is to blame: the user has to act on it, or the machine has no files,
    no disk or no memory left. One value that is too large is a link's trouble: there is room for others.
    """
    if isinstance(error, LinkcheckError) or (isinstance(error, OSError) and error.errno in _LACKS):
        raise error
    from traceback import clear_frames, walk_tb  # hardly ever needed

    ours = [place for frame, line in walk_tb(error.__traceback__) if (place := _place(frame.f_code.co_filename, line))]
    if isinstance(error, MemoryError):
        clear_frames(error.__traceback__)
        bytearray(_ROOM)
    said = " ".join(masked(str(error)[:_MOST_SAID]).split())[:_MOST_CHARS]
    return f"{type(error).__name__}{': ' if said else ''}{said} ({ours[-1] if ours else 'nowhere'})"


def _place(file: str, line: int) -> str:
    """A line of this package by its module, or ''."""
    path = Path(file)
    return f"{path.relative_to(_PACKAGE).as_posix()}:{line}" if path.is_relative_to(_PACKAGE) else ""
