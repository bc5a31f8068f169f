"""Links, places, sections and entries of Markdown; must-not-fire rows first."""

from __future__ import annotations

import pytest

from linkcheck.model import Document, Link, LinkKind
from linkcheck.read import read


def one(text: str) -> Link:
    (link,) = links(text)
    return link


def links(text: str) -> tuple[Link, ...]:
    return document(text).links


def document(text: str) -> Document:
    return read(text.encode(), "l.md")


def urls(text: str) -> list[str]:
    return [link.url for link in links(text)]


# -- what is no link -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "`https://a.example`",
        "```\n[a](https://a.example)\n```",
        "    https://a.example",
        "<!-- https://a.example -->",
        "<!-- [a](https://a.example)",
        "a.example and file.py",
        "xhttp://a.example",
        "http://",
        "https:// a",
        "www.a_b.example_c",
        "me@localhost",
        "a@b.example-",
        "@someone",
        "<style>@import url(https://a.example)</style>",
        "[x] (not a link)",
        "array[0](1, 2)",
        "",
    ],
)
def test_no_link(text: str) -> None:
    assert links(text) == ()


# -- places ----------------------------------------------------------------------------------


def test_a_place_is_that_of_the_url() -> None:
    link = one("# é\n\n- 🔵 [ü](https://a.example/b) x\n")
    assert (link.line, link.column, link.span) == (3, 9, (18, 37))


def test_a_byte_order_mark_is_no_character() -> None:
    link = one("\ufeffhttps://a.example/b")
    assert (link.line, link.column, link.span) == (1, 1, (3, 22))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_in_every_way(end: str) -> None:
    assert one(f"a{end}{end}[x](https://a.example)").line == 3


def test_a_long_line_keeps_its_columns() -> None:
    found = links("é " + " ".join(f"[{n}](https://a.example/{n})" for n in range(200)))
    assert [link.column for link in found[:2]] == [7, 32]
    assert found[-1].column == len("é " + " ".join(f"[{n}](https://a.example/{n})" for n in range(199)) + " [199](") + 1


def test_a_reference_points_into_its_definition() -> None:
    link, again = links("[a][R] and [R]\n\n[r]: <https://a.example/x> 'T'\n")
    assert (link.kind, link.line, link.column, link.text, again.text) == (LinkKind.REFERENCE, 3, 7, "a", "R")
    assert link.span == again.span == (22, 41)


def test_an_unused_definition_is_kept_and_marked() -> None:
    link = one("text\n\n[r]: https://a.example/x\n")
    assert (link.unused, link.line, link.column) == (True, 3, 6)


def test_both_links_of_a_badge() -> None:
    image, link = sorted(links("[![i](https://i.example/a.svg)](https://l.example)"), key=lambda found: found.column)
    assert (image.is_image, image.url, link.url, link.text) == (
        True,
        "https://i.example/a.svg",
        "https://l.example",
        "i",
    )


def test_a_link_inside_an_image_is_alternative_text() -> None:
    assert urls("![a [b](https://b.example)](https://a.example)") == ["https://a.example"]


# -- kinds -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "url"),
    [
        ("<https://a.example/x>", LinkKind.AUTOLINK, "https://a.example/x"),
        ("<me@a.example>", LinkKind.AUTOLINK, "mailto:me@a.example"),
        ("www.a.example/x.", LinkKind.BARE, "http://www.a.example/x"),
        ("me@a.example", LinkKind.BARE, "mailto:me@a.example"),
        ("mailto:me@a.example", LinkKind.BARE, "mailto:me@a.example"),
        ("中文https://a.example/x", LinkKind.BARE, "https://a.example/x"),
        ("https://a.example/x\u3000中文", LinkKind.BARE, "https://a.example/x"),
        ("https://a.example/a_b_*c* d", LinkKind.BARE, "https://a.example/a_b_*c"),
        (r"https://a.example/a\_b", LinkKind.BARE, "https://a.example/a_b"),
        ("https://a.example/?a&amp;b", LinkKind.BARE, "https://a.example/?a&b"),
        ("https://a.example/?noteId=1&copy=2", LinkKind.BARE, "https://a.example/?noteId=1&copy=2"),
        ("https://a.example/x;&gt;", LinkKind.BARE, "https://a.example/x"),
        ("(https://a.example/x_(y))", LinkKind.BARE, "https://a.example/x_(y)"),
        ("<b>https://a.example/x</b>", LinkKind.BARE, "https://a.example/x"),
        ("[a](  <https://a.example/x y>  'T')", LinkKind.INLINE, "https://a.example/x y"),
        (r"[a](https://a.example/\(x)", LinkKind.INLINE, "https://a.example/(x"),
        ("[a](\nhttps://a.example)", LinkKind.INLINE, "https://a.example"),
        ("> [a](\n> https://a.example)", LinkKind.INLINE, "https://a.example"),
        ("[`](`](https://a.example)", LinkKind.INLINE, "https://a.example"),
        ("<a\nhref = 'https://a.example/?a&amp;b'>x</a>", LinkKind.HTML, "https://a.example/?a&b"),
        ("<img src=https://a.example/i.png>", LinkKind.HTML, "https://a.example/i.png"),
        (
            "<script src=\"https://a.example/s.js\">'https://b.example'</script>",
            LinkKind.HTML,
            "https://a.example/s.js",
        ),
    ],
)
def test_kind(text: str, kind: LinkKind, url: str) -> None:
    link = one(text)
    assert (link.kind, link.url) == (kind, url)


