from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from linkcheck.local.anchors.mkdocs import unique_by_underscore
from linkcheck.local.anchors.shape import Flavour, HeadingRule, Unique, counted, lowest_free, rendered, with_alt
from linkcheck.read.markdown.headings import outline

PAGE = outline(b"# A\n\n<h2>B</h2><i id=c></i>\n\n# ![d](e)C\n")


@pytest.mark.parametrize(
    ("unique", "slugs", "made"),
    [
        (counted(), "a a a-1 a", "a a-1 a-1 a-2"),
        (lowest_free(), "a a a-1 a", "a a-1 a-1-1 a-2"),
        (lowest_free(), "a-1 a a a", "a-1 a a-2 a-3"),
        (lowest_free(), "a-2 a a a", "a-2 a a-1 a-3"),
    ],
)
def test_equal_slugs_are_numbered(unique: Unique, slugs: str, made: str) -> None:
    assert " ".join(map(unique, slugs.split())) == made


@pytest.mark.parametrize("unique", [counted, lowest_free])
def test_an_empty_slug_is_numbered_too(unique: Callable[[], Unique]) -> None:
    one = unique()
    assert [one(""), one("")] == ["", "-1"]


def test_a_flavour_names_headings_of_markdown() -> None:
    assert list(Flavour("x", (HeadingRule(rendered, str.lower, lowest_free),)).anchors(PAGE)) == ["c", "a", "c"]


def test_a_flavour_may_name_headings_of_html_and_keep_what_is_written() -> None:
    rule = HeadingRule(with_alt, str.lower, lowest_free)
    both = Flavour("x", (rule,), names_html=True, is_reserved=True, hidden=lambda _: outline(b"# C").headings)
    assert list(both.anchors(PAGE)) == ["c", "a", "b", "dc", "c-1"]


def test_a_written_id_takes_the_place_of_the_slug() -> None:
    flavour = Flavour(
        "x", (HeadingRule(rendered, str.lower, lowest_free),), lambda text: (text, "own" if text == "A" else "")
    )
    assert list(flavour.anchors(PAGE)) == ["c", "own", "c"]


@pytest.mark.parametrize("unique", [counted, lowest_free, unique_by_underscore])
@pytest.mark.parametrize(
    "slugs",
    [["a"] * 100_000, [f"a-{n}" for n in range(50_000)] + ["a"] * 50_000, [f"a_{n}" for n in range(50_000)] + ["a"] * 50_000,
     ["a_1", "a"] * 50_000, ["a-1", "a", "a_2"] * 30_000, [""] * 100_000],
    ids=range(6),
)  # fmt: skip
def test_a_hundred_thousand_equal_slugs_take_no_longer_than_others(
    unique: Callable[[], Unique], slugs: list[str]
) -> None:
    one = unique()
    started = time.process_time()
    for slug in slugs:
        one(slug)
    assert time.process_time() - started < 3
