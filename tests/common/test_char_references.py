from __future__ import annotations

import time

import pytest

from linkcheck.common.char_references import unescaped


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a & b", "a & b"),
        ("a &amp; b", "a & b"),
        ("&lt;b&gt;", "<b>"),
        ("&#233;&#xE9;&eacute", "ééé"),
        ("no references", "no references"),
        ("&amp;amp;", "&amp;"),  # once only
        ("&#1114112;", "\ufffd"),
        ("&#0;", "\ufffd"),
    ],
)
def test_references_are_undone(text: str, shown: str) -> None:
    assert unescaped(text) == shown


@pytest.mark.parametrize("digits", [1_000, 1_001, 4_300, 4_301, 100_000])
def test_a_number_that_int_refuses_is_a_replacement_character(digits: int) -> None:
    assert unescaped(f"a &#{'9' * digits}; b &amp; c") == "a \ufffd b & c"
    assert unescaped(f"a &#{'9' * digits} b") == "a \ufffd b"


def test_zeros_before_a_number_are_part_of_it_while_there_are_fewer_than_1000_digits() -> None:
    assert unescaped(f"&#{'0' * 997}65;") == "A"
    assert unescaped(f"&#{'0' * 998}65;") == "\ufffd"


def test_it_takes_as_long_as_the_text() -> None:
    started = time.process_time()
    unescaped("&#" * 100_000 + "&" * 100_000 + "&#" + "9" * 1_000_000)
    assert time.process_time() - started < 2
