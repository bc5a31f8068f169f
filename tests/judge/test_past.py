from __future__ import annotations

import pytest

from linkcheck.common.similarity import fingerprint
from linkcheck.judge import past
from linkcheck.model import Change, Finding, Metadata, State, replace
from tests.answers import NOW
from tests.judge.values import DAY, TEXT, earlier, evidence, good, swapped


@pytest.mark.parametrize(
    ("state", "before", "change"),
    [
        (State.OK, (), None), (State.DEAD, (), None), (State.OK, (State.OK,), None),
        (State.UNREACHABLE, (State.DEAD,), None), (State.DEAD, (State.UNREACHABLE,), None),
        (State.DEAD, (State.OK, State.UNREACHABLE), Change.NEW), (State.GONE, (State.DEAD,), Change.STILL),
        (State.DEAD, (State.DEAD, State.OK), Change.NEW), (State.DEAD, (State.OK, State.GONE), Change.STILL),
        (State.MOVED, (State.DEAD, State.BLOCKED), Change.RECOVERED), (State.OK, (State.DEAD, State.MOVED), None),
    ],
)  # fmt: skip
def test_what_changed(state: State, before: tuple[State, ...], change: Change | None) -> None:
    assert past.change(state, earlier(*((1.0, one) for one in before))) == change


def test_since_when_it_fails() -> None:
    before = earlier((9, State.DEAD), (8, State.OK), (3, State.GONE), (1, State.BLOCKED))
    assert past.since(State.DEAD, before, NOW) == NOW - 3 * DAY
    assert past.since(State.DEAD, (), NOW) == NOW
    assert past.since(State.OK, earlier((3, State.DEAD)), NOW) is None


def test_another_page_has_another_title_and_another_text() -> None:
    e = swapped("Gratis")
    page = Finding(metadata=Metadata(title="Gratis"), fingerprint=fingerprint(TEXT))
    assert past.is_another_page(e)
    assert not past.is_another_page(replace(e, good=good("Gratis, again")))
    assert not past.is_another_page(replace(e, good=good("How it works", TEXT)))
    assert not past.is_another_page(replace(e, good=good("How it works", "")))
    assert not past.is_another_page(replace(e, page=replace(page, fingerprint="")))
    assert not past.is_another_page(replace(e, page=replace(page, metadata=None)))
    assert not past.is_another_page(replace(e, page=None))
    assert not past.is_another_page(evidence(200, page=page))


@pytest.mark.parametrize(("was", "is_another"), [("on the new", True), ("all the same", False), ("ALL", False)])
def test_only_words_of_three_letters_and_more_count_in_titles(was: str, is_another: bool) -> None:
    assert past.is_another_page(swapped("On all of it", was=was)) is is_another


@pytest.mark.parametrize(("share", "is_another"), [(0.0, True), (0.09, True), (0.1, False)])
def test_a_tenth_of_the_text_in_common_is_the_same_page(
    monkeypatch: pytest.MonkeyPatch, share: float, is_another: bool
) -> None:
    monkeypatch.setattr(past, "similarity", lambda *_: share)
    assert past.is_another_page(swapped("Gratis")) is is_another
