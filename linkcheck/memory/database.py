"""The SQLite file of the memory (WAL): opened, mended where it is corrupt, given up where the disk fails.

Nothing here ends a run: what cannot be read or written is a notice, and costs the memory. Only a file that SQLite
itself calls corrupt is put aside, by one process at a time, with its write-ahead log; what it still tells goes into
the new one.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from linkcheck.common import plain_files
from linkcheck.memory import lock, recovery
from linkcheck.memory.recovery import is_corrupt
from linkcheck.model import Notice

VERSION = 3
FILE = f"memory-{VERSION}.sqlite3"  # programs of another version have another file
Values = tuple[object, ...]
T = TypeVar("T")

_OLDER_FILE, _OLDER_VERSION = "memory.sqlite3", 2  # its facts are the same
# The journal is written page by page, while the run goes on: its rows follow each other in the file.
_SCHEMA = f"""
create table if not exists facts (url text primary key, at text not null, fact text not null, past text not null);
create table if not exists journal
    (run integer not null, n integer not null, url text not null, at text not null, fact text not null,
    primary key (run, n)) without rowid;
pragma user_version = {VERSION};
"""
_BUSY_S = 20.0
_MOST_ROW_BYTES = 16_777_216  # a fact has a megabyte at most, and its past another
_FILES = ("-wal", "-shm", "")  # the database last: while it is there, it is the one in use
_MOST_ASIDE = 3


class _MovedError(sqlite3.Error):
    """Another process has put the file aside that is open here, or somebody has deleted it."""


class Database:
    """`notices` says what was lost, and where it is. `is_first` until another file took the place of the one opened."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notices: list[Notice] = []
        self.is_first = True
        self._base: sqlite3.Connection | None = None
        self._identity = (0, 0)
        self._open()

    @property
    def is_open(self) -> bool:
        return self._base is not None

    def read(self, query: str, values: Sequence[object] = ()) -> list[Values]:
        """All rows; texts in them are bytes, since they may hold what is no text. No rows where none can be read."""
        return self._tried(lambda base: base.execute(query, values).fetchall()) or []

    def write(self, statements: Mapping[str, Sequence[Values]]) -> None:
        """Carry out every statement with each of its values, all of them or none."""
        self._tried(lambda base: self._carry_out(base, statements))

    def close(self) -> None:
        if self._base is not None:
            with suppress(sqlite3.Error):
                self._base.close()
            self._base = None

    def _carry_out(self, base: sqlite3.Connection, statements: Mapping[str, Sequence[Values]]) -> None:
        base.execute("begin immediate")
        if _identity(self.path) != self._identity:
            raise _MovedError("another file has taken its place")
        for statement, values in statements.items():
            base.executemany(statement, values)
        base.execute("commit")

    def _tried(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """What `work` gives. Where the file is corrupt it is done once more, with the one that took its place."""
        for is_last in (False, True):
            if self._base is None:
                break
            try:
                return work(self._base)
            except (sqlite3.Error, MemoryError) as error:
                self.close()
                if is_last or not (isinstance(error, _MovedError) or is_corrupt(error)):
                    self._tell(f"what is seen from here on will not be remembered: {_words(error)}")
                else:
                    self.is_first = False
                    self._open(error)
        return None

    # -- the file --------------------------------------------------------------------------------

    def _open(self, error: Exception | None = None) -> None:
        """Open or begin the file; put it aside first if it is still the one that gave `error`, and corrupt."""
        try:
            self.path.parent.mkdir(plain_files.PRIVATE_FOLDER, parents=True, exist_ok=True)
            with lock.held(self.path.parent, _BUSY_S) as is_alone:
                self._refuse_irregular()
                if is_alone and self._beside(".new").exists():
                    self._swap()  # a process was killed while it did so
                if is_alone and error and is_corrupt(error) and _identity(self.path) == self._identity:
                    self._put_aside(error)
                self._base = self._connected(is_alone=is_alone)
                self._identity = _identity(self.path)
        except (OSError, sqlite3.Error, MemoryError) as second:
            self.close()
            self._tell(f"no memory of earlier runs: {_words(second)}")

    def _refuse_irregular(self) -> None:
        """Raises OSError where a link (or a pipe) has a name of ours: the folder may be shared with others."""
        for path in (self._older(), *map(self._beside, (*_FILES, "-journal", ".new", ".tmp"))):
            try:
                plain_files.refuse_irregular(path)
            except plain_files.IrregularError as error:
                raise OSError(error.errno, f"{path.name} is {error.strerror}") from error

    def _connected(self, *, is_alone: bool) -> sqlite3.Connection:
        if is_alone and not self.path.exists():
            self._take_over()
        try:
            return _connect(self.path)
        except sqlite3.DatabaseError as error:
            if not is_alone or not is_corrupt(error):
                raise
            self._put_aside(error)
            return _connect(self.path)

    def _put_aside(self, error: Exception) -> None:
        """Have a new file in the place of the corrupt one, with all that can be read of it. The folder is locked."""
        with closing(sqlite3.connect(self.path, timeout=_BUSY_S, isolation_level=None)) as old:
            if recovery.is_intact(old):
                return
        recovery.fill_up(self.path)
        with closing(sqlite3.connect(self.path, timeout=_BUSY_S, isolation_level=None)) as old:
            with recovery.damage_skipped():
                old.execute("begin immediate")  # nobody adds to what is copied, and then renamed
            kept = self._copy(old, self._beside(".new"))
            if sys.platform == "win32":
                old.close()  # an open file has its name for good
            aside = self._swap()
        self._tell(f"corrupt ({_words(error)}): put aside as {aside}; facts that could be read: {kept}")

    def _copy(self, old: sqlite3.Connection, place: Path) -> int:
        """Put a new file with the rows of `old` at `place`, in one step; how many facts it has."""
        begun = self._beside(".tmp")
        for ending in ("", "-journal"):
            Path(f"{begun}{ending}").unlink(missing_ok=True)
        plain_files.create(begun).close()
        with closing(sqlite3.connect(begun, isolation_level=None)) as new:
            new.executescript(_SCHEMA)
            kept = recovery.copy(old, new)
        begun.replace(place)
        return kept

    def _swap(self) -> str:
        """Put the new file in its place, and what is there aside; its name there. The folder is locked."""
        aside = self._beside(f".corrupt-{datetime.now(UTC):%Y%m%dT%H%M%S.%f}")
        for ending in _FILES:
            with suppress(FileNotFoundError):
                self._beside(ending).replace(f"{aside}{ending}")
        self._beside(".new").replace(self.path)
        for old in sorted(self.path.parent.glob(f"{self.path.name}.corrupt-*[0-9]"))[:-_MOST_ASIDE]:
            for ending in _FILES:
                Path(f"{old}{ending}").unlink(missing_ok=True)
        return aside.name

    def _take_over(self) -> None:
        """Begin with the facts of the version before, whose file stays as it is for those who use it."""
        older = self._older()
        if not older.exists():
            return
        with closing(sqlite3.connect(older, timeout=_BUSY_S, isolation_level=None)) as old:
            if old.execute("pragma user_version").fetchone() == (_OLDER_VERSION,):
                self._copy(old, self.path)

    def _older(self) -> Path:
        return self.path.with_name(self.path.name.replace(FILE, _OLDER_FILE))

    def _beside(self, ending: str) -> Path:
        return self.path.with_name(f"{self.path.name}{ending}")

    def _tell(self, text: str) -> None:
        self.notices.append(Notice(str(self.path), 1, text))


def _connect(path: Path) -> sqlite3.Connection:
    with suppress(FileExistsError):
        plain_files.create(path).close()  # private; SQLite gives its other files the same mode
    base = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None)
    try:
        base.text_factory = bytes
        version = base.execute("pragma user_version").fetchone()[0]
        if version not in (0, VERSION):
            raise sqlite3.NotSupportedError(f"a file of another version ({version}) has its name")
        base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_ROW_BYTES)
        if base.execute("select 1 from sqlite_master where type in ('view', 'trigger')").fetchone():
            raise sqlite3.NotSupportedError("it has views or triggers, as no run has made")
        base.execute("pragma journal_mode = wal")
        base.execute("pragma synchronous = normal")
        if not version:
            base.executescript(_SCHEMA)
    except BaseException:
        base.close()
        raise
    return base


def _identity(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino


def _words(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__
