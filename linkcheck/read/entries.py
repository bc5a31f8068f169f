"""Titles and descriptions of links in a list, and which link an entry is about.

Input is a *unit* of a document (a list item, a paragraph, a table row, a heading) as a run of
pieces in reading order; output are titles on the links and one Entry for the unit.

The shapes are those of real lists (277 files measured): `[Title](url) - description` (60 % of
bullets), `[Title](url): description`, `Authors. "Title". [[pdf]](url) [[code]](url)`, a table row
with the title in its first cell, `[A](url) and [B](url): …`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import Enum
from itertools import groupby

from linkcheck.common.lazy import lazy
from linkcheck.model import Entry, LinkKind, Malformed, Mutable, Value, field


class Token(Enum):
    """A piece other than text: emphasis, the end of a line, a paragraph or a table cell."""

    STRONG = "strong"
    STRONG_END = "strong end"
    LINE = "line"
    PARAGRAPH = "paragraph"
    CELL = "cell"


class Draft(Mutable):
    """A link while its document is being read; `anchor` is the offset at which its construct begins."""

    anchor: int
    span: tuple[int, int]
    url: str
    kind: LinkKind
    text: str = ""
    title: str = ""
    is_image: bool = False
    is_main: bool = False
    unused: bool = False
    section: tuple[str, ...] = ()
    entry: Entry | None = None
    malformed: Malformed | None = None
    inside_link: bool = False


Piece = str | Draft | Token


class Unit(Mutable):
    """A part of a document that can be an entry."""

    kind: str
    start: int
    pieces: list[Piece] = field(default_factory=list)
    has_link: bool = False

    _settled: int = 100  # number of pieces that are not joined

    def settle(self) -> None:
        """In a unit of many thousand pieces, join those between two links to one text."""
        if len(self.pieces) <= self._settled + _MOST_LOOSE:
            return
        groups = groupby(self.pieces[self._settled :], lambda piece: isinstance(piece, Draft))
        self.pieces[self._settled :] = [
            piece for is_link, group in groups for piece in (group if is_link else (_text(group),))
        ]
        self._settled = len(self.pieces)


# Generic link texts: the kind of the target, not its title.
_GENERIC = frozenset(
    """abs abstract arxiv article bib bibtex blog book code colab data dataset demo details doc docs documentation
    download feed github here homepage home html implementation link links model models more notebook official page
    paper papers pdf post poster preprint project proceedings pytorch read repo repository rss site slides source src
    supplementary talk tensorflow thesis tweet video videos web website wiki www youtube zip archive archived mirror
    original ps review 链接 论文 代码 官网 下载 源码""".split()
)
_WORDS = lazy(r"[^\W_]+")
_JOINS = lazy(r"(?:and|und|et|y|or|oder|ou|plus|with|&|\+|/|,|\||·|•|;|\s)+", re.IGNORECASE)
_JOINED = lazy(r"(?:and|und|et|or|oder|&|\+|/|,|\|)\W", re.IGNORECASE)
_SEPARATED = lazy(r"(?:[\s\-–—―|·•,.;>→=~*_)\]}]++|:(?![a-z0-9_+-]+:))++")
_SEPARATORS = " \t\n:-–—―|·•,.;>→=~*_"
_BRACKETS = lazy(r"[\[(【（]\s*[\])】）]")
_QUOTED = lazy(r"[\"“„«《「]([^\"”“»》」]{6,300})[\"”“»》」]")
_YEAR_TAIL = lazy(r"[(\[]\s*(?:[A-Z][\w'&. -]{1,30}[ ,'-]*)?(?:19|20)\d\d[a-z]?\s*[)\]].*$", re.DOTALL)
_NUMBERING = lazy(r"^\s*(?:\[\d+\]|\d{1,3}[.)])\s*")
_TITLE_CHARS = 300
_LINK_TITLE_CHARS = 1_000
_MOST_MAIN = 30  # main links of an entry; with more, none is (the measured lists: 27)
_MOST_LOOSE = 10_000  # pieces of a unit that are not yet joined
_MOST_PIECES, _MOST_CHARS = 100, 1_000  # of a text whose beginning is read repeatedly


def is_generic(text: str) -> bool:
    """Whether a link's text only names the kind of its target: `[pdf]`, `code (PyTorch)`."""
    if len(text) > 40:
        return False
    words = _WORDS.findall(text.lower())
    return len(words) <= 3 and all(w in _GENERIC or w.isdigit() for w in words)


def collapse(text: str) -> str:
    """`text` with blanks collapsed; the same object if nothing changes, since many values share it."""
    collapsed = " ".join(text.split())
    return text if text == collapsed else collapsed


def finish(unit: Unit, section: tuple[str, ...], line: int) -> Entry | None:
    """Set the titles and the entry of the links of `unit`; returns the entry, None if it is none.

    A unit is an entry if it has a link with a target that is neither an image nor in-page.
    """
    drafts: list[Draft] = []
    first, at = None, -1
    for index, piece in enumerate(unit.pieces):
        if type(piece) is Draft:
            piece.section = section
            piece.title = piece.title or piece.text
            drafts.append(piece)
            if first is None and not piece.is_image and piece.url[:1] != "#":
                first, at = piece, index
    if first is None:
        return None
    own = _entry_title(unit, first, at)
    head_end = _mark_main(unit, at, names_itself=own.by_link)
    title = own.text
    link_title = own.text[:_LINK_TITLE_CHARS]
    if own.by_link and sum(d.is_main for d in drafts) > 1:
        title = collapse(_text(unit.pieces[at:head_end])).strip(" :")
    entry = Entry(title[:_TITLE_CHARS], _description(unit, head_end, own), section, line)
    for draft in drafts:
        draft.entry = entry
        if draft.is_main and not own.by_link:
            draft.title = link_title or draft.title
    return entry


