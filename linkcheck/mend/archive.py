"""Copies of dead pages in the Wayback Machine: the nearest one before a day.

Not the newest: that may be of the parked page. Two services know the copies: the CDX server, which gives the last one
before a day (github.com/internetarchive/wayback, wayback-cdx-server/README.md, read 2026-12; about 24 requests a minute
are allowed, edgi-govdata-archiving/wayback 0.5.1), and the availability API (archive.org/help/wayback_api.php), which
gives the nearest copy on either side and often has none (internetarchive/wayback#274). So the first is asked, and the
second where the first does not answer. That a copy is of a login or a parked page cannot be told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from linkcheck import urls
from linkcheck.model import Observation, Pace, Purpose, Request, Url

CDX_HOST, API_HOST = "web.archive.org", "archive.org"
PACE_S = 2.6
PACES: Mapping[str, Pace] = {CDX_HOST: Pace(1, PACE_S), API_HOST: Pace(1, PACE_S)}
_CDX = f"https://{CDX_HOST}/cdx/search/cdx"
_API = f"https://{API_HOST}/wayback/available"
_COPY = re.compile(r"https?://web\.archive\.org/web/\d{4,14}(?:[a-z]{2}_)?/(?P<url>.+)", re.IGNORECASE)
_STAMP = re.compile(r"[0-9]{14}")
_FIRST = "1996"  # the year of the first copies (archive.org/about)
_MOST_BYTES = 65_536
_SITE = "wayback"


class Copy(NamedTuple):
    """A copy of a page: its address and the day it was made. Without an address, `why` there is none."""

    url: str = ""
    day: str = ""
    why: str = ""


def is_copy(url: str) -> bool:
    return _COPY.fullmatch(url) is not None


def original(url: str) -> str:
    """The address that a copy is of, '' if `url` is no copy's."""
    found = _COPY.fullmatch(url)
    return found["url"] if found else ""


def request(url: Url, before: date) -> Request:
    """The request for the last copy of a page that was made before a day."""
    query = {
        "url": url,
        "output": "json",
        "fl": "timestamp,statuscode",
        "filter": "statuscode:200",
        "to": _latest(before),
        "limit": "-1",
    }
    return _request(f"{_CDX}?{urlencode(query)}", url)


def second_request(url: Url, before: date) -> Request:
    """The request for the nearest copy of a page, at the other service."""
    return _request(f"{_API}?{urlencode({'url': url, 'timestamp': _latest(before)})}", url)


def _request(address: str, url: Url) -> Request:
    return Request(urls.normalise(address) or Url(address), Purpose.LOOKUP, _SITE, (url,), max_bytes=_MOST_BYTES)


def _latest(before: date) -> str:
    """The last second before a day, as the services write times."""
    return f"{before - timedelta(days=1):%Y%m%d}235959"


def copy(seen: Observation, url: Url, before: date) -> Copy | None:
    """What an answer says of copies of `url`; None if it says nothing, is of another page, or from another host."""
    if seen.sighting.status != 200 or not seen.complete:
        return None
    if urls.host(seen.sighting.final_url) != urls.host(seen.request.url):
        return None
    try:
        value = json.loads(seen.body or b"[]")
    except (ValueError, RecursionError):
        return None
    is_cdx = isinstance(value, list)
    stamp = _of_cdx(value) if is_cdx else _of_api(value, url)
    if stamp is None:
        return Copy(why=f"no copy from before {before}") if is_cdx else None
    if not _is_time(stamp) or not _FIRST <= stamp <= _latest(before):
        return None
    return Copy(f"https://{CDX_HOST}/web/{stamp}/{url}", f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}")


def _of_cdx(rows: list[Any]) -> str | None:
    """The time in the last row; the first row names the fields."""
    row = rows[-1] if len(rows) > 1 else None
    return row[0] if isinstance(row, list) and row[1:] == ["200"] and isinstance(row[0], str) else None


def _is_time(stamp: str) -> bool:
    try:
        return bool(_STAMP.fullmatch(stamp) and datetime.strptime(stamp, "%Y%m%d%H%M%S"))
    except ValueError:
        return False


def _of_api(value: Any, url: Url) -> str | None:
    for name in ("archived_snapshots", "closest"):
        value = value.get(name) if isinstance(value, dict) else None
    if not isinstance(value, dict) or value.get("status") != "200" or not value.get("available"):
        return None
    stamp, address = value.get("timestamp"), value.get("url")
    is_of_page = isinstance(address, str) and _is_same(original(address), url)
    return stamp if isinstance(stamp, str) and is_of_page else None


def _is_same(found: str, url: Url) -> bool:
    """Whether a copy is of the page: the services know no schemes, and take a `www.` for nothing."""
    normal = urls.normalise(found)
    return normal is not None and _plain(normal) == _plain(url)


def _plain(url: Url) -> str:
    return url.partition("://")[2].removeprefix("www.").rstrip("/")


def silence(seen: Observation, before: date) -> str:
    """Why an answer gives no copy, in words."""
    status = seen.sighting.status
    if status == 200:
        return f"the Wayback Machine names no copy from before {before}"
    what = f"HTTP {status}" if status is not None else str(seen.sighting.outcome)
    return f"the Wayback Machine does not say ({what})"
