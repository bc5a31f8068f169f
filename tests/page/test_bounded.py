"""What is given to the parser."""

from __future__ import annotations

import time

import pytest

from linkcheck.model import Url
from linkcheck.page import bounded
from linkcheck.page.html import parse
from tests.answers import NOW

URL = Url("https://a.example/")

ATTRIBUTES = " ".join(f"a{n}" for n in range(20_000))
PLAIN = '<p class=\'x y\'>It\'s a "word" of <a href="/x?y=1">the page</a></p>\n' * 400
# What hides the end of a tag in the value of an attribute; `%s` are attributes.
HIDING = ["%s='>'", '%s="\'>"', "%s='\">'", "%s = \n'>'", '%s="<b>"', "%s='x=\">' y=\"'>\"", "%s='<p a=\">\"'"]


def markup(html: str) -> str:
    return bounded.markup(html.encode()).decode()


def most_attributes(html: str) -> int:
    return max(len(node.attributes) for node in parse(html.encode(), URL, NOW).tree.css("*"))


@pytest.mark.parametrize(
    "html",
    [
        "<p>" + "words " * 100_000, "<div>" * 3_000, f"<p>{'<b>x</b>' * 50}" + "<br>" * 3_000,
        "<p " + " ".join(f"a{n}=x" for n in range(450)) + ">" + "words " * 2_000,
        f"<script>if (i<a) {{ {'x = 1; ' * 100} }}</script>" + "words " * 1_000,
    ],
)  # fmt: skip
def test_a_page_like_any_is_left_as_it_is(html: str) -> None:
    given = html.encode()
    assert bounded.markup(given) is given


def test_a_page_has_so_many_tags_at_most() -> None:
    assert bounded.markup(b"<i>x</i>" * 50_000).count(b"<") == bounded.MOST_TAGS


@pytest.mark.parametrize(
    "html",
    [
        f"<p {ATTRIBUTES}>", f"<b {ATTRIBUTES}>", f"<body {ATTRIBUTES}>", f"<p/{ATTRIBUTES.replace(' ', '/')}>",
        *("<p " + " ".join(hiding % f"a{n}" for n in range(9_000)) + ">" for hiding in HIDING if "<" not in hiding),
    ],
)  # fmt: skip
def test_a_tag_with_too_many_attributes_is_text(html: str) -> None:
    assert markup(f"<title>T</title>{html}x") == f"<title>T</title> {html[1:]}x"


@pytest.mark.parametrize("hiding", HIDING)
@pytest.mark.parametrize("size", [3_000, 7_000, 20_000])
def test_no_place_in_a_page_hides_a_tag_with_too_many_attributes(hiding: str, size: int) -> None:
    """Wherever it begins, and with whatever it hides its end."""
    tag = "<p " + " ".join(hiding % f"a{n}" if n % 40 == 39 else f"a{n}" for n in range(size)) + ">"
    for before in range(0, 9_000, 613):
        assert most_attributes(PLAIN[:before] + tag + PLAIN * 3) <= 500, before


def test_what_stands_before_a_tag_does_not_begin_it_again() -> None:
    assert most_attributes(f"<<p {ATTRIBUTES}>") == 0


def test_a_page_has_few_tags_with_many_attributes() -> None:
    tag = "<p " + " ".join(f"a{n}" for n in range(300)) + ">"
    assert markup(tag * 400).count("<p") < 40
    assert markup(tag * 15 + PLAIN) == tag * 15 + PLAIN


def test_a_script_is_left_as_it_is() -> None:
    html = PLAIN + "<script>" + "for (i=0;i<a.length;i++) { x = '<p a=\"' + y + '\">'; } " * 300 + "</script>" + PLAIN
    assert markup(html) == html


def test_a_root_is_given_attributes_a_few_times() -> None:
    assert markup("<body a>" * 3_000).count("<body") == 8


def test_many_formatting_elements_become_spans() -> None:
    html = markup("<p>" + "<b x=1><strong>" * 1_000 + "</STRONG></b><blink>")
    assert (html.count("<span"), html.count("</span>"), html.count("<b"), html.count("<blink>")) == (2_000, 2, 1, 1)


@pytest.mark.parametrize(
    "html", ["<div>" * 100_000, "<p>" + "<b x>" * 50_000, "<div itemprop=name>x" * 20_000, f"<p {ATTRIBUTES}>"]
)
def test_a_page_is_parsed_in_bounded_time(html: str) -> None:
    started = time.thread_time()
    parse(html.encode(), URL, NOW)
    assert time.thread_time() - started < 2  # 0.05 s; it took 4 to 20
