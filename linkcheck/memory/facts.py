"""Records in full, as JSON: what the database keeps, and what the lines of the first history version hold.

Whatever is read may be forged: `check` refuses what no run can have written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from linkcheck import urls
from linkcheck.memory.serialization import from_json, to_json
from linkcheck.model import Fault, Finding, Identity, Past, Probe, Record, Sighting, Url, Value, replace

MOST_BYTES = 2**20
SKEW = timedelta(days=1)
_DEEPEST = 10
_MOST_LOOKS, _MOST_HOPS, _MOST_MATCHES, _MOST_AUTHORS = 100, 100, 1_000, 10_000  # far more than any run has written
_MOST = 10**12  # seconds, bytes, requests
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


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
    if len(line) > MOST_BYTES or len(past) > MOST_BYTES:
        raise ValueError("too long")
    record = from_json(Record, line)
    if past:
        earlier = from_json(_Earlier, past)
        record = replace(record, past=earlier.past, good=earlier.good)
    check(record)
    return record


class _Earlier(Value, frozen=True):
    """The part of a record that each run extends."""

    past: tuple[Past, ...] = ()
    good: Identity | None = None


def dump_past(record: Record) -> str:
    """The looks before the last one, as the second argument of `load`."""
    return to_json(_Earlier(record.past, record.good))


def check(record: Record) -> None:
    """Raises ValueError for a record that is well-formed, but that no run can have written."""
    seen = record.evidence
    if seen.url != record.url:
        raise ValueError("evidence on another URL")
    if any(fault is Fault.INTERNAL_ERROR for fault in _outcomes(record)):
        raise ValueError("an internal error")
    if seen.past or seen.good:
        raise ValueError("a past within the evidence")
    looked, times = seen.last.at if seen.last else record.at, _times(record)
    if abs(looked - record.at) > SKEW or min(times) < EARLIEST or max(times) - looked > SKEW:
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
    if look.final_url != url and not is_normal(look.final_url):
        raise ValueError("a final URL that is not in normal form")
    if look.hops and (len(look.hops) > _MOST_HOPS or not all(is_normal(hop.url) for hop in look.hops)):
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


def is_normal(url: Url) -> bool:
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
