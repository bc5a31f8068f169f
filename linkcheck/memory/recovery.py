"""Recover the readable rows of a corrupt database: by the table and by its index, from both ends."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CORRUPT = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_FACT_KEYS = (
    "select rowid from facts not indexed order by rowid",
    "select rowid from facts not indexed order by rowid desc",
    "select rowid from facts order by url",
    "select rowid from facts order by url desc",
)
_JOURNAL_KEYS = (
    "select run, n from journal order by run, n",
    "select run, n from journal order by run desc, n desc",
)
_FACT = "select url, at, fact, past from facts where rowid = ?"
_ENTRY = "select run, n, url, at, fact from journal where run = ? and n = ?"
_MOST_MISSING = 16


def is_corrupt(error: BaseException) -> bool:
    """Whether SQLite reports that the file itself is damaged, not just that it cannot be read, written or locked."""
    return _code(error) in _CORRUPT


def is_intact(base: sqlite3.Connection) -> bool:
    """Whether SQLite finds no damage in the whole file. Raises sqlite3.Error if it cannot be checked."""
    try:
        return bool(base.execute("pragma integrity_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError as error:
        if is_corrupt(error):
            return False
        raise


def fill_up(path: Path) -> None:
    """Extend a truncated file to its full length: SQLite reads no page of a file that is shorter than its header says.

    The length is page size times page count (https://sqlite.org/fileformat.html §1.3), if the header is not damaged.
    """
    with path.open("rb") as file:
        head, size = file.read(32), os.fstat(file.fileno()).st_size
    length = int.from_bytes(head[16:18]) * int.from_bytes(head[28:32])
    if size < length < size * _MOST_MISSING:
        os.truncate(path, length)


def copy(old: sqlite3.Connection, new: sqlite3.Connection) -> int:
    """Copy all readable rows; returns the number of facts. Raises sqlite3.Error if a disk fails."""
    old.text_factory = bytes
    new.execute("begin")
    facts = new.executemany("insert or ignore into facts values (?, ?, ?, ?)", _rows(old, _FACT_KEYS, _FACT))
    new.executemany("insert or ignore into journal values (?, ?, ?, ?, ?)", _rows(old, _JOURNAL_KEYS, _ENTRY))
    new.execute("commit")
    return facts.rowcount


def _rows(old: sqlite3.Connection, searches: tuple[str, ...], query: str) -> Iterator[tuple[object, ...]]:
    for key in _keys(old, searches):
        with damage_skipped():
            for row in old.execute(query, key):
                yield tuple(value.decode() if isinstance(value, bytes) else value for value in row)


def _keys(old: sqlite3.Connection, searches: tuple[str, ...]) -> dict[tuple[int, ...], None]:
    found: dict[tuple[int, ...], None] = {}
    for search in searches:
        with damage_skipped():
            for key in old.execute(search):
                found[key] = None
    return found


@contextmanager
def damage_skipped() -> Iterator[None]:
    """Ignore errors that come from damage to the file, not those of the disk."""
    try:
        yield
    except UnicodeDecodeError:
        pass
    except sqlite3.DatabaseError as error:
        if not is_corrupt(error) and _code(error) != sqlite3.SQLITE_ERROR:  # that is for a missing table
            raise


def _code(error: BaseException) -> int:
    """SQLite's primary result code (https://sqlite.org/rescode.html), 0 for errors of the Python module."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
