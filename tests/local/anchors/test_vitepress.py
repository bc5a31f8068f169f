from __future__ import annotations

import pytest

from tests.local.anchors.facts import check, page

# createMarkdownRenderer of VitePress 1.6, asked in December 2026.
FACTS = [
    ("# Foo Bar", ["foo-bar"], ["Foo-Bar"]),
    ("# 1. Foo_bar - b.c", ["_1-foo-bar-b-c"], ["1-foo_bar"]),
    ("# Ünï 日本 ½", ["uni-日本-1⁄2"], ["ünï-日本-½"]),
    ('# a -- "b" --', ["a-b"], ["a----b---"]),
    ("# ![alt](i) [l](u) `c`", ["l-c"], ["alt-l-c"]),
    ("# a -&gt; b", ["a-gt-b", "a-b"], []),
    ("# :tada: a", ["a"], []),
    ("# a\n# a\n# a-1", ["a", "a-1", "a-1-1"], ["a-2"]),
    ("# A {#own}\n# own", ["own", "own-1"], ["a-own", "a"]),
    ('<h2>HTML</h2>\n\n<a id="x"></a>', ["x"], ["html"]),
]


@pytest.mark.parametrize(("text", "made", "others"), FACTS, ids=[row[0][:30] for row in FACTS])
def test_headings_have_the_anchors_of_vitepress(text: str, made: list[str], others: list[str]) -> None:
    check("vitepress", text, made, others)


@pytest.mark.parametrize(
    "text", ["<!--@include: ./a.md-->", "<!-- @include: ./a.md -->", "<Part />", "<my-part />", "# {{ a }}"]
)
def test_a_page_with_other_parts_is_open(text: str) -> None:
    assert page(text, "vitepress").is_open
    assert not page(f"`{text}` {{{{ a }}}}", "vitepress").is_open
