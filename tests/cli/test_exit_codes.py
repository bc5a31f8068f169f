"""What a command ends with, and what it says then."""

from __future__ import annotations

import pytest

from linkcheck.cli import exit_codes
from linkcheck.model import State, Verdict
from tests.answers import checked, report


@pytest.mark.parametrize(("state", "code"), [(State.OK, 0), (State.DEAD, 1), (State.UNREACHABLE, 0)])
def test_only_links_that_fail_fail(state: State, code: int) -> None:
    assert exit_codes.of(report(checked(verdict=Verdict(state, "x", "y")))) == code


def test_no_network_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    from linkcheck.model import replace

    assert exit_codes.no_network(replace(report(), network_outage="no \x1b[31mname has an address")) == 3
    said = capsys.readouterr().err
    assert said.startswith("error: no usable network: no ")
    assert "nothing was judged\nhelp: check the connection" in said
    assert "\x1b" not in said
