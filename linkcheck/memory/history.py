"""`history.jsonl`: the memory in a form that can be committed: sorted, one line a URL.

One line names the schema version. An invalid line costs only itself: it is reported with its line number, and put aside
when the file is rewritten. The file comes from a repository, so it may be forged: reading is bounded, and files of an
unsupported schema version, and links, are left unchanged.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, NamedTuple

from linkcheck import urls
from linkcheck.common import plain_files, secret
from linkcheck.common.boundary import trouble_of
from linkcheck.common.lazy import lazy
from linkcheck.memory import lock, quarantine
from linkcheck.memory.records import ConsistencyCheck, Records, always
from linkcheck.memory.serialization import from_json, to_json
from linkcheck.model import Fault, Finding, Identity, Notice, Past, Probe, Record, Sighting, Url, Value, replace

FILE = "history.jsonl"
SCHEMA = "linkcheck-history/1"
MOST_LINE_BYTES = 2**20
MOST_BYTES, MOST_LINES = 2**30, 2**20
MOST_REJECTED = 10_000
MOST_NOTICES = 10
_DEEPEST = 10
_MOST_LOOKS, _MOST_HOPS, _MOST_MATCHES, _MOST_AUTHORS = 100, 100, 1_000, 10_000  # far more than any run has written
_MOST = 10**12  # seconds, bytes, requests
SKEW = timedelta(days=1)
_EARLIEST, _NEVER = datetime(2000, 1, 1, tzinfo=UTC), datetime.min.replace(tzinfo=UTC)
_WAIT_S = 60.0

Write = Callable[[Path, Iterable[str]], None]


class _UnusableError(Exception):
    """The file must be neither read nor written; the message says why."""


class _Known(NamedTuple):
    """The head of a line whose record is already known."""

    url: Url
    at: datetime


class _Line(NamedTuple):
    """One line; `found` is its record, its head if that record is known, or why it has none."""

    number: int
    offset: int
    text: bytes
    found: Record | _Known | str


class _Place(NamedTuple):
    """Position of a record in the file, in bytes; `at` is its time, `_NEVER` if that is impossible."""

    at: datetime
    offset: int
    size: int


_HEAD = lazy(rb'\{"url":"([ !#-\[\]-~]+)","at":"([0-9T:.Z+-]+)",')
_NOWHERE = _Place(_NEVER, 0, 0)


class HistoryRead(NamedTuple):
    """The result of reading: records newer than the known ones, the time of each URL's last look, and notices."""

    records: Records
    times: dict[Url, datetime]
    notices: list[Notice]


def read(
    path: Path,
    wanted: Collection[Url],
    now: datetime,
    *,
    known: Mapping[Url, datetime] = MappingProxyType({}),
    is_consistent: ConsistencyCheck = always,
) -> HistoryRead:
    """Read the records of the `wanted` URLs. No file is an empty history.

    A line of the same time as the `known` record of its URL is not parsed: our own database is preferred. A record
    that is not consistent with its own facts (`is_consistent`) is doubted.
    """
    found, times = Records(), dict[Url, datetime]()
    rejected: list[tuple[int, str]] = []
    unbelieved = 0
    try:
        with _opened(path) as file:
            for line in _lines(file, known):
                if isinstance(line.found, str):
                    rejected.append((line.number, line.found))
                elif not is_believed(line.found.at, now):
                    unbelieved += 1
                elif line.found.url in wanted:
                    times[line.found.url] = max(line.found.at, times.get(line.found.url, _NEVER))
                    if isinstance(line.found, Record) and line.found.at > known.get(line.found.url, _NEVER):
                        found.add(line.found, is_consistent)
    except _UnusableError as error:
        return HistoryRead(Records(), {}, [Notice(str(path), 1, f"not read: {error}")])
    except OSError as error:
        return HistoryRead(Records(), {}, [Notice(str(path), 1, f"not read: {error.strerror or error}")])
    return HistoryRead(found, times, [*_rejections(path, rejected), *_disbelief(path, unbelieved)])


def update(path: Path, records: Mapping[Url, Record], write: Write, now: datetime) -> list[Notice]:
    """Merge `records` into the history file, which other runs may have changed meanwhile; `write` replaces it."""
    try:
        with lock.held(path.parent, _WAIT_S) as is_alone, _opened(path) as file:
            places, rejected = _places(file, now)
            where = quarantine.put(path, (_text(file, one) for one in rejected)) if rejected else ""
            write(path, _merged(file, places, records))
    except _UnusableError as error:
        return [Notice(str(path), 1, f"not written: {error}")]
    except OSError as error:
        return [Notice(str(path), 1, f"not written: {error.strerror or error}")]
    notices = [Notice(str(path), 1, f"invalid lines: {len(rejected)}, {where}")] if rejected else []
    if not is_alone:
        notices.append(Notice(str(path), 1, "this folder cannot be locked: what two runs write at once may be lost"))
    return notices


