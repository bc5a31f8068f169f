"""Words of strangers in Markdown and JSON: what they could break out of, and what a URL may still show."""

from __future__ import annotations

import json

import pyromark
import pytest

from linkcheck.model import Link, LinkKind
from linkcheck.report import messages


def test_a_fence_of_code_is_short_enough_for_every_reader() -> None:
    shown = messages.code("a" + "`" * 90 + "<img src=x> " + "`" * 1_000 + "b")
    assert "`" * 20 not in shown
    assert pyromark.html(shown) == "<p><code>a…&lt;img src=x&gt; …b</code></p>\n"


def test_a_number_that_is_none_is_null_in_json() -> None:
    value = {"a": [float("nan"), (float("inf"), 1.5)], "b": {"c": -float("inf")}}
    assert json.loads(messages.json_text(value), parse_constant=pytest.fail) == {
        "a": [None, [None, 1.5]],
        "b": {"c": None},
    }


@pytest.mark.parametrize(
    "url", ["https://us\ter:s3cret@a.test/", "https:\t//us\ner:s3cret@a.test/", "https://us er:s3cret@a.test/"]
)
def test_a_blank_uncovers_no_password(url: str) -> None:
    assert "s3cret" not in messages.url(url)


@pytest.mark.parametrize(
    "url", ["https://us\ter:s3cret@a.test/", "https://us\ner:s3cret@a.test/", "us:s3cret@a.test/x"]
)
def test_an_escape_of_json_uncovers_no_password(url: str) -> None:
    assert "s3cret" not in messages.json_text({"url": url, "other": 'a "b"'})


def test_a_file_and_a_line_are_no_command_together() -> None:
    assert messages.place(Link("section_start", 12, 3, (0, 1), "x", LinkKind.INLINE)) == "section_start :12:3"
    assert messages.place(Link("l.md", 12, 3, (0, 1), "x", LinkKind.INLINE)) == "l.md:12:3"


@pytest.mark.parametrize("text", ["Perl: My::Module::Name", "A talk at 12:30:45", "std::Vec, Vec::New"])
def test_colons_that_are_no_emoji_make_no_code(text: str) -> None:
    assert messages.markdown(text) == text


@pytest.mark.parametrize("text", ["a:smile:b", ":+1:", ":-1:", ":100:", ":1234:", ":8ball:", ":e-mail:", ":u5272:"])
def test_emoji_are_code(text: str) -> None:
    assert messages.markdown(text).startswith("`")
