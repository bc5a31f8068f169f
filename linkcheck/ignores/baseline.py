"""The baseline: failing links that were accepted, one line a URL, in a file that is committed beside the reports.

The file comes from a repository, so it may be forged or hold the marks of a merge conflict: reading is bounded, and an
invalid line costs only itself and is named.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from linkcheck.common.days import day
from linkcheck.model import FAILING, Notice, State

SCHEMA = "linkcheck-baseline/1"
MOST_BYTES = 2**26
_MOST_LINES = 2**18
_MOST_LINE_BYTES = 2**15
_MOST_URL_CHARS = 4_000
_MOST_LISTS = 20
_MOST_NOTICES = 10
_RULE = re.compile(r"[a-z0-9-]{1,60}")


class UnsupportedError(Exception):
    """The file must be neither read nor written; the message says why."""


class Accepted(NamedTuple):
    """One link: its URL in normal form (as written, if it has none), as what it was accepted, and when.

    `lists` are the lists that had it; `place` is its line in the file, '' for a new one.
    """

    url: str
    state: State
    rule: str
    since: date
    lists: tuple[str, ...] = ()
    place: str = ""

    def is_of(self, lists: Collection[str]) -> bool:
        """Whether all lists that had it are among `lists`."""
        return all(one in lists for one in self.lists)

    @property
    def can_be_written(self) -> bool:
        return len(self.url) <= _MOST_URL_CHARS


def read(data: bytes, path: str) -> tuple[list[Accepted], list[Notice]]:
    """The entries of a file, each URL once, and notices on its invalid lines. Raises UnsupportedError."""
    found, problems = dict[str, Accepted](), list[Notice]()
    for number, line in enumerate(_lines(data), 1):
        if not line.strip():
            continue
        try:
            one = _entry(line, f"{path}:{number}")
        except (ValueError, RecursionError) as error:
            problems.append(Notice(path, number, f"no entry of a baseline ({str(error)[:80]})"))
            continue
        if one:
            found.setdefault(one.url, one)
    notices = problems[:_MOST_NOTICES]
    if len(problems) > _MOST_NOTICES:
        notices.append(Notice(path, 1, f"more invalid lines: {len(problems) - _MOST_NOTICES}"))
    return list(found.values()), notices


def _lines(data: bytes) -> Sequence[bytes]:
    lines = data.split(b"\n", _MOST_LINES + 1)
    if len(data) > MOST_BYTES or len(lines) > _MOST_LINES + 1:
        raise UnsupportedError(f"it has more than {_MOST_LINES:,} lines or {MOST_BYTES:,} bytes")
    return lines


def _entry(line: bytes, place: str) -> Accepted | None:
    """The entry of a line; None for the one with the schema. Raises ValueError, RecursionError, UnsupportedError."""
    if len(line) > _MOST_LINE_BYTES:
        raise ValueError("too long")
    table = json.loads(line)
    if not isinstance(table, dict):
        raise ValueError("not an object")
    if "schema" in table:
        if table["schema"] != SCHEMA:
            raise UnsupportedError(f"unsupported schema version {str(table['schema'])[:40]!r}, not {SCHEMA!r}")
        return None
    return Accepted(
        _text(table, "url", _MOST_URL_CHARS), _state(table), _rule(table), _since(table), _lists(table), place
    )


def _text(table: dict[str, Any], key: str, most: int) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not 0 < len(value) <= most:
        raise ValueError(f"no {key}")
    return value


def _state(table: dict[str, Any]) -> State:
    value = _text(table, "state", 20)
    if value not in FAILING:
        raise ValueError("a state that fails no run")
    return State(value)


def _rule(table: dict[str, Any]) -> str:
    value = _text(table, "rule", 60)
    if not _RULE.fullmatch(value):
        raise ValueError("no name of a rule")
    return value


def _since(table: dict[str, Any]) -> date:
    found = day(_text(table, "since", 10))
    if not found:
        raise ValueError("no day")
    return found


def _lists(table: dict[str, Any]) -> tuple[str, ...]:
    value = table.get("lists", [])
    if not isinstance(value, list) or len(value) > _MOST_LISTS or not all(isinstance(one, str) for one in value):
        raise ValueError("no lists")
    return tuple(value)


def lines(entries: Iterable[Accepted]) -> Iterator[str]:
    """The text of the file, in the order of the URLs; the same entries give the same text."""
    yield f'{{"schema": "{SCHEMA}"}}\n'
    for one in sorted(entries):
        table = {"url": one.url, "state": one.state, "rule": one.rule, "since": one.since.isoformat()}
        yield f"{json.dumps(table | {'lists': sorted(one.lists)[:_MOST_LISTS]})}\n"
