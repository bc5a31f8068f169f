from __future__ import annotations

from itertools import pairwise
from string import ascii_lowercase
from zlib import crc32

import pytest

from linkcheck.common.similarity import fingerprint, similarity
from tests.judge.values import OTHER, TEXT

WORDS = [f"{one}{other}" for one in ascii_lowercase for other in ascii_lowercase]


def of(*values: int) -> str:
    return "".join(f"{value:08x}" for value in values)


@pytest.mark.parametrize("text", ["", "two words", "one 2 three", "a1 b2 c3 d4", "x " * 2])
def test_fewer_than_three_words_have_none(text: str) -> None:
    assert fingerprint(text) == ""


def test_three_words_are_one_checksum() -> None:
    checksum = crc32(b"three", crc32(b"two", crc32(b"one")))
    assert fingerprint("one two three") == f"{checksum:08x}"
    assert fingerprint("One TWO\n 12:30 three 4") == fingerprint("one two three")


def test_order_counts() -> None:
    assert fingerprint("one two three") != fingerprint("three two one")


def test_a_run_that_repeats_counts_once() -> None:
    assert fingerprint("a b c a b c") == fingerprint("a b c a b c a b c")
    assert len(fingerprint("a b c a b c")) == 3 * 8


def test_it_is_the_sixteen_smallest_checksums() -> None:
    assert len(fingerprint(" ".join(WORDS[:18]))) == 16 * 8
    assert len(fingerprint(" ".join(WORDS[:17]))) == 15 * 8
    long = fingerprint(" ".join(WORDS[:100]))
    values = [int(long[at : at + 8], 16) for at in range(0, len(long), 8)]
    assert len(values) == 16
    assert all(one < other for one, other in pairwise(values))
    runs = [" ".join(WORDS[at : at + 3]) for at in range(98)]
    assert values == sorted(int(fingerprint(run), 16) for run in runs)[:16]


def test_what_follows_the_first_120_words_makes_no_difference() -> None:
    short = " ".join(WORDS[:120])
    assert fingerprint(f"{short} and other ends") == fingerprint(short)
    # The last of the 120 is looked at: some word in its place makes a checksum small enough.
    start = " ".join(WORDS[:119])
    assert any(fingerprint(f"{start} {word}") != fingerprint(start) for word in WORDS)
    start = " ".join(WORDS[:120])
    assert all(fingerprint(f"{start} {word}") == fingerprint(start) for word in WORDS)


def test_what_follows_the_first_2000_characters_makes_no_difference() -> None:
    text = "a b ".ljust(1_999) + "c"
    assert fingerprint(text) == fingerprint("a b c")
    assert fingerprint(" " + text) == ""


def test_similarity_is_the_share_of_the_smallest() -> None:
    assert similarity(of(1, 2), of(1, 2)) == 1
    assert similarity(of(1, 2), of(3, 4)) == 0
    assert similarity(of(1, 2, 3), of(1, 2, 4)) == 0.5  # two of 1, 2, 3, 4
    assert similarity(of(*range(16)), of(*range(100, 116))) == 0
    assert similarity(of(*range(16)), of(*range(8), *range(100, 108))) == 0.5  # 8 of the 16 smallest of both


def test_each_checksum_is_eight_digits() -> None:
    assert similarity(of(0x10000000), of(0)) == 0
    assert similarity(of(1, 0x10000000), of(1, 0x20000000)) == pytest.approx(1 / 3)


@pytest.mark.parametrize(("one", "other"), [("", ""), (of(1), ""), ("", of(1))])
def test_what_has_no_words_is_like_nothing(one: str, other: str) -> None:
    assert similarity(one, other) == 0


def test_pages_that_differ_in_a_word_are_alike() -> None:
    text = " ".join(WORDS[:60])
    assert 0.5 < similarity(fingerprint(text), fingerprint(text.replace(WORDS[30], "other"))) < 1


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        (TEXT, TEXT, 1, 1),
        (TEXT, OTHER, 0, 0),
        (f"{TEXT} 12:45:03 a8f3e2", f"{TEXT} 12:45:09 77bc01", 1, 1),
        (TEXT * 9, f"{TEXT * 9} and a word more", 0.8, 1),
    ],
)
def test_texts_that_are_alike_to_people(one: str, other: str, least: float, most: float) -> None:
    assert least <= similarity(fingerprint(one), fingerprint(other)) <= most


def test_of_a_fingerprint_that_is_kept_in_part_that_part_is_compared() -> None:
    one, other = fingerprint(TEXT), fingerprint(OTHER)
    halved = "".join(f"{one[at : at + 4]}0000" for at in range(0, len(one), 8))
    assert similarity(halved, one) == similarity(one, halved) == 1
    assert similarity(halved, other) == similarity(other, halved) == 0
    assert similarity(of(0x10002), of(0x10003)) == 0  # as both are known in full
    assert similarity(of(0x10000), of(0x10003)) == 1
