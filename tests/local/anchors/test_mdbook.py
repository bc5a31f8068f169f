from __future__ import annotations

import pytest

from tests.local.anchors.facts import check, page

# mdBook's own tests: `id_from_content` and `normalize_id` of src/utils/mod.rs (0.4), and the HTML that
# tests/testsuite (0.5.4) expects, read in December 2026: 91 of its 94 ids are found.
FACTS = [
    (
        "## `--passes`: add more rustdoc passes",
        ["--passes-add-more-rustdoc-passes"],
        ["passes-add-more-rustdoc-passes"],
    ),
    ("## Method-call expressions", ["method-call-expressions"], ["Method-call-expressions"]),
    ("## Method-call 🐙 expressions 👼", ["method-call--expressions-"], []),
    ("## **Bold** title", ["bold-title"], []),
    ("## `Code` title", ["code-title"], []),
    ("## title <span dir=rtl>foo</span>", ["title-foo"], []),
    ("## 中文標題 CJK title", ["中文標題-cjk-title"], []),
    ("# _-_12345", ["_-_12345"], []),
    ("# Über", ["Über", "über"], ["uber"]),
    ("# Foo\n# Foo", ["foo", "foo-1"], ["foo-2"]),
    ("# a\n# a\n# a-1", ["a", "a-1", "a-1-1"], ["a-2"]),
    ("## Foo^bar\n###\n### !.():", ["foobar", "section", "section-1"], ["section-2"]),
    ("# Repeat\n# Repeat\n# Repeat\n# Repeat 1", ["repeat", "repeat-1", "repeat-2", "repeat-1-1"], ["repeat-3"]),
    ("apple\n:   red\n\norange\n\n  : a\n\napple\n: b", ["apple", "orange", "apple-1"], ["red", "apple-2"]),
    ("# A {#own .cls}", ["own"], ["a-own-cls", "a"]),
    ("# a &amp; b ![alt](i)", ["a--b"], ["a--b-alt"]),
    ("a[^n]\n\n[^n]: b", ["n", "footnote-n", "fr-n-1"], ["fr-n-2"]),
]


@pytest.mark.parametrize(("text", "made", "others"), FACTS, ids=[row[0][:30] for row in FACTS])
def test_headings_have_the_anchors_of_mdbook(text: str, made: list[str], others: list[str]) -> None:
    check("mdbook", text, made, others)


def test_a_page_that_includes_a_file_is_open() -> None:
    assert page("{{#include a.md}}", "mdbook").is_open
    assert not page("{{#TITLE}}", "mdbook").is_open
    assert not page("```rust\n{{#include a.rs}}\n```", "mdbook").is_open
