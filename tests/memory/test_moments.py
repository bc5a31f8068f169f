from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcheck.memory.moments import DAYS, MINUTES, text_of, time_of

AT = datetime(2026, 11, 23, 6, 7, 8, 9, tzinfo=UTC)


def test_a_time_is_written_as_exactly_as_it_has_to_be() -> None:
    assert text_of(AT) == "2026-11-23"
    assert text_of(AT, MINUTES) == "2026-11-23T06:07Z"
    assert text_of(AT, DAYS, AT - timedelta(days=1)) == "2026-11-23"
    assert text_of(AT, DAYS, AT.replace(hour=0, minute=0, second=0, microsecond=0)) == "2026-11-23T06:07Z"
    assert text_of(AT, DAYS, AT - timedelta(seconds=2)) == "2026-11-23T06:07:08Z"
    assert text_of(AT, DAYS, AT.replace(microsecond=0)) == "2026-11-23T06:07:08.000009Z"
    assert text_of(AT, DAYS, AT) == text_of(AT, DAYS, AT + timedelta(days=1)) == "2026-11-23T06:07:08.000009Z"
    assert text_of(AT.astimezone(timezone(timedelta(hours=-8)))) == "2026-11-23"


@given(st.datetimes(datetime(2000, 1, 1), datetime(9999, 12, 31)), st.sampled_from([DAYS, MINUTES]))
def test_what_was_written_is_read_as_the_beginning_of_that_time(at: datetime, form: int) -> None:
    at = at.replace(tzinfo=UTC)
    text = text_of(at, form)
    assert text_of(time_of(text), form) == text
    assert time_of(text) <= at < time_of(text) + (timedelta(minutes=1) if form else timedelta(days=1))


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "2026-13-01", "2026-W47-1", "20261123", "2026-11-23T06:07", "2026-11-23T06:07+01:00", "2026-11-23 extra",
        "2026-11-23T06:07:08.0000000009Z", "²026-11-23", "2026-11-2\ud800", "0000-00-00",
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        time_of(text)
