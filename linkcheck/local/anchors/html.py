"""Anchors of an HTML file: the `id` and `name` of its tags (WHATWG HTML §7.4.6.4)."""

from __future__ import annotations

import re
from itertools import islice

from linkcheck.local.anchors import Anchors
from linkcheck.read.html_tags import MOST_TAGS, tags
from linkcheck.read.text import decode

_TEMPLATE = re.compile(r"\{\{|\{%|<\?|<%|<!--\s*+#\s*+include", re.IGNORECASE)
_APP = re.compile(r"(?:id|class)=[\"']?(?:root|app|__next|__nuxt|svelte)\b|data-reactroot|ng-app", re.IGNORECASE)
_FEW_WORDS = 20  # of text: a script makes the page


def of_page(data: bytes, lines: int | None) -> Anchors:
    """Open if it has more tags than a page is read for, or if a template engine or a script makes the page of it."""
    source = decode(data).text
    names, texts, done, count, is_scripted = list[str](), list[str](), 0, 0, False
    for tag in islice(tags(source), MOST_TAGS):
        count += 1
        texts.append(source[done : tag.start])
        done = tag.end
        names += tag.names
        is_scripted = is_scripted or tag.name.lower() == "script"
    texts.append(source[done:])
    if count == MOST_TAGS:
        return Anchors(lines=lines, is_open=True)
    is_app = is_scripted and (_APP.search(source) is not None or len(" ".join(texts).split()) < _FEW_WORDS)
    return Anchors(names, lines=lines, is_open=is_app or _TEMPLATE.search(source) is not None)