class _Title(Value, frozen=True):
    text: str
    by_link: bool


def _entry_title(unit: Unit, first: Draft, at: int) -> _Title:
    shown = collapse(first.text)
    is_naming = bool(shown) and not is_generic(shown)
    if unit.kind == "row" and not is_naming:
        cells = (collapse(_text(cell)) for cell in _cells(unit.pieces))
        named = next((c for c in cells if _has_letters(c) and not is_generic(c)), "")
        return _Title(named or shown, by_link=not named)
    if is_naming and first.kind is not LinkKind.BARE:
        return _Title(shown, by_link=True)
    if at and (named := _named(_text(unit.pieces[:at]), unit.pieces)):
        return _Title(named, by_link=False)
    if is_naming:
        return _Title(shown, by_link=True)
    after = collapse(_text([p for p in unit.pieces[at:] if not isinstance(p, Draft)])).strip("[](){} ")
    is_title = bool(after) and not _SEPARATED.match(after) and not _JOINED.match(after)
    return _Title(after if is_title else shown, by_link=not is_title)


def _named(before: str, pieces: Sequence[Piece]) -> str:
    """The title in the text before a link: quoted or strong text, or the text up to a year."""
    text = _NUMBERING.sub("", collapse(_without_brackets(before)))
    if quoted := _QUOTED.search(text):
        return quoted[1].strip(_SEPARATORS)
    strong = _strong(pieces)
    if len(_WORDS.findall(strong)) > 1 and strong in text:
        return strong
    text = _YEAR_TAIL.sub("", text) or text
    return text.strip(_SEPARATORS + "[](){}【】") if _has_letters(text) else ""


def _strong(pieces: Sequence[Piece]) -> str:
    """The longest strong text before the first link."""
    best, parts, inside = "", list[str](), False
    for piece in pieces:
        if isinstance(piece, Draft) and not piece.is_image:
            break
        if piece is Token.STRONG:
            parts, inside = [], True
        elif piece is Token.STRONG_END:
            inside = False
            best = max(best, collapse("".join(parts)), key=len)
        elif inside and isinstance(piece, str):
            parts.append(piece)
    return best.strip(_SEPARATORS)


def _mark_main(unit: Unit, at: int, *, names_itself: bool) -> int:
    """Mark the links the entry is about; returns the index after the last of them.

    Further links belong to the head if only joining words, brackets or generic link texts
    are between them: `[A](u) and [B](u): …`, `Title [[pdf]](u) [[code]](u)`.
    """
    pieces, end, between, found = unit.pieces, at, "", 0
    for index in range(at, len(pieces)):
        piece = pieces[index]
        if isinstance(piece, str):
            between += piece
            if len(between) > 40:
                break
        elif isinstance(piece, Draft):
            if piece.is_image or piece.inside_link:
                continue
            is_joined = index == at or _JOINS.fullmatch(between.strip("[](){} \t") or " ")
            if not is_joined or found == _MOST_MAIN:
                break
            piece.is_main, end, between, found = True, index + 1, "", found + 1
        elif piece in (Token.LINE, Token.PARAGRAPH):
            if names_itself:
                break
            between += " "
    return end


def _description(unit: Unit, head_end: int, own: _Title) -> str:
    if unit.kind == "row":
        cells = [collapse(_text(cell)).strip() for cell in _cells(unit.pieces)]
        return " · ".join(c for c in cells if c and c != own.text and not is_generic(c))
    text = collapse(_without_brackets(_text(unit.pieces[head_end:])))
    if leading := _SEPARATED.match(text):
        text = text[leading.end() :]
    return "" if text == own.text else text


def _without_brackets(text: str) -> str:
    """`text` without the empty brackets of a removed link: `Title [[pdf]](u)` leaves `Title []`."""
    return _BRACKETS.sub(" ", text) if "]" in text or ")" in text or "】" in text or "）" in text else text


def _cells(pieces: Sequence[Piece]) -> list[list[Piece]]:
    cells: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece is Token.CELL:
            cells.append([])
        else:
            cells[-1].append(piece)
    return cells


def _text(pieces: Iterable[Piece]) -> str:
    """The pieces as rendered text."""
    return "".join(map(_shown, pieces))


def _shown(piece: Piece) -> str:
    if isinstance(piece, str):
        return piece
    if isinstance(piece, Draft):
        return "" if piece.is_image or piece.inside_link else piece.text
    return "\n" if piece in (Token.LINE, Token.PARAGRAPH, Token.CELL) else ""


def plain(unit: Unit) -> str:
    """The unit's text on one line, truncated, as a section title."""
    beginning, chars = list[str](), 0
    for piece in unit.pieces[:_MOST_PIECES]:
        beginning.append(_shown(piece)[:_MOST_CHARS])
        chars += len(beginning[-1])
        if chars >= _MOST_CHARS:
            break
    return collapse("".join(beginning)).strip(" :#")[:_TITLE_CHARS]


def _has_letters(text: str) -> bool:
    return any(c.isalpha() for c in text)
