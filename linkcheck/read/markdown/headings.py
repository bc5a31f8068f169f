"""Markdown bytes to its Outline: what the anchors of a rendered page are made from, whichever generator renders it."""

from __future__ import annotations

import re
from enum import Enum
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

from linkcheck.common.char_references import unescaped
from linkcheck.model import Mutable, Value, field
from linkcheck.read import front_matter
from linkcheck.read.html_tags import MOST_TAGS, tags
from linkcheck.read.markdown import dense
from linkcheck.read.markdown.walk import PARSER
from linkcheck.read.text import decode

_MOST_PIECES = 1_000  # of a heading; what follows is left out
_MOST_HEADINGS = 20_000
_HTML_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_OPENING = re.compile(r"#{1,6}(?:[ \t]+|\Z)")


class Part(Enum):
    """What a piece of a heading is."""

    TEXT = "text"
    CODE = "code"
    ALT = "alt"
    BREAK = "break"


class Heading(NamedTuple):
    """A heading: its pieces in reading order, and its text as written, without `#` marks or underline.

    Tags are no pieces. `is_html` says that it is written `<h2>`; then `source` is ''.
    """

    pieces: tuple[tuple[Part, str], ...]
    source: str
    is_html: bool = False

    def text(self, *, alt: bool = False, line_break: str = "\n") -> str:
        """Its text as rendered; images give their alternative text if `alt`."""
        return "".join(
            line_break if part is Part.BREAK else text for part, text in self.pieces if alt or part is not Part.ALT
        )


class Footnote(Value, frozen=True):
    """A footnote, `[^label]: …`, and how many references to it there are; without a definition it is none."""

    label: str
    references: int


class Outline(Mutable, dict=True):
    """The headings of a document, its HTML, and its text without code."""

    headings: list[Heading] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    """The values of `id` and `name` in its HTML."""
    tags: set[str] = field(default_factory=set)
    """The names of the tags in its HTML, as written."""
    footnotes: list[Footnote] = field(default_factory=list)
    is_cut: bool = False
    """Whether it has more headings or tags than any page: then the rest is not read."""
    data: bytes = b""
    """The text in UTF-8, front matter blanked."""
    code: list[tuple[int, int]] = field(default_factory=list)
    """The spans of code in it, in order."""
    blocks: list[tuple[int, int]] = field(default_factory=list)
    """Those of them that are blocks."""
    indented: list[tuple[int, int]] = field(default_factory=list)
    """Those of them that are code by indentation, which other dialects may read as text."""

    @cached_property
    def prose(self) -> str:
        """The source outside code."""
        return self._without(self.code)

    @property
    def lines(self) -> str:
        """The source outside blocks of code."""
        return self._without(self.blocks)

    @property
    def indented_code(self) -> str:
        """The source of what is code by indentation."""
        return b"\n".join(self.data[start:stop] for start, stop in self.indented).decode(errors="replace")

    def _without(self, spans: list[tuple[int, int]]) -> str:
        parts, done = list[bytes](), 0
        for start, stop in spans:
            if start >= done:
                parts.append(self.data[done:start])
                done = stop
        return b"\n".join([*parts, self.data[done:]]).decode(errors="replace")


def outline(data: bytes) -> Outline:
    """Read `data`, a Markdown file."""
    text = decode(data)
    front = front_matter.find(text.data)
    body = front_matter.blanked(text.data, front) if front else text.data
    parsed, _ = dense.thinned(body)
    walk = _Walk(Outline(data=body))
    walk.run(text.text if parsed is text.data else parsed.decode())
    return walk.found


