from __future__ import annotations

import pytest

from linkcheck.local.anchors import lines


@pytest.mark.parametrize(
    ("fragment", "line"),
    [
        ("", None), ("L", None), ("L0", None), ("L1x", None), ("xL1", None), ("L1-", None), ("L1,2", None), ("L1234567890", None),
        ("L1", 1), ("l10", 10), ("L10-L20", 20), ("L10-20", 20), ("L20-L10", 20), ("L10C3-L12C5", 12), ("L10C3", 10),
    ],
)  # fmt: skip
def test_the_last_line_of_an_anchor(fragment: str, line: int | None) -> None:
    assert lines.last_line(fragment) == line


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (b"", 1), (b"a", 1), (b"a\n", 1), (b"a\nb", 2), (b"a\r\nb\r\n", 2), (b"a\0", None),
        ("a\nb\n".encode("utf-16"), 2),
    ],
)  # fmt: skip
def test_the_lines_of_a_file(data: bytes, count: int | None) -> None:
    assert lines.count(data) == count
