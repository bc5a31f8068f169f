from __future__ import annotations

import pytest

from linkcheck.judge import wording
from linkcheck.model import Fault
from tests.answers import sighting
from tests.judge.values import evidence


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_words(fault: Fault) -> None:
    assert wording.FAULT_MESSAGES[fault]
    assert wording.insecure(fault)


def test_reasons_are_the_same_in_every_run() -> None:
    assert wording.status(sighting(404)) is wording.status(sighting(404, look=2))
    assert wording.missing(evidence(410)) == "HTTP 410"
    assert wording.missing(evidence(404, 404)) == "HTTP 404 twice, seconds apart and asked in two ways"
    assert (wording.use("https://a.example/"), wording.use("")) == ("use https://a.example/", "")
