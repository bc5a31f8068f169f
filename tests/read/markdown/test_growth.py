"""Reading takes time in proportion to the text, whatever its shape: each of these took minutes, or all memory."""

from __future__ import annotations

import threading
import time

import pytest

from linkcheck.read import read
from linkcheck.read.entries import Unit
from linkcheck.read.markdown.walk import PARSER, Walk

URL = "https://a.example/x"
PAD = "words " * 20
BOMB = "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n}\n  <<: [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 26))
SHAPES = {
    "an entry of many links with a long title": "- " + "A long title " * 30_000 + f"[[pdf]]({URL}) " * 30_000,
    "many lists in one item": "- p\n\n" + "  p\n\n  * a\n\n  p\n\n  + b\n\n" * 15_000,
    "images in images": "![a" * 30_000 + f"]({URL})" * 30_000,
    "a text of many emphases": "[" + "a *b* " * 400_000 + f"]({URL})",
    "a text of many link starts": "[`" + "](" * 40_000 + f"`]({URL})",
    "references and inline links in turn": f"{PAD}[a]({URL}) [b][r] " * 60_000 + f"\n\n[r]: {URL}\n",
    "tags in a long text": f"{PAD}<br> " * 80_000,
    "a tag of many URLs": "<img " + "src=x " * 600_000 + f"alt={PAD}>",
    "links in raw HTML without an end": "<div><a href=x></b>" * 60_000,
    "links in raw HTML with much text": f"<p><a href={URL}>" + "words <b>" * 200_000,
    "a link in raw HTML with what begins like tags": f"<p><a href={URL}>{'<' * 1_900}</a>\n" * 1_000,
    "a tag whose name does not end": "<p>" + "<a" + "a" * 500_000,
    "list items in one another, and blank lines": "- " * 100_000 + "a\n" + "\n" * 1_000_000,
    "quotes in one another": "> " * 1_000_000,
    "images whose ends are missing": "![a" * 500_000,
    "what begins like many names": "éwww." * 80_000 + "a_b.c_d",
    "a front matter that is merged and merged": f"---\n{BOMB}title: T\n---\n",
    "a front matter of many comments": "---\ntitle: x\n" + "#\n" * 16_000 + "http://a\n" * 3_500 + "---\n",
    "a front matter with a key of many parts": "+++\n" + ".".join("a" * 30_000) + " = 1\n+++\n",
    "a front matter of lines in a table of many parts": "+++\n["
    + ".".join("a" * 3_000)
    + "]\n"
    + "".join(f"{n:x}=1\n" for n in range(9_000))
    + "+++\n",
    "a front matter of many brackets": "---\na: " + "[" * 60_000 + "\n---\n",
    "a broken front matter of blanks": "---\n" + " " * 60_000 + "!\0\n---\n",
    "a broken front matter of blanks behind a word": "---\na" + " " * 60_000 + "!\0\n---\n",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_time_is_that_of_the_length(shape: str) -> None:
    data = SHAPES[shape].encode()
    started = time.process_time()
    read(data, "l.md")
    assert time.process_time() - started < (2 if data.startswith((b"---", b"+++")) else 30)


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: " + "1:" * 400 + "1.5\n---\n", "---\nx: !!bool maybe\n---\n", '---\nx: !!int ""\n---\n',
        '---\nx: !!timestamp "x"\n---\n', "---\nx: !!float ''\n---\n", "---\n? [a]\n: b\n---\n", "---\n" + "[" * 60_000 + "\n---\n",
        "+++\nx = " + "[" * 60_000 + "\n+++\n", "+++\nx = " + "9" * 5_000 + "\n+++\n", "+++\nx = 2020-13-45\n+++\n",
    ],
)  # fmt: skip
def test_no_front_matter_ends_the_program(text: str) -> None:
    assert [link.url for link in read(f"{text}\n<{URL}>\n".encode(), "l.md").links] == [URL]


def test_a_title_of_front_matter_is_text() -> None:
    assert read(b"---\ntitle: 2024\n---\n", "l.md").title == "2024"


def test_an_entry_is_about_thirty_links_at_most() -> None:
    document = read(("- " + f"[t]({URL}) and " * 100).encode(), "l.md")
    assert [link.is_main for link in document.links] == [True] * 30 + [False] * 70


