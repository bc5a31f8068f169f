"""Backslash escapes and character references (CommonMark §2.4, §2.5)."""

from __future__ import annotations

import pytest

from linkcheck.read.markdown.escapes import unescaped, without_references


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (r"a\_b\(c\)", "a_b(c)"),
        (r"a\b\1", r"a\b\1"),
        (r"\&amp;", "&amp;"),
        ("&amp;&#35;&#X22;", '&#"'),
        ("&noteId=1&copy", "&noteId=1&copy"),
        ("&nothing;", "&nothing;"),
        ("&#0;&#xD800;&#xDFFF;&#x110000;", "\ufffd" * 4),
        ("&#xD7FF;&#xE000;&#x10FFFF;&#1;", "\ud7ff\ue000\U0010ffff\x01"),
        ("&#12345678;&#x1234567;", "&#12345678;&#x1234567;"),
    ],
)
def test_escapes(text: str, plain: str) -> None:
    assert unescaped(text) == plain


def test_in_an_autolink_backslashes_stay() -> None:
    assert without_references(r"https://a.example/\_&amp;") == r"https://a.example/\_&"
