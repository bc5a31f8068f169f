"""What several formats say."""

from __future__ import annotations

from datetime import timedelta

from linkcheck.model import Link, LinkKind, State, replace
from linkcheck.report import messages
from tests.answers import NOW, checked, report


def test_a_file_and_a_line_are_no_command_together() -> None:
    assert messages.place(Link("section_start", 12, 3, (0, 1), "x", LinkKind.INLINE)) == "section_start :12:3"
    assert messages.place(Link("l.md", 12, 3, (0, 1), "x", LinkKind.INLINE)) == "l.md:12:3"


def test_what_is_told_from_memory_is_said_to_be() -> None:
    later = NOW + timedelta(minutes=5)
    found = [
        checked(State.DEAD, "https://a.example/dead"), checked(State.OK), checked(State.BLOCKED), checked(State.UNREACHABLE),
        replace(checked(State.DEAD, "https://a.example/now"), at=later), replace(checked(State.BLOCKED), at=later),
        replace(checked(State.SKIPPED, rule="unknown-link"), at=None), replace(checked(State.INVALID), at=None),
    ]  # fmt: skip
    assert list(messages.from_memory(replace(report(*found), started=later))) == [
        "https://a.example/dead was looked at on 2026-11-23 at 06:00 (UTC), and not again now",
        "2 links were unreachable or blocked when last looked at, and not asked again now",
        "1 link was not looked at: neither the memory nor the history knows it",
    ]
    assert list(messages.from_memory(report(*found[:6]))) == []
    assert messages.unknown(report(*found[6:7] * 2)).startswith("2 links were not looked at: neither the memory nor")