def test_a_link_has_a_title_of_a_thousand_characters_at_most() -> None:
    (link,) = read(f"- {'A long title ' * 1_000}[[pdf]]({URL})".encode(), "l.md").links
    assert (link.title[:12], len(link.title)) == ("A long title", 1_000)


def test_a_section_has_ten_parts_at_most() -> None:
    text = "# S\n\n" + "".join(f"{'  ' * n}- level {n}\n" for n in range(30)) + f"{'  ' * 30}- [t]({URL})\n"
    (link,) = read(text.encode(), "l.md").links
    assert link.section == ("S", *(f"level {n}" for n in range(9)))


def test_an_image_has_the_text_of_those_in_it() -> None:
    (image,) = read(f"![a ![b `c`](u) d\ne]({URL})".encode(), "l.md").links
    assert (image.text, image.url, image.is_image) == ("a b c d e", URL, True)
    link, inner = read(f"[a ![b](u) c]({URL})".encode(), "l.md").links
    assert (link.text, inner.text) == ("a b c", "b")


LOOSE = [
    "ab *c* ",
    "ab `c` ",
    "ab [c ",
    "ab <c ",
    "ab &amp; ",
    "ab\\* ",
    "ab **c** d",
    "ab\n",
    "ab\\\n",
    "![abc ",
    "|abc|d|",
]


@pytest.mark.parametrize("before", ["", "- p\n- ", f"[Title]({URL}) "])
@pytest.mark.parametrize("text", LOOSE)
def test_a_paragraph_of_many_pieces_holds_some_thousand(
    monkeypatch: pytest.MonkeyPatch, text: str, before: str
) -> None:
    held = list[int]()
    finish = Walk._finish

    def count(walk: Walk, unit: Unit) -> None:
        held.append(len(unit.pieces))
        finish(walk, unit)

    monkeypatch.setattr(Walk, "_finish", count)
    read(f"{before}{text * 30_000}".encode(), "l.md")
    assert 0 < max(held) < 12_000


@pytest.mark.parametrize("before", ["- p\n\n  - ", "# ", "> "])
def test_pieces_that_are_joined_say_the_same(before: str) -> None:
    pieces = "*a* `b` " * 6_000
    document = read(f"{before}{pieces} https://b.example/x {pieces} [Title]({URL}) - {pieces}end\n".encode(), "l.md")
    assert [link.url for link in document.links] == ["https://b.example/x", URL]
    assert [document.links[1].text, document.links[1].span] == ["Title", document.links[1].span]
    start, end = document.links[1].span
    assert start == len(f"{before}{pieces} https://b.example/x {pieces} [Title](".encode())
    assert end - start == len(URL)
    entry = document.entries[0]
    assert entry.description.endswith("a b a b end")
    assert entry.description.count("a b ") == 12_000


def test_a_url_in_a_long_run_is_whole() -> None:
    url = "https://a.example/" + "a*b_" * 500
    text = "*a* b " * 900 + url + "x and " + "*a* b " * 900
    assert [link.url for link in read(text.encode(), "l.md").links] == [f"{url}x"]


NESTED = [
    ("> ", "a", ""), ("- ", "a", ""), ("1. ", "a", ""), ("[", "a", f"]({URL})"), ("![", "a", f"]({URL})"), ("*a ", "b", " a*"),
    ("**a ", "b", " a**"), ("~~a ", "b", " a~~"), ("*a _b ", "c", " b_ a*"), ("(", "a", ")"), ("[^a]: ", "b", ""), ("<b>", "a", "</b>"),
]  # fmt: skip


@pytest.mark.parametrize(("opening", "inner", "closing"), NESTED)
def test_the_parser_needs_no_stack_for_what_is_nested(opening: str, inner: str, closing: str) -> None:
    """100,000 deep, as it is given to the parser of a list, in a thread of 512 KB: a crash would end the program."""
    text = opening * 100_000 + inner + closing * 100_000
    counted = list[int]()
    size = threading.stack_size(512 * 1024)
    try:
        thread = threading.Thread(target=lambda: counted.append(sum(1 for _ in PARSER.events_with_range(text))))
        thread.start()
        thread.join()
    finally:
        threading.stack_size(size)
    assert counted[0] > 0
