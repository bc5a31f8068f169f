"""`history.jsonl`: the memory in a form that can be committed: sorted, a line a URL, the same bytes for the same facts.

An invalid line costs only itself: it is reported with its line number, and put aside when the file is rewritten.
Whoever can commit can forge it: files that cannot be of ours are left unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, NamedTuple

from linkcheck.common import secret
from linkcheck.common.boundary import trouble_of
from linkcheck.memory import facts, lines, lock, quarantine
from linkcheck.memory.database import HISTORY_FILE
from linkcheck.memory.history_file import HEAD, HEADER, HistoryLines, Parsed, RawLine, UnusableError, opened, parsed
from linkcheck.memory.moments import time_of
from linkcheck.memory.records import ConsistencyCheck, Records, always
from linkcheck.memory.serialization import to_json
from linkcheck.model import Notice, Record, Url

FILE = HISTORY_FILE
MOST_NOTICES = 10
KEEP = timedelta(days=3.5)
_NEVER = datetime.min.replace(tzinfo=UTC)
_WAIT_S = 60.0
_AT = b',"at":"'

Write = Callable[[Path, Iterable[str]], None]


class HistoryRead(NamedTuple):
    """The result of reading: records newer than the known ones, the time of each URL's last look, and notices.

    `has_conflict`: marks of a git conflict are in the file, which is to be written anew.
    """

    records: Records
    times: dict[Url, datetime]
    notices: list[Notice]
    has_conflict: bool = False


def read(
    path: Path,
    wanted: Collection[Url],
    now: datetime,
    *,
    known: Mapping[Url, datetime] = MappingProxyType({}),
    is_consistent: ConsistencyCheck = always,
) -> HistoryRead:
    """Read the records of the `wanted` URLs; other lines are passed by. No file is an empty history.

    A line that is not newer than the `known` record of its URL is not parsed: our own database is preferred. A record
    that is not consistent with its own facts (`is_consistent`) is doubted.
    """
    reading = _Reading(wanted, now, known, is_consistent)
    try:
        with opened(path) as file:
            found = HistoryLines(file, reading.heads)
            for line in found:
                reading.take(found, line)
    except UnusableError as error:
        return HistoryRead(Records(), {}, [Notice(str(path), 1, f"not read: {error}")])
    except OSError as error:
        return HistoryRead(Records(), {}, [Notice(str(path), 1, f"not read: {error.strerror or error}")])
    reading.fill_up()
    notices = [*_conflict(path, found.conflict), *reading.notices(path)]
    return HistoryRead(reading.records, reading.times, notices, bool(found.conflict))


class _Reading:
    """What was found of the wanted URLs so far. Of two lines of one time the greater counts, in whichever order."""

    def __init__(
        self, wanted: Collection[Url], now: datetime, known: Mapping[Url, datetime], is_consistent: ConsistencyCheck
    ) -> None:
        self.records, self.times = Records(), dict[Url, datetime]()
        self.heads = {_head(url): url for url in wanted}
        self._now, self._known, self._is_consistent = now, known, is_consistent
        self._texts: dict[Url, bytes] = {}
        self._ancestors: list[Record] = []
        self._rejected: list[tuple[int, str]] = []
        self._unbelieved = 0

    def take(self, found: HistoryLines, line: RawLine) -> None:
        text = line.text
        if self._known and text.startswith(HEAD):
            end = text.find(b'"', len(HEAD))
            if self._is_known(self.heads[text[len(HEAD) : end]], text, end):
                return
        record = found.parse(text)
        if isinstance(record, str):
            self._rejected.append((line.number, record))
        elif record is not None:
            self._add(record.record, line)

    def fill_up(self) -> None:
        """Use what a conflict says of the common ancestor where neither side says anything."""
        for record in self._ancestors:
            if record.url not in self.times:
                self._put(record, b"")

    def notices(self, path: Path) -> Iterator[Notice]:
        for number, why in self._rejected[:MOST_NOTICES]:
            yield Notice(str(path), number, f"no history record ({why[:80]})")
        if len(self._rejected) > MOST_NOTICES:
            yield Notice(str(path), 1, f"more invalid lines: {len(self._rejected) - MOST_NOTICES}")
        if self._unbelieved:
            yield Notice(str(path), 1, f"ignored records with a date later than tomorrow: {self._unbelieved}")

    def _is_known(self, url: Url, text: bytes, end: int) -> bool:
        """Whether our record is as new as the line whose URL ends at `end`."""
        ours, start = self._known.get(url), end + 1 + len(_AT)
        if ours is None or not text.startswith(_AT, end + 1):
            return False
        try:
            at = time_of(text[start : text.find(b'"', start)].decode())
        except ValueError:
            return False
        if at > ours:
            return False
        self.times[url] = max(at, self.times.get(url, _NEVER))
        return True

    def _add(self, record: Record, line: RawLine) -> None:
        if not facts.is_believed(record.at, self._now):
            self._unbelieved += 1
        elif _head(record.url) in self.heads:
            if line.is_ancestor:
                self._ancestors.append(record)
            else:
                self._put(record, line.text)

    def _put(self, record: Record, text: bytes) -> None:
        url, at = record.url, record.at
        before = self.times.get(url, _NEVER), self._texts.get(url, b"")
        if (at, text) <= before:
            return
        self.times[url], self._texts[url] = at, text
        if at > self._known.get(url, _NEVER):
            self.records.pop(url, None)
            self.records.add(record, self._is_consistent)


def _head(url: Url) -> bytes:
    """`url` as it stands in a line."""
    return (url if "\\" not in url and '"' not in url else to_json(url)[1:-1]).encode(errors="replace")


def _conflict(path: Path, number: int) -> Iterator[Notice]:
    if number:
        text = "the marks of a git conflict: the lines of both sides count, and the next run writes a clean file; "
        yield Notice(str(path), number, f"{text}`linkcheck init` lets git merge it by itself")


# -- writing -------------------------------------------------------------------------------------


class _Place(NamedTuple):
    """Position of a record in the file, in bytes. `rank` is 0 for a common ancestor in a conflict, else 1; `at` is its
    time, `_NEVER` if that is impossible."""

    rank: int
    at: datetime
    offset: int
    size: int
    is_older_form: bool = False


_NOWHERE = _Place(-1, _NEVER, 0, 0)


def update(
    path: Path, records: Mapping[Url, Record], write: Write, now: datetime, *, keep: timedelta = KEEP
) -> list[Notice]:
    """Merge `records` into the history file, which other runs may have changed meanwhile; `write` replaces it.

    A line that states the same facts stays as it is while its look is less than `keep` older, or of the same day.
    """
    try:
        with lock.held(path.parent, _WAIT_S) as is_alone, opened(path) as file:
            places, rejected = _places(file, now)
            where = quarantine.put(path, (_text(file, one) for one in rejected)) if rejected else ""
            write(path, _merged(file, places, records, keep))
    except UnusableError as error:
        return [Notice(str(path), 1, f"not written: {error}")]
    except OSError as error:
        return [Notice(str(path), 1, f"not written: {error.strerror or error}")]
    notices = [Notice(str(path), 1, f"invalid lines: {len(rejected)}, {where}")] if rejected else []
    if not is_alone:
        notices.append(Notice(str(path), 1, "this folder cannot be locked: what two runs write at once may be lost"))
    return notices


def _places(file: BinaryIO, now: datetime) -> tuple[dict[Url, _Place], list[_Place]]:
    """The positions of the newest record of each URL, and of the invalid lines."""
    places: dict[Url, _Place] = {}
    rejected: list[_Place] = []
    found = HistoryLines(file)
    for line in found:
        record = found.parse(line.text)
        if isinstance(record, str) or (record and not facts.is_normal(record.record.url)):
            rejected.append(_Place(0, _NEVER, line.offset, len(line.text)))
        elif record and not secret.is_in(record.record.url):  # older versions wrote URLs with secrets
            place = _place(record, line, now)
            other = places.get(record.record.url, _NOWHERE)
            is_other = place[:2] > other[:2] or (place[:2] == other[:2] and line.text.strip() > _text_at(file, other))
            places[record.record.url] = place if is_other else other
    return places, rejected


def _place(found: Parsed, line: RawLine, now: datetime) -> _Place:
    at = found.record.at if facts.is_believed(found.record.at, now) else _NEVER
    return _Place(not line.is_ancestor, at, line.offset, len(line.text), found.is_older_form)


def _merged(
    file: BinaryIO, places: Mapping[Url, _Place], records: Mapping[Url, Record], keep: timedelta
) -> Iterator[str]:
    """The lines of the new file; those that state the same keep their text."""
    yield f"{HEADER}\n"
    for url in sorted({*places, *records}):
        place, record = places.get(url, _NOWHERE), records.get(url)
        old = _text(file, place) if place.size else b""
        if place.is_older_form:
            old = lines.dump(facts.load(old)).encode()
        text = _renewed(old, place.at, record, keep) if record else ""
        yield f"{text or old.decode(errors='replace')}\n" if text or old else ""
    file.close()  # Windows replaces no file that is open


def _renewed(old: bytes, at: datetime, record: Record, keep: timedelta) -> str:
    """The line of `record`; '' if the `old` one, of a look `at`, stays: it states the same, or the record is no
    better."""
    text = _dumped(record)
    if not text or isinstance(found := parsed(text.encode()), str) or found is None:
        return ""
    if not old or at == _NEVER:
        return text
    if found.record.at < at:
        return ""
    is_recent = record.at - at < keep or record.at.astimezone(UTC).date() == at.date()
    return "" if is_recent and lines.is_same_text(old, text) else text


def _dumped(record: Record) -> str:
    """One line; '' for an internal error: the record in the file is kept."""
    try:
        return lines.dump(record)
    except Exception as error:
        trouble_of(error)
        return ""


def _text(file: BinaryIO, place: _Place) -> bytes:
    file.seek(place.offset)
    return file.read(place.size).strip()


def _text_at(file: BinaryIO, place: _Place) -> bytes:
    """As `_text`, and the file is read on from where it was."""
    here = file.tell()
    text = _text(file, place)
    file.seek(here)
    return text
