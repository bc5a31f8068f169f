"""The contents of a list: its links and entries, each with its position."""

from __future__ import annotations

from enum import StrEnum

from linkcheck.model.base import Value
from linkcheck.model.ignores import Ignore


class LinkKind(StrEnum):
    """How a link is written in its document."""

    INLINE = "inline"
    REFERENCE = "reference"
    AUTOLINK = "autolink"
    BARE = "bare"
    HTML = "html"
    FRONT_MATTER = "front-matter"


class Repair(Value, frozen=True):
    """A correction of a link: replace the bytes [start, end) of the file by `text`, in the document's encoding."""

    span: tuple[int, int]
    text: str


class Edit(Value, frozen=True):
    """A change that mends a link: in the file `path`, replace `old`, the bytes [start, end) of `span`, by `new`.

    `old` and `new` are text in the document's encoding, with the escapes of its format; an empty span is an insertion.
    `rule` is the name of the kind of mending, `url` the link's new URL ('' if only the syntax is repaired).
    """

    path: str
    span: tuple[int, int]
    old: str
    new: str
    rule: str
    reason: str
    url: str = ""


class Malformed(Value, frozen=True):
    """Why a link cannot work as written, and the probable correction (None if unknown)."""

    reason: str
    repair: Repair | None = None


class Entry(Value, frozen=True):
    """One item of a reading list: what the list itself says of the item's links."""

    title: str
    description: str
    section: tuple[str, ...]
    line: int


class Link(Value, frozen=True):
    """One link at one position.

    `line` and `column` count from 1, columns in characters, and point at the URL itself (for a
    reference link: in its definition). `span` is the URL's position in the file, [start, end) in
    bytes of the file. `url` is the URL as written, with the document's escapes undone; a bare `www.` link
    gets the `http://` that GitHub gives it. `written` is the text at `span` if that differs from `url`, with
    U+FFFD for bytes that cannot be decoded, else ''. `title` is the list's title for what is behind the
    link: the link's text, or the text before it if the link only says "pdf" or "code".
    `is_main` marks the links an entry is about; the others are mentioned in its description. `ignores` are those of
    comments that cover the link, `ignored` is the one of any kind by which it may fail (ignores/applying.py sets it).
    """

    path: str
    line: int
    column: int
    span: tuple[int, int]
    url: str
    kind: LinkKind
    text: str = ""
    title: str = ""
    section: tuple[str, ...] = ()
    entry: Entry | None = None
    is_main: bool = False
    is_image: bool = False
    malformed: Malformed | None = None
    unused: bool = False
    written: str = ""
    ignores: tuple[Ignore, ...] = ()
    ignored: Ignore | None = None


class Notice(Value, frozen=True):
    """A problem in an input that a maintainer should know, and that stopped nothing."""

    path: str
    line: int
    text: str


class Document(Value, frozen=True):
    """One parsed list.

    `encoding` is the Python codec of its file, whose byte order mark is in no span: `utf-8`, `utf-16-le`, `utf-16-be`.
    The bytes at a link's span, decoded by it, are the URL as written. `ignores` are those of its comments.
    """

    path: str
    links: tuple[Link, ...]
    entries: tuple[Entry, ...] = ()
    title: str = ""
    notices: tuple[Notice, ...] = ()
    encoding: str = "utf-8"
    ignores: tuple[Ignore, ...] = ()
