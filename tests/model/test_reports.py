from __future__ import annotations

from datetime import timedelta

import pytest

from linkcheck.model.findings import Metadata
from linkcheck.model.packed import pack
from linkcheck.model.reports import Checked, Outage, Report
from linkcheck.model.verdicts import FAILING, State, Verdict
from tests.memory.values import NOW

BEGUN = Outage(NOW)
OVER = Outage(NOW, NOW + timedelta(minutes=1))


def checked(state: State) -> Checked:
    return Checked("https://a.example/", (), Verdict(state, "rule", "reason"))


@pytest.mark.parametrize(
    ("outages", "is_interrupted", "is_cut_off", "is_partial"),
    [
        ((), False, False, False),
        ((), True, False, True),
        ((OVER,), False, False, False),
        ((BEGUN,), False, True, True),
        ((OVER, BEGUN), False, True, True),
        ((BEGUN, OVER), False, False, False),
        ((BEGUN,), True, True, True),
    ],
)
def test_a_run_that_came_to_no_end(
    outages: tuple[Outage, ...], is_interrupted: bool, is_cut_off: bool, is_partial: bool
) -> None:
    report = Report((), (), NOW, NOW, outages=outages, is_interrupted=is_interrupted)
    assert (report.is_cut_off, report.is_partial) == (is_cut_off, is_partial)


@pytest.mark.parametrize("state", State)
def test_one_failing_link_fails_the_run(state: State) -> None:
    assert checked(state).is_failing == (state in FAILING)
    assert Report((), (checked(State.OK), checked(state)), NOW, NOW).is_failing == (state in FAILING)
    assert not Report((), (), NOW, NOW).is_failing


def test_metadata_is_unpacked_when_it_is_asked_for() -> None:
    metadata = Metadata(title="A title")
    one = Checked("u", (), Verdict(State.OK, "r", "x"), packed=pack(metadata))
    assert one.metadata == metadata
    assert checked(State.OK).metadata is None
