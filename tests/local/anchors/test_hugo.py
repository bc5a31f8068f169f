from __future__ import annotations

import pytest

from tests.local.anchors.facts import check, page

# Hugo 0.111.3, asked in December 2026.
FACTS = [
    ("# Foo [link](http://x.y/z) `code` **bold** &amp; 1.2", ["foo-linkhttpxyz-code-bold-amp-12"], []),
    ("# Foo [link](http://x.y/z)", ["foo-link"], []),
    ("## ![alt](a.png) Img", ["altapng-img"], ["alt-img"]),
    ("# Foo\n# Foo\n# Foo-1", ["foo", "foo-1", "foo-1-1"], ["foo-2"]),
    ("# 日本 語 ½ Ünï_x", ["日本-語--ünï_x"], ["日本-語-½-ünï_x"]),
    ("# !!!", ["heading"], []),
    ("# !!!\n# ???", ["heading", "heading-1"], ["heading-2"]),
    ("# a {#custom .cls}", ["custom"], ["a", "a-custom-cls"]),
    ("# <b>x</b> y", ["bxb-y", "x-y"], []),
    ("Set\next two\n===", ["ext-two"], ["set-ext-two"]),
    ("# :tada: Foo", ["tada-foo"], ["-foo"]),
    ('# Foo -- "bar"', ["foo----bar"], ["foo-bar"]),
    ("a[^a] b[^b] c[^b]\n\n[^a]: x\n[^b]: y", ["fn:1", "fnref:1", "fn:2", "fnref:2", "fnref1:2"], ["fn:a", "fn:3"]),
]


@pytest.mark.parametrize(("text", "made", "others"), FACTS, ids=[row[0][:30] for row in FACTS])
def test_headings_have_the_anchors_of_hugo(text: str, made: list[str], others: list[str]) -> None:
    check("hugo", text, made, others)


def test_a_page_with_shortcodes_of_its_own_is_open() -> None:
    assert page('{{% include "a.md" %}}', "hugo").is_open
    assert page("{{< readfile file=a.md >}}", "hugo").is_open
    assert page("# {{< param a >}}", "hugo").is_open
    assert not page('[a]({{< ref "b.md" >}}) {{< figure src=a >}} {{< / details >}}', "hugo").is_open
