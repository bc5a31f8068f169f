"""Links with malformed brackets, as in real lists: reported with a repair, never dropped.

Markdown renders these as text; the reader of the list sees brackets where a link should be. They are searched before a
bare URL, and in text that contains `](`. Errors of the URL itself are reported by `urls.malformed_url`.

A repair replaces the whole construct, `[` to `)`, and keeps its text as written. There is none if the result would be
no link (a link in the text), or would remove text after the URL.
"""

from __future__ import annotations

from collections.abc import Iterator

from linkcheck.common.lazy import lazy
from linkcheck.model import LinkKind, Malformed, Repair
from linkcheck.read.entries import Draft, collapse
from linkcheck.read.markdown.escapes import unescaped

_BEFORE = lazy(rb"(?:\](?P<round>\(<?)|\](?P<gap>[ \t]{1,3}\()|\](?P<square>\[)|\](?P<curly>\{))\Z")
_TASK = lazy(r"[xX]?|\^.*|!.*")
_FILE = lazy(
    rb"\]\((?P<url>[^()\[\]<>\r\n\"']{0,300}[^()\[\]<>\r\n\"' ][ ][^()\[\]<>\r\n\"']{0,300}\.[A-Za-z0-9]{2,4})\)"
)
_URL_PARTS = (b"://", b"www.", b"@")
_NESTED = lazy(r"\[[^\]]*\]\((?P<url>[^)]+)\)?")
_TITLE = lazy(r"(?<![ \t])[ \t]++(?:\"[^\"]*+\"|'[^']*+')[ \t]*+\Z")
_BLANKS = lazy(r"[ \t<>]+")
_ESCAPING = lazy(r"\\(?:[()]|\Z)")  # it would escape the bracket after it
_SCHEMES = (b"http", b"ftp")
_LABEL_BYTES = 400
_REST_BYTES = 1_000
_NOT_IN_LABELS = lazy(r"\]\(|\]\[|\A\^|<|\n[ \t]*\n")


def of_bare(data: bytes, draft: Draft, begin: int) -> Malformed | None:
    """Why a bare URL is part of a malformed link; None if it is not.

    `begin` is the offset of its block. Sets the draft's title from the brackets, and completes a URL that is truncated
    within its host or password.
    """
    start, stop = draft.span
    before = _BEFORE.search(data, max(0, start - 8), start)
    if not before or not data.startswith(_SCHEMES, start):
        return None
    opening = _opening_before(data, before.start(), begin)
    if opening is None:
        return None
    draft.title = label = collapse(unescaped(_text(data, opening + 1, before.start())))
    text = _label(data, opening, before.start())
    url = _text(data, start, stop)
    if before["gap"]:
        reason, end = "there is a blank between ] and (", _behind(data, stop, b")")
        return None if _TASK.fullmatch(label) else Malformed(reason, _repair(opening, end, text, url))
    if before["square"] or before["curly"]:
        end = _behind(data, stop, b"]" if before["square"] else b"}")
        return Malformed("the URL is in the wrong brackets", _repair(opening, end, text, url))
    closing = _closing(data, stop, opened=data.count(b"(", start, stop) - data.count(b")", start, stop))
    if closing is None:
        end = stop + data.startswith(b">", stop) if before["round"] == b"(<" else stop
        return Malformed("the closing ) is missing", _repair(opening, end, text, url))
    url = _text(data, start, closing)
    title = _TITLE.search(url)
    if title:
        url = url[: title.start()]
    _widen(draft, data, url)
    url = _BLANKS.sub("%20", url)
    return Malformed("the URL holds a blank", _repair(opening, closing + 1, text, url, title[0] if title else ""))


