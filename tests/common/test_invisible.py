from __future__ import annotations

import unicodedata

import pytest

from linkcheck.common.invisible import is_seen, visible

WOMAN, ROCKET, THUMB, DARK, STYLE, TEXT, ZWJ, ZWNJ, KEYCAP = (
    "\U0001f469", "\U0001f680", "\U0001f44d", "\U0001f3ff", "\ufe0f", "\ufe0e", "\u200d", "\u200c", "\u20e3",
)  # fmt: skip
KA, VIRAMA, SSA, BEH, HEH = "\u0915", "\u094d", "\u0937", "\u0628", "\u0647"


@pytest.mark.parametrize(
    "text",
    [
        "", "plain text", "é ü 漢字 Ω", f"{WOMAN}{ZWJ}{ROCKET}", f"{THUMB}{DARK}", f"{WOMAN}{DARK}{ZWJ}{ROCKET}",
        f"{WOMAN}{STYLE}{ZWJ}{ROCKET}", f"\u2764{STYLE}", f"\u2764{TEXT}", f"1{STYLE}{KEYCAP}", f"#{STYLE}{KEYCAP}",
        f"{KA}{VIRAMA}{ZWJ}{SSA}", f"{KA}{VIRAMA}{ZWJ}", f"{BEH}{ZWNJ}{HEH}", f"{BEH}{ZWJ}{HEH}", f"{KA}{VIRAMA}{ZWNJ}{SSA}",
    ],
)  # fmt: skip
def test_what_scripts_and_emoji_need_stays(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u200bb", "ab"),
        ("a\u202eb\u202c", "ab"),
        ("a\u2066b\u2069", "ab"),
        ("\ufeffa", "a"),
        ("a\u00adb", "ab"),
        ("a\U000e0041b", "ab"),
        ("a\u115fb", "ab"),  # printable for Python
        ("a\u3164b", "ab"),
        ("a\ud800b", "ab"),
        ("a\ufff9b\ufffb", "ab"),
        ("a\ufdd0b\uffff\U0010ffff", "ab"),
        ("a\nb\tc\x00d\x7fe\x9ff\u2028g\u2029h", "a b c d e f g h"),
        (f"a{ZWJ}b", "ab"),
        (f"a{ZWNJ}b", "ab"),
        (f"{ZWJ}{ROCKET}", ROCKET),
        (f"{WOMAN}{ZWJ}", WOMAN),
        (f"{WOMAN}{ZWJ}b", f"{WOMAN}b"),
        (f"a{ZWJ}{ROCKET}", f"a{ROCKET}"),
        (f"{WOMAN}{ZWNJ}{ROCKET}", f"{WOMAN}{ROCKET}"),  # that one joins letters only
        (f"{STYLE}{ZWJ}{ROCKET}", ROCKET),
        (f"a{STYLE}", "a"),
        (f"1{STYLE}", "1"),
        (f"1{STYLE}a", "1a"),
        (f"a{STYLE}{KEYCAP}", f"a{KEYCAP}"),
        (STYLE, ""),
        (f"{BEH}{ZWJ}", BEH),  # the last letter is no virama
        (f"{BEH}{ZWNJ}a", f"{BEH}a"),
        (f"a{ZWNJ}{BEH}", f"a{BEH}"),
        (f"{KA}{VIRAMA}{ZWNJ}", f"{KA}{VIRAMA}"),
        (f"{BEH}{ZWNJ}{ZWNJ}{HEH}", f"{BEH}{HEH}"),
    ],
)
def test_what_is_not_seen_is_gone(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert visible(shown) == shown


def test_text_is_seen_where_nothing_of_it_would_change() -> None:
    assert is_seen("plain é 漢")
    assert not is_seen("a\u200b")
    assert not is_seen("a\u3164")
    assert not is_seen("a\n")


def test_no_control_or_half_pair_is_left_alone() -> None:
    for code in range(0x110000):
        char = chr(code)
        if unicodedata.category(char) in ("Cc", "Cs"):
            assert visible(f"a{char}b") in ("ab", "a b"), hex(code)