def test_every_candidate_of_a_srcset() -> None:
    html = '<img alt="Pic &amp; ture" srcset="https://a.example/1.png 1x, https://a.example/2.png 2x">'
    assert [(link.url, link.text) for link in links(html)] == [
        ("https://a.example/1.png", "Pic & ture"),
        ("https://a.example/2.png", "Pic & ture"),
    ]


def test_the_text_of_an_html_link() -> None:
    assert one('<div>\n<a href="https://a.example"><b>A</b> &amp; <i>B</i></a>\n</div>').text == "A & B"


def test_html_in_a_quote_spans_lines() -> None:
    assert urls('> <div>\n> <a href="https://a.example">x</a>\n> </div>\n') == ["https://a.example"]


# -- bytes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["<a " * 30_000, "[" * 30_000, "](" * 30_000, "a@" * 30_000, "<a href=\"" * 20_000,
                                  "https://a.example/" + ")" * 50_000, "[a](" * 5_000, "&amp;" * 20_000, "<!--" * 20_000, "[t](https://a.example " * 20_000,
                                  "[t](b c.pdf) " * 20_000, "[t] (https://a.example) " * 10_000, "[t][https://a.example] " * 10_000])  # fmt: skip
def test_hostile_text_ends(text: str) -> None:
    read(text.encode(), "l.md")


@pytest.mark.parametrize(
    "text",
    [
        "> [a](\n> https://a.example)\n",
        "> > [a](\n> > https://a.example 'T')\n",
        "> [a](\n  > https://a.example)\n",
        "> [a](\n >\t https://a.example)\n",
    ],
)
def test_a_destination_on_the_next_line_of_a_quote_has_its_span(text: str) -> None:
    data = text.encode()
    (link,) = read(data, "l.md").links
    assert data[slice(*link.span)] == b"https://a.example"


@pytest.mark.parametrize(
    "text",
    [
        f'<a href="https://a.test/&#{"9" * 5_000};">x</a>', f'<img alt="&#{"9" * 5_000};" src="https://a.test/">',
        f"[a](https://a.test/&#{'9' * 5_000};)", f"[&#{'9' * 5_000};](https://a.test/)", f"# &#{'9' * 5_000};\n<https://a.test/>",
    ],
)  # fmt: skip
def test_a_character_reference_of_thousands_of_digits_is_read(text: str) -> None:
    assert len(read(text.encode(), "l.md").links) == 1


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("<https://a.test/?a&amp;b&#65;>", "https://a.test/?a&bA"),
        ("<https://a.test/&#0;>", "https://a.test/\ufffd"),
        (r"<https://a.test/\*>", r"https://a.test/\*"),
        ("<https://a.test/?x&copy=1>", "https://a.test/?x&copy=1"),
    ],
)
def test_references_in_an_autolink_are_undone_and_backslashes_stay(text: str, url: str) -> None:
    [link] = read(text.encode(), "l.md").links
    assert (link.url, link.text) == (url, url)


# -- comments that let links fail ------------------------------------------------------------

IGNORE = "<!-- linkcheck: ignore reason=x -->"


def ignored(text: str) -> list[str]:
    """The URLs of the links that a comment lets fail."""
    return [link.url for link in links(text) if link.ignores]


@pytest.mark.parametrize(
    "text",
    [
        f"[a](b) `{IGNORE}`",
        f"[a](b)\n\n    {IGNORE}\n[c](d)",
        f"```\n{IGNORE.replace('ignore', 'ignore-next-line')}\n```\n[a](b)",
        f"[a](b) \\{IGNORE}",
        f"[a](b)\n{IGNORE}",
        f"[a](b) &lt;!-- linkcheck: ignore reason=x -->{IGNORE[:-3]}",
        f"{IGNORE} [a](b)",  # which is no link: HTML up to the end of the line (CommonMark 0.31 §4.6)
    ],
)
def test_what_ignores_no_link(text: str) -> None:
    assert ignored(text) == []


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        (f"- [a](b) {IGNORE}\n- [c](d)", ["b"]),
        (f"| [a](b) | {IGNORE} |\n|---|---|\n| [c](d) | x |", ["b"]),
        (f"<a href=b>{IGNORE}</a>\n\n[c](d)", ["b"]),
        (f"> [a](b) {IGNORE}\r\n> [c](d)", ["b"]),
        (f"[a\nb](c) {IGNORE}", ["c"]),
        (f"[a](\n<b>) {IGNORE}\n[c](d)", ["b"]),
        (f"see [a] {IGNORE}\nand [a]\n\n[a]: b", ["b"]),
        ("<!-- mlc-disable-next-line -->\n[a]: b\n\n[a] [a]", ["b", "b"]),
        ("<!-- mlc-disable-next-line -->\n[a](b)\n[c](d)", ["b"]),
        ("x\n<!-- mlc-disable-next-line -->\n- [a](b)", ["b"]),
        ("- <!-- mlc-disable-next-line -->\n  [a](b)\n- [c](d)", ["b"]),
        ("<!--\nmlc-disable\n-->\n\n[a](b)\n\n[c](d) <!-- mlc-enable --> [e](f)\n[g](h)", ["b", "d", "f"]),
    ],
)
def test_a_comment_lets_the_links_of_its_lines_fail(text: str, urls: list[str]) -> None:
    assert ignored(text) == urls


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_comments_are_found_in_each_encoding(encoding: str) -> None:
    data = f"é\n[a](b) {IGNORE}\n[c](d)".encode(encoding)
    found = read(data, "l.md")
    assert [bool(link.ignores) for link in found.links] == [True, False]
    assert [(one.place, one.reason) for one in found.ignores] == [("l.md:2", "x")]
