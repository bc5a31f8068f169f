from __future__ import annotations

from linkcheck.model.base import Url
from linkcheck.model.sightings import Sighting
from linkcheck.model.verdicts import ALIVE, FAILING, Evidence, State
from tests.memory.values import NOW

URL = Url("https://a.example/")


def test_the_last_look_is_the_newest() -> None:
    first, second = Sighting(NOW, 503, URL), Sighting(NOW, 200, URL, look=2)
    assert Evidence(URL, (first, second)).last == second
    assert Evidence(URL, (first,)).last == first
    assert Evidence(URL).last is None


def test_no_state_is_both_alive_and_failing() -> None:
    assert not ALIVE & FAILING
    assert {State.BLOCKED, State.UNREACHABLE, State.RESTRICTED, State.SKIPPED, State.PENDING} == set(
        State
    ) - ALIVE - FAILING
