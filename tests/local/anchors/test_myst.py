from __future__ import annotations

import pytest

from linkcheck.local.anchors.myst import make_id
from tests.local.anchors.facts import check, page

# MyST-Parser 5.2 on docutils 0.22 with myst_heading_anchors = 6, asked in December 2026: slugs and docutils' ids.
FACTS = [
    ("# Foo Bar", ["foo-bar"], ["Foo-Bar"]),
    ("# 1. Foo_bar", ["1-foo_bar", "foo-bar"], ["1-foo-bar"]),
    ("# Ünï 日本", ["ünï-日本", "uni"], ["ünï"]),
    ("# `a -- b` [l](u) ![alt](i)x", ["a----b-l-x"], ["a----b-l-altx"]),
    ("# a\n\n# a\n\n# a", ["a", "a-1", "a-2"], ["a_1"]),
    ("# 日本\n\n# 中文", ["日本", "中文", "section-1", "section-2", "id1"], ["section-3"]),
    ("(My Label)=\n# A", ["My Label", "my-label", "My%20Label"], ["label"]),
    ("[text]{#own} and\n\n{#para}\ntext", ["own", "para"], []),
    ("```{figure} a.png\n:name: fig-one\n```", ["fig-one"], ["one"]),
    ("```{code-block} python\n---\nname: block-one\n---\n```", ["block-one"], []),
    ('<a id="x"></a>', ["x"], []),
]


@pytest.mark.parametrize(("text", "made", "others"), FACTS, ids=[row[0][:30] for row in FACTS])
def test_headings_have_the_anchors_of_myst(text: str, made: list[str], others: list[str]) -> None:
    check("myst", text, made, others)


@pytest.mark.parametrize(
    "text",
    ["```{include} a.md\n```", ":::{automodule} a\n:::", "```{eval-rst}\n.. _a:\n```", "# {{ name }}", "{term}`a`"],
)  # fmt: skip
def test_a_page_with_directives_that_make_anchors_is_open(text: str) -> None:
    assert page(text, "myst").is_open


@pytest.mark.parametrize("text", ["```{note}\na\n```", ":::{tip} a\n:::", "```{toctree}\na\n```", "```python\na\n```"])
def test_a_page_with_other_directives_is_not(text: str) -> None:
    assert not page(text, "myst").is_open


def test_a_fragment_alone_may_lead_to_another_file() -> None:
    found = page("# A", "myst")
    assert found.has("label-of-another-file")
    assert not found.has("label-of-another-file", is_own=False)


# docutils 0.22, nodes.make_id
@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Foo Bar", "foo-bar"), ("1. Foo_bar", "foo-bar"), ("Straße", "strasze"), ("Łódź Øre æther", "lodz-ore-aether"),
        ("-a-", "a"), ("9", ""), ("日本", ""), ("a  b", "a-b"), ("a.b:c_d", "a-b-c-d"), ("ÀÉ", "ae"),
    ],
)  # fmt: skip
def test_ids_are_those_of_docutils(name: str, made: str) -> None:
    assert make_id(name) == made
