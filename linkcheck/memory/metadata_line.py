"""Metadata to the fields of a line and back: bounded, and no text twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from linkcheck.memory import bounds
from linkcheck.memory.bounds import cut
from linkcheck.memory.line_schema import Line
from linkcheck.model import Author, Metadata, Url, replace

_SAME = "="
_UNKNOWN, _AS_BEFORE = "-", "*"
# Where a field usually comes from. This is part of the schema: it stays when the sources of pages change.
_USUAL = {
    "title": "og:title", "authors": "author", "published": "article:published_time",
    "modified": "article:modified_time", "description": "og:description", "language": "html.lang",
    "site_name": "og:site_name", "canonical": "link.canonical", "doi": "citation_doi", "duration": "youtube-player",
}  # fmt: skip


_AS_THEY_ARE = (
    "kind", "title", "published", "modified", "description", "language", "site_name", "doi", "duration_s", "details",
)  # fmt: skip


def fields(found: Metadata, url: Url) -> dict[str, Any]:
    """The fields of a line on `url`."""
    title = cut(found.title, bounds.TITLE)
    kept = replace(
        found,
        kind=cut(found.kind, bounds.NAME),
        title=title,
        title_raw=cut(found.title_raw, bounds.TITLE) if title == found.title else "",
        authors=tuple(_bounded(found.authors)),
        published=cut(found.published, bounds.NAME),
        modified=cut(found.modified, bounds.NAME),
        description=cut(found.description, bounds.DESCRIPTION),
        language=cut(found.language, bounds.NAME),
        site_name=cut(found.site_name, bounds.NAME),
        canonical=found.canonical if bounds.size(found.canonical) <= bounds.ADDRESS else "",
        doi=found.doi if bounds.size(found.doi) <= bounds.REASON else "",
        details=bounds.details(found.details) if found.details else found.details,
    )
    named = {name: getattr(kept, name) for name in _AS_THEY_ARE}
    return named | {
        "title_raw": _raw(kept),
        "authors": tuple(map(_author, kept.authors)),
        "canonical": _SAME if kept.canonical == url else kept.canonical,
        "provenance": _provenance(kept),
    }


def metadata(line: Line) -> Metadata | None:
    """The metadata of a line; None if it has none. Raises ValueError."""
    raw = line.title_raw if isinstance(line.title_raw, str) else f"{line.title_raw[0]}{line.title}{line.title_raw[1]}"
    found = Metadata(
        line.kind,
        line.title,
        raw,
        tuple(map(_named, line.authors)),
        line.published,
        line.modified,
        line.description,
        line.language,
        line.site_name,
        line.url if line.canonical == _SAME else line.canonical,
        line.doi,
        line.duration_s,
        line.details,
    )
    if found == _NOTHING:
        return None
    return replace(found, provenance=_sources(line.provenance, found))


_NOTHING = Metadata()


def _raw(found: Metadata) -> str | tuple[str, str]:
    before, title, after = found.title_raw.partition(found.title) if found.title else (found.title_raw, "", "")
    return (before, after) if title else found.title_raw


# -- authors -----------------------------------------------------------------------------------


def _bounded(authors: tuple[Author, ...]) -> Iterator[Author]:
    """As many of the first authors as there is room for."""
    room = bounds.AUTHORS
    for one in authors[: bounds.MOST_AUTHORS]:
        short = Author(*(cut(part, bounds.NAME) for part in (one.name, one.family, one.given)))
        room -= sum(bounds.size(part) + 3 for part in _parts(short))
        if room < 0:
            break
        yield short


def _parts(one: Author) -> tuple[str, ...]:
    if not one.family and not one.given:
        return (one.name,)
    return (one.given, one.family) if one.name == f"{one.given} {one.family}" else (one.name, one.family, one.given)


def _author(one: Author) -> str | tuple[str, ...]:
    parts = _parts(one)
    return parts[0] if len(parts) == 1 else parts


def _named(written: str | tuple[str, ...]) -> Author:
    match written:
        case str():
            return Author(written)
        case (given, family):
            return Author(f"{given} {family}", family, given)
        case (name, family, given):
            return Author(name, family, given)
    raise ValueError("an impossible author")


# -- provenance --------------------------------------------------------------------------------


def _present(found: Metadata) -> list[str]:
    values = {name: getattr(found, "duration_s" if name == "duration" else name) for name in _USUAL}
    return [name for name, value in values.items() if value]


def _provenance(found: Metadata) -> str | dict[str, str]:
    """The sources of the fields that there are, in their order, with commas between: '' for the usual one, `-` for
    none, `*` for the last that was written."""
    present = _present(found)
    known = {name: cut(source, bounds.NAME) for name, source in found.provenance.items() if name in present}
    if any("," in source or source in ("", _UNKNOWN, _AS_BEFORE) for source in known.values()):
        return known
    written, last = list[str](), ""
    for name in present:
        source = known.get(name, _UNKNOWN)
        if source == _USUAL[name]:
            written.append("")
        elif source in (last, _UNKNOWN):
            written.append(_AS_BEFORE if source == last else source)
        else:
            written.append(source)
            last = source
    return ",".join(written).rstrip(",")


def _sources(written: str | Mapping[str, str], found: Metadata) -> Mapping[str, str]:
    if not isinstance(written, str):
        return written
    present = _present(found)
    parts = written.split(",", len(present))
    sources, last = dict[str, str](), ""
    for name, part in zip(present, [*parts, *[""] * len(present)], strict=False):
        if part not in ("", _UNKNOWN, _AS_BEFORE):
            last = part
        source = {"": _USUAL[name], _AS_BEFORE: last}.get(part, part)
        if source not in ("", _UNKNOWN):
            sources[name] = source
    return sources
