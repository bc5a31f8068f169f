"""Parse YouTube's pages: the objects of their scripts, alerts, metas."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from linkcheck.common.char_references import unescaped
from linkcheck.common.lazy import lazy
from linkcheck.model import Observation
from linkcheck.sites.youtube.items import HOSTS

_DATE = lazy(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.+Z-]{1,20})?")
_META_CHARS = 4_000  # int() raises for a character reference of more than 4,300 digits
_MOST_ASSIGNED = 20  # places where a script sets one name; a page has two
_MOST_PARTS = 20  # of a message
_TEXT_CHARS = 10_000


def html(seen: Observation) -> str:
    """The page if YouTube sent it for the item; '' for errors, consent pages and other hosts."""
    host = urlsplit(seen.sighting.final_url).hostname or ""
    return seen.body.decode(errors="replace") if seen.sighting.status == 200 and HOSTS.fullmatch(host) else ""


def json_after(html: str, name: str) -> dict[str, Any]:
    """The object assigned to `name` in a script; the JSON decoder finds its end."""
    import json  # loaded lazily

    assigned = re.finditer(re.escape(name) + r"\"?\]?\s*=\s*(?=\{)", html)
    for found in islice(assigned, _MOST_ASSIGNED):  # each error of the decoder counts the lines before it
        try:
            value, _ = json.JSONDecoder().raw_decode(html, found.end())
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            return value
    return {}


def alert(html: str) -> str:
    """The text of an error alert in ytInitialData, or ''."""
    if '"alerts"' not in html:
        return ""
    for one in as_list(json_after(html, "ytInitialData").get("alerts")):
        shown = as_object(as_object(one).get("alertRenderer"))
        text = as_object(shown.get("text"))
        runs = as_list(text.get("runs")) or [{"text": text.get("simpleText")}]
        if shown.get("type") == "ERROR":
            return "".join(as_text(as_object(run).get("text")) for run in runs)[:_TEXT_CHARS]
    return ""


# -- values of their JSON: of the requested type, or empty ---------------------------------------


def as_object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> Sequence[Any]:
    return value[:_MOST_PARTS] if isinstance(value, list) else ()


def as_text(value: Any) -> str:
    """A string, or an integer as one."""
    is_integer = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18
    return value[:_TEXT_CHARS] if isinstance(value, str) else str(value) if is_integer else ""


def as_line(value: Any) -> str:
    return " ".join(as_text(value).split())


def as_date(value: Any) -> str:
    """An ISO 8601 date, with a time if there is one."""
    text = as_text(value)
    return text if _DATE.fullmatch(text) else ""


def meta(html: str, name: str) -> str:
    found = re.search(rf'<meta (?:property|name)="{re.escape(name)}" content="([^"]*)"', html)
    return " ".join(unescaped(found[1][:_META_CHARS]).split()) if found else ""