class _Walk(Mutable):
    found: Outline
    _pieces: list[tuple[Part, str]] | None = None  # of the open heading
    _is_html: bool = False
    _span: tuple[int, int] = (0, 0)
    _images: int = 0
    _tags: int = 0
    _in_code: bool = False
    _html: list[str] = field(default_factory=list)  # of the open block of HTML
    _references: dict[str, int] = field(default_factory=dict)
    _definitions: dict[str, None] = field(default_factory=dict)

    def run(self, text: str) -> None:
        event: Any  # the stubs type every form of it, which this code does not need
        for event, span in PARSER.events_with_range(text):
            if type(event) is str:
                if self._pieces is not None and event in ("SoftBreak", "HardBreak"):
                    self._add(Part.BREAK, "\n")
                continue
            (name,) = event
            if len(self.found.headings) >= _MOST_HEADINGS or self._tags >= MOST_TAGS:
                self.found.is_cut = True
                return
            if name == "Text":
                if self._pieces is not None and not self._in_code:
                    self._add(Part.TEXT, event[name])
            elif name == "Start":
                self._open(event[name], span["start"], span["end"])
            elif name == "End":
                self._close(event[name])
            else:
                self._inline(name, event[name], span["start"], span["end"])
        self._end_heading()
        count = self._references.get
        self.found.footnotes = [Footnote(label, count(label, 0)) for label in self._definitions]

    def _inline(self, name: str, value: Any, start: int, stop: int) -> None:
        if name == "Code":
            self.found.code.append((start, stop))
            self._add(Part.CODE, value)
        elif name == "Html":
            self._html.append(value)
        elif name == "InlineHtml":
            self._read_html(value)
        elif name == "FootnoteReference":
            self._references[value] = self._references.get(value, 0) + 1

    def _open(self, value: Any, start: int, stop: int) -> None:
        name = value if type(value) is str else next(iter(value))
        if name == "Heading":
            self._end_heading()
            self._pieces, self._is_html, self._span = [], False, (start, stop)
        elif name == "Image":
            self._images += 1
        elif name == "CodeBlock":
            self._in_code = True
            self.found.code.append((start, stop))
            self.found.blocks.append((start, stop))
            if value[name] == "Indented":
                self.found.indented.append((start, stop))
        elif name == "FootnoteDefinition":
            self._definitions[value[name]] = None

    def _close(self, value: Any) -> None:
        name = value if type(value) is str else next(iter(value))
        if name == "Heading":
            if not self._is_html:
                self._end_heading()
        elif name == "Image":
            self._images -= 1
        elif name == "CodeBlock":
            self._in_code = False
        elif name == "HtmlBlock":
            self._read_html("".join(self._html))
            self._html.clear()

    def _add(self, part: Part, text: str) -> None:
        if self._pieces is not None and len(self._pieces) < _MOST_PIECES:
            self._pieces.append((Part.ALT if self._images and part is not Part.BREAK else part, text))

    def _read_html(self, source: str) -> None:
        """Note the names in a piece of HTML, and the headings that it begins, goes on with or ends."""
        done = 0
        for tag in islice(tags(source), MOST_TAGS - self._tags):
            self._tags += 1
            if self._pieces is not None and done < tag.start:
                self._add(Part.TEXT, unescaped(source[done : tag.start]))
            done = tag.end
            if not tag.name:
                continue
            self.found.names += tag.names
            self.found.tags.add(tag.name)
            if tag.name.lower() in _HTML_HEADINGS:
                self._turn(is_end=tag.is_end)
        if self._pieces is not None and done < len(source):
            self._add(Part.TEXT, unescaped(source[done:]))

    def _turn(self, *, is_end: bool) -> None:
        """Begin or end a heading in HTML. In a heading of Markdown such a tag does neither."""
        if self._pieces is not None and not self._is_html:
            return
        self._end_heading()
        if not is_end:
            self._pieces, self._is_html = [], True

    def _end_heading(self) -> None:
        if self._pieces is None:
            return
        source = "" if self._is_html else _source(self.found.data[slice(*self._span)].decode(errors="replace"))
        self.found.headings.append(Heading(tuple(self._pieces), source, self._is_html))
        self._pieces = None


def _source(written: str) -> str:
    """The text of a heading as written: without its marks (CommonMark §4.2), or its underline (§4.3)."""
    written = written.strip()
    opening = _OPENING.match(written)
    if not opening:
        return written.rpartition("\n")[0].rstrip()
    text = written[opening.end() :]
    bare = text.rstrip("#")
    return bare.rstrip() if not bare or bare[-1] in " \t" else text
