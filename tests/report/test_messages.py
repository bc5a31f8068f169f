"""What several formats say."""

from __future__ import annotations

from linkcheck.model import Link, LinkKind
from linkcheck.report import messages


def test_a_file_and_a_line_are_no_command_together() -> None:
    assert messages.place(Link("section_start", 12, 3, (0, 1), "x", LinkKind.INLINE)) == "section_start :12:3"
    assert messages.place(Link("l.md", 12, 3, (0, 1), "x", LinkKind.INLINE)) == "l.md:12:3"
