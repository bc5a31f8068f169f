from __future__ import annotations

from datetime import date

import pytest

from linkcheck.common.days import EXAMPLE, day


@pytest.mark.parametrize(
    "text", ["", "2027", "2027-3-1", "20270301", "2027-W09-1", "2027-02-30", "2027-03-01T00:00", " 2027-03-01", "0000-01-01", "٢٠٢٧-03-01", "2027-03-01\n"],
)  # fmt: skip
def test_what_is_no_day(text: str) -> None:
    assert day(text) is None


def test_a_day() -> None:
    assert day(EXAMPLE) == date(2027, 3, 1)
