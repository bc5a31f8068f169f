from __future__ import annotations

from datetime import timedelta

import pytest

from linkcheck.memory.freshness import Freshness
from linkcheck.memory.records import Records
from linkcheck.model import State, Url
from tests.memory.values import NOW, record, urls

DAY = timedelta(days=1)
A, B, C, D = urls("a", 4)


def is_fresh(how: Freshness, state: State, age: timedelta, **more: bool) -> bool:
    told = {"is_due": False, "is_doubted": False, "is_own": True} | more
    return how.is_fresh(A, record(NOW - age, state, A), NOW, **told)


@pytest.mark.parametrize(
    ("state", "age", "more", "expected"),
    [
        (State.OK, DAY, {}, True),
        (State.OK, 9 * DAY, {}, False),
        (State.OK, DAY, {"is_doubted": True}, False),
        (State.DEAD, timedelta(minutes=1), {}, False),
        (State.UNREACHABLE, timedelta(minutes=9), {}, True),
        (State.UNREACHABLE, timedelta(minutes=11), {}, False),
        (State.UNREACHABLE, timedelta(minutes=9), {"is_own": False}, False),
        (State.OK, timedelta(minutes=9), {"is_doubted": True}, False),
    ],
)
def test_what_was_silent_a_moment_ago_is_not_requested_again(
    state: State, age: timedelta, more: dict[str, bool], expected: bool
) -> None:
    assert is_fresh(Freshness(7 * DAY, timedelta(minutes=10)), state, age, **more) is expected


def test_good_links_are_as_fresh_as_they_are_asked_to_be() -> None:
    assert not is_fresh(Freshness(timedelta(0), timedelta(minutes=10)), State.OK, timedelta(minutes=1))
    assert not is_fresh(Freshness(7 * DAY), State.DEAD, timedelta(minutes=1))


def test_frozen_everything_known_is_fresh() -> None:
    frozen = Freshness(7 * DAY, is_frozen=True)
    assert is_fresh(frozen, State.DEAD, 900 * DAY, is_doubted=True, is_own=False)
    known = Records([record(url=A)])
    assert frozen.left_out([A, B], known) == {B}
    assert frozen.due([A, B], known) == set()
    assert Freshness(7 * DAY).left_out([A, B], known) == set()


def refreshed(number: int, wanted: list[Url], known: Records) -> tuple[list[Url], list[Url]]:
    """What is requested, and what is left out."""
    how = Freshness(7 * DAY, refresh_oldest=number)
    due, out = how.due(wanted, known), how.left_out(wanted, known)
    asked = [
        url
        for url in wanted
        if url not in out
        and not (
            url in known
            and how.is_fresh(url, known[url], NOW, is_due=url in due, is_doubted=url in known.doubted, is_own=False)
        )
    ]
    return asked, sorted(out)


def test_the_oldest_are_refreshed() -> None:
    known = Records([record(NOW - 90 * DAY, url=A), record(NOW - 3 * DAY, url=B), record(NOW - 4 * DAY, url=C)])
    assert refreshed(1, [A, B, C], known) == ([A], [])
    assert refreshed(2, [A, B, C], known) == ([A, C], [])
    assert refreshed(9, [A, B, C], known) == ([A, B, C], [])


def test_what_is_not_known_comes_first() -> None:
    known = Records([record(NOW - 90 * DAY, url=A), record(NOW - 3 * DAY, url=B)])
    assert refreshed(1, [A, B, C, D], known) == ([C], [D])
    assert refreshed(2, [A, B, C, D], known) == ([C, D], [])
    assert refreshed(3, [A, B, C, D], known) == ([A, C, D], [])


def test_what_is_doubted_is_not_known() -> None:
    known = Records()
    known.add(record(url=A), lambda _: False)
    known.add(record(NOW - DAY, url=B))
    assert refreshed(1, [A, B], known) == ([A], [])
    assert refreshed(1, [C, A, B], known) == ([C], [A])


def test_what_failed_is_always_requested() -> None:
    known = Records([record(NOW, State.DEAD, A), record(NOW - 3 * DAY, url=B), record(NOW, State.UNREACHABLE, C)])
    assert refreshed(1, [A, B, C], known) == ([A, B], [])
