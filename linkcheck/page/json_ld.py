"""The JSON-LD of a page as a flat list of nodes, parsed leniently.

Tolerates what is found on pages (extruct's fixtures): several blocks, arrays, `@graph`, HTML and
JavaScript comments, trailing commas, control characters, escaped markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from linkcheck.common.char_references import unescaped
from linkcheck.page import titles

_MARKUP = re.compile(r"<!--|-->|<!\[CDATA\[|\]\]>|^[^\S\n]*+//[^\n]*$", re.MULTILINE)
_COMMENTS = re.compile(rf"{_MARKUP.pattern}|/\*(?!/\Z)(?s:.*?)(?:\*/|\Z)", re.MULTILINE)
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_MAX_CHARS = 400_000
_MAX_NODES = 500
_MAX_TYPES = 20
_MAX_DEPTH = 5

Node = dict[str, Any]


def nodes(blocks: list[str]) -> list[Node]:
    """Every object of every block that has a `@type`, outer ones first."""
    found: list[Node] = []
    for block in blocks:
        for node in _walk(_load(block[:_MAX_CHARS])):
            found.append(node)
            if len(found) >= _MAX_NODES:
                return found
    return found


def types(node: Node) -> set[str]:
    """The node's types without their vocabulary."""
    declared = node.get("@type")
    names = declared[:_MAX_TYPES] if isinstance(declared, list) else [declared]
    return {str(name).rpartition("/")[2] for name in names if isinstance(name, str)}


def text(value: Any, depth: int = 0) -> str:
    """A value as text: a string, the first of a list, an object's `@value` or `name`."""
    if depth > _MAX_DEPTH:
        return ""
    if isinstance(value, list):
        return next((t for one in value[:5] if (t := text(one, depth + 1))), "")
    if isinstance(value, dict):
        return text(value.get("@value") or value.get("name"), depth + 1)
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return unescaped(str(value)[: titles.MOST_CHARS]).strip()
    return ""


def names(value: Any, by_id: dict[str, Node], depth: int = 0) -> list[str]:
    """The names in an `author`: strings, objects, lists, references by `@id`."""
    if depth > 4:
        return []
    if isinstance(value, list):
        return [name for one in value[:100] for name in names(one, by_id, depth + 1)]
    if isinstance(value, dict):
        if "name" not in value and isinstance(value.get("@id"), str):
            value = by_id.get(value["@id"], {})
        name = text(value.get("name"))
        if not name and (value.get("givenName") or value.get("familyName")):
            name = f"{text(value.get('givenName'))} {text(value.get('familyName'))}".strip()
        return [name] if name else []
    return [text(value)] if text(value) else []


def _load(block: str) -> Any:
    for repair in (str, _without_comments, unescaped):
        try:
            return json.loads(repair(block), strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _without_comments(block: str) -> str:
    """`block` without markup, comments and trailing commas. Behind the last `*/` no comment is looked for, so that none
    is looked for in vain."""
    end = block.rfind("*/") + 2 if "*/" in block else 0
    return _TRAILING_COMMA.sub("", _COMMENTS.sub("", block[:end]) + _MARKUP.sub("", block[end:]))


def _walk(value: Any, depth: int = 0) -> Iterator[Node]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for one in value:
            yield from _walk(one, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for key, one in value.items():
            if key in ("@graph", "mainEntity", "mainEntityOfPage", "itemReviewed", "author", "publisher"):
                yield from _walk(one, depth + 1)
