"""Reading takes time in proportion to the text, whatever its shape: each of these took minutes, or all memory."""

from __future__ import annotations

import time

import pytest

from linkcheck.read import read

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
    assert time.process_time() - started < (1 if data.startswith((b"---", b"+++")) else 10)


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
