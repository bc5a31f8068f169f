"""Encodings of documents: spans are bytes of the file, and decode to what is written there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcheck.read import read
from linkcheck.read.text import Places, decode

LIST = "# Ä 🔵 list\r\n\r\n- 🔵 [ü](https://a.example/ü/🔵) - x https://b.example/é.\r\n- [r][s]\r\n\r\n[s]: <https://c.example/>\r\n"
MARKS = {"utf-8": b"", "utf-8-sig": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}


def in_codec(text: str, codec: str) -> bytes:
    return MARKS[codec] + text.encode(codec.removesuffix("-sig"))


@pytest.mark.parametrize("codec", MARKS)
@pytest.mark.parametrize("front", ["", "---\ntitle: Ü\nlink: https://d.example/ü\n---\n"])
def test_every_span_is_bytes_of_the_file(codec: str, front: str) -> None:
    data = in_codec(front + LIST, codec)
    found = read(data, "l.md")
    assert found.encoding == codec.removesuffix("-sig")
    assert [data[slice(*link.span)].decode(found.encoding) for link in found.links] == [
        link.url for link in found.links
    ]
    assert len(found.links) == 3 + bool(front)
    plain = read((front + LIST).encode(), "l.md")
    assert [(link.line, link.column, link.section) for link in found.links] == [
        (link.line, link.column, link.section) for link in plain.links
    ]
    assert found.title == plain.title


@pytest.mark.parametrize("codec", MARKS)
def test_a_byte_order_mark_is_no_part_of_the_text(codec: str) -> None:
    found = read(in_codec("> [a](\n> https://a.example/)", codec), "l.md")
    assert [(link.url, link.line, link.column) for link in found.links] == [("https://a.example/", 2, 3)]
    assert read(in_codec("# Title", codec), "l.md").title == "Title"


def test_utf16_is_told() -> None:
    assert "UTF-16" in read(in_codec("x", "utf-16-le"), "l.md").notices[0].text


def test_bytes_that_are_not_utf8_keep_every_span() -> None:
    data = b"\xef\xbb\xbfcaf\xe9 \xff\n[a](https://a.example/\xe9)"
    found = read(data, "l.md")
    [link] = found.links
    assert (data[slice(*link.span)], link.url) == (b"https://a.example/\xe9", "https://a.example/?")
    assert link.written == "https://a.example/\ufffd"
    assert "not UTF-8 (first in line 1)" in found.notices[0].text


@pytest.mark.parametrize("tail", [b"\x00", b"\x00\xd8", b"\x00\xd8\x41", b"\x00\xd8\x41\x00"])
def test_utf16_that_is_cut_has_spans_in_the_file(tail: bytes) -> None:
    data = in_codec("https://a.example/x", "utf-16-le") + tail
    [link] = read(data, "l.md").links
    assert link.span[0] == 2
    assert 40 <= link.span[1] <= len(data)


@given(st.text(max_size=40), st.sampled_from([*MARKS]))
def test_the_characters_of_a_text_have_their_places_in_the_file(text: str, codec: str) -> None:
    data = in_codec(text, codec)
    found = decode(data)
    offsets = [len(text[:at].encode()) for at in range(len(text) + 1)]
    places = found.in_file(offsets) or {offset: offset for offset in offsets}
    for at, char in enumerate(text):
        assert data[places[offsets[at]] : places[offsets[at + 1]]].decode(found.encoding) == char


def test_a_place_is_a_line_and_a_column() -> None:
    places = Places("ä\r\nbü c\rd\n".encode())
    assert [places.at(offset) for offset in (0, 2, 4, 7, 10, 4)] == [(1, 1), (1, 2), (2, 1), (2, 3), (3, 1), (2, 1)]
    assert places.line(10) == 3
