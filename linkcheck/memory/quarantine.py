"""Invalid lines are put aside, in `NAME.corrupt` beside their file, of 16 MB at most."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from linkcheck.common import plain_files

MOST_BYTES = 2**24


def put(path: Path, lines: Iterable[bytes]) -> str:
    """Append rejected `lines` of the file at `path` to the one beside it; returns a message that says where."""
    aside = path.with_name(f"{path.name}.corrupt")
    try:
        with plain_files.open_to_append(aside) as file:
            room = MOST_BYTES - file.tell()
            for line in lines:
                room -= len(line) + 1
                if room < 0:
                    return f"not all put aside: {aside.name} is full"
                file.write(line + b"\n")
    except plain_files.IrregularError:
        return f"not put aside: {aside.name} is not a regular file"
    except OSError as error:
        return f"not put aside: {error.strerror or error}"
    return f"put aside in {aside.name}"
