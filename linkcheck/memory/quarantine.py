"""What could not be read is put into a file beside the one it stood in, `NAME.corrupt`, of 16 MB at most."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from linkcheck.common import plain_files

MOST_BYTES = 2**24


def put(path: Path, lines: Iterable[bytes]) -> str:
    """Append `lines` of the file at `path` to the file beside it; in words, where they are now."""
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
