from __future__ import annotations

from linkcheck.mend import Looks
from linkcheck.mend.steps import Step
from linkcheck.mend.tracking import step
from linkcheck.model import State, Url
from tests.mend.values import moved, place, result, see

BARE = "https://a.example/x"
UTM, REF = f"{BARE}?utm_source=b", f"{BARE}?ref=b"
OTHER = {"text": "Every match of the league with odds that are better than those of any other house"}


def asking(url: str) -> Looks:
    return see(Looks(can_ask=True), url)


def test_what_is_left_alone() -> None:
    assert step(place(BARE), see(Looks(), BARE)) is None
    assert step(place(UTM), Looks()) is None
    assert step(place(UTM), see(Looks(), UTM, state=State.BLOCKED)) is None
    assert step(place(REF), see(Looks(), REF)) is None
    assert step(place(REF), see(asking(REF), BARE, **OTHER)) is None  # type: ignore[arg-type]
    assert step(place(UTM), see(asking(UTM), BARE, state=State.DEAD)) is None


def test_an_address_that_redirects_without_them_is_left_alone() -> None:
    looks = moved(BARE, f"{BARE}/y")
    looks.can_ask = True
    assert step(place(UTM), see(looks, UTM)) is None


def test_the_address_without_them_is_looked_at_where_that_is_possible() -> None:
    assert step(place(UTM), asking(UTM)) == step(place(REF), asking(REF)) == Step(ask=(Url(BARE),))


def test_what_only_tracks_is_taken_off() -> None:
    for looks in (see(Looks(), UTM), see(asking(UTM), BARE), see(asking(UTM), BARE, **OTHER)):  # type: ignore[arg-type]
        found = step(place(UTM), looks)
        assert found is not None
        assert found.url == BARE


def test_what_may_mean_something_is_taken_off_where_the_page_is_the_same() -> None:
    found = step(place(REF), see(asking(REF), BARE))
    assert found is not None
    assert found.url == BARE


def test_an_item_of_a_site_has_no_page_to_compare() -> None:
    looks = Looks(can_ask=True)
    looks.note([result(UTM, item="s x"), result(BARE, item="s x")])
    assert step(place(UTM), looks)
