"""Titles: cleaned, and without the site's name."""

from __future__ import annotations

import pytest

from linkcheck.page import titles


@pytest.mark.parametrize(
    ("raw", "sites", "title"),
    [
        ("Node.js – the basics", ["example"], "Node.js – the basics"),
        ("A-B test", ["b test"], "A-B test"),
        ("Title | Example Blog", ["Example Blog"], "Title"),
        ("Title - EXAMPLE", ["example"], "Title"),
        ("A - B - Example", ["Example"], "A - B"),
        ("Example: Title", ["Example"], "Title"),
        ("GitHub - o/r: words", ["GitHub"], "o/r: words"),
        ("[1706.03762] Attention", [], "Attention"),
        ("Twice | Twice", [], "Twice"),
        ("Only", ["Only"], "Only"),
    ],
)
def test_only_the_sites_own_name_is_taken_off(raw: str, sites: list[str], title: str) -> None:
    assert titles.without_site(raw, sites) == title


def test_hostile_characters_go() -> None:
    assert titles.tidy("a\u202eb\u0000c\u200bd <b>e</b>\n f&nbsp;g") == "abcd e f g"
    assert titles.tidy("co\u00adop\ufeff \U000e0041a\u200db\u200cc \u2066d\u2069\x1b[1m") == "coop abc d[1m"


def test_a_value_has_so_many_marks_in_a_row_and_no_huge_reference() -> None:
    assert len(titles.tidy("a" + "\u0301\u0323" * 5_000)) < 40
    assert titles.tidy("x &#" + "9" * 5_000 + "; y") == "x \ufffd y"
