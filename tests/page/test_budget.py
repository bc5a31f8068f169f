"""The time that one page may take."""

from __future__ import annotations

from linkcheck.page import budget


def test_a_budget_is_spent_by_the_time_of_its_clock() -> None:
    now = [0.0]
    one = budget.Budget(0.1, lambda: now[0])
    assert not one.is_spent
    now[0] = 0.1
    assert one.is_spent
