"""Neutralise pathological Markdown (long runs of punctuation, deep nesting) before parsing.

pulldown-cmark keeps a node of 46 bytes for every bracket, and so for every byte of a run of brackets. Each such mark is
replaced by a letter, so that offsets do not change; our own scans work on the unchanged list.
"""

from __future__ import annotations

from linkcheck.common.lazy import lazy

_MARKS = b"[]<!&*_~`|\\"
_WINDOW = 4_096  # bytes
_MOST_MARKS = 0.45  # of a window or a line (277 real lists: 0.1)
_FEW_WINDOWS = 64  # with more marks than that are left unchanged: a table of marks, a drawing
_LETTERS = bytes.maketrans(_MARKS, b"x" * len(_MARKS))
_FENCE = lazy(rb"[ \t>]*(?:`{3,}|~{3,})")

_DEEPEST = 400  # bytes of indentation and marks of quotes and list items before a line's text (real lists: 40)
_DEEP = lazy(rb"[\r\n][ \t>*+\-0-9.)]{%d}[ \t>*+\-0-9.)]+" % _DEEPEST)
_RULE = lazy(rb" {0,3}(?:-[- \t]*+|\*[* \t]*+)(?=[\r\n]|\Z)")
_CONTAINERS = bytes.maketrans(b">*+-.)", b"xxxxxx")


def thinned(data: bytes) -> tuple[bytes, int]:
    """`data` with letters for such marks, and the offset of the first of them, or its length if there are none."""
    spread, first = _without_dense_marks(data)
    flat, first_deep = _without_deep_nesting(spread)
    return (data, len(data)) if flat == data else (flat, min(first, first_deep))


def _without_dense_marks(data: bytes) -> tuple[bytes, int]:
    dense = [at for at in range(0, len(data), _WINDOW) if _is_dense(data[at : at + _WINDOW])]
    if len(dense) <= _FEW_WINDOWS:
        return data, len(data)
    parts, done = list[bytes](), 0
    for at in dense:
        parts.append(data[done:at])
        done = at + _WINDOW
        lines = data[at:done].splitlines(keepends=True)
        parts.append(b"".join(_lettered(line) if _is_dense(line) else line for line in lines))
    return b"".join([*parts, data[done:]]), dense[0]


def _is_dense(text: bytes) -> bool:
    return len(text) - len(text.translate(None, _MARKS)) > len(text) * _MOST_MARKS


def _lettered(line: bytes) -> bytes:
    """`line` with letters for marks, but for the fence of a code block: else the rest of the document would be code."""
    fence = _FENCE.match(line)
    end = fence.end() if fence else 0
    return line[:end] + line[end:].translate(_LETTERS)


def _without_deep_nesting(data: bytes) -> tuple[bytes, int]:
    parts, done, first = list[bytes](), 0, len(data)
    for deep in _DEEP.finditer(b"\n" + data):
        start, end = deep.start(), deep.end() - 1
        if _RULE.match(data, start):
            continue
        begin = start + _DEEPEST
        flat = data[begin:end].translate(_CONTAINERS)
        if flat != data[begin:end]:
            first = min(first, begin)
            parts += data[done:begin], flat
            done = end
    return (b"".join([*parts, data[done:]]) if parts else data), first
