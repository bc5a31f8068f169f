"""The lines of `history.jsonl`, of this version or the one before, also with the marks of a git conflict among them.

The file comes from a repository, so it may be forged: reading is bounded; links, and files of another schema version,
are not read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from linkcheck.common import plain_files
from linkcheck.memory import facts, lines
from linkcheck.memory.serialization import from_json
from linkcheck.model import Record

SCHEMA = "linkcheck-history/2"
HEADER = f'{{"schema": "{SCHEMA}"}}'
_OLDER_SCHEMA = "linkcheck-history/1"  # its lines are records in full
MOST_LINE_BYTES = facts.MOST_BYTES
MOST_BYTES, MOST_LINES = 2**30, 2**20
MOST_REJECTED = 10_000
_PART_BYTES = 2**16
# gitattributes(5), conflict-marker-size; `|||||||` begins the common ancestor (git-merge(1), diff3).
_MARK = re.compile(rb"(?:<{7,100}|>{7,100}|={7,100}|\|{7,100})(?: [^\n]*)?\r?\n?")
HEAD = b'{"url":"'
_MARKS = frozenset(b"<>=|")


class UnusableError(Exception):
    """The file must be neither read nor written; the message says why."""


class RawLine(NamedTuple):
    """One line as it is; `is_ancestor`: it was so before both sides of a conflict changed it."""

    number: int
    offset: int
    text: bytes
    is_ancestor: bool


class Parsed(NamedTuple):
    """A line's record, and whether it has the form of the version before."""

    record: Record
    is_older_form: bool


def opened(path: Path) -> BinaryIO:
    """The file, or an empty one if it does not exist. Raises OSError, UnusableError."""
    try:
        file = plain_files.open_to_read(path, follows_links=False)
    except FileNotFoundError:
        return BytesIO()
    except plain_files.IrregularError as error:
        raise UnusableError("it is not a regular file") from error
    if os.fstat(file.fileno()).st_size > MOST_BYTES:
        file.close()
        raise UnusableError(f"it is larger than {MOST_BYTES:,} bytes")
    return file


class HistoryLines:
    """The lines of a file, without conflict marks, and without those on other URLs than the `wanted` ones, if given.

    `wanted` are URLs as they stand in a line. `conflict` is the number of the first line with a mark, 0 without one.
    """

    def __init__(self, file: BinaryIO, wanted: Collection[bytes] | None = None) -> None:
        self.conflict = 0
        self._file, self._wanted = file, wanted
        self._rejected = 0

    def __iter__(self) -> Iterator[RawLine]:
        """Raises UnusableError."""
        is_ancestor, wanted, start = False, self._wanted, len(HEAD)
        for number, (offset, text) in enumerate(raw_lines(self._file), 1):
            if number > MOST_LINES:
                raise UnusableError(f"it has more than {MOST_LINES:,} lines")
            if wanted is not None and text.startswith(HEAD) and text[start : text.find(b'"', start)] not in wanted:
                continue  # of 5,000 lines a hook wants a few: this is most of its time
            if text[:1] and text[0] in _MARKS and _MARK.fullmatch(text):
                self.conflict = self.conflict or number
                is_ancestor = text[0] == ord("|")
            else:
                yield RawLine(number, offset, text, is_ancestor)

    def parse(self, text: bytes) -> Parsed | str | None:
        """The record of a line, or why it has none; None if none is expected. Raises UnusableError."""
        found = parsed(text)
        if isinstance(found, str):
            self._rejected += 1
            if self._rejected > MOST_REJECTED:
                raise UnusableError(f"more than {MOST_REJECTED:,} of its lines are invalid")
        return found


def raw_lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Each line without its end, and its offset in bytes; one that is too long is cut, to more than is allowed."""
    offset, rest, missing = 0, b"", 0
    while part := file.read(_PART_BYTES):
        *texts, last = part.split(b"\n")
        for text in texts:
            yield offset, (rest + text)[: MOST_LINE_BYTES + 2] if rest else text
            offset += len(rest) + missing + len(text) + 1
            rest, missing = b"", 0
        room = MOST_LINE_BYTES + 2 - len(rest)
        missing += len(last[room:])
        rest += last[:room]
    if rest:
        yield offset, rest


def parsed(text: bytes) -> Parsed | str | None:
    """The record of a line, or why it has none; None if none is expected. Raises UnusableError."""
    if len(text) > MOST_LINE_BYTES + 1:
        return "too long"
    text = text.strip()
    if not text:
        return None
    try:
        return Parsed(lines.load(text), is_older_form=False)
    except ValueError as error:
        message = str(error)
    if b'"evidence"' in text:
        try:
            return Parsed(facts.load(text), is_older_form=True)
        except ValueError as error:
            message = str(error)
    schema = _schema(text)
    if schema and schema not in (SCHEMA, _OLDER_SCHEMA):
        raise UnusableError(f"unsupported schema version {schema[:40]!r}, not {SCHEMA!r}")
    return None if schema else message


def _schema(text: bytes) -> str:
    try:
        return str(from_json(dict[str, Any], text).get("schema", ""))
    except ValueError:
        return ""
