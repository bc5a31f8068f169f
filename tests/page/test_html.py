"""A page parsed once: what is looked up, what its main text is, and that no reader changes it."""

from __future__ import annotations

import pytest

from linkcheck.model import Url
from linkcheck.page import fragments, html, metadata, signatures
from linkcheck.page.html import MAIN_TEXT_CHARS, MAIN_TEXT_WORDS, NOT_MAIN, ParsedPage
from tests.answers import NOW

URL = Url("https://a.example/")
PAGE = """<html lang=en><title>A page</title><header><h1>A head</h1></header><nav><a id=menu href=/>menu</a></nav>
<p>The main <b>text</b> of <a rel=author>Ann Lee</a> it.<script>x()</script><footer><h2>The foot</h2></footer>"""


def parse(source: str) -> ParsedPage:
    return html.parse(source.encode(), URL, NOW)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("", ""), ("a", "a"), ("<p>a<b>b</b>c</p>d", "a b c d"), ("<div><div><p>a</div><p>b</div>c", "a b c"),
        ("<!-- x -->a<!-- y -->b", "a b"), ("<p> a \n\t b </p>", "a b"), ("<ul><li>a<li>b</ul>", "a b"),
        ("<svg><title>x</title></svg>a", "a"), ("<template>x</template>a", "a"), ("<p><nav><p>x</p></nav></p>", ""),
        ("<div><nav>x</nav></div><div></div>a", "a"), ("<frameset><frame></frameset>", ""), ("&amp;&lt;b&gt;", "&<b>"),
    ],
)  # fmt: skip
def test_main_text(source: str, text: str) -> None:
    assert parse(source).main_text() == text


@pytest.mark.parametrize("tag", sorted(NOT_MAIN))
def test_what_is_no_main_text(tag: str) -> None:
    assert parse(f"<p>a <{tag}>x</{tag}></p> b").main_text().split()[0] == "a"
    assert "x" not in parse(f"<p>a <{tag}>x</{tag}></p> b").main_text()


def test_the_main_text_has_so_many_words_and_characters() -> None:
    assert parse("<p>" + "<b>one two</b>" * 500).main_text().split() == ["one", "two"] * (MAIN_TEXT_WORDS // 2)
    assert len(parse("<p>" + "x" * 100_000).main_text()) == MAIN_TEXT_CHARS


def test_no_reader_changes_what_another_one_sees() -> None:
    def seen(page: ParsedPage) -> list[object]:
        looked_at = signatures.SignatureInput(PAGE, page, URL, {})
        return [
            signatures.find(looked_at, status=200), looked_at.text, looked_at.headings, metadata.extract(page),
            fragments.missing(PAGE, page, ["menu", "lost"]), page.body_text(), page.tree.html,
        ]  # fmt: skip

    page = parse(PAGE)
    first = seen(page)
    assert seen(page) == first
    assert first[1:3] == ["The main text of it.", ["A head", "The foot"]]


def test_an_element_is_kept_once() -> None:
    page = parse("<title>A</title><time datetime=2020 itemprop=datePublished class=byline rel=author>x</time>")
    assert [element.tag for element in page.marked] == ["time"]
    assert [len(found) for found in page.elements.values()] == [1, 1]


def test_metas_are_named_by_name_property_itemprop_and_http_equiv() -> None:
    page = parse(
        "<meta name='A b' content=' 1  2 '><meta property=a content=3><meta itemprop=c content=4>"
        "<meta http-equiv=Refresh content=5><meta content=6><meta name=a>"
    )
    assert page.metas == {"a": ["1 2", "3"], "b": ["1 2"], "c": ["4"], "http-equiv:refresh": ["5"]}
    assert (page.meta("a"), page.meta("x")) == ("1 2", "")


def test_the_first_of_an_element_that_says_something() -> None:
    page = parse("<h1> </h1><h1>B</h1><h1>C</h1><base target=x><base href=y><base href=z>")
    assert (page.text("h1"), page.text("h2")) == ("B", "")
    assert (page.attribute("base", "href"), page.attribute("base", "x"), page.attribute("b", "x")) == ("y", "", "")


def test_headings_are_four_of_the_first_two_ranks() -> None:
    assert parse("<h3>x</h3><h2>a <i>b</i></h2><h1></h1><h1>c</h1><h2>d</h2><h2>e</h2>").headings() == ["a b", "c", "d"]
    assert [len(text) for text in parse(f"<h1>{'x' * 300}</h1>").headings()] == [200]


@pytest.mark.parametrize("tag", sorted(NOT_MAIN))
def test_what_is_left_out_may_stand_in_itself(tag: str) -> None:
    source = f"<title>A page</title><h1>A head</h1><p>{'words ' * 30}<div><{tag}>x" * 900
    read = parse(source)
    assert "words" in read.main_text()
    assert read.headings()[:1] == ["A head"]
