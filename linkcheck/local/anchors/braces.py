"""Ids in attribute lists, `{: #id .class }`, `{#id}` and `{id=…}`, anywhere in a page."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LIST = re.compile(r"\{[^{}\n]{1,300}\}")
_QUOTES = "\"'"


def ids(text: str) -> Iterator[str]:
    """The ids in all attribute lists of `text`."""
    for found in _LIST.finditer(text):
        yield from ids_of(found[0][1:-1])


def ids_of(inside: str) -> Iterator[str]:
    """The ids in what stands between the braces."""
    for word in inside.lstrip(":").split():
        if word[0] == "#" and len(word) > 1:
            yield word[1:]
        elif word.startswith("id="):
            yield word[3:].strip(_QUOTES)


def explicit(source: str) -> tuple[str, str]:
    """`source` without the attribute list at its end, and the id in that, '' if there is none."""
    before, inside = at_end(source)
    is_list = inside[:1] in {"#", ".", ":"} or "=" in inside
    return (before, next(ids_of(inside), "")) if is_list else (source, "")


def at_end(text: str) -> tuple[str, str]:
    """`text` without the `{…}` at its end, and what is in that."""
    text = text.rstrip()
    at = text.rfind("{")
    if at < 0 or not text.endswith("}"):
        return text, ""
    return text[:at].rstrip(), text[at + 1 : -1]
