from __future__ import annotations

import pytest

from linkcheck.local.anchors import hidden
from linkcheck.read.markdown.headings import outline


@pytest.mark.parametrize("text", ["# a", "#!a", "a #b", "```\n#a\n```", "#", "#[a](b)", "`#a`"])
def test_these_are_no_tight_headings(text: str) -> None:
    assert hidden.tight(outline(text.encode())) == []


@pytest.mark.parametrize("text", ["#a *b*", "##a **b**", "- #a b", "> #a b #"])
def test_a_heading_without_a_blank_is_read_with_its_markup(text: str) -> None:
    assert [heading.text() for heading in hidden.tight(outline(text.encode()))] == ["a b"]


@pytest.mark.parametrize("text", ["!!! note\n    # a", "!!! note\n\n    # a", '=== "b"\n\n    c\n\n    # a\n', "\t# a"])
def test_an_indented_heading_is_read(text: str) -> None:
    assert [heading.text() for heading in hidden.indented(outline(text.encode()))] == ["a"]


@pytest.mark.parametrize("text", ["# a", "   # a", "```\n    # a\n```"])
def test_these_are_not_indented(text: str) -> None:
    assert hidden.indented(outline(text.encode())) == []
