"""What was seen in earlier runs: facts, not verdicts, so that newer rules may judge them anew.

The working memory is one SQLite file (WAL), and at the same time the journal of the run in
progress: what is learned is committed within moments, so a killed process loses hardly any of it, and the next
run takes up what an interrupted one has seen in the last minutes. Several processes may use it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zlib import crc32

from linkcheck.memory import history
from linkcheck.model import ALIVE, Evidence, Notice, Record, Url, replace

Values = tuple[object, ...]

FILE = "memory.sqlite3"
# The journal is written page by page, while the run goes on: its rows follow each other in the file.
_SCHEMA = """
create table if not exists facts (url text primary key, at text not null, fact text not null, past text not null);
create table if not exists runs (id integer primary key, started text not null, finished text);
create table if not exists journal
    (run integer not null, n integer not null, url text not null, at text not null, fact text not null,
    primary key (run, n)) without rowid;
"""
_VERSION = 2
_BUSY_S = 20
_RESUME = timedelta(minutes=15)
_LET_GO = timedelta(days=1)  # no run lasts longer: what is older in the journal was left by one that was killed
_JITTER = 0.2
_JOURNAL = "insert into journal values (?, ?, ?, ?, ?)"
_TAKE_OVER = """
insert into facts select url, at, fact, ? from journal where run = ? and n = ? on conflict (url)
do update set at = excluded.at, fact = excluded.fact, past = excluded.past where excluded.at >= facts.at
"""
_INSERT = """
insert into facts values (?, ?, ?, ?) on conflict (url)
do update set at = excluded.at, fact = excluded.fact, past = excluded.past where excluded.at >= facts.at
"""
_LET_GO_OF = "delete from journal where run = ? and n = ?"
_BATCH = 500


class Memory:
    """`with Memory(folder) as memory:`; `notices` tell what could not be read, and where it was put."""

    def __init__(
        self,
        folder: Path | None,
        *,
        max_age: timedelta = timedelta(days=7),
        name: str = FILE,
        committed: Mapping[Url, Record] | None = None,
        keeps: bool = False,
    ) -> None:
        """Good links are fresh for `max_age`, give or take a fifth, so that they do not all come due at once.

        `committed` is what history files remember; `keeps` collects the run's `records` for such a file.
        A memory without a folder remembers nothing.
        """
        self.path = folder / name if folder else Path()
        self.records: dict[Url, Record] = {}
        self._committed = committed or {}
        self._keeps = keeps
        self._pending: dict[str, list[Values]] = {_JOURNAL: [], _TAKE_OVER: [], _INSERT: []}
        self._journaled: dict[Url, int] = {}
        self._ours: dict[Url, datetime] = {}
        self.notices: list[Notice] = []
        self._max_age = max_age
        self._known: dict[Url, Record] = {}
        self._resumed: dict[Url, list[Values]] = {}
        self._run = self._entries = 0
        self._base: sqlite3.Connection | None = None
        if folder:
            self._open()

    def __enter__(self) -> Memory:
        return self

    def __exit__(self, *_: object) -> None:
        if self._base is not None:
            self._base.close()
            self._base = None

    # -- reading ---------------------------------------------------------------------------------

    def recall(self, wanted: Sequence[Url], now: datetime) -> list[Record]:
        """What is known of the `wanted` URLs: ours, or the committed where that is newer."""
        self._known = {url: self._committed[url] for url in wanted if url in self._committed}
        self._recall(wanted, now)
        return list(self._known.values())

    def _recall(self, wanted: Sequence[Url], now: datetime) -> None:
        for at in range(0, len(wanted), _BATCH):
            some = wanted[at : at + _BATCH]
            places = ", ".join("?" * len(some))
            query = f"select url, fact, past from facts where url in ({places})"  # noqa: S608
            for told, fact, past in self._read(query, some):
                url = Url(str(told))
                if record := self._loaded("facts", url, str(fact), str(past)):
                    self._known[url] = history.newer(self._known.get(url), record)
                    self._ours[url] = record.at
        self._write({"delete from journal where at < ?": [(_text(now - _LET_GO),)]})
        those = set(wanted)
        for run, n, told, fact in self._read("select run, n, url, fact from journal order by at", []):
            url = Url(str(told))
            record = self._loaded("journal", url, str(fact)) if url in those else None
            if record and now - record.at < _RESUME and _is_answered(record):
                old = self._known.get(url)
                self._known[url] = replace(record, past=old.past, good=old.good) if old else record
                self._resumed.setdefault(url, []).append((run, n))

    def is_fresh(self, url: Url, now: datetime) -> bool:
        """Whether `url` need not be looked at: it was fine lately, or an interrupted run has just seen it."""
        record = self._known.get(url)
        if record is None or record.at > now:
            return False
        if url in self._resumed:
            return True
        if not record.past or record.past[-1].state not in ALIVE:
            return False
        chance = crc32(f"{url} {record.at}".encode()) / 2**32
        return now - record.at < self._max_age * (1 - _JITTER + 2 * _JITTER * chance)

    # -- writing ---------------------------------------------------------------------------------

    def keep(self, url: Url, evidence: Evidence, at: datetime) -> None:
        """Put what was learned of `url` into the journal of this run, to be committed soon."""
        if self._base is None:
            return
        if not self._run:
            self._begin()
        fact = history.dump(Record(url, at, replace(evidence, past=(), good=None)))
        self._entries += 1
        self._pending[_JOURNAL].append((self._run, self._entries, url, _text(at), fact))
        self._journaled[url] = self._entries

    def commit(self) -> None:
        """Commit what was kept so far."""
        if any(self._pending.values()):
            self._write(self._pending)
            self._pending = {statement: [] for statement in self._pending}

    def remember(self, record: Record) -> None:
        """Keep what the run ends with for one URL."""
        if self._keeps:
            self.records[record.url] = record
        if self._base is None or self._ours.get(record.url) == record.at:
            return  # nothing new
        past = history.dump_past(record)
        entry = self._journaled.get(record.url)
        if entry:  # the last that was learned of it
            self._pending[_TAKE_OVER].append((past, self._run, entry))
        else:
            fact = history.dump(replace(record, past=(), good=None))
            self._pending[_INSERT].append((record.url, _text(record.at), fact, past))
        if len(self._pending[_TAKE_OVER]) + len(self._pending[_INSERT]) >= _BATCH:
            self.commit()

    def finish(self, *, is_interrupted: bool) -> None:
        """Say that the run came to its end."""
        self.commit()
        if self._run and not is_interrupted:
            self._write(
                {
                    "update runs set finished = ? where id = ?": [(_text(datetime.now(UTC)), self._run)],
                    "delete from journal where run = ?": [(self._run,)],
                }
            )
        if not is_interrupted:  # what was taken up has come to its end too
            self._write({_LET_GO_OF: [entry for entries in self._resumed.values() for entry in entries]})

    def forget_run(self) -> None:
        """Let nothing be known of this run: its network was sick."""
        self._pending = {statement: [] for statement in self._pending}
        if self._run:
            entries = [(self._run,)]
            self._write({"delete from journal where run = ?": entries, "delete from runs where id = ?": entries})

    def _write(self, statements: Mapping[str, Sequence[Values]]) -> None:
        """Carry out every statement with each of its values, all of them or none."""
        if self._base is None:
            return
        try:
            self._base.execute("begin immediate")
            for statement, values in statements.items():
                self._base.executemany(statement, values)
            self._base.execute("commit")
        except sqlite3.Error as error:
            self._give_up(error)

    def _begin(self) -> None:
        assert self._base is not None
        try:
            row = self._base.execute("insert into runs (started) values (?)", (_text(datetime.now(UTC)),))
            self._run = row.lastrowid or 0
        except sqlite3.Error as error:
            self._give_up(error)

    # -- the file --------------------------------------------------------------------------------

    def _open(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self.notices.append(Notice(str(self.path), 1, f"no memory of earlier runs: {error.strerror or error}"))
            return
        try:
            self._base = self._connect()
        except sqlite3.OperationalError as error:  # locked, read-only, full: not corrupt
            self.notices.append(Notice(str(self.path), 1, f"no memory of earlier runs: {error}"))
        except sqlite3.DatabaseError as error:
            self._put_aside(error)

    def _connect(self) -> sqlite3.Connection:
        base = sqlite3.connect(self.path, timeout=_BUSY_S, isolation_level=None)
        try:
            base.execute("pragma journal_mode = wal")
            base.execute("pragma synchronous = normal")
            version = base.execute("pragma user_version").fetchone()[0]
            if version not in (0, _VERSION):
                raise sqlite3.DatabaseError(f"a memory of another version ({version})")
            base.executescript(_SCHEMA + f"pragma user_version = {_VERSION};")
        except sqlite3.Error:
            base.close()
            raise
        return base

    def _put_aside(self, error: Exception) -> None:
        """Rename a file that is no memory, and start anew."""
        aside = self.path.with_name(f"{self.path.name}.corrupt-{datetime.now(UTC):%Y%m%dT%H%M%S}")
        try:
            self.path.replace(aside)
            for ending in ("-wal", "-shm"):
                self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
            self.notices.append(Notice(str(self.path), 1, f"no memory ({error}); put aside as {aside.name}"))
            self._base = self._connect()
        except (OSError, sqlite3.Error) as second:
            self.notices.append(Notice(str(self.path), 1, f"no memory of earlier runs: {second}"))

    def _read(self, query: str, values: Sequence[str]) -> list[tuple[object, ...]]:
        if self._base is None:
            return []
        try:
            return self._base.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            self._base.close()
            self._base = None
            self._put_aside(error)
            return []

    def _loaded(self, table: str, url: Url, fact: str, past: str = "{}") -> Record | None:
        try:
            return history.load(fact, past)
        except ValueError as error:
            self._reject(table, url, f"{fact}{past}", str(error))
            return None

    def _reject(self, table: str, url: str, text: str, why: str) -> None:
        """Put one unreadable fact aside, and name it."""
        aside = self.path.with_name(self.path.name + ".corrupt")
        with suppress(OSError), aside.open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")
        if self._base is not None:
            with suppress(sqlite3.Error):
                self._base.execute(f"delete from {table} where url = ?", (url,))  # noqa: S608
        self.notices.append(
            Notice(str(self.path), 1, f"no fact about {url[:200]} ({why[:80]}); put aside in {aside.name}")
        )

    def _give_up(self, error: sqlite3.Error) -> None:
        """Go on without: a full disk must not end a run."""
        self.notices.append(Notice(str(self.path), 1, f"what is seen from here on will not be remembered: {error}"))
        with suppress(sqlite3.Error):
            if self._base is not None:
                self._base.close()
        self._base = None


def _is_answered(record: Record) -> bool:
    """Whether somebody answered: what failed on the way is asked again, however short ago it was."""
    return record.evidence.site is not None or bool(record.evidence.last and record.evidence.last.status)


def _text(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="milliseconds")