def is_believed(at: datetime, now: datetime) -> bool:
    """Whether a record's time is plausible: clocks differ by hours, not by more than a day."""
    return at - now <= SKEW


def fits(text: str, past: str = "") -> bool:
    """Whether `load` accepts the result of `dump` (and `dump_past`), whose length depends on servers."""
    try:
        load(text, past)
    except ValueError:
        return False
    return True


def dump(record: Record) -> str:
    """One line of ASCII."""
    return to_json(record)


def load(line: bytes | str, past: bytes | str = "") -> Record:
    """The record of one line, or of a line and the result of `dump_past`. Raises ValueError."""
    if len(line) > MOST_LINE_BYTES or len(past) > MOST_LINE_BYTES:
        raise ValueError("too long")
    record = from_json(Record, line)
    if past:
        earlier = from_json(_Earlier, past)
        record = replace(record, past=earlier.past, good=earlier.good)
    _check(record)
    return record


class _Earlier(Value, frozen=True):
    """The part of a record that each run extends."""

    past: tuple[Past, ...] = ()
    good: Identity | None = None


def dump_past(record: Record) -> str:
    """The looks before the last one, as the second argument of `load`."""
    return to_json(_Earlier(record.past, record.good))


def _check(record: Record) -> None:
    """Raises ValueError for a record that is well-formed, but that no run can have written."""
    seen = record.evidence
    if seen.url != record.url:
        raise ValueError("evidence on another URL")
    if any(fault is Fault.INTERNAL_ERROR for fault in _outcomes(record)):
        raise ValueError("an internal error")
    if seen.past or seen.good:
        raise ValueError("a past within the evidence")
    looked, times = seen.last.at if seen.last else record.at, _times(record)
    if abs(looked - record.at) > SKEW or min(times) < _EARLIEST or max(times) - looked > SKEW:
        raise ValueError("an impossible time")
    if len(seen.looks) > _MOST_LOOKS or len(record.past) > _MOST_LOOKS:
        raise ValueError("too many looks")
    for look in seen.looks:
        _check_look(look, record.url)
    for finding in (seen.site, seen.page):
        if finding:
            _check_finding(finding)
    if seen.probe:
        _check_probe(seen.probe, record.url)


def _outcomes(record: Record) -> Iterator[int | Fault | None]:
    for look in record.evidence.looks:
        yield from (look.outcome, look.insecure)
    yield from (look.outcome for look in record.past)
    if record.evidence.probe:
        yield from (record.evidence.probe.sighting.outcome, record.evidence.probe.sighting.insecure)


def _check_look(look: Sighting, url: Url) -> None:
    if look.final_url != url and not _is_normal(look.final_url):
        raise ValueError("a final URL that is not in normal form")
    if look.hops and (len(look.hops) > _MOST_HOPS or not all(_is_normal(hop.url) for hop in look.hops)):
        raise ValueError("impossible redirects")
    if not (0 <= look.attempts <= _MOST and 0 <= look.look <= _MOST and 0 <= look.elapsed_s <= _MOST):
        raise ValueError("an impossible number")
    if look.retry_after_s is not None and not 0 <= look.retry_after_s <= _MOST:
        raise ValueError("an impossible number")


def _check_finding(finding: Finding) -> None:
    if finding.replacement and urls.normalise(finding.replacement) is None:
        raise ValueError("a replacement that is no web address")
    if len(finding.matches) > _MOST_MATCHES or len(finding.lost) > _MOST_MATCHES:
        raise ValueError("too many matches")
    found = finding.metadata
    if found is None:
        return
    if len(found.authors) > _MOST_AUTHORS or not 0 <= (found.duration_s or 0) <= _MOST:
        raise ValueError("an impossible number")
    if found.details and not _is_shallow(found.details, _DEEPEST):
        raise ValueError("nested too deeply")


def _check_probe(probe: Probe, url: Url) -> None:
    _check_look(probe.sighting, url)
    if len(probe.matches) > _MOST_MATCHES:
        raise ValueError("too many matches")


def _is_normal(url: Url) -> bool:
    """Whether `url` is an http(s) URL in normal form, as `urls.normalise` makes it."""
    return urls.normalise(url) == url


def _times(record: Record) -> list[datetime]:
    seen = record.evidence
    times = [record.at, *[look.at for look in seen.looks], *[look.at for look in record.past]]
    if record.good:
        times.append(record.good.at)
    if seen.probe:
        times.append(seen.probe.sighting.at)
    return times


def _is_shallow(value: Any, depth: int) -> bool:
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return depth > 0 and all(_is_shallow(one, depth - 1) for one in inner)


# -- the file ------------------------------------------------------------------------------------


