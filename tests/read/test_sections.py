"""The section that a link stands in."""

from __future__ import annotations

from linkcheck.model import Document, Link
from linkcheck.read import read
from linkcheck.read.sections import Sections


def document(text: str) -> Document:
    return read(text.encode(), "l.md")


def links(text: str) -> tuple[Link, ...]:
    return document(text).links


def test_sections_are_headings_bold_lines_and_items_without_a_link() -> None:
    text = "# A\n## B\n- C\n  - [x](https://x.example)\n\n**D**\n\n- [y](https://y.example)\n\n# E\n\n[z](https://z.example)"
    assert [link.section for link in links(text)] == [("A", "B", "C"), ("A", "B", "D"), ("E",)]


def test_a_link_in_a_heading_belongs_to_the_section_above() -> None:
    text = "# A\n## [B](https://b.example)\n[c](https://c.example)\n"
    assert [(link.title, link.section) for link in links(text)] == [("B", ("A",)), ("c", ("A", "B"))]


def test_a_heading_ends_those_of_its_level_and_below() -> None:
    found = Sections()
    found.enter(1, "A")
    found.enter(3, "B")
    found.open_list("item")
    found.open_list("")
    assert found.path() == ("A", "B", "item")
    found.close_list()
    found.close_list()
    found.enter(2, "")
    assert found.path() == ("A",)
    found.enter(2, "C")
    assert found.path() == ("A", "C")
