from __future__ import annotations

import pytest

from linkcheck.model.base import Url
from linkcheck.model.sightings import Fault, Sighting
from tests.memory.values import NOW

URL = Url("https://a.example/")


@pytest.mark.parametrize(
    ("outcome", "is_success"),
    [(199, False), (200, True), (204, True), (299, True), (300, False), (404, False), (0, False)],
)
def test_a_status(outcome: int, is_success: bool) -> None:
    sighting = Sighting(NOW, outcome, URL)
    assert (sighting.status, sighting.fault, sighting.is_success) == (outcome, None, is_success)


@pytest.mark.parametrize("fault", Fault)
def test_a_fault_is_no_status(fault: Fault) -> None:
    sighting = Sighting(NOW, fault, URL)
    assert (sighting.status, sighting.fault, sighting.is_success) == (None, fault, False)
