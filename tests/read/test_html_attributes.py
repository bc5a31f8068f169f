"""URLs in the tags of raw HTML (WHATWG HTML §13.2.5)."""

from __future__ import annotations

import pytest

from linkcheck.read.html_attributes import attribute_value, clean, comments, links


def found(text: str, reach: int | None = None) -> list[tuple[str, str, bool]]:
    data = text.encode()
    each = links(data, 0, len(data), len(data) if reach is None else reach)
    return [(data[start:end].decode(), shown, is_image) for start, end, shown, is_image in each]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<a href="https://a.example/">A <b>page</b></a>', [("https://a.example/", "A page", False)]),
        ("<A HREF=' /x '>x</A>", [("/x", "x", False)]),
        ("<a class=b href=/x>x</a>", [("/x", "x", False)]),
        ('<img alt="A &amp; B" src="/i.png">', [("/i.png", "A & B", True)]),
        ('<img src="/i.png" title="T">', [("/i.png", "T", True)]),
        ('<img srcset="/a.png 1x, /b.png 2.5x">', [("/a.png", "", True), ("/b.png", "", True)]),
        ("<script src=/s.js>'<a href=/x>'</script>", [("/s.js", "", True)]),
        ("<!-- <a href=/x>x</a> --><a href=/y>y", [("/y", "", False)]),
        ("<!-- <a href=/x>", []),
        ("<a data-href=/x>x</a><p>href=/x", []),
        ('<a title="href=/x" href="">x</a>', []),
        ("<a href=/x>x <a href=/y>y</a>", [("/x", "x", False), ("/y", "y", False)]),
        ("< a href=/x>", []),
    ],
)
def test_urls_of_tags(text: str, expected: list[tuple[str, str, bool]]) -> None:
    assert found(text) == expected


def test_the_text_of_a_link_is_looked_for_within_reach() -> None:
    text = "<a href=/x>" + "x" * 100 + "</a>"
    assert found(text, reach=50) == [("/x", "", False)]
    assert found("<a href=/x>" + "x" * 3_000 + "</a>") == [("/x", "", False)]


def test_of_a_tag_so_many_are_taken() -> None:
    assert len(found(f"<img srcset='{'/a.png, ' * 500}'>")) == 200
    assert len(found(f"<img {'src=/a.png ' * 500}>")) == 200


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("/?a&amp;b", "/?a&b"),
        ("/?a&copy=b", "/?a&copy=b"),
        ("/&#x2f;", "//"),
        ("/\0", "/\ufffd"),
        ("/&nothing;", "/&nothing;"),
    ],
)
def test_an_attributes_value(text: str, value: str) -> None:
    assert attribute_value(text) == value


def test_text_is_one_line() -> None:
    assert clean(b" a \n&lt;b\xff ") == "a <b\ufffd"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<a title='<!-- x -->' href=/x>", []),
        ("<script><!-- x --></script>", []),
        ("<!-- x", []),
        ("<!-->", []),
        ("<!-- x --", []),
        ("<!---->", [""]),
        ("a <!-- x --> b <!--y\n--><br><!--z-->", [" x ", "y\n", "z"]),
    ],
)
def test_comments(text: str, expected: list[str]) -> None:
    data = text.encode()
    assert [data[start:end].decode() for start, end in comments(data, 0, len(data))] == expected
