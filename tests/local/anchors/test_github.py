from __future__ import annotations

import pytest

from tests.local.anchors.facts import check, page

# html-pipeline 2.14.3 with cmark-gfm 0.29 (CommonMarker 0.23) and github-slugger 2.0.0, asked in December 2026; they
# agree on each. The last three rows are github-slugger's own documentation.
FACTS = [
    ("# Foo Bar", ["foo-bar"], ["Foo_Bar", "foobar"]),
    ("# `code` and **bold** [link](https://a.example/x)", ["code-and-bold-link"], ["code-and-bold-linkhttpsaexamplex"]),
    ("# ![alt](a.png) Image", ["-image"], ["alt-image"]),
    ("# :tada: Emoji 🎉", ["tada-emoji-"], ["-emoji-"]),
    ("# 🎉 Emoji", ["-emoji"], ["tada-emoji"]),
    ("# ❤️ Heart", ["\ufe0f-heart", "-heart"], ["heart"]),
    ("# 🙇🏻\u200d♂️ Bow", ["\ufe0f-bow", "-bow"], ["bow"]),
    ("# نرم\u200cافزار", ["نرم\u200cافزار", "نرمافزار"], []),
    ("# Hello <!-- world -->", ["hello-", "hello"], ["hello-world"]),
    ("# C++ & C# &amp; F\\#", ["c--c--f"], ["c-c-f"]),
    ("# I <sup>2</sup><br> C <a name='x'></a>", ["i-2-c-", "x"], ["i-c-"]),
    ("# 1.2.3 -- a_b - \"c\"", ["123----a_b---c"], ["123-a_b-c"]),
    ("# Ünï ÇÔDÉ", ["ünï-çôdé", "%C3%BCn%C3%AF-%C3%A7%C3%B4d%C3%A9"], ["uni-code"]),
    ("# 日本語、見出し", ["日本語見出し"], ["日本語-見出し"]),
    ("# ½ ² Ⅳ ① ⓐ", ["--ⅳ--ⓐ"], ["½-²-ⅳ-①-ⓐ"]),
    ("# हिन्दी", ["हिन्दी"], []),
    ("Two\nlines\n===", ["twolines"], ["two-lines"]),
    ("# Trailing ##", ["trailing"], ["trailing-"]),
    ("> ## In a quote\n\n- # In a list", ["in-a-quote", "in-a-list"], []),
    ("<h2 align=center>In <b>HTML</b> &amp; so</h2>", ["in-html--so"], []),
    ("<h1>\n\nA *paragraph*\n\n</h1>", ["a-paragraph"], []),
    ("# a\n# a\n# a", ["a", "a-1", "a-2"], ["a-3"]),
    ("# a\n# a-1\n# a", ["a", "a-1", "a-2"], ["a-1-1", "a-3"]),
    ("# a-1\n# a\n# a", ["a-1", "a", "a-2"], ["a-1-1"]),
    ("# a\n# a\n# a-1", ["a", "a-1", "a-1-1"], ["a-2"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "made", "others"), FACTS, ids=[row[0][:30] for row in FACTS])
def test_headings_have_the_anchors_of_github(text: str, made: list[str], others: list[str]) -> None:
    check("github", text, made, others)


@pytest.mark.parametrize(
    "text",
    [
        "```\n# a\n```", "    # a", "---\n# a\n---\nb", "<!--\n# a\n<a id=a></a>\n-->", "`# a`", "#a", "a\n# b",
        "\\# a", "<pre>\n# a\n</pre>", "<script>\n'<a id=a>'\n</script>", "`<a id=a>`", "<a data-id=a title='id=a'>",
    ],
)  # fmt: skip
def test_what_is_no_heading_has_no_anchor(text: str) -> None:
    assert not page(text, "github").has("a")


def test_any_case_is_found() -> None:
    """ "GitHub actually supports any casing at all" (rsc/markdown#19)."""
    found = page("# Foo Bar\n<a id='Own'></a>", "github")
    assert all(map(found.has, ["foo-bar", "Foo-Bar", "FOO-BAR", "own", "OWN"]))


def test_the_prefix_of_user_content_may_stand_before_any() -> None:
    found = page("# Foo\n\n<a name='user-content-bar'></a><i id=x></i>", "github")
    assert all(map(found.has, ["user-content-foo", "bar", "user-content-bar", "user-content-x"]))
    assert not found.has("user-content-")


def test_the_page_around_a_file_has_places() -> None:
    assert page("", "github").has("readme")
    assert not page("", "mkdocs").has("readme")


def test_footnotes_have_anchors() -> None:
    found = page("a[^1] b[^1] c[^n]\n\n[^1]: x\n[^unused]: y\n", "github")
    assert all(map(found.has, ["user-content-fn-1", "fn-1", "fnref-1", "fnref-1-2"]))
    assert not any(map(found.has, ["fnref-1-3", "fn-n", "fn-2"]))


@pytest.mark.parametrize("text", ["# A {#own}", "# A {: #own .cls}", "# A {/* #own */}", "A {#own}\n===="])
def test_an_id_that_is_written_in_a_heading_is_an_anchor_too(text: str) -> None:
    found = page(text, "github")
    assert found.has("own")
    assert found.has("a-own") == ("{#own}" in text)
    assert not page("text {#own}", "github").has("own")
