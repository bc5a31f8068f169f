"""The `[[ignore]]` tables of config files: which links may fail, why, and until when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from linkcheck.common.days import EXAMPLE, day
from linkcheck.errors import SettingsError
from linkcheck.settings.option import Option, Tables, Trust, pattern, shown

_NAMES = ("url", "host", "match")
_KEYS = (*_NAMES, "reason", "until")
# Compiled where they are needed, since few files have tables.
_GLOB = r"(?i:https?)://[^/?#*]+/"  # what a URL that ends with `*` begins with
_HOST = r"[^\s/:@?#*\[\]\\%]+"
_CONTROLS = r"[\x00-\x1f\x7f]"
_MOST_CHARS = 4_000


class IgnoreEntry(NamedTuple):
    """One table. Just one of `url`, `host` and `match` is given; `place` is the file, and which table of it."""

    place: str
    url: str
    host: str
    match: re.Pattern[str] | None
    reason: str
    until: date | None


class IgnoreTables(Tables[IgnoreEntry]):
    def parse_table(self, table: Mapping[str, object], place: str) -> IgnoreEntry:
        for key in table:
            if key not in _KEYS:
                raise SettingsError(f"unknown key {shown(key)}", where=place, help=f"known keys: {', '.join(_KEYS)}")
        given = [name for name in _NAMES if name in table]
        if len(given) != 1:
            number = "none is" if not given else f"{' and '.join(given)} are"
            raise SettingsError(f"one of {', '.join(_NAMES)} has to be given, {number}", where=place)
        texts = {key: _text(table[key], key, place) for key in (*given, "reason") if key in table}
        return IgnoreEntry(
            place,
            _url(texts.get("url", ""), place),
            _host(texts.get("host", ""), place),
            pattern(texts["match"], place) if "match" in texts else None,
            " ".join(texts.get("reason", "").split()),
            parse_day(table["until"], place) if "until" in table else None,
        )


class Day(Option[date | None]):
    """A day in the form of RFC 3339 (full-date); None: not given."""

    def __init__(self, name: str, help: str, commands: tuple[str, ...], trust: Trust, metavar: str) -> None:
        super().__init__(name, None, help, commands, trust, metavar)

    def parse(self, value: object, place: str) -> date | None:
        return parse_day(value, place)


def parse_day(value: object, place: str) -> date:
    """A day of TOML, or one as text. Raises SettingsError."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    found = day(value) if isinstance(value, str) else None
    if found is None:
        text = value.isoformat() if isinstance(value, datetime) else shown(value)
        raise SettingsError(f"'until' must be a day, not {text}", where=place, help=f"write it as {EXAMPLE}")
    return found


def _text(value: object, key: str, place: str) -> str:
    if not isinstance(value, str):
        raise SettingsError(f"'{key}' must be text, not {shown(value)}", where=place)
    if len(value) > _MOST_CHARS:
        raise SettingsError(f"'{key}' has more than {_MOST_CHARS:,} characters", where=place)
    if key in ("url", "host") and re.search(_CONTROLS, value):
        raise SettingsError(f"'{key}' must be one line of text without controls", where=place)
    if key != "reason" and not value.strip():
        raise SettingsError(f"'{key}' is empty", where=place)
    return value


def _url(text: str, place: str) -> str:
    if text.endswith("*") and not re.match(_GLOB, text):
        raise SettingsError(
            "a 'url' that ends with * has to name its host", where=place,
            help="write https://example.org/path/*, or host = \"example.org\"",
        )  # fmt: skip
    return text


def _host(text: str, place: str) -> str:
    if text and not re.fullmatch(_HOST, text):
        raise SettingsError(
            f"'host' must be a name, not {shown(text)}", where=place,
            help="write host = \"example.org\", which its sub-domains belong to",
        )  # fmt: skip
    return text
