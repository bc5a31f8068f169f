"""Comments of a document to its ignores: which lines they cover, with reason and last day. Shared by all readers.

A reader passes the text of its comments, whatever their form. Ours are `linkcheck: ignore` (the line it stands on),
`ignore-next-line`, `ignore-start` and `ignore-end`, each with `reason="…"` and `until=2027-03-01`. Those of
markdown-link-check (README, `disable` comments) and mlc (README, *Ignore*; both read 2026-12-01) are understood too. As
in both, the next line is the very next one, blank or not, and a start without an end lasts to the end of the document.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from datetime import date

from linkcheck.common.days import day
from linkcheck.model import Ignore, Mutable, Notice, field
from linkcheck.read.text import Places

_OURS = "linkcheck"
_COMMENT = re.compile(rb"\s*+(?:(linkcheck):\s*+([\w-]*+)|(markdown-link-check|mlc)-((?:dis|en)able[a-z-]*+)\s*+\Z)")
_KINDS = {
    "ignore": "line", "ignore-next-line": "next", "ignore-start": "start", "ignore-end": "end",
    "disable-line": "line", "disable-next-line": "next", "disable": "start", "enable": "end",
}  # fmt: skip
_OUR_WORDS = tuple(word for word in _KINDS if word.startswith("ignore"))
_ATTRIBUTE = re.compile(r"(?:([\w-]++)=(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"']++))|(\S++))")
_MOST_BYTES = 2_000  # of a comment
_MOST = 10_000  # ignores of a document
_MOST_OF_A_LINE = 20
_MOST_NOTICES = 10


class Directives(Mutable):
    """The ignores of one document, and what is wrong with its comments."""

    ignores: list[Ignore] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    _of_lines: dict[int, list[Ignore]] = field(default_factory=dict)
    _blocks: dict[str, _Blocks] = field(default_factory=dict)
    _known: dict[int, tuple[Ignore, ...]] = field(default_factory=dict)

    def covering(self, *lines: int) -> tuple[Ignore, ...]:
        """The ignores for a link that stands on these lines; links of one line share one tuple."""
        if not self.ignores:
            return ()
        found = [self._covering(line) for line in dict.fromkeys(lines)]
        return found[0] if len(found) == 1 else tuple(dict.fromkeys(one for each in found for one in each))

    def _covering(self, line: int) -> tuple[Ignore, ...]:
        if line not in self._known:
            blocks = (block.at(line) for block in self._blocks.values())
            self._known[line] = (*self._of_lines.get(line, ()), *filter(None, blocks))
        return self._known[line]


class _Blocks(Mutable):
    """The parts of a document between start and end comments of one kind, in order; the last may be open."""

    starts: list[int] = field(default_factory=list)
    ends: list[int | None] = field(default_factory=list)
    ignores: list[Ignore] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return bool(self.ends) and self.ends[-1] is None

    def at(self, line: int) -> Ignore | None:
        index = bisect_right(self.starts, line) - 1
        if index < 0:
            return None
        end = self.ends[index]
        if end is not None and line > end:
            return None
        return self.ignores[index]


def find(path: str, data: bytes, comments: Iterable[tuple[int, int]], places: Places) -> Directives:
    """The directives in the `comments` of a document, [start, end) of the text of each in `data`, in order."""
    reading = _Reading(path, places)
    for start, end in comments:
        if len(reading.found.ignores) >= _MOST:
            reading.warn(places.line(start), f"only the first {_MOST:,} ignores of a document count")
            break
        if end - start <= _MOST_BYTES:
            reading.add(data[start:end], places.line(start), places.line(end))
    reading.end()
    return reading.found


class _Reading:
    def __init__(self, path: str, places: Places) -> None:
        self.found = Directives()
        self._path, self._places = path, places
        self._unshown = 0

    def warn(self, line: int, text: str) -> None:
        if len(self.found.notices) < _MOST_NOTICES:
            self.found.notices.append(Notice(self._path, line, text))
        else:
            self._unshown += 1

    def add(self, comment: bytes, first: int, last: int) -> None:
        head = _COMMENT.match(comment)
        if head:
            family = (head[1] or head[3]).decode()
            attributes = comment[head.end() :].decode(errors="replace")
            self._take(family, (head[2] or head[4] or b"").decode(), attributes, first, last)

    def _take(self, family: str, word: str, attributes: str, first: int, last: int) -> None:
        is_ours = family == _OURS
        if is_ours and word not in _OUR_WORDS:
            self.warn(first, f"'linkcheck: {word[:40]}' is not known: one of {', '.join(_OUR_WORDS)}")
        elif word in _KINDS and _KINDS[word] == "end":
            self._close(family, word, last)
        elif word in _KINDS:
            reason, until = self._attributes(attributes, first)
            if is_ours and not reason:
                self.warn(first, f'this {word} gives no reason: write reason="…"')
            kind = _KINDS[word]
            ignore = Ignore(f"{self._path}:{first}", _subject(kind, first, last), reason, until)
            self._keep(family, kind, ignore, first, last)

    def _attributes(self, text: str, line: int) -> tuple[str, date | None]:
        reason, until = "", None
        for key, *values, stray in _ATTRIBUTE.findall(text):
            value = " ".join("".join(values).split())
            if key == "reason":
                reason = value
            elif key == "until":
                until = day(value)
                if until is None:
                    self.warn(line, f"'until' has to be a day, as until=2027-03-01, not {value[:40]!r}: it is left out")
            else:
                self.warn(line, f'{(key or stray)[:40]!r} is not known here: reason="…" and until=2027-03-01 are')
        return reason, until

    def _keep(self, family: str, kind: str, ignore: Ignore, first: int, last: int) -> None:
        found = self.found
        if kind == "start":
            blocks = found._blocks.setdefault(family, _Blocks())
            if blocks.is_open:
                self.warn(first, f"lines from {blocks.starts[-1]} on are ignored already")
                return
            blocks.starts.append(first)
            blocks.ends.append(None)
            blocks.ignores.append(ignore)
        else:
            lines = {last + 1} if kind == "next" else {first, last}
            of_lines = [found._of_lines.setdefault(line, []) for line in sorted(lines)]
            if any(len(one) >= _MOST_OF_A_LINE for one in of_lines):
                self.warn(first, f"only {_MOST_OF_A_LINE} ignores of one line count")
                return
            for one in of_lines:
                one.append(ignore)
        found.ignores.append(ignore)

    def _close(self, family: str, word: str, line: int) -> None:
        blocks = self.found._blocks.get(family)
        if blocks and blocks.is_open:
            blocks.ends[-1] = line
        elif family == _OURS:
            self.warn(line, f"this {word} has no ignore-start before it")

    def end(self) -> None:
        ours = self.found._blocks.get(_OURS)
        if ours and ours.is_open:
            self.warn(ours.starts[-1], "this ignore-start has no ignore-end: it lasts to the end of the document")
        if self._unshown:
            self.found.notices.append(Notice(self._path, 1, f"more such comments: {self._unshown}"))


def _subject(kind: str, first: int, last: int) -> str:
    if kind == "start":
        return f"the lines from {first} on"
    return f"line {last + 1 if kind == 'next' else first}"
