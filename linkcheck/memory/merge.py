"""Merge a history that two branches have changed: by URL, the newest look counts.

A URL that one side removed, and the other left as it was, is removed. Lines that cannot be read are kept as they are,
at the end, for the next run to put them aside.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from linkcheck.memory import lines
from linkcheck.memory.history_file import HEADER, HistoryLines, UnusableError, opened
from linkcheck.model import Record, Url


class MergeError(Exception):
    """A side cannot be read; the message says why."""


class _Version(NamedTuple):
    """The line of a URL in one file."""

    record: Record
    text: str

    @property
    def age(self) -> tuple[object, ...]:
        """Greater for what counts: the newer look; of two of one time the same, whichever side it is on."""
        return self.record.at, self.text


class _Side(NamedTuple):
    versions: dict[Url, _Version]
    invalid: frozenset[str]


def merged(base: Path, ours: Path, theirs: Path) -> Iterator[str]:
    """The lines of the merged file, with their ends. Raises MergeError."""
    ancestor, one, other = map(_side, (base, ours, theirs))
    yield f"{HEADER}\n"
    for url in sorted({*one.versions, *other.versions}):
        chosen = _chosen(ancestor.versions.get(url), one.versions.get(url), other.versions.get(url))
        yield f"{chosen.text}\n" if chosen else ""
    for text in sorted(one.invalid | other.invalid):
        yield f"{text}\n"


def _chosen(base: _Version | None, ours: _Version | None, theirs: _Version | None) -> _Version | None:
    """What becomes of one URL; None if it was removed."""
    if ours and theirs:
        if base and base.text in (ours.text, theirs.text):
            return theirs if base.text == ours.text else ours
        return max(ours, theirs, key=lambda one: one.age)
    left = ours or theirs
    return None if left and base and lines.is_same_text(base.text, left.text) else left


def _side(path: Path) -> _Side:
    versions, invalid = dict[Url, _Version](), set[str]()
    try:
        with opened(path) as file:
            found = HistoryLines(file)
            for line in found:
                parsed = found.parse(line.text)
                if isinstance(parsed, str):
                    invalid.add(line.text.decode(errors="replace").strip())
                elif parsed:
                    record, text = parsed.record, line.text.decode().strip()
                    version = _Version(record, lines.dump(record) if parsed.is_older_form else text)
                    versions[record.url] = max(versions.get(record.url, version), version, key=lambda one: one.age)
    except UnusableError as error:
        raise MergeError(str(error)) from error
    except OSError as error:
        raise MergeError(error.strerror or str(error)) from error
    return _Side(versions, frozenset(invalid))
