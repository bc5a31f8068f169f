from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcheck.common.spelling import edits, letters


@pytest.mark.parametrize(
    ("one", "other", "most", "number"),
    [
        ("", "", 0, 0),
        ("a", "a", 2, 0),
        ("giude", "guide", 2, 2),
        ("a", "b", 0, 1),
        ("abc", "", 3, 3),
        ("abcd", "", 2, 3),
    ],
)
def test_the_number_of_edits(one: str, other: str, most: int, number: int) -> None:
    assert edits(one, other, most) == number


def levenshtein(one: str, other: str) -> int:
    """By its definition."""

    @cache
    def between(a: int, b: int) -> int:
        if not a or not b:
            return a + b
        return min(between(a - 1, b) + 1, between(a, b - 1) + 1, between(a - 1, b - 1) + (one[a - 1] != other[b - 1]))

    return between(len(one), len(other))


@given(st.text("abc", max_size=8), st.text("abc", max_size=8), st.integers(0, 5))
def test_it_is_the_levenshtein_distance_up_to_a_limit(one: str, other: str, most: int) -> None:
    found, number = edits(one, other, most), levenshtein(one, other)
    assert found == number if number <= most else found > most


@pytest.mark.parametrize(("text", "bare"), [("", ""), ("Set-Up: 1.2!", "setup12"), ("Straße", "strasse"), ("- .", "")])
def test_letters_and_digits(text: str, bare: str) -> None:
    assert letters(text) == bare