def files(data: bytes, start: int, stop: int, begin: int) -> Iterator[Draft]:
    """`[text](some file.pdf)`: links to files whose names contain a blank."""
    for hit in _FILE.finditer(data, start, stop):
        if any(part in hit["url"] for part in _URL_PARTS):
            continue
        url = hit["url"].decode(errors="replace")
        opening = _opening_before(data, hit.start(), begin)
        label, repair = url, None
        if opening is not None:
            label = collapse(unescaped(_text(data, opening + 1, hit.start()))) or url
            escaped = url.replace(" ", "%20")
            repair = _repair(opening, hit.end(), _label(data, opening, hit.start()), escaped)
        draft = Draft(hit.start("url"), hit.span("url"), url, LinkKind.INLINE, text=label)
        draft.malformed = Malformed("the URL holds a blank", repair)
        yield draft


def of_destination(data: bytes, draft: Draft, stop: int) -> Malformed | None:
    """`[text]([url](url2))`, which ends at `stop`: a link in place of the URL."""
    if not _NESTED.match(draft.url):
        return None
    start, end = draft.span
    nested, repair = _NESTED.match(_text(data, start, end)), None
    if nested and draft.anchor < start and _is_plain(nested["url"]):
        text = f"{_text(data, draft.anchor, start)}{nested['url']}{_text(data, end, stop)}"
        repair = Repair((draft.anchor, stop), text)
    return Malformed("a link in place of the URL", repair)


def _repair(opening: int, end: int | None, label: str | None, url: str, title: str = "") -> Repair | None:
    """A repair to `[label](url "title")`; None if that would be no link."""
    if end is None or label is None:
        return None
    if url.count("(") != url.count(")"):
        url = url.replace("(", "%28").replace(")", "%29")
    return Repair((opening, end), f"[{label}]({url}{title})") if _is_plain(url) else None


def _is_plain(url: str) -> bool:
    """Whether a URL needs no escapes in the brackets of a link (CommonMark §6.3)."""
    if _ESCAPING.search(url):
        return False
    depth = 0
    for char in url:
        if char <= " " or char in "<>\x7f\ufffd":
            return False
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return False
    return depth == 0


def _widen(draft: Draft, data: bytes, url: str) -> None:
    """Set the draft's URL to `url` if its own is truncated within the user info."""
    start, stop = draft.span
    if b"/" in data[start:stop].partition(b"://")[2]:
        return
    draft.span = (start, start + len(url.encode()))
    draft.url = draft.text = unescaped(url)


def _behind(data: bytes, at: int, bracket: bytes) -> int | None:
    """The offset after the bracket at `at`; None if there is another character."""
    return at + 1 if data.startswith(bracket, at) else None


def _closing(data: bytes, at: int, *, opened: int) -> int | None:
    """The offset of the `)` that ends a link, in the rest of the line, or None."""
    end = data.find(b"\n", at, at + _REST_BYTES)
    for offset in range(at, end if end != -1 else min(len(data), at + _REST_BYTES)):
        if data[offset] == 0x28:
            opened += 1
        elif data[offset] == 0x29:
            if opened <= 0:
                return offset
            opened -= 1
    return None


def _opening_before(data: bytes, closing: int, begin: int) -> int | None:
    """The offset of the `[` that matches the `]` at `closing`, at most a few hundred bytes before it, or None."""
    depth = 0
    for at in range(closing - 1, max(begin, closing - _LABEL_BYTES) - 1, -1):
        byte = data[at]
        if byte == 0x5D:
            depth += 1
        elif byte == 0x5B and depth:
            depth -= 1
        elif byte == 0x5B:
            return at
    return None


def _label(data: bytes, opening: int, closing: int) -> str | None:
    """The text of a link as written; None if it cannot be a link's."""
    text = _text(data, opening + 1, closing)
    is_escaped = opening and data[opening - 1] == 0x5C
    is_cut = text.endswith("\\") or text.count("`") % 2 or _NOT_IN_LABELS.search(text)
    return None if is_escaped or is_cut else text


def _text(data: bytes, start: int, stop: int) -> str:
    return data[start:stop].decode(errors="replace")
