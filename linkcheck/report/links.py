"""The output of `linkcheck links`: the links of documents, without requests, as lines or as one JSON document,
`linkcheck-links/1`; its schema is report/linkcheck-links-1.schema.json."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from linkcheck.common.boundary import trouble_of
from linkcheck.model import Document, Entry, Link, State, Unchecked, Url
from linkcheck.report import messages, sanitise

T = TypeVar("T")
SCHEMA = "linkcheck-links/1"
PlannedLink = tuple[Link, Url | Unchecked]


def as_lines(found: Iterable[PlannedLink]) -> Iterator[str]:
    """One line a link, in the form of compiler messages, with what is wrong with it."""
    for link, target in found:
        yield _safe(_as_line, link, target)


def _as_line(link: Link, target: Url | Unchecked) -> str:
    is_invalid = isinstance(target, Unchecked) and target.state is State.INVALID
    shown = f"{messages.place(link)}: {sanitise.written_url(link.url) if is_invalid else sanitise.url(link.url)}"
    if isinstance(target, Unchecked):
        shown += f" {target.state}[{target.rule}]: {sanitise.clean(target.reason)}"
        if target.repair:
            shown += f"\n  help: did you mean {sanitise.clean(target.repair.text, sanitise.MAX_URL)} ?"
        elif target.advice:
            shown += f"\n  help: {sanitise.clean(target.advice)}"
    return f"{shown}\n"


def _safe(render: Callable[[Link, Url | Unchecked], T], link: Link, target: Url | Unchecked) -> T:
    """The result of `render` for one link; for an internal error, that for its position only."""
    try:
        return render(link, target)
    except Exception as error:
        bare = Link(link.path, link.line, link.column, link.span, sanitise.url(link.url), link.kind)
        return render(bare, Unchecked(bare, State.UNREACHABLE, "internal-error", trouble_of(error)))


def as_json(documents: Sequence[Document], found: Iterable[PlannedLink]) -> Iterator[str]:
    """One line an entry, then one line a link, which refers to its entry by index: an entry may have 100,000 links."""
    entries = [(document.path, entry) for document in documents for entry in document.entries]
    places = {id(entry): at for at, (_, entry) in enumerate(entries)}
    yield f'{{"schema": {sanitise.json_text(SCHEMA)},\n"entries": ['
    yield from _separated(sanitise.json_text(_entry(*one)) for one in entries)
    yield '\n],\n"links": ['
    yield from _separated(_safe(partial(_as_json, places), *one) for one in found)
    yield "\n]}\n"


def _separated(values: Iterable[str]) -> Iterator[str]:
    for at, value in enumerate(values):
        yield f"{',' if at else ''}\n{value}"


def _entry(path: str, entry: Entry) -> dict[str, Any]:
    return {
        "path": path,
        "line": entry.line,
        "title": entry.title,
        "description": entry.description,
        "section": entry.section,
    }


def _as_json(places: Mapping[int, int], link: Link, target: Url | Unchecked) -> str:
    return sanitise.json_text(_link(link, target, places.get(id(link.entry))))


def _link(link: Link, target: Url | Unchecked, entry: int | None) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "url": link.url,
        "normal": None if isinstance(target, Unchecked) else target,
        "path": link.path,
        "line": link.line,
        "column": link.column,
        "span": link.span,
        "kind": link.kind,
        "text": link.text,
        "title": link.title,
        "section": link.section,
        "entry": entry,
        "main": link.is_main,
        "image": link.is_image,
    }
    if isinstance(target, Unchecked):
        shown |= {"state": target.state, "rule": target.rule, "reason": target.reason}
        if target.repair:
            shown |= {"repair": target.repair.text, "repair_span": target.repair.span}
    return shown
