"""The front matter of a document: its end, whether it can be parsed, its title, its URLs.

`---` fences YAML (Jekyll, Hugo, Pandoc), `+++` TOML (Hugo). A pair of `---` rules with no
`key:` after the first is Markdown (three lists of the corpus begin so).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from linkcheck.common.lazy import lazy
from linkcheck.model import LinkKind, Value
from linkcheck.read import bare
from linkcheck.read.entries import Draft

_FENCE = lazy(rb"(---|\+\+\+)[ \t]*(?:\r\n|\n|\r)")
_CLOSING = {
    b"---": lazy(rb"^(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)", re.MULTILINE),
    b"+++": lazy(rb"^\+\+\+[ \t]*(?:\r\n|\n|\r|\Z)", re.MULTILINE),
}
_KEY = lazy(rb"\s*+(?:#[^\n]*+\n\s*+)*+[\"']?[\w .-]++[\"']?\s*+(:|=)(\s|$)")
_URL = rb"(?i:https?://|ftp://)[^\s\"'<>`\\|^{}]+"
_COMMENT_OR_URL = lazy(rb"(?:^|(?<=\s))#[^\n]*|(?P<url>" + _URL + rb")", re.MULTILINE)
_NOT_LINE_END = lazy(rb"[^\r\n]")
MAX_BYTES = 65_536


class FrontMatter(Value, frozen=True):
    """`end` is the offset after the closing fence; `problem` and `line` say why it cannot be parsed."""

    end: int
    body: tuple[int, int]
    title: str = ""
    problem: str = ""
    line: int = 0


def find(data: bytes) -> FrontMatter | None:
    """The front matter at the beginning of `data`, or None."""
    opening = _FENCE.match(data)
    if not opening:
        return None
    closing = _CLOSING[opening[1]].search(data, opening.end(), opening.end() + MAX_BYTES)
    if not closing:
        return None
    body = data[opening.end() : closing.start()]
    place = (opening.end(), closing.start())
    try:
        values = _load(opening[1], body)
    except ValueError as error:
        if not _KEY.match(body):
            return None
        return FrontMatter(closing.end(), place, problem=str(error), line=getattr(error, "line", 0) + 1)
    if values is not None and not isinstance(values, dict):
        return None
    title = values.get("title") if values else None
    return FrontMatter(closing.end(), place, title=title if isinstance(title, str) else "")


def _load(kind: bytes, body: bytes) -> object:
    """Raises ValueError; its subclasses YamlError and TomlError have a line."""
    if kind == b"+++":
        from linkcheck.common import toml_text

        return toml_text.load(body, errors="replace")
    from linkcheck.common import yaml_text  # 20 ms, only for lists with front matter

    return yaml_text.load(body.decode(errors="replace"))


def blanked(data: bytes, found: FrontMatter) -> bytes:
    """`data` with the front matter replaced by blanks of the same length, line breaks kept."""
    return _NOT_LINE_END.sub(b" ", data[: found.end]) + data[found.end :]


def comments(data: bytes, found: FrontMatter) -> Iterator[tuple[int, int]]:
    """[start, end) of the text of each comment."""
    for match in _COMMENT_OR_URL.finditer(data, *found.body):
        if not match["url"]:
            yield match.start() + 1, match.end()


def links(data: bytes, found: FrontMatter) -> Iterator[Draft]:
    """The URLs in its values, without those in comments."""
    for match in _COMMENT_OR_URL.finditer(data, *found.body):
        if match["url"]:
            start, end = match.start(), bare.trimmed(data, match.start(), match.end())
            yield Draft(start, (start, end), data[start:end].decode(errors="replace"), LinkKind.FRONT_MATTER)
