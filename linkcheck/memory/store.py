"""Store: the memory of earlier runs, and the journal of this one.

The working memory is one SQLite file (WAL), and at the same time the journal of the run in
progress: observations are committed within moments, so a killed process loses few of them, and the next run resumes
with those that an interrupted one made in the last minutes. Several processes may use it.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from linkcheck.case import record_of
from linkcheck.common import secret
from linkcheck.memory import facts
from linkcheck.memory.database import FILE, Database, Values
from linkcheck.memory.freshness import Freshness
from linkcheck.memory.records import ConsistencyCheck, Records, always
from linkcheck.model import Evidence, Fault, Notice, Record, Sighting, State, Url, Verdict, replace

_RESUME = timedelta(minutes=15)
_ABANDONED = timedelta(days=1)  # no run lasts longer: older journal entries were left by a killed one
_A_WEEK = Freshness(timedelta(days=7))
_JOURNAL = "insert into journal values (?, ?, ?, ?, ?)"
_TAKE_OVER = """
insert into facts select url, at, fact, ? from journal where run = ? and n = ? on conflict (url)
do update set at = excluded.at, fact = excluded.fact, past = excluded.past
where excluded.at >= facts.at or facts.at > ?
"""
_INSERT = """
insert into facts values (?, ?, ?, ?) on conflict (url)
do update set at = excluded.at, fact = excluded.fact, past = excluded.past
where excluded.at >= facts.at or facts.at > ?
"""
_DELETE_ENTRY = "delete from journal where run = ? and n = ?"
_DELETE_RUN = "delete from journal where run = ?"
_DELETE_FACT = "delete from facts where url = ?"
_BATCH = 500
_MOST_NOTICES = 10


class Store:
    """`with Store(folder) as memory:`; `notices` say what could not be read, and where it was put."""

    def __init__(
        self,
        folder: Path | None,
        *,
        freshness: Freshness = _A_WEEK,
        name: str = FILE,
        history_file: Path | None = None,
        is_consistent: ConsistencyCheck = always,
    ) -> None:
        """`freshness` says which links are requested again; a record is doubted that is not consistent with its own
        facts (`is_consistent`).

        The records of `history_file` are used too; `records` collects those that it lacks.
        Without a folder nothing is stored. URLs with secrets are never stored.
        """
        self._is_consistent = is_consistent
        self.records = Records()
        self._history_file = history_file
        self._committed: dict[Url, datetime] = {}
        self._pending: dict[str, list[Values]] = {_JOURNAL: [], _TAKE_OVER: [], _INSERT: []}
        self._journaled: dict[Url, int] = {}
        self._ours: dict[Url, datetime] = {}
        self._rejected: list[_Rejected] = []
        self._notices: list[Notice] = []
        self._freshness = freshness
        self._due: frozenset[Url] = frozenset()
        self._left_out: frozenset[Url] = frozenset()
        self.has_conflict = False
        self._known = Records()
        self._resumed: dict[Url, list[Values]] = {}
        self._run, self._entries = int.from_bytes(os.urandom(7)), 0  # unique
        self._latest = _text(datetime.now(UTC) + facts.SKEW)
        self._base = Database(folder / name) if folder else None

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        if self._base is not None:
            self._base.close()

    @property
    def notices(self) -> list[Notice]:
        return [*self._notices, *(self._base.notices if self._base else ())]

    # -- reading ---------------------------------------------------------------------------------

    def recall(self, wanted: Sequence[Url], now: datetime) -> MutableMapping[Url, Record]:
        """The records of the `wanted` URLs: ours, or the committed one if that is newer."""
        wanted, secrets = _parted(wanted)
        those = frozenset(wanted)
        if self._base:
            self._latest = _text(now + facts.SKEW)
            if secrets:  # older versions stored them
                self._base.write({_DELETE_FACT: [(url,) for url in secrets]})
            self._recall_facts(self._base, wanted, now)
        if self._history_file:
            self._recall_history(self._history_file, those, now)
        if self._base:
            self._recall_journal(self._base, those, now)
            self._reject(self._base)
        self._due = self._freshness.due(wanted, self._known)
        self._left_out = self._freshness.left_out([*wanted, *secrets], self._known)
        return self._known

    def _recall_facts(self, base: Database, wanted: Sequence[Url], now: datetime) -> None:
        for at in range(0, len(wanted), _BATCH):
            some = wanted[at : at + _BATCH]
            places = ", ".join("?" * len(some))
            query = f"select url, fact, past from facts where url in ({places})"  # noqa: S608
            for column, fact, past in base.read(query, some):
                url = _url(column)
                record = self._loaded(_DELETE_FACT, (url,), url, fact, past)
                if record and facts.is_believed(record.at, now):
                    self._known.add(record, self._is_consistent)
                    self._ours[url] = record.at

    def _recall_history(self, path: Path, wanted: frozenset[Url], now: datetime) -> None:
        """Records of the history file that are newer than ours."""
        if not os.path.lexists(path):
            return  # without loading what reads it
        from linkcheck.memory import history

        found = history.read(path, wanted, now, known=self._ours, is_consistent=self._is_consistent)
        self._committed, self._notices, self.has_conflict = found.times, found.notices, found.has_conflict
        self._known.merge(found.records)
        for url in found.records:
            self._ours.pop(url, None)

    def _recall_journal(self, base: Database, wanted: frozenset[Url], now: datetime) -> None:
        """Entries that an interrupted run has just written."""
        base.write({"delete from journal where at < ?": [(_text(now - _ABANDONED),)]})
        query = "select run, n, url, fact from journal where at > ? order by at"
        for run, n, column, fact in base.read(query, (_text(now - _RESUME),)):
            url = _url(column)
            record = self._loaded(_DELETE_ENTRY, (run, n), url, fact) if url in wanted else None
            if record and facts.is_believed(record.at, now) and _is_answered(record):
                old = self._known.get(url)
                self._known[url] = replace(record, past=old.past, good=old.good) if old else record
                self._resumed.setdefault(url, []).append((run, n))

    def _loaded(self, forget: str, key: Values, url: Url, fact: object, past: object = b"") -> Record | None:
        """The record of a row; an invalid row is noted, to be deleted by `forget` with `key`."""
        text = _bytes(fact), _bytes(past)
        try:
            record = facts.load(*text)
            if record.url != url:
                raise ValueError("a fact about another URL")
        except ValueError as error:
            self._rejected.append(_Rejected(forget, key, url, str(error), b"".join(text)))
            return None
        return record

    def _reject(self, base: Database) -> None:
        """Put invalid rows aside, delete them, and add notices."""
        if not self._rejected:
            return
        from linkcheck.memory import quarantine

        where = quarantine.put(base.path, (one.text for one in self._rejected))
        forget: dict[str, list[Values]] = {}
        for one in self._rejected:
            forget.setdefault(one.forget, []).append(one.key)
        base.write(forget)
        for one in self._rejected[:_MOST_NOTICES]:
            self._note(base, f"no valid fact about {one.url[:200]} ({one.why[:80]}); {where}")
        more = len(self._rejected) - _MOST_NOTICES
        if more > 0:
            self._note(base, f"more unreadable facts: {more}; {where}")
        self._rejected = []

    def _note(self, base: Database, text: str) -> None:
        self._notices.append(Notice(str(base.path), 1, text))

    def is_fresh(self, url: Url, now: datetime) -> bool:
        """Whether `url` need not be requested, by the `Freshness`; an interrupted run may just have requested it."""
        record = self._known.looks(url)
        if record is None or record.at > now:
            return False
        if url in self._resumed:
            return True
        is_doubted = url in self._known.doubted
        return self._freshness.is_fresh(
            url, record, now, is_due=url in self._due, is_doubted=is_doubted, is_own=self.is_own(url)
        )

    def is_left_out(self, url: Url) -> bool:
        """Whether `url` is not requested although nothing is known of it, by the `Freshness`."""
        return url in self._left_out

    def is_own(self, url: Url) -> bool:
        """Whether the record of `url` is from our own database, not from a history file that others may write."""
        return url in self._ours or url in self._resumed

    # -- writing ---------------------------------------------------------------------------------

    def keep(self, url: Url, evidence: Evidence, at: datetime) -> None:
        """Add `evidence` on `url` to the journal of this run, to be committed soon."""
        if self._base is None or not self._base.is_open or secret.is_in(url):
            return
        fact = facts.dump(Record(url, at, replace(evidence, past=(), good=None)))
        self._journaled.pop(url, None)
        if facts.fits(fact):
            self._entries += 1
            self._pending[_JOURNAL].append((self._run, self._entries, url, _text(at), fact))
            self._journaled[url] = self._entries

    def commit(self) -> None:
        """Commit the pending entries."""
        if self._base and any(self._pending.values()):
            self._base.write(self._pending)
            self._pending = {statement: [] for statement in self._pending}

    def note_silence(self, url: Url) -> None:
        """Store that `url` gave no answer in the time of the run, where that is told from memory for some minutes."""
        if not self._freshness.recent:
            return
        at = datetime.now(UTC)
        evidence = Evidence(url, (Sighting(at, Fault.OUT_OF_TIME, url),))
        verdict = Verdict(State.UNREACHABLE, Fault.OUT_OF_TIME.value, "")
        self.remember(record_of(evidence, verdict, at, None, self._known.get(url)))

    def remember(self, record: Record) -> None:
        """Store the final record of one URL."""
        if secret.is_in(record.url):
            return
        is_old = record.at in (self._ours.get(record.url), self._committed.get(record.url))
        if self._history_file and self._is_news(record, is_old=is_old):
            self.records[record.url] = record
        if self._base is None or not self._base.is_open or is_old:
            return  # nothing new, or not observed by us
        past = facts.dump_past(record)
        entry = self._journaled.get(record.url) if self._base.is_first else None
        if entry:  # its last journal entry holds the same evidence
            self._pending[_TAKE_OVER].append((past, self._run, entry, self._latest))
        elif facts.fits(fact := facts.dump(replace(record, past=(), good=None)), past):
            self._pending[_INSERT].append((record.url, _text(record.at), fact, past, self._latest))
        if len(self._pending[_TAKE_OVER]) + len(self._pending[_INSERT]) >= _BATCH:
            self.commit()

    def _is_news(self, record: Record, *, is_old: bool) -> bool:
        """Whether the history lacks `record`: it was made in this run, or is of a later time than the line."""
        committed = self._committed.get(record.url)
        if committed is None or not is_old:
            return True
        from linkcheck.memory import lines

        return lines.time_written(record) > committed

    def finish(self, *, is_interrupted: bool) -> None:
        """End the run: delete its journal entries, unless it is to be resumed."""
        self.commit()
        if is_interrupted or self._base is None:
            return
        ours: list[Values] = [(self._run,)] if self._entries else []
        resumed = [entry for entries in self._resumed.values() for entry in entries]
        if ours or resumed:
            self._base.write({_DELETE_RUN: ours, _DELETE_ENTRY: resumed})

    def forget_run(self) -> None:
        """Discard this run's observations: the local network failed."""
        self._pending = {statement: [] for statement in self._pending}
        if self._base and self._entries:
            self._base.write({_DELETE_RUN: [(self._run,)]})


class _Rejected(NamedTuple):
    """A row without a valid fact: the statement that deletes it, its key, URL and content."""

    forget: str
    key: Values
    url: Url
    why: str
    text: bytes


def _is_answered(record: Record) -> bool:
    """Whether a host answered; network faults are always requested again."""
    return record.evidence.site is not None or bool(record.evidence.last and record.evidence.last.status)


def _parted(wanted: Sequence[Url]) -> tuple[list[Url], list[Url]]:
    """The URLs without a secret, and those with one."""
    secrets = [url for url in wanted if secret.is_in(url)]
    held = frozenset(secrets)
    return [url for url in wanted if url not in held] if held else list(wanted), secrets


def _text(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="milliseconds")


def _bytes(value: object) -> bytes:
    """A column's value as bytes, even if another program wrote another type."""
    return value if isinstance(value, bytes) else str(value).encode()


def _url(value: object) -> Url:
    return Url(_bytes(value).decode(errors="replace"))
