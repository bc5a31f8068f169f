"""A new URL as text in place of an old one, with the escapes of its document, and the Edit that puts it there.

The text of Markdown is escaped so that it is right within `<…>` and without (CommonMark §6.3), that of HTML so that it
is right in quotes and without (WHATWG HTML §13.1.2.3). What it may not hold is found when the document is read again.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from linkcheck.model import Edit, Link, LinkKind, Repair
from linkcheck.read.html_attributes import attribute_value
from linkcheck.read.markdown.escapes import unescaped, without_references

_REFERENCE = re.compile(r"&(?=#?[A-Za-z0-9]+;)")
_HTML = {"'": "&#39;", '"': "&#34;", "<": "&lt;", ">": "&gt;", "`": "&#96;"}
_BREAKS_FLOW = frozenset(",[]{}")
_WWW = "http://"


def edit(link: Link, url: str, rule: str, reason: str) -> Edit | None:
    """The edit that gives a link another URL; None if that cannot be written at its place."""
    old = link.written or link.url
    if not _is_its_own(link) or not url.isprintable() or " " in url:
        return None
    new = _WRITERS[link.kind](link, url)
    return Edit(link.path, link.span, old, new, rule, reason, url) if new and new != old else None


def repair(link: Link, found: Repair, old: str, rule: str, reason: str) -> Edit | None:
    """The edit that repairs a link's syntax, `old` being the text in its place."""
    return Edit(link.path, found.span, old, found.text, rule, reason) if found.text != old else None


def _is_its_own(link: Link) -> bool:
    """Whether the text at the span of a link is its URL: of some it is the whole link."""
    if not link.written:
        return True
    if "\ufffd" in link.written:
        return False
    read = _READERS.get(link.kind, unescaped)(link.written)
    return link.url in (read, _WWW + read)


def _in_markdown(_: Link, url: str) -> str:
    text = url.replace("\\", "\\\\").replace("<", "\\<").replace(">", "\\>")
    if not _is_balanced(url):
        text = text.replace("(", "\\(").replace(")", "\\)")
    return _REFERENCE.sub("&amp;", text)


def _is_balanced(url: str) -> bool:
    depth = 0
    for char in url:
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return False
    return depth == 0


def _in_brackets(_: Link, url: str) -> str:
    """Of `<https://…>` (CommonMark §6.5), which knows no backslash escapes."""
    return "" if "<" in url or ">" in url else _REFERENCE.sub("&amp;", url)


def _in_html(link: Link, url: str) -> str:
    text = url.replace("&", "&amp;") if "&amp;" in link.written else _REFERENCE.sub("&amp;", url)
    return "".join(_HTML.get(char, char) for char in text)


def _in_front_matter(link: Link, url: str) -> str:
    """No new character that would end a value of YAML or TOML that has no quotes (YAML 1.2.2 §7.3.3)."""
    breaks = (_BREAKS_FLOW & set(url)) - set(link.url)
    return "" if breaks or url.endswith(":") else url


def _as_it_is(_: Link, url: str) -> str:
    return url


_WRITERS: dict[LinkKind, Callable[[Link, str], str]] = {
    LinkKind.INLINE: _in_markdown,
    LinkKind.REFERENCE: _in_markdown,
    LinkKind.AUTOLINK: _in_brackets,
    LinkKind.BARE: _as_it_is,
    LinkKind.HTML: _in_html,
    LinkKind.FRONT_MATTER: _in_front_matter,
}
_READERS: dict[LinkKind, Callable[[str], str]] = {
    LinkKind.HTML: attribute_value,
    LinkKind.AUTOLINK: without_references,
    LinkKind.FRONT_MATTER: str,
}
