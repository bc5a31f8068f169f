"""What could not be read is put into a file beside the one it stood in, `NAME.corrupt`, of 16 MB at most."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from stat import S_ISREG

MOST_BYTES = 2**24


def put(path: Path, lines: Iterable[bytes]) -> str:
    """Append `lines` of the file at `path` to the file beside it; in words, where they are now."""
    aside = path.with_name(f"{path.name}.corrupt")
    try:
        if not is_plain(aside):
            return f"not put aside: {aside.name} is not a regular file"
        with aside.open("ab") as file:
            room = MOST_BYTES - file.tell()
            for line in lines:
                room -= len(line) + 1
                if room < 0:
                    return f"not all put aside: {aside.name} is full"
                file.write(line + b"\n")
    except OSError as error:
        return f"not put aside: {error.strerror or error}"
    return f"put aside in {aside.name}"


def is_plain(path: Path) -> bool:
    """Whether `path` is a regular file or not there: a link in a stranger's repository may lead anywhere."""
    try:
        return S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        return True
