from __future__ import annotations

import pytest

from tests.local.anchors.facts import check, page

# docs.gitlab.com, "Heading IDs and links" (2024), and spec/lib/gitlab/utils/markdown_spec.rb for the rule that
# squeezes; comrak 0.5x (PyPI comrak 0.0.16, asked) and spec/lib/banzai/filter/markup_heading_anchor_filter_spec.rb.
FACTS = [
    ("# This heading has spaces in it", ["this-heading-has-spaces-in-it"]),
    ("## This heading has a :thinking: in it", ["this-heading-has-a-in-it", "this-heading-has-a-thinking-in-it"]),
    ("# This heading has Unicode in it: 한글", ["this-heading-has-unicode-in-it-한글"]),
    ("## This heading has spaces in it\n### This heading has spaces in it", ["this-heading-has-spaces-in-it-1"]),
    ("## This heading has 3.5 in it (and parentheses)", ["this-heading-has-35-in-it-and-parentheses"]),
    ("## This heading has  multiple spaces and --- hyphens", ["this-heading-has-multiple-spaces-and-hyphens"]),
    ("# 123", ["anchor-123", "123"]),
    ("# path/to/my_file.rb", ["pathtomy_filerb"]),
    ("# (Tips & Tricks)", ["tips--tricks", "tips-tricks"]),
    ("# ½ Café", ["½-café", "-café"]),
    ("# ![Alt](a.png)Image", ["altimage"]),
    ("Two\nlines\n===", ["two-lines"]),
    ("# a\n# a\n# a-1", ["a", "a-1", "a-1-1"]),
    ("<h2>HTML</h2>\n\n<a id=x></a>", ["html", "x", "user-content-x"]),
    ("a[^1]\n\n[^1]: b", ["fn-1", "fnref-1"]),
]


@pytest.mark.parametrize(("text", "made"), FACTS, ids=[row[0][:30] for row in FACTS])
def test_headings_have_the_anchors_of_gitlab(text: str, made: list[str]) -> None:
    check("gitlab", text, made, ["b"])


def test_the_case_counts() -> None:
    assert not page("# Foo", "gitlab").has("Foo")


def test_a_page_that_includes_another_is_open() -> None:
    assert page("::include{file=a.md}", "gitlab").is_open
    assert not page("`::include{file=a.md}`", "gitlab").is_open
