"""The SQLite file of the memory (WAL): open, recover if corrupt, close if the disk fails.

Nothing here ends a run: what cannot be read or written is a notice, and the run goes on without the memory. Only a file
that SQLite itself calls corrupt is put aside, by one process at a time, with its write-ahead log; its readable rows are
copied to a new one.
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
FILE = f"memory-{VERSION}.sqlite3"  # each schema version has its own file
HISTORY_FILE = "history.jsonl"  # here, since `history.py` takes time to load
Values = tuple[object, ...]
T = TypeVar("T")

_OLDER_FILE, _OLDER_VERSION = "memory.sqlite3", 2  # its facts have the same form
# The journal is written page by page during the run: `without rowid` keeps its rows adjacent in the file.
_SCHEMA = f"""
create table if not exists facts (url text primary key, at text not null, fact text not null, past text not null);
create table if not exists journal
    (run integer not null, n integer not null, url text not null, at text not null, fact text not null,
    primary key (run, n)) without rowid;
pragma user_version = {VERSION};
"""
_BUSY_S = 20.0
_MOST_ROW_BYTES = 16_777_216  # a fact has a megabyte at most, and so has its past
_FILES = ("-wal", "-shm", "")  # the database last: as long as it exists, it is the one in use
_MOST_ASIDE = 3


class _ReplacedError(sqlite3.Error):
    """The open file was put aside by another process, or deleted."""


class Database:
    """`notices` say what was lost, and where it was put. `is_first`: the file opened first is still in use."""

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
        """All rows, none if they cannot be read; texts are bytes, since they may be invalid UTF-8."""
        return self._tried(lambda base: base.execute(query, values).fetchall()) or []

    def write(self, statements: Mapping[str, Sequence[Values]]) -> None:
        """Execute every statement with each of its values, in one transaction."""
        self._tried(lambda base: self._carry_out(base, statements))

    def close(self) -> None:
        if self._base is not None:
            with suppress(sqlite3.Error):
                self._base.close()
            self._base = None

    def _carry_out(self, base: sqlite3.Connection, statements: Mapping[str, Sequence[Values]]) -> None:
        base.execute("begin immediate")
        if _identity(self.path) != self._identity:
            raise _ReplacedError("another file has taken its place")
        for statement, values in statements.items():
            base.executemany(statement, values)
        base.execute("commit")

    def _tried(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """The result of `work`. If the file is corrupt, `work` is repeated once with the recovered one."""
        for is_last in (False, True):
            if self._base is None:
                break
            try:
                return work(self._base)
            except (sqlite3.Error, MemoryError) as error:
                self.close()
                if is_last or not (isinstance(error, _ReplacedError) or is_corrupt(error)):
                    self._note(f"no more observations will be stored: {_describe(error)}")
                else:
                    self.is_first = False
                    self._open(error)
        return None

    # -- the file --------------------------------------------------------------------------------

    def _open(self, error: Exception | None = None) -> None:
        """Open or create the file; first put it aside if it is still the one that raised `error`, and corrupt."""
        try:
            self.path.parent.mkdir(plain_files.PRIVATE_FOLDER, parents=True, exist_ok=True)
            with lock.held(self.path.parent, _BUSY_S) as is_alone:
                self._refuse_irregular()
                if is_alone and self._beside(".new").exists():
                    self._swap()  # a process was killed in the middle of this
                if is_alone and error and is_corrupt(error) and _identity(self.path) == self._identity:
                    self._put_aside(error)
                self._base = self._connected(is_alone=is_alone)
                self._identity = _identity(self.path)
        except (OSError, sqlite3.Error, MemoryError) as second:
            self.close()
            self._note(f"no memory of earlier runs: {_describe(second)}")

    def _refuse_irregular(self) -> None:
        """Raises OSError if one of the database's files is a link or a pipe: other users may write to the folder."""
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
        """Replace the corrupt file by a new one with all its readable rows. The folder is locked."""
        with closing(sqlite3.connect(self.path, timeout=_BUSY_S, isolation_level=None)) as old:
            if recovery.is_intact(old):
                return
        recovery.fill_up(self.path)
        with closing(sqlite3.connect(self.path, timeout=_BUSY_S, isolation_level=None)) as old:
            with recovery.damage_skipped():
                old.execute("begin immediate")  # no other process writes during the copy and the renaming
            kept = self._copy(old, self._beside(".new"))
            if sys.platform == "win32":
                old.close()  # an open file cannot be renamed
            aside = self._swap()
        self._note(f"corrupt ({_describe(error)}): put aside as {aside}; facts that could be read: {kept}")

    def _copy(self, old: sqlite3.Connection, place: Path) -> int:
        """Create a new file at `place` with the rows of `old`, atomically; returns the number of facts."""
        temporary = self._beside(".tmp")
        for ending in ("", "-journal"):
            Path(f"{temporary}{ending}").unlink(missing_ok=True)
        plain_files.create(temporary).close()
        with closing(sqlite3.connect(temporary, isolation_level=None)) as new:
            new.executescript(_SCHEMA)
            kept = recovery.copy(old, new)
        temporary.replace(place)
        return kept

    def _swap(self) -> str:
        """Put the file aside and the new one in its place; returns the name put aside. The folder is locked."""
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
        """Copy the facts of the previous version's file, which is left unchanged for programs that use it."""
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

    def _note(self, text: str) -> None:
        self.notices.append(Notice(str(self.path), 1, text))


def _connect(path: Path) -> sqlite3.Connection:
    with suppress(FileExistsError):
        plain_files.create(path).close()  # private; SQLite gives its other files the same mode
    base = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None)
    try:
        base.text_factory = bytes
        version = base.execute("pragma user_version").fetchone()[0]
        if version not in (0, VERSION):
            raise sqlite3.NotSupportedError(f"unsupported schema version {version}")
        base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_ROW_BYTES)
        if base.execute("select 1 from sqlite_master where type in ('view', 'trigger')").fetchone():
            raise sqlite3.NotSupportedError("it has views or triggers, which linkcheck never creates")
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


def _describe(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__
