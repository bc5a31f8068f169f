from __future__ import annotations

import pytest

from linkcheck.local.anchors.mkdocs import unique_by_underscore
from tests.local.anchors.facts import check, page

# Python-Markdown 3.11 with toc, attr_list, admonition, footnotes, and pymdown-extensions 13.1, asked in December 2026.
FACTS = [
    ("mkdocs", "# Foo Bar", ["foo-bar"], ["Foo-Bar"]),
    ("mkdocs", "# Ünï ½ 日本", ["uni-12"], ["ünï-½-日本"]),
    ("mkdocs-unicode", "# Ünï ½ 日本", ["ünï-½-日本"], ["uni-12"]),
    ("mkdocs", "# a - b  --  c", ["a-b-c"], ["a---b------c"]),
    ("mkdocs", "# 日本", ["_1"], ["日本"]),
    ("mkdocs", "# 日本\n# 中文", ["_1", "_2"], ["_3"]),
    ("mkdocs", "# a\n# a\n# a", ["a", "a_1", "a_2"], ["a-1", "a_3"]),
    ("mkdocs", "# a_1\n# a_1\n# a", ["a_1", "a_2", "a"], ["a_1_1"]),
    ("mkdocs", "# `code` *b* [l](u) ![alt](i)x", ["code-b-l-x"], ["code-b-l-altx"]),
    ("mkdocs", "# C++ &amp; <b>C</b>#", ["c-c"], []),
    ("mkdocs", "# A {#own}", ["own"], ["a-own", "a"]),
    ("mkdocs", "# A {: #own .cls }", ["own"], ["a-own-cls"]),
    ("mkdocs", "# A {#b}\n# B", ["b", "b_1"], ["b_2"]),
    ("mkdocs", "Text\n{: #para }\n\n*x*{#em}", ["para", "em"], []),
    ("mkdocs", "#Tight", ["tight"], []),
    ("mkdocs", "!!! note\n    ## Inside\n", ["inside"], []),
    ("mkdocs", '# A b\n\n=== "C d"\n\n    e\n\n=== "F"\n', ["c-d", "f", "a-b-c-d", "a-b-f", "__tabbed_1_2"], ["e"]),
    ("mkdocs", "a[^1] b[^1]\n\n[^1]: c", ["fn:1", "fnref:1", "fnref2:1"], ["fnref3:1", "fn-1"]),
    ("mkdocs", "<h2>HTML</h2>\n\n<a id=x></a>", ["x"], ["html"]),
    ("mkdocs", "# Use {curly}", ["use-curly"], ["use"]),
    ("mkdocs-pymdownx", "# Foo -- Bar's", ["foo----bars", "Foo----Bars"], ["foo-bars"]),
    ("mkdocs-pymdownx", "# f(a) -&gt; `List<b>`", ["fa---list"], ["fa---listb"]),
    ("mkdocs-pymdownx", "# Ünï a_b\n# Ünï a_b", ["ünï-a_b", "ünï-a_b_1", "Ünï-a_b_1"], ["uni-a_b"]),
]


@pytest.mark.parametrize(("flavour", "text", "made", "others"), FACTS, ids=[row[1][:30] for row in FACTS])
def test_headings_have_the_anchors_of_mkdocs(flavour: str, text: str, made: list[str], others: list[str]) -> None:
    check(flavour, text, made, others)


@pytest.mark.parametrize(
    "text",
    ['--8<-- "a.md"', "{% include 'a.md' %}", "# {{ name }}", "{!a.md!}", "::: package.module", "<!-- md:option a -->"],
)
def test_a_page_that_includes_something_is_open(text: str) -> None:
    assert page(text, "mkdocs").is_open
    assert not page(f"```\n{text}\n```", "mkdocs").is_open


@pytest.mark.parametrize(
    ("slugs", "made"),
    [
        (["a", "a", "a_1", "a"], ["a", "a_1", "a_2", "a_3"]),
        (["a_5", "a_5", "a", "a"], ["a_5", "a_6", "a", "a_1"]),
        (["a_2", "a", "a", "a", "a"], ["a_2", "a", "a_1", "a_3", "a_4"]),
        (["", "", "_1"], ["_1", "_2", "_3"]),
        (["_", "_"], ["_", "__1"]),
    ],
)
def test_duplicates_are_numbered_as_by_python_markdown(slugs: list[str], made: list[str]) -> None:
    unique = unique_by_underscore()
    assert [unique(slug) for slug in slugs] == made
