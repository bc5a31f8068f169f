"""One pass over the parser's events: the links, units, sections and entries of a Markdown text."""

from __future__ import annotations

from typing import Any

from pyromark import Markdown, Options

from linkcheck.model import Entry, LinkKind, Mutable, field
from linkcheck.read import bare, entries, html_attributes
from linkcheck.read.document import may_have_directives
from linkcheck.read.entries import Draft, Piece, Token, Unit
from linkcheck.read.markdown import destination, malformed_syntax
from linkcheck.read.markdown.escapes import unescaped, without_references
from linkcheck.read.sections import Sections
from linkcheck.read.text import Places

# Not ENABLE_YAML_STYLE_METADATA_BLOCKS: it takes any pair of `---` rules in the body for metadata
# (173 links of the corpus vanish).
PARSER = Markdown(
    options=Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_GFM
)
_INLINE = LinkKind.INLINE
_REFERENCES = frozenset({"Reference", "Collapsed", "Shortcut"})
_EMPHASIS = frozenset({"Emphasis", "Strikethrough"})
_LONG_RUN, _LONGEST_RUN = 1_000, 10_000  # pieces of text without a break
_UNITS = {"Item": "item", "TableRow": "row", "TableHead": "row", "Heading": "heading"}


class _Open(Mutable):
    """An open link: its text so far, and the offset from which its `](` is searched."""

    draft: Draft
    inner: int
    text: list[str] = field(default_factory=list)


