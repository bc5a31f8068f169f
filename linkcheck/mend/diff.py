"""A unified diff of a mended document, as `git apply` and `patch` read it.

Source: POSIX `diff -u`; GNU diffutils manual, "Detailed Description of Unified Format" and "Incomplete Lines" (read
2026-12). Lines end with a line feed; a carriage return before it is part of the line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from linkcheck.mend.patch import applied, changed_lines, line_starts
from linkcheck.model import Edit, replace

_CONTEXT = 3
_NO_END = b"\n\\ No newline at end of file\n"


def lines(path: str, data: bytes, edits: Sequence[Edit], encoding: str = "utf-8") -> Iterator[bytes]:
    """The lines of the diff from `data` to what the edits make of it, with their ends."""
    tab = "\t" if " " in path else ""  # else a blank would end the name
    yield f"--- a/{path}{tab}\n".encode()
    yield f"+++ b/{path}{tab}\n".encode()
    starts = line_starts(data)
    count = len(starts) - (starts[-1] == len(data))
    bounds = [*starts[:count], len(data)]
    grown = 0
    for hunk in _hunks(data, edits, count):
        first, end = max(0, hunk[0][0] - _CONTEXT), min(count, hunk[-1][1] + _CONTEXT)
        body, more = _body(data, hunk, bounds, (first, end), encoding)
        yield f"@@ -{_range(first, end - first)} +{_range(first + grown, end - first + more)} @@\n".encode()
        yield from body
        grown += more


Group = tuple[int, int, list[Edit]]


def _hunks(data: bytes, edits: Sequence[Edit], count: int) -> Iterator[list[Group]]:
    """Groups of changed lines whose contexts touch."""
    hunk: list[Group] = []
    for first, end, group in changed_lines(data, edits):
        if hunk and first - hunk[-1][1] > 2 * _CONTEXT:
            yield hunk
            hunk = []
        hunk.append((min(first, count), min(end, count), group))
    if hunk:
        yield hunk


def _body(
    data: bytes, hunk: Sequence[Group], bounds: Sequence[int], within: tuple[int, int], encoding: str
) -> tuple[list[bytes], int]:
    """The lines of a hunk, and how many more there are after it."""
    body, more, done = list[bytes](), 0, within[0]
    for first, end, group in hunk:
        body += [_line(b" ", data[bounds[n] : bounds[n + 1]]) for n in range(done, first)]
        old = data[bounds[first] : bounds[end]]
        new = _changed(old, bounds[first], group, encoding)
        was, now = _split(old), _split(new)
        body += [_line(b"-", line) for line in was]
        body += [_line(b"+", line) for line in now]
        more += len(now) - len(was)
        done = end
    return body + [_line(b" ", data[bounds[n] : bounds[n + 1]]) for n in range(done, within[1])], more


def _changed(old: bytes, at: int, group: Sequence[Edit], encoding: str) -> bytes:
    """The text of changed lines, which begin at offset `at`, after their edits."""
    moved = [replace(edit, span=(edit.span[0] - at, edit.span[1] - at)) for edit in group]
    return applied(old, moved, encoding)


def _split(data: bytes) -> list[bytes]:
    parts = data.split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + [part for part in parts[-1:] if part]


def _line(mark: bytes, line: bytes) -> bytes:
    return mark + line if line.endswith(b"\n") else mark + line + _NO_END


def _range(first: int, count: int) -> str:
    """`start,count` of a hunk; a range of no lines begins at the line before it."""
    start = first + 1 if count else first
    return f"{start}" if count == 1 else f"{start},{count}"
