"""Line anchors of the forges' file views: `#L10`, `#L10-L20`, `#L10-20`, `#L10C3-L12C5` (docs.github.com, 2026-12)."""

from __future__ import annotations

import re

from linkcheck.read.text import decode

_LINES = re.compile(r"[Ll]([0-9]{1,9})(?:C[0-9]{1,9})?(?:-[Ll]?([0-9]{1,9})(?:C[0-9]{1,9})?)?")
_HEAD_BYTES = 8_192
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def last_line(fragment: str) -> int | None:
    """The last line that a line anchor names; None if it is none."""
    found = _LINES.fullmatch(fragment)
    return max(int(found[1]), int(found[2] or 0)) if found and int(found[1]) else None


def count(data: bytes) -> int | None:
    """The number of lines of a file; None if it is not text."""
    if data.startswith(_UTF_16):
        data = decode(data).data
    if b"\0" in data[:_HEAD_BYTES]:
        return None
    return data.count(b"\n") + (not data.endswith(b"\n"))
