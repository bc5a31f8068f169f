from __future__ import annotations

import pytest

from tests.local.anchors.facts import check, page

# kramdown 2.4.0 with kramdown-parser-gfm 1.1.0, asked in December 2026; "kramdown-plain" is its own input.
FACTS = [
    ("kramdown", "# Foo Bar", ["foo-bar"], ["Foo-Bar"]),
    ("kramdown", "# 1. Foo_bar", ["1-foo_bar"], ["foobar"]),
    ("kramdown", "# Ünï 日本", ["ünï-日本"], ["n-"]),
    ("kramdown", "# a -- b --- c...", ["a--b--c"], ["a-b-c"]),
    ("kramdown", "# [l](u) ![alt](i) `a -- b`", ["l--a----b"], ["l-alt-a----b"]),
    ("kramdown", "# a\n\n# a\n\n# a-1", ["a", "a-1"], ["a-2", "a-1-1"]),
    ("kramdown", "# A {#own}", ["own"], ["a-own", "a"]),
    ("kramdown", "# A\n{: #own .cls}", ["own"], ["cls"]),
    ("kramdown", "text\n{: #para}\n\n*a*{: #em}", ["para", "em"], []),
    ("kramdown", '<div markdown="1">\n\n# 1. Foo\n\n</div>', ["foo"], []),
    ("kramdown", "# Use {curly}", ["use-curly"], ["use"]),
    ("kramdown", "a[^x] b[^x]\n\n[^x]: c", ["fn:x", "fnref:x", "fnref:x:1"], ["fnref:x:2", "fn-x"]),
    ("kramdown", '<h2>HTML</h2>\n\n<a id="x"></a>', ["x"], ["html"]),
    ("kramdown-plain", "# 1. Foo_bar", ["foobar"], ["1-foo_bar"]),
    ("kramdown-plain", "# Ünï", ["n"], ["ünï"]),
    ("kramdown-plain", "# 日本", ["section"], ["日本"]),
    ("kramdown-plain", "# [l](http://a.b/c)", ["lhttpabc"], ["l"]),
    ("kramdown-plain", "# a\n\n# a", ["a", "a-1"], ["a-2"]),
    ("kramdown-plain", "#Tight", ["tight"], []),
]


@pytest.mark.parametrize(("flavour", "text", "made", "others"), FACTS, ids=[f"{row[0]} {row[1][:25]}" for row in FACTS])
def test_headings_have_the_anchors_of_kramdown(flavour: str, text: str, made: list[str], others: list[str]) -> None:
    check(flavour, text, made, others)


@pytest.mark.parametrize("text", ["{% include a.md %}", "{%- for a in b %}", "{{ content }}", "# {{ page.title }}"])
def test_a_page_with_parts_of_others_is_open(text: str) -> None:
    assert page(text, "kramdown").is_open
    assert not page(f"`{text}`", "kramdown").is_open


def test_a_page_with_links_of_jekyll_is_not() -> None:
    assert not page("[a]({% link b.md %}) {{ site.baseurl }} {% raw %}{{ a }}{% endraw %}", "kramdown").is_open
