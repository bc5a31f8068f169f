"""Fingerprints of texts: what two that say nearly the same have in common."""

from __future__ import annotations

import pytest

from linkcheck.common.similarity import fingerprint, similarity
from tests.judge.values import OTHER, TEXT


@pytest.mark.parametrize("text", ["", "two words", "1 2 3 4 5", "one 2 two"])
def test_what_has_no_three_words_has_no_fingerprint(text: str) -> None:
    assert fingerprint(text) == ""


def test_a_fingerprint_is_sixteen_checksums_at_most() -> None:
    assert len(fingerprint("one two three")) == 8
    assert len(fingerprint(" ".join("abc"[: n % 3 + 1] * (n + 1) for n in range(100)))) == 16 * 8


def test_case_and_what_is_no_word_make_no_difference() -> None:
    assert fingerprint("One two THREE four") == fingerprint("one 17 two 12:30 three x1 four")


def test_what_is_far_behind_makes_no_difference() -> None:
    assert fingerprint("a bc def " * 40 + "other words here") == fingerprint("a bc def " * 40)
    assert fingerprint("a bc def " + "x" * 2_000 + " other words here") == fingerprint("a bc def " + "x" * 2_000)


def test_similarity_is_the_share_of_common_runs() -> None:
    one, other = "a b c d e f", "c d e f g h"  # runs abc bcd cde def, cde def efg fgh
    assert similarity(fingerprint(one), fingerprint(one)) == 1
    assert similarity(fingerprint(one), fingerprint(other)) == pytest.approx(2 / 6)
    assert similarity(fingerprint(one), fingerprint("x y z")) == 0
    assert similarity(fingerprint(one), "") == similarity("", "") == 0


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        (TEXT, TEXT, 1, 1),
        (TEXT, OTHER, 0, 0),
        (TEXT, "", 0, 0),
        (f"{TEXT} 12:45:03 a8f3e2", f"{TEXT} 12:45:09 77bc01", 1, 1),
        (TEXT * 9, f"{TEXT * 9} and a word more", 0.8, 1),
    ],
)
def test_nearly_the_same(one: str, other: str, least: float, most: float) -> None:
    assert least <= similarity(fingerprint(one), fingerprint(other)) <= most
