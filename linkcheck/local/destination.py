"""What a link within a repository names: a path, and a place in the file (RFC 3986 §3.3 to §3.5)."""

from __future__ import annotations

from urllib.parse import quote, unquote

from linkcheck.model.base import Value

_MOST_PARTS = 256
_TEMPLATE_SIGNS = ("{{", "}}", "{%", "%}", "<%", "%>", "[[", "]]", "${")
_SITE_PREFIXES = ("@", "~", "!", "$")
_PLACEHOLDER_SIGNS = frozenset("{}<>*|$")
_SAFE = "/-._~!+,;=:@"  # not `&`, `'`, `(`, `*`: they would have to be escaped in HTML or in Markdown


class Destination(Value, frozen=True):
    """`path` is decoded, with `/` between its parts, and '' for a place in the list itself; `query` and `fragment` are
    None where the link has none, `fragment` is decoded."""

    path: str
    query: str | None
    fragment: str | None

    @property
    def is_absolute(self) -> bool:
        return self.path.startswith("/")

    @property
    def names_folder(self) -> bool:
        return self.path.endswith(("/", "/.", "/..")) or self.path in (".", "..")


def parse(url: str) -> Destination:
    """The parts of a link without scheme and host."""
    before, mark, fragment = url.partition("#")
    path, asked, query = before.partition("?")
    return Destination(decoded(path), query if asked else None, decoded(fragment) if mark else None)


def decoded(text: str) -> str:
    """`text` without percent-encoding, as the names of files are read: bytes that are not UTF-8 are kept."""
    return unquote(text, errors="surrogateescape") if "%" in text else text


def resolved(folder: tuple[str, ...], path: str) -> tuple[tuple[str, ...], int]:
    """`path` seen from `folder`, without `.` and `..`, and how many folders it leads above the top.

    Parts beyond 256 are dropped: no file system has such a path.
    """
    parts = [] if path.startswith("/") else list(folder)
    above = 0
    for part in path.split("/"):
        if part in ("", "."):
            continue
        if part != "..":
            parts.append(part)
        elif parts:
            parts.pop()
        else:
            above += 1
    return tuple(parts[:_MOST_PARTS]), above


def generator_syntax(path: str) -> str:
    """What kind of text stands in place of a path, or '' for an ordinary one."""
    if any(sign in path for sign in _TEMPLATE_SIGNS):
        return "the syntax of a template or a site generator"
    if path.startswith(_SITE_PREFIXES):
        return "an alias of a site generator"
    return "a placeholder" if not _PLACEHOLDER_SIGNS.isdisjoint(path) else ""


def written(path: str, tail: str = "") -> str:
    """`path` as the URL of a link, escaped so that it stands in Markdown and HTML; `tail` (query, fragment) is kept."""
    return f"{''.join(_escaped(char) for char in path)}{tail}"


def _escaped(char: str) -> str:
    if char.isascii():
        return quote(char, _SAFE)
    from linkcheck.common.invisible import is_seen

    return char if is_seen(char) else quote(char, errors="surrogateescape")


def tail(url: str) -> str:
    """The query and the fragment of `url`, with their `?` and `#`."""
    starts = [at for at in (url.find("?"), url.find("#")) if at >= 0]
    return url[min(starts) :] if starts else ""


def relative(path: tuple[str, ...], folder: tuple[str, ...]) -> str:
    """`path` as seen from `folder`."""
    shared = 0
    while shared < min(len(path) - 1, len(folder)) and path[shared] == folder[shared]:
        shared += 1
    found = "/".join([*[".."] * (len(folder) - shared), *path[shared:]])
    return f"./{found}" if ":" in found.partition("/")[0] else found
