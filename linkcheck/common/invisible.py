"""Remove invisible characters from a text, but for those that scripts and emoji need.

Invisible are controls, Unicode's Default_Ignorable_Code_Point (tag characters and bidirectional controls among them),
lone surrogates, interlinear annotations and noncharacters. Joiners and variation selectors are invisible too; they are
kept where a script or an emoji needs them.
"""

from __future__ import annotations

import re

from linkcheck.common.character_table import DEFAULT_IGNORABLE, PICTOGRAPHIC, PRINTABLE_IGNORABLE
from linkcheck.common.lazy import lazy

_BREAKS = "\x00-\x1f\x7f-\x9f\u2028\u2029"
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(f"{chr(end)}{chr(end + 1)}" for end in range(0xFFFE, 0x110000, 0x10000))
UNSEEN = lazy(f"[{_BREAKS}{DEFAULT_IGNORABLE}\ud800-\udfff\ufff9-\ufffb{_NONCHARACTERS}]")
_PRINTABLE = lazy(f"[{PRINTABLE_IGNORABLE}]")  # fewer ranges: a fast test for most text
_IS_BREAK = lazy(f"[{_BREAKS}]")

_ZWNJ, _ZWJ = "\u200c\u200d"
JOINERS = _ZWNJ + _ZWJ
_EMOJI_OR_TEXT = "\ufe0e\ufe0f"  # the variation selectors of emoji
_IS_PICTOGRAPHIC = lazy(f"[{PICTOGRAPHIC}]")
_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_KEYCAP = "\u20e3"
# Blocks of scripts whose spelling uses joiners (UAX #31 §2.3.1): cursive ones, those of India and its neighbours.
_JOINING = lazy(
    "[\u0620-\u06ff\u0710-\u109f\u1780-\u18aa\u1900-\u1cff\ua800-\uabff\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc"
    "\U00010a00-\U00011fff\U0001e900-\U0001e95f]"
)
_VIRAMA = 9  # the canonical combining class of viramas


def visible(text: str) -> str:
    """`text` without invisible characters; each control becomes a blank."""
    return text if is_seen(text) else UNSEEN.sub(_seen, text)


def is_seen(text: str) -> bool:
    return text.isprintable() and (text.isascii() or not _PRINTABLE.search(text))


def _seen(found: re.Match[str]) -> str:
    char, text, at = found[0], found.string, found.start()
    if char in JOINERS:
        return char if _joins_letters(text, at) or (char == _ZWJ and _joins_emoji(text, at)) else ""
    if char in _EMOJI_OR_TEXT:
        return char if _is_styled(text, at) else ""
    return " " if _IS_BREAK.match(char) else ""


def _joins_letters(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if not _is_letter(before):
        return False
    return _is_letter(after) or (text[at] == _ZWJ and _is_virama(before))


def _is_letter(char: str) -> bool:
    return bool(_JOINING.match(char)) and not UNSEEN.match(char)


def _is_virama(char: str) -> bool:
    from unicodedata import combining

    return combining(char) == _VIRAMA


def _joins_emoji(text: str, at: int) -> bool:
    """Between two pictures; the first may have a style or a tone (UTS #51, ED-16)."""
    before = text[max(at - 2, 0) : at]
    if before[-1:] and before[-1] in _EMOJI_OR_TEXT + _TONES:
        before = before[:-1]
    return bool(before and _IS_PICTOGRAPHIC.match(before[-1]) and _IS_PICTOGRAPHIC.match(text, at + 1))


def _is_styled(text: str, at: int) -> bool:
    """Behind a picture, or within a keycap (UTS #51, ED-14c and ED-20)."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return bool(before) and (bool(_IS_PICTOGRAPHIC.match(before)) or (before in "0123456789#*" and after == _KEYCAP))
