"""Headings with the anchors that generators made of them, as they were recorded or asked."""

from __future__ import annotations

from collections.abc import Sequence

from linkcheck.local.anchors import Anchors, anchors


def page(text: str, flavour: str, path: str = "a.md") -> Anchors:
    return anchors(text.encode(), path, flavour)


def check(flavour: str, text: str, made: Sequence[str], others: Sequence[str] = ()) -> None:
    """That a page has the anchors that its generator made, and none of `others`."""
    found = page(text, flavour)
    assert not found.is_open
    assert [name for name in made if not found.has(name, is_own=False)] == []
    assert [name for name in others if found.has(name, is_own=False)] == []
