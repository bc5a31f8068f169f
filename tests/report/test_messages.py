"""What several formats say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from linkcheck.model import Checked, Link, LinkKind, Report, State, Verdict, replace
from linkcheck.report import messages
from tests.answers import NOW, checked, report


def test_a_file_and_a_line_are_no_command_together() -> None:
    assert messages.place(Link("section_start", 12, 3, (0, 1), "x", LinkKind.INLINE)) == "section_start :12:3"
    assert messages.place(Link("l.md", 12, 3, (0, 1), "x", LinkKind.INLINE)) == "l.md:12:3"


def test_links_that_a_change_does_not_add_are_counted_apart() -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    link = Link("l.md", 12, 3, (0, 1), "x", LinkKind.INLINE)
    rules = ["not-added", "not-looked-at", "excluded", "not-added"]
    found = [Checked("x", (link,), Verdict(State.SKIPPED, rule, "")) for rule in rules]
    report = Report((), tuple(found), at, at)
    assert messages.counted(report) == "2 links: 2 skipped; 2 not judged, since the change does not add them"
    assert messages.missing(report) == "1 of 2 links was not checked: the time was up (--budget)"
    report = Report((), tuple(found[:1]), at, at)
    assert messages.counted(report) == "0 links; 1 not judged, since the change does not add it"


def test_what_fix_can_do_is_said_where_it_can_do_something() -> None:
    dead, moved = checked(State.DEAD), checked(State.MOVED, mending="redirect")
    assert messages.mending(report(checked(), checked(State.DEAD, ""))) == ""
    assert messages.mending(report(checked(State.UNKNOWN))) == ""
    assert messages.mending(report(moved, moved)) == "linkcheck fix can mend 2 links"
    assert messages.mending(report(dead), "`") == "`linkcheck fix --dead note` looks for archived copies of 1 dead link"
    both = "`linkcheck fix` can mend 1 link; `--dead note` looks for archived copies of 2 dead links"
    assert messages.mending(report(dead, dead, moved), "`") == both


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
