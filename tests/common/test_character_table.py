"""The tables are made by scripts/characters.py: that what it wrote are the classes that it says."""

from __future__ import annotations

import re

import pytest

from linkcheck.common import character_table as table


@pytest.mark.parametrize(
    ("characters", "inside", "outside"),
    [
        (table.DEFAULT_IGNORABLE, "\u00ad\u034f\u200b\u202e\u2060\ufe0f\ufeff\U000e0041\U000e0fff", "a \u00ae\u2010\u2070\U000e1000"),
        (table.PRINTABLE_IGNORABLE, "\u034f\u115f\u3164\ufe0f\uffa0", "a\u200b\u3163\u3165"),
        (table.PICTOGRAPHIC, "\u00a9\u2764\U0001f600\U0001f680\U0001fffd", "a1#\u00a8\u00aa\U0001f1e6\U0001f3fb"),
    ],
)  # fmt: skip
def test_classes(characters: str, inside: str, outside: str) -> None:
    pattern = re.compile(f"[{characters}]")
    assert [char for char in inside if not pattern.match(char)] == []
    assert [char for char in outside if pattern.match(char)] == []


def test_what_may_be_printable_is_ignorable() -> None:
    ignorable, printable = (re.compile(f"[{one}]") for one in (table.DEFAULT_IGNORABLE, table.PRINTABLE_IGNORABLE))
    for char in map(chr, range(0x110000)):
        assert not printable.match(char) or ignorable.match(char), hex(ord(char))
        # What Python takes for printable here has to be in the short table: `is_seen` looks there only.
        assert not (ignorable.match(char) and char.isprintable()) or printable.match(char), hex(ord(char))
