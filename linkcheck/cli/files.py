"""Reports to files: never half written, and a folder that cannot be written to is said at once."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path, PurePosixPath
from stat import S_ISREG

from linkcheck.cli.interrupts import interrupts
from linkcheck.errors import ReportError
from linkcheck.model import Document

_PREFIX, _SUFFIX = ".linkcheck-", ".tmp"
_STALE_S = 24 * 60 * 60  # a file is written in moments: whoever began this one was killed


def prepare(folder: Path) -> None:
    """Make sure that reports can be written to `folder`, and clear away what killed runs left. Raises ReportError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _temporary(folder):
            pass
        _clear(folder)
    except OSError as error:
        words = (error.strerror or str(error)).lower()
        raise ReportError(
            f"cannot write reports: {words}", where=str(folder), help="choose another --reports folder, or --no-files"
        ) from error


def write(path: Path, pieces: Iterable[str]) -> None:
    """Put the text of `pieces` in place in one step: a reader sees the old file or the new one."""
    try:
        with _temporary(path.parent) as new:
            with new.open("w", encoding="utf-8", newline="\n") as file:
                file.writelines(pieces)
            new.replace(path)
    except OSError as error:
        raise ReportError(
            f"cannot write the report: {(error.strerror or str(error)).lower()}", where=str(path)
        ) from error


@contextmanager
def _temporary(folder: Path) -> Iterator[Path]:
    """A new file that is not there any more afterwards, whatever ends the program."""
    path = folder / f"{_PREFIX}{os.urandom(4).hex()}{_SUFFIX}"
    interrupts.add(remove := partial(path.unlink, missing_ok=True))
    try:
        path.touch(0o644, exist_ok=False)
        yield path
    finally:
        remove()
        interrupts.remove(remove)


def _clear(folder: Path) -> None:
    for left in folder.glob(f"{_PREFIX}????????{_SUFFIX}"):
        with suppress(OSError):
            found = left.lstat()
            if S_ISREG(found.st_mode) and time.time() - found.st_mtime > _STALE_S:
                left.unlink()


def remove(path: Path) -> None:
    """Take a file away that says nothing any more."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def beside(stems: Collection[str]) -> str:
    """What to put behind a stem for a report that must not take another one's place."""
    ending = ".partial"
    while any(f"{stem}{ending}" in stems for stem in stems):
        ending += ".partial"
    return ending


def stems(documents: Sequence[Document]) -> dict[str, str]:
    """A file name for each document's reports: its stem, or its path where stems collide."""
    short = {d.path: PurePosixPath(d.path).stem if d.path != "<stdin>" else "stdin" for d in documents}
    names = Counter(short.values())
    return {path: stem if names[stem] == 1 else _long(path) for path, stem in short.items()}


def _long(path: str) -> str:
    return "-".join(part for part in PurePosixPath(path).with_suffix("").parts if part not in ("/", "..", "."))
