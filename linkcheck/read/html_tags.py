"""The tags of raw HTML, with the names that a fragment can refer to, by the WHATWG HTML Standard §13.2.5."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from linkcheck.read.html_attributes import attribute_value

_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<raw>script|style)\b(?P<rawattrs>[^<>]*)>.*?(?:</(?P=raw)\s*>|\Z)"
    r"|<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9:.-]*+)(?P<attrs>(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"(?P<key>[^\s\"'<>/=]++)(?:\s*+=\s*+(?:\"(?P<d>[^\"]*+)\"|'(?P<s>[^']*+)'|(?P<u>[^\s\"'=<>`]++)))?"
)
_NAMING = frozenset({"id", "name"})
_MOST_ATTRIBUTES = 200
MOST_TAGS = 50_000  # of a document


class Tag(NamedTuple):
    """A tag, a comment, or a whole `<script>` or `<style>`, at [start, end) of the source.

    `name` is as written, '' for a comment. `names` are the values of `id` and `name`.
    """

    name: str
    is_end: bool
    names: tuple[str, ...]
    start: int
    end: int


def tags(source: str) -> Iterator[Tag]:
    """The tags and comments of `source`, in order. Text between them has no tag."""
    for found in _TAG.finditer(source):
        name = found["name"] or found["raw"] or ""
        attributes = found["attrs"] or found["rawattrs"]
        names = tuple(_names(attributes)) if attributes and not found["end"] else ()
        yield Tag(name, bool(found["end"]), names, *found.span())


def _names(attributes: str) -> Iterator[str]:
    for found in islice(_ATTRIBUTE.finditer(attributes), _MOST_ATTRIBUTES):
        if found["key"].lower() in _NAMING and found.end() > found.end("key"):
            yield attribute_value(found["d"] or found["s"] or found["u"] or "").strip()
