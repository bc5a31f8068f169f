"""Dates of pages to ISO 8601 of the same precision."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_ISO = re.compile(
    r"(?P<y>(?:19|20)\d\d)(?:[-/.](?P<m>\d{1,2})(?:[-/.](?P<d>\d{1,2}))?)?"
    r"(?:[T\s]+(?P<time>\d{1,2}:\d\d(?::\d\d)?)(?:[.,]\d+)?\s*(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d)?)?\s*$",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)$")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?$")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.?\s+([a-z]{3,9})\.?,?\s+((?:19|20)\d\d)", re.IGNORECASE)
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)", re.IGNORECASE)
_MONTH_YEAR = re.compile(r"([a-z]{3,9})\.?,?\s+((?:19|20)\d\d)$", re.IGNORECASE)
_URL_DATE = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/_.-]|$)")
_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)


def parse(text: str, now: datetime) -> str:
    """`text` as 2020, 2020-05, 2020-05-17 or 2020-05-17T09:30:00+02:00; '' if it is no date.

    A date before 1995 or more than a day after `now` is none: the web is not that old, and
    templates have 1970 and 9999.
    """
    text = " ".join(text.split())[:64]
    iso = _iso(text) or _words(text) or _mail(text) or _epoch(text)
    return iso if iso and _is_plausible(iso, now) else ""


def from_url(url: str, now: datetime) -> str:
    """The date in a path such as `/2019/04/25/`, or ''."""
    found = _URL_DATE.search(url)
    return parse("-".join(found.groups()), now) if found else ""


def _iso(text: str) -> str:
    if compact := _COMPACT.match(text):
        text = "-".join(compact.groups())
    found = _ISO.match(text)
    if not found:
        return ""
    parts = [found["y"], *(f"{int(p):02d}" for p in (found["m"], found["d"]) if p)]
    if not found["time"] or not found["d"]:
        return "-".join(parts)
    clock = found["time"].zfill(5)
    clock = clock if clock.count(":") == 2 else clock + ":00"
    return f"{'-'.join(parts)}T{clock.zfill(8)}{_zone(found['zone'])}"


def _zone(zone: str | None) -> str:
    if not zone:
        return ""
    if zone.upper() in ("Z", "UTC", "GMT"):
        return "Z"
    return zone if ":" in zone else f"{zone[:3]}:{zone[3:]}"


def _words(text: str) -> str:
    if found := _DAY_FIRST.search(text):
        return _composed(found[3], found[2], found[1])
    if found := _MONTH_FIRST.search(text):
        return _composed(found[3], found[1], found[2])
    if found := _MONTH_YEAR.match(text):
        return _composed(found[2], found[1], "")
    return ""


def _composed(year: str, month: str, day: str) -> str:
    if month[:3].lower() not in _MONTHS:
        return ""
    number = _MONTHS.index(month[:3].lower()) + 1
    return f"{year}-{number:02d}" + (f"-{int(day):02d}" if day else "")


def _mail(text: str) -> str:
    try:
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def _epoch(text: str) -> str:
    if not _EPOCH.match(text):
        return ""
    return datetime.fromtimestamp(int(text[:10]), UTC).isoformat().replace("+00:00", "Z")


def _is_plausible(iso: str, now: datetime) -> bool:
    try:
        when = datetime.fromisoformat((iso + "-01-01")[:10] if len(iso) < 10 else iso)
    except ValueError:
        return False
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return _EARLIEST <= when <= now + timedelta(days=1)
