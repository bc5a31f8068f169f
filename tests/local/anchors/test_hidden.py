from __future__ import annotations

import pytest

from linkcheck.local.anchors import hidden
from linkcheck.read.markdown.headings import outline


@pytest.mark.parametrize("text", ["# a", "#!a", "a #b", "```\n#a\n```", "#", "#[a](b)", "`#a`"])
def test_these_are_no_tight_headings(text: str) -> None:
    assert hidden.tight(outline(text.encode())) == []


@pytest.mark.parametrize("text", ["#a *b*", "#a `b`", "##a **b**", "- #a b", "> #a b #"])
def test_a_heading_without_a_blank_is_read_with_its_markup(text: str) -> None:
    assert [heading.text() for heading in hidden.tight(outline(text.encode()))] == ["a b"]


@pytest.mark.parametrize("text", ["!!! note\n    # a", "!!! note\n\n    # a", '=== "b"\n\n    c\n\n    # a\n', "\t# a"])
def test_an_indented_heading_is_read(text: str) -> None:
    assert [heading.text() for heading in hidden.indented(outline(text.encode()))] == ["a"]


@pytest.mark.parametrize("text", ["a\n: b", "a\n\n:   b", "> a\n>\n> : b", "a\n  : b\n: c", "*a*\n: b"])
def test_a_term_of_a_definition_list_is_read(text: str) -> None:
    assert [heading.text() for heading in hidden.terms(outline(text.encode()))] == ["a"]


@pytest.mark.parametrize("text", ["a: b", "a\n:b", "a\n\n\n: b", "```\na\n: b\n```", ": b\n: c"])
def test_these_are_no_terms(text: str) -> None:
    assert hidden.terms(outline(text.encode())) == []


@pytest.mark.parametrize("text", ["# a", "   # a", "```\n    # a\n```"])
def test_these_are_not_indented(text: str) -> None:
    assert hidden.indented(outline(text.encode())) == []
