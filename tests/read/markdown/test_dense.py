"""Marks that no author writes are letters for the parser; all else it gets as it is."""

from __future__ import annotations

import pytest

from linkcheck.read import read
from linkcheck.read.markdown import dense
from linkcheck.read.markdown.walk import PARSER

URL = "https://a.example/x"
HONEST = {
    "links": f"- [Title]({URL}) - words\n" * 20_000,
    "short references": "- [a][b]\n" * 60_000,
    "badges": f"[![]({URL})]({URL}) " * 10_000,
    "a table of few words": f"|a|b|c|\n|-|-|-|\n{'| x |   | x |' * 10}\n" * 5_000,
    "rules": ("-" * 5_000 + "\n\n" + "* " * 5_000 + "\n\n") * 20,
    "a drawing": "```\n" + "[[__|__]]\\\\\n" * 10_000 + "```\n",
    "lists in lists": "".join(f"{'    ' * (n % 50)}- a\n" for n in range(20_000)),
    "quotes in quotes": ("> " * 100 + "a\n\n") * 2_000,
    "blanks": (" " * 5_000 + "a\n") * 10,
    "fences": "```\n" * 100_000,
    "entities": "a&nbsp;" * 80_000,
}
HOSTILE = [
    "[", "]", "![", "](", "[](", "<", "</", "<a", "*a_", "~*", "` ", "[a", "<?", "[^a]", "_a*", "\\[", "> ", ">",
    "- ", "1. ", "- > ", "* + ",
]  # fmt: skip


@pytest.mark.parametrize("name", [name for name in HONEST if name != "a drawing"])
def test_what_authors_write_is_given_to_the_parser_as_it_is(name: str) -> None:
    data = HONEST[name].encode()
    assert dense.thinned(data) == (data, len(data))


def test_a_few_kilobytes_of_marks_are_given_to_the_parser_as_they_are() -> None:
    data = b"[" * 200_000
    assert dense.thinned(data) == (data, len(data))


@pytest.mark.parametrize("text", HOSTILE)
def test_marks_without_words_are_letters_for_the_parser(text: str) -> None:
    data = f"# A list\n\n{text * (1_000_000 // len(text))}x\n".encode()
    thin, first = dense.thinned(data)
    assert len(thin) == len(data)
    assert first < 1_000
    assert sum(1 for _ in PARSER.events_with_range(thin.decode())) < len(data) / 20


@pytest.mark.parametrize("text", ["[" * 600_000, "- " * 300_000, "<a" * 300_000, "[[[[\n" * 100_000, "`]" * 300_000])
def test_the_links_beside_them_are_as_ever(text: str) -> None:
    before, after = f"# T\n\n- [One]({URL}) - first <b>x</b>\n\n", f"\n\n- [Two](<{URL}>): second\n"
    document = read(f"{before}{text}a{after}".encode(), "l.md")
    calm = read(f"{before}{'x' * len(text)}a{after}".encode(), "l.md")
    shown = [(link.url, link.text, link.span, link.column, link.section, link.entry and link.entry.title)
             for link in document.links]  # fmt: skip
    assert shown == [(link.url, link.text, link.span, link.column, link.section, link.entry and link.entry.title)
                     for link in calm.links]  # fmt: skip
    assert len(shown) == 2
    (notice,) = document.notices
    assert (notice.path, notice.line) == ("l.md", 5 if text[0] == "-" else notice.line)
    assert 1 <= notice.line <= 5


@pytest.mark.parametrize("fence", ["```", "~~~~", "> ```"])
def test_a_fence_among_them_stays(fence: str) -> None:
    inside = f"{fence}\n{'[[__|__]]' * 8_000}\n[no]({URL})\n" * 9
    text = f"{inside}{fence}\n\n[Title]({URL})\n"
    assert dense.thinned(text.encode())[1] < len(text)
    assert [link.text for link in read(text.encode(), "l.md").links][-1] == "Title"


def test_a_url_among_them_is_a_link_still() -> None:
    text = "[" * 300_000 + f"[a]({URL}) " + "[" * 300_000
    assert [link.url for link in read(text.encode(), "l.md").links] == [URL]
