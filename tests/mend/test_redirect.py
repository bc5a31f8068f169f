from __future__ import annotations

import pytest

from linkcheck.mend import Looks
from linkcheck.mend.redirect import step
from linkcheck.mend.steps import Step
from linkcheck.model import Record, Url
from tests.answers import NOW, link
from tests.mend.values import DAY, SECOND, TITLE, evidence, moved, place, result, see

OLD, NEW = "https://a.example/old", "https://a.example/new"
ONE = result(OLD, NEW, links=(link(OLD, title=TITLE),))


@pytest.mark.parametrize(
    "looks",
    [
        Looks(), see(Looks(), OLD), moved(OLD, NEW, 301, 302), moved(OLD, NEW, 301, 200), moved(OLD, NEW, title="Casino"),
        moved(OLD, NEW, title=""), moved(OLD, "https://b.example/new"), moved(OLD, "https://a.example/"), moved(OLD, OLD),
    ],
)  # fmt: skip
def test_what_is_left_alone(looks: Looks) -> None:
    assert step(place(OLD, ONE), looks) is None


def test_once_is_not_enough() -> None:
    looks = moved(OLD, NEW, times=1)
    assert step(place(OLD, ONE), looks) == Step(ask=(Url(OLD),))
    looks.asked.add(Url(OLD))
    assert step(place(OLD, ONE), looks) is None


def test_twice_is() -> None:
    found = step(place(OLD, ONE), moved(OLD, NEW))
    assert found is not None
    assert (found.url, found.fragment) == (NEW, None)


def test_the_title_that_it_had_before_it_redirected_will_do() -> None:
    untitled = result(OLD, NEW, links=(link(OLD, title="here", text="here"),))
    assert step(place(OLD, untitled), moved(OLD, NEW)) is None
    for before, led in ((evidence(OLD, at=NOW - DAY), True), (evidence(OLD, NEW, 301, at=NOW - DAY), False)):
        looks = Looks()
        looks.on_verdict(evidence(OLD, NEW, 301), Record(Url(OLD), NOW - DAY, before))
        looks.on_verdict(evidence(OLD, NEW, 301, at=NOW + SECOND), None)
        looks.note([result(OLD, NEW)])
        assert (step(place(OLD, untitled), looks) is not None) is led


def test_another_spelling_needs_no_title() -> None:
    http = OLD.replace("https", "http")
    found = step(place(http, result(http, OLD)), moved(http, OLD, title=""))
    assert found is not None
    assert found.url == OLD
