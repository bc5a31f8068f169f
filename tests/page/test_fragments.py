"""Fragments that links ask for, and pages that have no place for them."""

from __future__ import annotations

import pytest

from linkcheck import page
from linkcheck.model import Url
from linkcheck.page import fragments, html
from tests.answers import NOW, observation
from tests.page.test_signatures import URL, WORDS


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("<h2 id=here>", "here"), ("<a name=here>", "here"), ("<h2 id='à côté'>", "%C3%A0%20c%C3%B4t%C3%A9"),
        ("<h2 id=user-content-install>", "Install"), ("", "top"), ("", "TOP"), ("", "L10"), ("", "L10-L20"),
        ("", "L1C2-L3C4"), ("", ":~:text=abc"), ("", "a:~:text=abc"), ("", "!/route"), ("", "/route"), ("", "page=3"),
        ("<div id=root></div><script></script>".replace("=root", '="root"'), "x"), ("<script></script>few words", "x"),
    ],
)  # fmt: skip
def test_fragments_that_are_there_or_that_nobody_can_tell(source: str, wanted: str) -> None:
    assert missing(source, [wanted]) == ()


def test_a_fragment_that_is_not_there() -> None:
    source = f"<h2 id=a>{WORDS}"
    assert missing(source, ["a", "b"]) == ("b",)
    assert page.read(observation(URL, 200, source), ["a", "b"]).lost == ("b",)
    assert page.read(observation(URL, 200, source, complete=False), ["b"]).lost == ()


def test_a_fragment_in_what_is_no_main_text_is_there() -> None:
    assert page.read(observation(URL, 200, f"<nav><a id=a>x</a></nav>{WORDS}"), ["a"]).lost == ()


def test_a_fragment_that_the_parser_did_not_get_is_there() -> None:
    assert page.read(observation(URL, 200, "<i>x</i>" * 5_000 + "<h2 id=a>"), ["a", "b"]).lost == ("b",)


def missing(source: str, wanted: list[str]) -> tuple[str, ...]:
    return fragments.missing(source, html.parse(source.encode(), Url(URL), NOW), wanted)
