"""Drafts to a Document: in order, with their places in the file's own bytes."""

from __future__ import annotations

import pytest

from linkcheck.model import LinkKind, Malformed, Repair
from linkcheck.read.document import assemble, may_have_directives
from linkcheck.read.entries import Draft
from linkcheck.read.text import decode

TEXT = "é https://a.example/\nhttps://b.example/"
A, B = "https://a.example/", "https://b.example/"


def draft(content: str, url: str, **more: object) -> Draft:
    """A link to `url`, where it stands in `content`."""
    at = content.encode().index(url.encode())
    return Draft(at, (at, at + len(url)), url, LinkKind.BARE, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_links_are_in_order_and_their_spans_are_bytes_of_the_file(encoding: str) -> None:
    data = TEXT.encode(encoding)
    text = decode(data)
    found = assemble("l.txt", text, [draft(text.text, B), draft(text.text, A)], title="T")
    assert [(one.url, one.line, one.column) for one in found.links] == [(A, 1, 3), (B, 2, 1)]
    assert [data[slice(*one.span)].decode(found.encoding) for one in found.links] == [A, B]
    assert [one.written for one in found.links] == ["", ""]
    assert (found.path, found.title) == ("l.txt", "T")


def test_what_is_written_is_kept_where_it_is_not_the_url() -> None:
    text = decode(b"https://a.example/?a&amp;b")
    (one,) = assemble("l.md", text, [Draft(0, (0, 26), "https://a.example/?a&b", LinkKind.AUTOLINK)]).links
    assert one.written == "https://a.example/?a&amp;b"


def test_bytes_that_cannot_be_read_are_told_and_never_replaced() -> None:
    data = b"\xff https://a.example/\xff"
    text = decode(data)
    broken = [
        Draft(2, (2, 21), "https://a.example/?", LinkKind.BARE, malformed=Malformed("x", Repair((2, 21), A))),
        Draft(2, (2, 20), A, LinkKind.BARE, malformed=Malformed("x", Repair((2, 20), B))),
    ]
    found = assemble("l.md", text, broken)
    assert [one.malformed and one.malformed.repair for one in found.links] == [None, Repair((2, 20), B)]
    assert [one.written for one in found.links] == ["https://a.example/\ufffd", ""]
    assert [(notice.path, notice.line) for notice in found.notices] == [("l.md", 1)]


def test_a_repair_is_in_the_files_own_bytes() -> None:
    data = TEXT.encode("utf-16")
    text = decode(data)
    one = draft(text.text, A, malformed=Malformed("x", Repair((3, 21), B)))
    (link,) = assemble("l.md", text, [one]).links
    assert link.malformed
    assert link.malformed.repair
    assert data[slice(*link.malformed.repair.span)].decode("utf-16-le") == A


def test_a_title_that_is_the_text_is_one() -> None:
    drafts = [draft(TEXT, A, text=" A \n b ", title=" A \n b "), draft(TEXT, B, text="pdf", title=" A  paper ")]
    found = assemble("l.md", decode(TEXT.encode()), drafts).links
    assert [(one.text, one.title) for one in found] == [("A b", "A b"), ("pdf", "A paper")]


@pytest.mark.parametrize(
    ("text", "may"),
    [("linkcheck: x", True), ("mlc-disable", True), ("a link-check-disable", True), ("linkcheck", False)],
)
def test_documents_without_such_words_are_not_looked_at(text: str, may: bool) -> None:
    assert may_have_directives(text.encode()) is may
