from __future__ import annotations

import pytest

from linkcheck.local.anchors import braces


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{}", []), ("{a}", []), ("{.b}", []), ("{# }", []), ("{#a", []), ("{{#a}}", ["a"]), ("{#a}{: #b .c }", ["a", "b"]),
        ("x{ .c #a }", ["a"]), ("{: id='a' }", ["a"]), ("{#a\n}", []), ("{" + "x" * 301 + " #a}", []), ("{.c}\n{#a.b:c}", ["a.b:c"]),
    ],
)  # fmt: skip
def test_ids_of_attribute_lists_are_found(text: str, found: list[str]) -> None:
    assert list(braces.ids(text)) == found


@pytest.mark.parametrize(
    ("source", "before", "name"),
    [
        ("A", "A", ""), ("A {b}", "A {b}", ""), ("A {#b} c", "A {#b} c", ""), ("A }", "A }", ""), ("A {#b}", "A", "b"),
        ("A {.b}", "A", ""), ("A {: #b}  ", "A", "b"), ("A {id=b}", "A", "b"), ("{#b}", "", "b"), ("A {}", "A {}", ""),
    ],
)  # fmt: skip
def test_the_list_at_the_end_is_no_text(source: str, before: str, name: str) -> None:
    assert braces.explicit(source) == (before, name)
