from __future__ import annotations

from datetime import date

import pytest

from linkcheck.model import Ignore

DAY = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("until", "today", "has_expired"),
    [
        (None, DAY, False),
        (DAY, date(2027, 2, 28), False),
        (DAY, DAY, True),
        (DAY, date(2027, 3, 2), True),
        (date.min, DAY, True),
        (date.max, DAY, False),
    ],
)
def test_on_its_day_and_after_it_an_ignore_no_longer_counts(until: date | None, today: date, has_expired: bool) -> None:
    assert Ignore("l.md:1", "line 1", until=until).has_expired(today) is has_expired
