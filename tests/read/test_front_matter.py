"""Front matter: its title and URLs, and what is none."""

from __future__ import annotations

import pytest

from linkcheck.model import Document, Link, LinkKind
from linkcheck.read import read


def document(text: str) -> Document:
    return read(text.encode(), "l.md")


def links(text: str) -> tuple[Link, ...]:
    return document(text).links


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("---\nlink: https://a.example/x\n# see https://b.example\nq: 'https://c.example'\n---\n",
         [("https://a.example/x", 2, 7), ("https://c.example", 4, 5)]),
        ("+++\nlink = \"https://a.example/x\"\n+++\n", [("https://a.example/x", 2, 9)]),
        ("\ufeff---\nlink: https://a.example/x\n---\n", [("https://a.example/x", 2, 7)]),
    ],
)  # fmt: skip
def test_front_matter_urls(text: str, found: list[tuple[str, int, int]]) -> None:
    assert [(link.url, link.line, link.column) for link in links(text)] == found
    assert {link.kind for link in links(text)} == {LinkKind.FRONT_MATTER}


@pytest.mark.parametrize(
    "text",
    [
        "---\n[a](https://a.example)\n---\n",
        "---\n\n- [a](https://a.example)\n\n---\n",
        "---\n[a](https://a.example)\n",
        "---\nsome: [a](https://a.example)",
    ],
)
def test_a_pair_of_rules_is_no_front_matter(text: str) -> None:
    assert [link.kind for link in links(text)] == [LinkKind.INLINE]
    assert document(text).notices == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [("---\ntitle: 'x\n---\n[a](https://a.example)", 3), ("+++\ntitle = \n+++\n[a](https://a.example)", 2)],
)
def test_broken_front_matter_is_a_warning(text: str, line: int) -> None:
    found = document(text)
    assert [link.url for link in found.links] == ["https://a.example"]
    assert found.notices[0].line == pytest.approx(line, abs=1)
    assert "front matter" in found.notices[0].text


@pytest.mark.parametrize("fence", ["---", "+++"])
def test_comments_in_it_let_links_fail(fence: str) -> None:
    is_toml = fence == "+++"
    value = 'a = "https://a.example/"' if is_toml else "a: https://a.example/"
    text = f"{fence}\n{value} # linkcheck: ignore reason=x\n# linkcheck: ingore\n{fence}\n[b](https://b.example/)\n"
    found = document(text)
    assert [[one.place for one in link.ignores] for link in found.links] == [["l.md:2"], []]
    assert [one.line for one in found.notices] == [3]
