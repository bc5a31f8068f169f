"""Ignores and a report: which links may fail, and which ignores can go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linkcheck.ignores.applying import applied
from linkcheck.ignores.baseline import Accepted
from linkcheck.ignores.matching import Ignores
from linkcheck.model import Checked, Document, Ignore, IgnoreNote, IgnoreState, Link, Report, State
from tests.answers import NOW, checked, link, report
from tests.ignores.test_matching import entry

URL, TODAY = "https://a.example/x", NOW.date()
TOMORROW = TODAY + timedelta(days=1)


def notes(found: Report) -> list[tuple[str, str, int]]:
    return [(one.ignore.place, one.state.value, len(one.links)) for one in found.ignore_notes]


def marked(*found: Checked, entries: Any = (), **more: Any) -> Report:
    return applied(report(*found), Ignores(entries), **more)


def test_without_ignores_nothing_changes() -> None:
    before = report(checked(State.DEAD))
    assert applied(before, Ignores()) == before


def test_an_ignored_link_fails_no_run_and_keeps_its_verdict() -> None:
    found = marked(checked(State.DEAD), entries=[entry(url=URL, reason="old", until=TOMORROW)])
    (one,) = found.checked
    assert (one.verdict.state, one.is_failing, found.is_failing) == (State.DEAD, False, False)
    assert one.ignored
    assert (one.ignored.reason, one.ignored.until) == ("old", TOMORROW)
    assert notes(found) == []


def test_on_its_last_day_it_fails_again_and_that_is_said() -> None:
    found = marked(checked(State.DEAD), entries=[entry(url=URL, until=TODAY)])
    assert found.is_failing
    assert notes(found) == [("c.toml, ignore 1", "expired", 1)]
    assert (
        marked(checked(State.DEAD), entries=[entry("a", url=URL, until=TODAY), entry("b", url=URL)]).is_failing is False
    )


@pytest.mark.parametrize("state", list(State), ids=str)
def test_only_a_link_that_works_lets_an_ignore_go(state: State) -> None:
    found = marked(checked(state), entries=[entry(url=URL)])
    assert notes(found) == ([("c.toml, ignore 1", "alive", 1)] if state in (State.OK, State.MOVED) else [])


def test_an_entry_of_many_links_is_needed_while_one_fails() -> None:
    good, bad = checked(State.OK, f"{URL}1"), checked(State.DEAD, f"{URL}2")
    assert notes(marked(good, bad, entries=[entry(host="a.example")])) == []
    assert notes(marked(good, checked(State.OK, f"{URL}2"), entries=[entry(host="a.example")])) == [
        ("c.toml, ignore 1", "alive", 2)
    ]


def test_a_comment_is_for_its_place_alone() -> None:
    comment = Ignore("l.md:1", "line 1")
    places = (link(URL, line=1, ignores=(comment,)), link(URL, line=2))
    found = applied(report(checked(State.DEAD, links=places)), Ignores())
    (one,) = found.checked
    assert (one.is_failing, one.ignored) == (True, None)
    assert [place.ignored for place in one.links] == [comment, None]


# -- ignores that nothing uses ---------------------------------------------------------------


def unused(**more: Any) -> list[tuple[str, str, int]]:
    found = report(*more.pop("checked", (checked(),)), **more.pop("report", {}))
    return notes(applied(found, Ignores([entry(url="https://b.example/")]), **more))


def test_an_entry_without_a_link_is_said_where_the_lists_were_looked_at_whole() -> None:
    assert unused() == [("c.toml, ignore 1", "unused", 0)]
    assert unused(is_whole=False) == []
    assert unused(report={"is_interrupted": True}) == []
    assert unused(checked=(checked(), checked(State.SKIPPED, "https://c.example/", rule="not-added"))) == []


def test_an_expired_one_is_said_where_a_link_uses_it_or_the_lists_were_looked_at_whole() -> None:
    unused, used = entry("u", url="https://b.example/", until=TODAY), entry("v", url=URL, until=TODAY)
    assert notes(marked(checked(), entries=[unused, used])) == [("u", "expired", 0), ("v", "expired", 1)]
    assert notes(marked(checked(), entries=[unused, used], is_whole=False)) == [("v", "expired", 1)]


def test_links_that_a_change_does_not_add_say_nothing_of_their_ignores() -> None:
    left_out = checked(State.SKIPPED, rule="not-added")
    found = marked(left_out, entries=[entry(url=URL, until=TODAY), entry(url=URL)])
    assert (notes(found), found.checked) == ([], (left_out,))


def test_a_comment_without_a_link_is_said() -> None:
    comment = Ignore("l.md:7", "line 7")
    found = applied(report(checked(), documents=(Document("l.md", (), ignores=(comment,)),)), Ignores())
    assert found.ignore_notes == (IgnoreNote(comment, IgnoreState.UNUSED),)


def test_of_two_alike_on_one_line_each_is_known() -> None:
    one, two = Ignore("l.md:7", "line 7"), Ignore("l.md:7", "line 7")
    place: Link = link(URL, ignores=(one, two))
    document = Document("l.md", (place,), ignores=(one, two))
    found = applied(report(checked(State.DEAD, links=(place,)), documents=(document,)), Ignores())
    assert notes(found) == []


def test_an_entry_of_the_baseline_is_unused_only_where_all_its_lists_were_read() -> None:
    def said(*lists: str) -> list[tuple[str, str, int]]:
        accepted = Accepted("https://b.example/", State.DEAD, "http-gone", TODAY, lists, "b:2")
        return notes(applied(report(checked()), Ignores((), [accepted])))

    assert said("l.md") == said() == [("b:2", "unused", 0)]
    assert said("l.md", "other.md") == said("other.md") == []


def test_a_link_accepted_as_one_thing_may_fail_as_another() -> None:
    accepted = Accepted(URL, State.DEAD, "http-not-found", TODAY, ("l.md",), "b:2")
    ignores = Ignores((), [accepted])
    assert not applied(report(checked(State.GONE)), ignores).is_failing
    assert notes(applied(report(checked(State.OK)), ignores)) == [("b:2", "alive", 1)]