def _opened(path: Path) -> BinaryIO:
    """The file, or an empty one if it does not exist. Raises OSError, _UnusableError."""
    try:
        file = plain_files.open_to_read(path, follows_links=False)
    except FileNotFoundError:
        return BytesIO()
    except plain_files.IrregularError as error:
        raise _UnusableError("it is not a regular file") from error
    if os.fstat(file.fileno()).st_size > MOST_BYTES:
        file.close()
        raise _UnusableError(f"it is larger than {MOST_BYTES:,} bytes")
    return file


def _lines(file: BinaryIO, known: Mapping[Url, datetime]) -> Iterator[_Line]:
    """All lines but empty ones and the one with the schema version. Raises _UnusableError."""
    rejected = 0
    for number, (offset, text) in enumerate(_raw_lines(file), 1):
        found = _seen(text, known) or _found(text)
        if found is not None:
            rejected += isinstance(found, str)
            yield _Line(number, offset, text, found)
        if rejected > MOST_REJECTED:
            raise _UnusableError(f"more than {MOST_REJECTED:,} of its lines are invalid")
        if number > MOST_LINES:
            raise _UnusableError(f"it has more than {MOST_LINES:,} lines")


def _raw_lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Each line with its offset in bytes; too long ones are truncated, but still longer than the limit."""
    offset = 0
    while text := file.readline(MOST_LINE_BYTES + 2):
        yield offset, text
        offset += len(text)
        while not text.endswith(b"\n") and text:
            text = file.readline(MOST_LINE_BYTES)
            offset += len(text)


def _seen(text: bytes, known: Mapping[Url, datetime]) -> _Known | None:
    """The head of a line, parsed from the beginning that `dump` writes, if its record is known with the same time."""
    head = _HEAD.match(text) if known else None
    if not head:
        return None
    url = Url(head[1].decode())
    at = known.get(url)
    return _Known(url, at) if at and at.isoformat().encode() == head[2].replace(b"Z", b"+00:00") else None


def _found(text: bytes) -> Record | str | None:
    """The record of a line, or why it has none; None if none is expected. Raises _UnusableError."""
    if len(text) > MOST_LINE_BYTES + 1:
        return "too long"
    text = text.strip()
    if not text:
        return None
    try:
        return load(text)
    except ValueError as error:
        schema = _schema(text)
        if schema and schema != SCHEMA:
            raise _UnusableError(f"unsupported schema version {schema[:40]!r}, not {SCHEMA!r}") from error
        return None if schema else str(error)


def _schema(text: bytes) -> str:
    try:
        return str(from_json(dict[str, Any], text).get("schema", ""))
    except ValueError:
        return ""


def _places(file: BinaryIO, now: datetime) -> tuple[dict[Url, _Place], list[_Place]]:
    """The positions of the newest record of each URL, and of the invalid lines."""
    places: dict[Url, _Place] = {}
    rejected: list[_Place] = []
    for line in _lines(file, {}):
        if not isinstance(line.found, Record) or not _is_normal(line.found.url):
            rejected.append(_Place(_NEVER, line.offset, len(line.text)))
        elif not secret.is_in(line.found.url):  # older versions wrote URLs with secrets
            at = line.found.at if is_believed(line.found.at, now) else _NEVER
            place = _Place(at, line.offset, len(line.text))
            places[line.found.url] = max(places.get(line.found.url, _NOWHERE), place)
    return places, rejected


def _merged(file: BinaryIO, places: Mapping[Url, _Place], records: Mapping[Url, Record]) -> Iterator[str]:
    """The lines of the new file; unchanged records keep their text."""
    yield f'{{"schema": "{SCHEMA}"}}\n'
    for url in sorted({*places, *records}):
        place, record = places.get(url, _NOWHERE), records.get(url)
        text = _dumped(record) if record and record.at > place.at else ""
        if not text or not fits(text):
            text = _text(file, place).decode(errors="replace")
        if text:
            yield f"{text}\n"
    file.close()  # Windows replaces no file that is open


def _dumped(record: Record) -> str:
    """One line; '' for an internal error: the record in the file is kept."""
    try:
        return dump(record)
    except Exception as error:
        trouble_of(error)
        return ""


def _text(file: BinaryIO, place: _Place) -> bytes:
    file.seek(place.offset)
    return file.read(place.size).strip()


def _rejections(path: Path, rejected: Sequence[tuple[int, str]]) -> Iterator[Notice]:
    for number, why in rejected[:MOST_NOTICES]:
        yield Notice(str(path), number, f"no history record ({why[:80]})")
    if len(rejected) > MOST_NOTICES:
        yield Notice(str(path), 1, f"more invalid lines: {len(rejected) - MOST_NOTICES}")


def _disbelief(path: Path, number: int) -> Iterator[Notice]:
    if number:
        yield Notice(str(path), 1, f"ignored records with a date later than tomorrow: {number}")
