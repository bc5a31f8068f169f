from __future__ import annotations

import pytest

from linkcheck.read.markdown.headings import Footnote, Heading, outline


def headings(text: str) -> list[Heading]:
    return outline(text.encode()).headings


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#a",
        "a\n# b"[:1],
        "```\n# a\n```",
        "    # a",
        "<!--\n# a\n-->",
        "\\# a",
        "a\n\n---\n",
        "####### a",
        "<p># a</p>",
    ],
)
def test_these_are_no_headings(text: str) -> None:
    assert headings(text) == []


@pytest.mark.parametrize(
    ("text", "shown", "with_alt", "source"),
    [
        ("# A b", "A b", "A b", "A b"),
        ("## A ##", "A", "A", "A"),
        ("## A#", "A#", "A#", "A#"),
        ("#", "", "", ""),
        ("# #", "", "", ""),
        ("A\n===", "A", "A", "A"),
        ("A\n  b\\\nc\n---", "A\nb\nc", "A\nb\nc", "A\n  b\\\nc"),
        ("# *a* **b** ~~c~~ `d`", "a b c d", "a b c d", "*a* **b** ~~c~~ `d`"),
        ("# [a](b) [c][d] <https://e.example>", "a [c][d] https://e.example", "a [c][d] https://e.example",
         "[a](b) [c][d] <https://e.example>"),
        ("# ![a *b* `c`](d) e", " e", "a b c e", "![a *b* `c`](d) e"),
        ("# [![a](b)](c) e", " e", "a e", "[![a](b)](c) e"),
        ("# &amp; &#233; \\* :a:", "& é * :a:", "& é * :a:", "&amp; &#233; \\* :a:"),
        ("# a<br>b <i id=c>d</i><!-- e -->", "ab d", "ab d", "a<br>b <i id=c>d</i><!-- e -->"),
        ("# a </h1> b", "a  b", "a  b", "a </h1> b"),
        ("> # a", "a", "a", "a"),
        ("- # a", "a", "a", "a"),
        ("# a[^1]\n\n[^1]: b", "a", "a", "a[^1]"),
        ("# a {#b}", "a {#b}", "a {#b}", "a {#b}"),
        ("<h1>a &amp;\n <b>b</b></h1>", "a &\n b", "a &\n b", ""),
        ("<h2>\n\na *b* ![c](d)\n\n</h2>\n\ne", "\na b ", "\na b c", ""),
        ("text <h3>a `b`</h3> c", "a b", "a b", ""),
    ],
)  # fmt: skip
def test_a_heading_is_read(text: str, shown: str, with_alt: str, source: str) -> None:
    (heading,) = headings(text)
    assert (heading.text(), heading.text(alt=True), heading.source) == (shown, with_alt, source)
    assert heading.is_html == ("<h" in text and not text.startswith("#"))


def test_lines_may_be_joined() -> None:
    assert headings("a\nb\n===")[0].text(line_break=" ") == "a b"


def test_a_heading_of_html_ends_where_another_begins() -> None:
    assert [one.text().strip() for one in headings("<h1>a\n\n# b\n\n<h2>c<h3>d")] == ["a", "b", "c", "d"]


def test_front_matter_is_left_out() -> None:
    assert [one.text() for one in headings("---\na: b\n# c\n---\n\n# d\n")] == ["d"]
    assert [one.text() for one in headings("+++\na = 1\n# c\n+++\n# d\n")] == ["d"]


def test_names_and_tags_of_html_are_found() -> None:
    page = outline(
        b"<a id=a></a>\n\nx <i name=b>y</i> `<a id=c>`\n\n<!-- <a id=d> -->\n\n```\n<a id=e>\n```\n\n| <b id=f> |\n|-|\n"
    )
    assert (page.names, sorted(page.tags)) == (["a", "b", "f"], ["a", "b", "i"])


def test_footnotes_are_those_that_are_defined() -> None:
    page = outline(b"a[^1] b[^1] c[^n]\n\n[^1]: x\n[^m]: y\n")
    assert page.footnotes == [Footnote("1", 2), Footnote("m", 0)]


def test_prose_is_the_text_without_code() -> None:
    page = outline(b"a `b` c\n\n```\nd\n```\n\n    e\n\nf\n")
    assert page.prose.split() == ["a", "c", "f"]
    assert page.lines.split() == ["a", "`b`", "c", "f"]
    assert page.indented_code.split() == ["e"]
    assert len(page.code) == 3


def test_a_heading_of_many_pieces_is_cut() -> None:
    (heading,) = headings("# " + "a *b* " * 5_000)
    assert len(heading.pieces) == 1_000


def test_more_headings_than_that_are_not_read() -> None:
    page = outline(b"# a\n" * 20_001)
    assert (page.is_cut, len(page.headings)) == (True, 20_000)
    assert not outline(b"# a\n" * 19_999).is_cut