class Walk(Mutable):
    """One pass over the parser's events; `data` is the text in UTF-8. The public fields hold the result."""

    data: bytes
    text: str
    drafts: list[Draft] = field(default_factory=list)
    entries: list[tuple[int, Entry]] = field(default_factory=list)
    title: str = ""
    comments: list[tuple[int, int]] = field(default_factory=list)  # [start, end) of their text
    places: Places = field(default_factory=lambda: Places(b""))
    _sections: Sections = field(default_factory=Sections)
    _units: list[Unit] = field(default_factory=list)
    _block: int = 0  # offset of the paragraph, heading, item or cell
    # The open links, and those of them that are reported: links inside an image are only alt text.
    _open: list[_Open] = field(default_factory=list)
    _listed: list[_Open] = field(default_factory=list)
    # The text since the last break, which may contain a bare URL; emphasis does not break it.
    _run_start: int = -1
    _run_stop: int = -1
    _run: list[tuple[str | Token, int, int]] = field(default_factory=list)
    _html: list[tuple[int, int]] = field(default_factory=list)
    _in_code: bool = False
    _has_directives: bool = False
    _definitions: dict[str, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.places = Places(self.data)
        self._has_directives = may_have_directives(self.data)

    def run(self) -> None:
        used = self._find_definitions()
        on_start, on_end, add_text = self._start, self._end, self._add_text
        event: Any  # the stubs type every form of it, which this code does not need
        for event, span in PARSER.events_with_range(self.text):
            if type(event) is str:
                self._plain(event)
                continue
            (name,) = event
            if name == "Text":
                if self._in_code:
                    continue
                if self._open or self._run_start < 0:
                    add_text(event[name], span["start"], span["end"])
                else:
                    self._run_stop = span["end"]
                    self._run.append((event[name], span["start"], self._run_stop))
                    if len(self._run) > _LONG_RUN:
                        self._end_long_run()
            elif name == "Start":
                on_start(event[name], span["start"], span["end"])
            elif name == "End":
                on_end(event[name], span["end"])
            else:
                self._inline(name, event[name], span["start"], span["end"])
        self._flush()
        self._flush_html()
        self._unused_definitions(used)

    # -- events ------------------------------------------------------------------------------

    def _plain(self, name: str) -> None:
        if name in ("SoftBreak", "HardBreak"):
            self._flush()
            self._piece(Token.LINE)
            for link in self._listed:
                link.text.append(" ")

    def _inline(self, name: str, value: Any, start: int, stop: int) -> None:
        if name == "Code":
            self._flush()
            self._piece(value)
        elif name in ("Html", "InlineHtml"):
            self._flush()
            self._html.append((start, stop))
            if name == "InlineHtml":
                self._flush_html()
        elif name == "FootnoteReference":
            self._flush()

    def _start(self, value: Any, start: int, stop: int) -> None:
        name, detail = _tag(value)
        if name == "Strong":
            return self._token(Token.STRONG, start)
        if name in _EMPHASIS:
            return None
        if self._run_start >= 0:
            self._flush()
        if self._html and name != "HtmlBlock":
            self._flush_html()
        if name == "Link" or name == "Image":
            self._open_link(detail, start, stop, is_image=name == "Image")
        elif name in _UNITS:
            self._block = start
            self._units.append(Unit(_UNITS[name], start))
        elif name == "Paragraph":
            self._block = start
            if not (self._units and self._units[-1].kind == "item"):
                self._units.append(Unit("paragraph", start))
            elif self._units[-1].pieces:
                self._piece(Token.PARAGRAPH)
        elif name == "List":
            outer = self._units[-1] if self._units and self._units[-1].kind == "item" else None
            self._sections.open_list(entries.plain(outer) if outer and not outer.has_link else "")
        elif name == "TableCell":
            self._block = start
            if self._units[-1].pieces:
                self._piece(Token.CELL)
        elif name == "CodeBlock":
            self._in_code = True
        return None

    def _end(self, value: Any, stop: int) -> None:
        name, detail = _tag(value)
        if name == "Strong":
            return self._token(Token.STRONG_END, stop)
        if name in _EMPHASIS:
            return None
        if self._run_start >= 0:
            self._flush()
        if name == "Link" or name == "Image":
            self._close_link(stop)
        elif name == "Heading":
            self._heading(self._units.pop(), int(str(detail)[-1]))
        elif name in _UNITS:
            self._finish(self._units.pop())
        elif name == "Paragraph":
            if self._units and self._units[-1].kind == "paragraph":
                self._finish(self._units.pop())
        elif name == "List":
            self._sections.close_list()
        elif name == "CodeBlock":
            self._in_code = False
        elif name == "HtmlBlock":
            self._flush_html()
        return None

    # -- text --------------------------------------------------------------------------------

    def _add_text(self, text: str, start: int, stop: int) -> None:
        if self._open:
            for link in self._listed:
                link.text.append(text)
            return
        if self._run_start < 0:
            if self._html:
                self._flush_html()
            self._run_start = start
        self._run_stop = stop
        self._run.append((text, start, stop))

    def _token(self, token: Token, at: int) -> None:
        if self._run:
            self._run.append((token, at, at))
        else:
            self._piece(token)

    def _piece(self, piece: Piece) -> None:
        if self._open and isinstance(piece, str):
            for link in self._listed:
                link.text.append(piece)
        elif self._units and not (self._open and isinstance(piece, Token)):
            self._units[-1].pieces.append(piece)

    def _flush(self) -> None:
        """End the run of text: find bare links in it, and add its pieces to the unit."""
        if self._run_start < 0:
            return
        run, start, stop = self._run, self._run_start, self._run_stop
        self._run, self._run_start = [], -1
        data = self.data[start:stop]
        found: list[Draft] = []
        if b"//" in data or b"@" in data or b"ww." in data or b"WW." in data:
            found = self._bare_links(start, stop)
        if b"](" in data:
            found += malformed_syntax.files(self.data, start, stop, self._block)
            found.sort(key=lambda d: d.anchor)
        if found:
            self._hand_over(run, found)
        elif self._units:
            unit = self._units[-1]
            unit.pieces += [piece for piece, _, _ in run]
            if len(unit.pieces) > _LONG_RUN:
                unit.settle()

    def _end_long_run(self) -> None:
        """Flush a run of thousands of pieces after a blank, which no URL contains; the longest ones anywhere."""
        if self.data[self._run_stop - 1] in b" \t" or len(self._run) > _LONGEST_RUN:
            self._flush()

    def _hand_over(self, run: list[tuple[str | Token, int, int]], found: list[Draft]) -> None:
        """Add the run's pieces to the unit, with the links found in it at their positions."""
        self.drafts += found
        if not self._units:
            return
        unit = self._units[-1]
        unit.has_link = True
        position = 0
        waiting = iter([*found, None])
        draft = next(waiting)
        for piece, start, stop in run:
            if isinstance(piece, Token):
                unit.pieces.append(piece)
                continue
            start = max(start, position)
            while draft is not None and draft.span[0] < stop:
                if draft.span[0] > start:
                    unit.pieces.append(self._source(start, draft.span[0]))
                unit.pieces.append(draft)
                start = position = max(start, draft.span[1])
                draft = next(waiting)
            if start < stop:
                unit.pieces.append(self._source(start, stop))

    def _source(self, start: int, stop: int) -> str:
        return unescaped(self.data[start:stop].decode(errors="replace"))

    def _bare_links(self, start: int, stop: int) -> list[Draft]:
        found = list[Draft]()
        for begin, end, prefix in bare.scan(self.data, start, stop):
            if found and begin < found[-1].span[1]:
                continue
            shown = self._source(begin, end)
            draft = Draft(begin, (begin, end), prefix + shown, LinkKind.BARE, text=shown)
            draft.malformed = malformed_syntax.of_bare(self.data, draft, self._block)
            found.append(draft)
        return found

    # -- links -------------------------------------------------------------------------------

    def _open_link(self, detail: Any, start: int, stop: int, *, is_image: bool) -> None:
        link_type, url = detail["link_type"], detail["dest_url"]
        kind = _INLINE
        span = (start, stop)
        if link_type == "Inline":
            pass
        elif link_type in ("Autolink", "Email"):
            kind, span, url = LinkKind.AUTOLINK, (start + 1, stop - 1), without_references(url)
            if link_type == "Email":
                url = "mailto:" + url.removeprefix("mailto:")
        elif link_type in _REFERENCES:
            kind = LinkKind.REFERENCE
            span = self._definitions.get(destination.label(detail["id"]), span)
        draft = Draft(start, span, url, kind)
        draft.is_image = is_image
        draft.inside_link = bool(self._open)
        link = _Open(draft, start + 1)
        self._open.append(link)
        if self._listed and self._listed[-1].draft.is_image:
            return
        self._listed.append(link)
        self.drafts.append(draft)
        if self._units:
            self._units[-1].has_link = True
            self._units[-1].pieces.append(draft)

    def _close_link(self, stop: int) -> None:
        link = self._open.pop()
        if self._open:
            self._open[-1].inner = stop
        if self._listed[-1] is not link:
            return
        draft = self._listed.pop().draft
        text = "".join(link.text)
        draft.text = without_references(text) if draft.kind is LinkKind.AUTOLINK else text
        if draft.kind is _INLINE:
            draft.span = destination.of_link(self.data, draft, link.inner, stop)
            if draft.url[:1] == "[":
                draft.malformed = malformed_syntax.of_destination(self.data, draft, stop)

    def _find_definitions(self) -> set[tuple[int, int]]:
        """Find the URL of each reference definition; returns the spans for `_unused`."""
        found: set[tuple[int, int]] = set()
        if "]:" not in self.text:
            return found
        for label, definition in PARSER.reference_definitions(self.text).items():
            start, stop = definition["span"]["start"], definition["span"]["end"]
            at = self.data.find(b"]:", start, stop)
            span = destination.definition(self.data, at + 2, stop)
            self._definitions[destination.label(label)] = span
            found.add(span)
        return found

    def _unused_definitions(self, spans: set[tuple[int, int]]) -> None:
        used = {d.span for d in self.drafts if d.kind is LinkKind.REFERENCE}
        for start, stop in spans - used:
            if stop > start:
                url = self._source(start, stop)
                self.drafts.append(Draft(start, (start, stop), url, LinkKind.REFERENCE, unused=True))

    def _flush_html(self) -> None:
        """Find links in the raw HTML since the last flush; its lines are one piece of text."""
        if not self._html:
            return
        start, stop = self._html[0][0], self._html[-1][1]
        self._html.clear()
        if self._has_directives:
            self.comments += html_attributes.comments(self.data, start, stop)
        reach = stop if stop - start > 2_000 else stop + 2_000
        for begin, end, text, is_image in html_attributes.links(self.data, start, stop, reach):
            value = self.data[begin:end].decode(errors="replace")
            draft = Draft(
                begin,
                (begin, end),
                html_attributes.attribute_value(value),
                LinkKind.HTML,
            )
            draft.text, draft.is_image = text, is_image
            draft.section = self._sections.path()
            self.drafts.append(draft)
            if self._units:
                self._units[-1].has_link = True
                self._units[-1].pieces.append(draft)

    # -- structure ---------------------------------------------------------------------------

    def _finish(self, unit: Unit) -> None:
        if unit.has_link:
            entry = entries.finish(unit, self._sections.path(), self.places.line(unit.start))
            if entry:
                self.entries.append((unit.start, entry))
        elif unit.kind == "paragraph" and _is_all_strong(unit):
            self._sections.enter(7, entries.plain(unit))

    def _heading(self, unit: Unit, level: int) -> None:
        title = entries.plain(unit)
        self.title = self.title or title
        if unit.has_link:
            self._sections.enter(level, "")
            self._finish(unit)
        self._sections.enter(level, title)


def _is_all_strong(unit: Unit) -> bool:
    """Whether a paragraph is one strong text, which serves as a heading in 53 of 277 lists."""
    return len(unit.pieces) >= 3 and unit.pieces[0] is Token.STRONG and unit.pieces[-1] is Token.STRONG_END


def _tag(value: Any) -> tuple[str, Any]:
    """The name of the element that an event starts or ends, and its details, None if it has none."""
    if type(value) is str:
        return value, None
    (name,) = value
    return name, value[name]
