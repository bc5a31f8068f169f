from __future__ import annotations

import pytest

from tests.local.anchors.facts import check, page

# remark/headings of @docusaurus/mdx-loader 3.10 (with remark-parse and remark-gfm), asked in December 2026.
FACTS = [
    ("# Foo Bar", ["foo-bar"], ["Foo-Bar"]),
    ("# ![Alt](a.png) `code` [link](u)", ["alt-code-link"], ["-code-link"]),
    ("# a\n# a\n# a-1", ["a", "a-1", "a-1-1"], ["a-2"]),
    ("# A {#own}\n# own", ["own"], ["a-own", "own-1", "a"]),
    ("# A {/* #own */}", ["own"], ["a--own-"]),
    ("# A {/* #own more */}", ["own"], []),
    ("# A <!-- #own -->", ["own"], ["a-"]),
    ("# A <!-- own -->", ["a-"], ["own"]),
    ("# A {/* own */}", ["a--own-"], ["own"]),
    ("# A {#with space}", ["with space", "with%20space"], []),
    ('<h2>HTML</h2>\n\n<a id="x"></a>', ["x"], ["html"]),
    ("# A <b>b</b>", ["a-b"], []),
    ("a[^1]\n\n[^1]: b", ["user-content-fn-1", "user-content-fnref-1"], ["fn-1"]),
]


@pytest.mark.parametrize(("text", "made", "others"), FACTS, ids=[row[0][:30] for row in FACTS])
def test_headings_have_the_anchors_of_docusaurus(text: str, made: list[str], others: list[str]) -> None:
    check("docusaurus", text, made, others)


def test_a_page_with_components_is_open() -> None:
    assert page("import Part from './_part.mdx'\n\n<Part />\n", "docusaurus").is_open
    assert not page("<Tabs>\n<TabItem value='a'>\n\n# a\n\n</TabItem>\n</Tabs>\n", "docusaurus").is_open
    assert not page("`<Part />`\n", "docusaurus").is_open
