"""Where the URL of a link stands (CommonMark §4.7, §6.3)."""

from __future__ import annotations

import pytest

from linkcheck.model import LinkKind
from linkcheck.read.entries import Draft
from linkcheck.read.markdown import destination


def of_link(text: str, url: str, inner: int = 1) -> str:
    data = text.encode()
    start, end = destination.of_link(data, Draft(0, (0, 0), url, LinkKind.INLINE), inner, len(data))
    return data[start:end].decode()


@pytest.mark.parametrize(
    ("text", "url", "written"),
    [
        ("[a](https://a.example)", "https://a.example", "https://a.example"),
        ('[a](https://a.example "T")', "https://a.example", "https://a.example"),
        ("[a]( \n https://a.example)", "https://a.example", "https://a.example"),
        ("[a](<https://a.example/a b>)", "https://a.example/a b", "https://a.example/a b"),
        (r"[a](<https://a.example/\>>)", "https://a.example/>", r"https://a.example/\>"),
        ("[a](/(x)y)", "/(x)y", "/(x)y"),
        (r"[a](/\)x)", "/)x", r"/\)x"),
        ("[a](/x&amp;y)", "/x&y", "/x&amp;y"),
        ("[`](/no)`](/x)", "/x", "/x"),
        ("[a](\n> > /x)", "/x", "/x"),
    ],
)
def test_a_links_url(text: str, url: str, written: str) -> None:
    assert of_link(text, url) == written


def test_a_url_that_is_not_found_is_the_whole_link() -> None:
    assert of_link("[a](/x)", "/y") == "[a](/x)"
    assert of_link("[" + "](/no" * 30 + "](/x)", "/x") == "[" + "](/no" * 30 + "](/x)"
    assert of_link("[" + "](/no" * 19 + "](/x)", "/x") == "/x"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("]: https://a.example 'T'", "https://a.example"),
        ("]:\n  https://a.example", "https://a.example"),
        ("]: <https://a.example/a b> 'T'", "https://a.example/a b"),
        ("]:\n> /x\n", "/x"),
        ("]: /x)", "/x)"),
    ],
)
def test_a_definitions_url(text: str, written: str) -> None:
    data = text.encode()
    start, end = destination.definition(data, 2, len(data))
    assert data[start:end].decode() == written


def test_labels_are_compared_without_case_and_blanks() -> None:
    assert destination.label(" A \n SS ") == destination.label("a ß") == "a ss"
