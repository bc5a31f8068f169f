"""Bare links in running text (GFM §6.9, extended autolinks)."""

from __future__ import annotations

import pytest

from linkcheck.read import bare


def found(text: str) -> list[str]:
    data = text.encode()
    return [prefix + data[start:end].decode() for start, end, prefix in bare.scan(data, 0, len(data))]


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("see https://a.example/x and http://b.example", ["https://a.example/x", "http://b.example"]),
        ("FTP://a.example/x", ["FTP://a.example/x"]),
        ("(www.a.example) *www.b.example*", ["http://www.a.example", "http://www.b.example"]),
        ("xhttps://a.example awww.a.example", []),
        ("1https://a.example", ["https://a.example"]),
        ("https:// www. https://_.a_b", []),
        ("https://a_b.example.com", ["https://a_b.example.com"]),
        ("https://localhost:80/", ["https://localhost:80/"]),
        ("https://a.example/x\u00a0y https://a.example/x\u3000y", ["https://a.example/x", "https://a.example/x"]),
        ("https://a.example/<b>", ["https://a.example/"]),
        ("a@b.example, (c.d+e@f-g.example)", ["mailto:a@b.example", "mailto:c.d+e@f-g.example"]),
        ("a@b a@b.c- a@b.c@d @a.b", []),
        ("mailto:a@b.example xmpp:a@b.example", ["mailto:a@b.example", "xmpp:a@b.example"]),
        ("https://a.example/?q=a@b.example", ["https://a.example/?q=a@b.example"]),
    ],
)
def test_what_is_a_link(text: str, urls: list[str]) -> None:
    assert found(text) == urls


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("https://a.example/x.", "x"),
        ("https://a.example/x?!.,:*_~'\"", "x"),
        ("https://a.example/x)", "x"),
        ("https://a.example/(x)", "(x)"),
        ("https://a.example/(x))]}", "(x)"),
        ("https://a.example/x&amp;", "x"),
        ("https://a.example/x;", "x"),
        ("https://a.example/x&amp;y", "x&amp;y"),
    ],
)
def test_what_ends_a_sentence_is_no_part_of_a_url(text: str, end: str) -> None:
    assert found(text) == [f"https://a.example/{end}"]


def test_only_the_part_that_is_asked_for_is_looked_at() -> None:
    data = b"https://a.example https://b.example https://c.example"
    assert [data[start:end] for start, end, _ in bare.scan(data, 18, 35)] == [b"https://b.example"]


def test_a_name_without_an_end_is_none() -> None:
    assert found("https://" + "a" * 5_000) == []
