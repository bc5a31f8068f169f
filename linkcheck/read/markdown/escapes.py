"""Markdown's backslash escapes and character references (CommonMark §2.4, §2.5)."""

from __future__ import annotations

import re

from linkcheck.common.lazy import lazy

_ESCAPED = lazy(r"\\([!-/:-@\[-`{-~])|&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);")


def unescaped(text: str) -> str:
    """Decode Markdown's backslash escapes and character references.

    A reference needs its `;`: `&noteId=` in a query is no `¬` (CommonMark §6.2).
    """
    return _ESCAPED.sub(_unescape, text) if "\\" in text or "&" in text else text


def without_references(text: str) -> str:
    """Decode character references only; backslashes stay, as in `<https://…>` (CommonMark §2.5, §6.5)."""
    return _ESCAPED.sub(lambda found: found[0] if found[1] is not None else _unescape(found), text)


def _unescape(found: re.Match[str]) -> str:
    if found[1] is not None:
        return found[1]
    name = found[2]
    if not name.startswith("#"):
        from html.entities import html5  # loaded lazily

        return html5.get(name + ";", found[0])
    number = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    is_character = 0 < number < 0x110000 and not 0xD800 <= number < 0xE000
    return chr(number) if is_character else "\ufffd"
