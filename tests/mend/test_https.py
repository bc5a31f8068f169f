from __future__ import annotations

from linkcheck.mend import Looks
from linkcheck.mend.https import step
from linkcheck.mend.steps import Place, Step
from linkcheck.model import State, Url
from tests.mend.values import evidence, moved, place, result, see

HERE, THERE = "http://a.example/x", "https://a.example/x"


def test_what_is_left_alone() -> None:
    assert step(place(THERE), see(Looks(), THERE)) is None
    assert step(place(HERE), Looks()) is None
    assert step(place(HERE), see(Looks(), HERE, state=State.BLOCKED)) is None
    assert step(place("http://a.example:8080/x"), see(Looks(), "http://a.example:8080/x")) is None
    assert step(place(HERE), moved(HERE, "http://a.example/y")) is None
    looks = Looks()
    looks.on_verdict(evidence(HERE, "http://a.example/y", 302), None)
    looks.note([result(HERE, state=State.OK)])
    assert step(place(HERE), looks) is None


def test_the_https_address_is_looked_at_first() -> None:
    assert step(place(HERE), see(Looks(), HERE)) == Step(ask=(Url(THERE),))


def test_another_page_there_and_none_leave_it_alone() -> None:
    assert (
        step(place(HERE), see(see(Looks(), HERE), THERE, text="It works. This is the default page of a server."))
        is None
    )
    assert step(place(HERE), see(see(Looks(), HERE), THERE, state=State.UNREACHABLE)) is None
    looks = see(Looks(), HERE)
    looks.asked.add(Url(THERE))
    assert step(place(HERE), looks) is None


def test_the_same_page_there() -> None:
    looks = see(see(Looks(), HERE), THERE)
    found = step(place(HERE), looks)
    assert found is not None
    assert found.url == THERE
    assert step(Place("HTTP://a.example/x", Url(HERE), result(HERE)), looks)
