"""`history.jsonl`: what is remembered, in a form to be committed: sorted, one line a URL.

The first line names the version. A line that cannot be read is put aside in `history.jsonl.corrupt`
beside it and named with its place; the others are read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from linkcheck.memory.plain import from_plain, to_plain
from linkcheck.model import Notice, Record, Url

FILE = "history.jsonl"
_JSON = json.JSONEncoder(separators=(",", ":"))
_HEAD = {"schema": "linkcheck-history/1"}


def lines(records: Iterable[Record]) -> Iterator[str]:
    """The text of the file, line by line."""
    yield json.dumps(_HEAD) + "\n"
    for record in sorted(records, key=lambda one: one.url):
        yield dump(record) + "\n"


def read(path: Path, *, puts_aside: bool = True) -> tuple[dict[Url, Record], list[Notice]]:
    """The records of a history file by URL, and a notice for each line that is none. No file is no history."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return {}, []
    except OSError as error:
        return {}, [Notice(str(path), 1, f"the history cannot be read: {error.strerror or error}")]
    found: dict[Url, Record] = {}
    corrupt: list[tuple[int, str, str]] = []
    for number, line in enumerate(text.split("\n"), 1):
        try:
            if not line.strip() or (number == 1 and _is_head(line)):
                continue
            record = load(line)
        except ValueError as error:
            corrupt.append((number, line, str(error)))
        else:
            found[record.url] = newer(found.get(record.url), record)
    return found, _put_aside(path, corrupt) if puts_aside else []


def merged(one: Mapping[Url, Record], other: Mapping[Url, Record]) -> dict[Url, Record]:
    """Both, the newer fact where they differ."""
    return dict(one) | {url: newer(one.get(url), record) for url, record in other.items()}


def newer(one: Record | None, other: Record) -> Record:
    return one if one is not None and one.at >= other.at else other


def dump(record: Record) -> str:
    """One line of ASCII: titles are strangers' words, and half a surrogate pair or U+2028 would break the file."""
    return _JSON.encode(to_plain(record))


def load(line: str, past: str = "{}") -> Record:
    """The record of one line, or of a line and what `dump_past` gave. Raises ValueError."""
    found, more = json.loads(line), json.loads(past)
    if not isinstance(found, dict) or not isinstance(more, dict):
        raise ValueError("no record")
    return from_plain(Record, found | more)


def dump_past(record: Record) -> str:
    """What was seen before the last look, as the second part that `load` takes."""
    return _JSON.encode({"past": to_plain(record.past), "good": to_plain(record.good)})


def _is_head(line: str) -> bool:
    found = json.loads(line)
    if not isinstance(found, dict) or "schema" not in found:
        return False
    if found != _HEAD:
        raise ValueError(f"a history of another make: {found['schema']!r}")
    return True


def _put_aside(path: Path, corrupt: list[tuple[int, str, str]]) -> list[Notice]:
    if not corrupt:
        return []
    aside = path.with_name(path.name + ".corrupt")
    try:
        with aside.open("a", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for _, line, _ in corrupt)
        where = f"put aside in {aside.name}"
    except OSError as error:
        where = f"and could not be put aside: {error.strerror or error}"
    return [Notice(str(path), number, f"no record of history ({why[:80]}); {where}") for number, _, why in corrupt]
