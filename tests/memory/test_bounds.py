from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcheck.memory import bounds
from linkcheck.memory.bounds import cut
from linkcheck.memory.serialization import to_line


@given(st.text(), st.integers(4, 100))
def test_a_text_takes_no_more_than_its_room(text: str, most: int) -> None:
    short = cut(text, most)
    assert bounds.size(short) <= most
    assert cut(short, most) == short
    assert short == text or short.endswith("…")


def test_a_text_is_cut_behind_a_word() -> None:
    assert cut("one two three", 20) == "one two three"
    assert cut("one two three four", 14) == "one two…"
    assert cut("x" * 100, 10) == "xxxxxxx…"
    assert cut("a " + "x" * 100, 10) == "a xxxxx…"  # no word's end is near
    assert cut("語" * 100, 12) == "語語語…"
    assert cut("\u202e" * 100, 12) == "\u202e…"  # as it is written: \u202e


def test_a_long_text_takes_no_longer() -> None:
    assert bounds.size(cut("🚀" * 1_000_000, bounds.TITLE)) <= bounds.TITLE


@pytest.mark.parametrize("rest", ["", "/" * 1_000])
def test_a_secret_is_masked_before_it_is_cut(rest: str) -> None:
    text = f"see https://user:{'s3cret' * 40}@a.example/{rest}"
    assert "s3cret" not in to_line(cut(text, 100))
    assert "s3cret" not in to_line(cut(text, 10_000))


def test_of_details_the_longest_are_left_out() -> None:
    found = {"id": "1", "long": ["x" * 100] * 9, "text": "word " * 100, "nested": {"deep": "y" * 300}}
    kept = bounds.details(found)
    assert kept == {"id": "1", "text": kept["text"], "nested": kept["nested"]}
    assert kept["text"].endswith("word…")
    assert len(json.dumps(kept)) < bounds.DETAILS + 20
    assert bounds.details({"a": 1, "b": None, "c": 1.5}) == {"a": 1, "b": None, "c": 1.5}
    assert bounds.details({str(n): "x" * 100 for n in range(100)}).keys() < {str(n) for n in range(100)}
