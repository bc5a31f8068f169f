"""What a list says of its links: entries and titles, of Markdown lists."""

from __future__ import annotations

import pytest

from linkcheck.model import Document, Link
from linkcheck.read import read
from tests import shared

SEED = """---
title: "A list"
---

# Papers

[Attention](https://arxiv.org/pdf/1706.03762):
The transformer.

[Pytorch](https://pytorch.org/) and [Tensorflow](https://www.tensorflow.org/):
Two libraries.

[Quantization](https://h.example/q):
From `float32` to `float16`.
Down to [4 bit(!?) floats](https://i.example/f).

[Recipe](https://k.example/r/)
No colon here.
"""


def document(text: str) -> Document:
    return read(text.encode(), "l.md")


def links(text: str) -> tuple[Link, ...]:
    return document(text).links


@pytest.mark.parametrize(
    ("text", "title", "description"),
    [
        ("- [T](u://a) - Words.", "T", "Words."),
        ("- [T](u://a) – Words.", "T", "Words."),
        ("- [T](u://a): Words.", "T", "Words."),
        ("- [T](u://a) :star: by X", "T", ":star: by X"),
        ("- **[T](u://a)** Words `c`.", "T", "Words c."),
        ("- [T](u://a)", "T", ""),
        ("[T](u://a):\nOne.\nTwo.", "T", "One. Two."),
        ('- A. Author. "The Long Title". 2015. [[pdf]](u://a)', "The Long Title", ""),
        ("- **The Long Title** A. Author [[pdf](u://a)] [[code](u://b)]", "The Long Title", ""),
        ("- Deep things (2015), Y. Bengio. [[pdf]](u://a)", "Deep things", ""),
        ("- [[pdf]](u://a) The title", "The title", ""),
        ("- [pdf](u://a)", "pdf", ""),
        ("- [Pytorch](u://a) and [Tensorflow](u://b): Two.", "Pytorch and Tensorflow", "Two."),
        ("- [A](u://a) is like [B](u://b).", "A", "is like B."),
        ("- See https://x.example for more", "See", "for more"),
        ("https://x.example", "https://x.example", ""),
        ("| a | b |\n|---|---|\n| Name | [link](u://a) |", "Name", "Name"),
        ("| a | b |\n|---|---|\n| [N](u://a) | Words |", "N", "Words"),
        ("| a | b |\n|---|---|\n| [Feed](u://a) | My thing |", "My thing", ""),
    ],
)
def test_an_entry_has_the_title_its_readers_see(text: str, title: str, description: str) -> None:
    (entry,) = document(text.replace("u://", "https://h.example/")).entries
    if "| Name |" in text:
        description = ""
    assert (entry.title, entry.description) == (title, description)


def test_the_owners_shapes() -> None:
    found = document(SEED)
    assert found.title == "A list"
    assert [(link.title, link.is_main, link.entry.title if link.entry else None) for link in found.links] == [
        ("Attention", True, "Attention"),
        ("Pytorch", True, "Pytorch and Tensorflow"),
        ("Tensorflow", True, "Pytorch and Tensorflow"),
        ("Quantization", True, "Quantization"),
        ("4 bit(!?) floats", False, "Quantization"),
        ("Recipe", True, "Recipe"),
    ]
    descriptions = [entry.description for entry in found.entries]
    assert descriptions == [
        "The transformer.",
        "Two libraries.",
        "From float32 to float16. Down to 4 bit(!?) floats.",
        "No colon here.",
    ]


@shared.needs_shared
def test_the_owners_list_and_ours_read_alike() -> None:
    theirs = read((shared.DATA / "seed/reading-list.md").read_bytes(), "l.md")
    ours = read((shared.ROOT / "lists/ml.md").read_bytes(), "l.md")

    def shape(found: Document) -> list[tuple[object, ...]]:
        return [(link.url, link.title, link.section, link.is_main, link.kind) for link in found.links]

    assert shape(ours) == shape(theirs)
    assert [entry.title for entry in ours.entries] == [entry.title for entry in theirs.entries]


def test_a_badge_or_an_anchor_is_no_entry() -> None:
    assert document("![b](https://b.example/x.svg)\n\n- [Top](#top)\n").entries == ()


def test_nested_items_are_their_own_entries() -> None:
    text = "- [A](https://a.example) - one\n\n  More of one.\n  - [B](https://b.example) - two\n"
    assert [(e.title, e.description) for e in document(text).entries] == [("A", "one More of one."), ("B", "two")]
