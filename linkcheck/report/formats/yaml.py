"""The enriched list as CSL-YAML: `references:` as pandoc, Hugo, Jekyll and Zotero read them.

Data that CSL has a field for is in that field; the rest is under `custom:` (the official schema forbids other
keys). Ids depend on URLs only and times are days, so the file changes between runs only where something changed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from linkcheck import urls
from linkcheck.common import secret, yaml_text
from linkcheck.contracts import Format
from linkcheck.model import Author, Checked, Csl, Link, Metadata, Mutable, Report, State, field
from linkcheck.report import messages, sanitise

# CSL types of pages (page/metadata.py); those of sites' items are in the report.
_PAGE_TYPES = {"page": "webpage", "article": "post-weblog", "paper": "article-journal"}
_OTHER = Csl("webpage")
_SCHEME = re.compile(r"^\w+://(?:www\.)?")
_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9._-]+")
_OF_PATHS = frozenset({"file-there", "missing-file", "missing-fragment"})
_LONG = 5_000
_MOST_DESCRIPTIONS = 5  # copies of a shared description: an entry may have 100,000 links


class _WriterState(Mutable):
    """State while writing: the mapping to CSL, the ids so far, each with its last numeric suffix, and how often each
    entry's description was written."""

    csl: Mapping[str, Csl]
    ids: dict[str, int] = field(default_factory=dict)
    descriptions: Counter[int] = field(default_factory=Counter)


def pieces(report: Report) -> Iterator[str]:
    head = {"schema": "linkcheck/1", "source": ", ".join(sanitise.clean(d.path) for d in report.documents)}
    if report.is_partial:
        head["partial"] = messages.missing(report)
    written = _WriterState(report.csl)
    references = [one for one in report.checked if _is_reference(one)]
    yield yaml_text.dump(head) + ("references:\n" if references else "references: []\n")
    # One record at a time: the same text in a third less time, and far less memory, than one dump.
    for one in references:
        yield messages.entry(lambda one: yaml_text.dump([_record(one, written)]), one)


def _is_reference(one: Checked) -> bool:
    """Whether the link is a reference: not a mail address, a relative or an in-page link."""
    is_path = one.verdict.state is State.SKIPPED or one.verdict.rule in _OF_PATHS
    return not is_path or urls.normalise(one.url) is not None


def _record(one: Checked, written: _WriterState) -> dict[str, Any]:
    found = one.metadata or Metadata()
    is_page = found.kind in _PAGE_TYPES
    csl = Csl(_PAGE_TYPES[found.kind]) if is_page else written.csl.get(found.kind, _OTHER)
    site_name = sanitise.clean(found.site_name)
    record = {
        "id": _unique(_identifier(one), written.ids),
        "type": csl.type,
        "title": sanitise.clean(found.title or messages.title(one), 1_000),
        "author": [_name(author) for author in found.authors[:200]],
        "issued": _issued(found.published),
        "container-title": site_name if is_page else "",
        "publisher": "" if is_page else site_name,
        **dict.fromkeys(("number", "genre", "version", "medium"), ""),  # reserves their place in the order of keys
        "dimensions": _duration(found.duration_s),
        "DOI": sanitise.clean(found.doi),
        "URL": sanitise.url(one.url),
        "abstract": sanitise.clean(found.description, _LONG),
        "keyword": "",
        "language": sanitise.clean(found.language),
        **_filled(csl, found),
    }
    return {key: value for key, value in record.items() if value} | {
        "custom": _custom(one, found, written.descriptions)
    }


def _filled(csl: Csl, found: Metadata) -> dict[str, str]:
    """The CSL variables that the site's details fill."""
    details = _Details(found)
    return {name: sanitise.clean(template.format_map(details), 2 * _LONG) for name, template in csl.fields.items()}


class _Details(dict[str, str]):
    """The details of one item, as text."""

    def __init__(self, found: Metadata) -> None:
        super().__init__()
        self._found = found

    def __missing__(self, name: str) -> str:
        return _detail(self._found, name)


def _custom(one: Checked, found: Metadata, described: Counter[int]) -> dict[str, Any]:
    verdict, link = one.verdict, one.links[0]
    own = link if link.entry else next((other for other in one.links if other.entry), link)
    custom: dict[str, Any] = {
        "state": str(verdict.state),
        "confidence": str(verdict.confidence),
        "rule": verdict.rule,
        "reason": sanitise.clean(verdict.reason, 600),
        "flags": {str(flag): sanitise.clean(why) for flag, why in verdict.flags.items()} if verdict.flags else None,
        "since": one.since.date().isoformat() if one.since else "",
        "replacement": sanitise.url(verdict.replacement),
        "checked": one.at.date().isoformat() if one.at else "",
        "http": one.status,
        "final_url": sanitise.url(one.final_url) if one.final_url != one.normal else "",
        "line": link.line,
        "lines": [other.line for other in one.links] if len(one.links) > 1 else [],
        "section": [sanitise.clean(part) for part in link.section],
        "list": _list_texts(own, described),
        "kind": sanitise.clean(found.kind) if one.packed else "",
        "modified": sanitise.clean(found.modified) if found.modified != found.published else "",
        "title_raw": sanitise.clean(found.title_raw, 1_000),
        "canonical": sanitise.url(found.canonical) if found.canonical != one.normal else "",
        sanitise.clean(found.kind.partition("-")[0]): _plain(found.details),
        "provenance": _plain(found.provenance),
    }
    return {key: value for key, value in custom.items() if value}


def _list_texts(link: Link, described: Counter[int]) -> dict[str, Any]:
    """The list's own texts: title, description, and whether the entry is about this link."""
    entry = link.entry
    is_described = entry is not None and link.is_main and described[id(entry)] < _MOST_DESCRIPTIONS
    if is_described:
        described[id(entry)] += 1
    words_of = {
        "title": sanitise.clean(link.title, 1_000),
        "entry": sanitise.clean(entry.title, 1_000) if entry and entry.title != link.title else "",
        "description": sanitise.clean(entry.description, _LONG) if entry and is_described else "",
        "mentioned": entry is not None and not link.is_main,
    }
    return {key: value for key, value in words_of.items() if value}


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return sanitise.clean(value, _LONG)
    if isinstance(value, dict | MappingProxyType):
        return {sanitise.clean(str(key)): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value


def _detail(found: Metadata, name: str) -> str:
    """A detail as text; its type is unchecked, since facts may come from a forged history."""
    value = found.details.get(name) or ""
    return sanitise.clean(", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value), _LONG)


def _name(author: Author) -> dict[str, str]:
    if author.family and author.given:
        return {"family": sanitise.clean(author.family), "given": sanitise.clean(author.given)}
    return {"literal": sanitise.clean(author.name)}


def _issued(date: str) -> dict[str, Any] | None:
    parts = [int(part) for part in date.partition("T")[0].split("-") if re.fullmatch("[0-9]{1,4}", part)]
    return {"date-parts": yaml_text.Flow([parts[:3]])} if parts else None


def _duration(seconds: int | None) -> str:
    if not seconds:
        return ""
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def _identifier(one: Checked) -> str:
    """A citation key from the URL alone, so that it is stable when the answers change."""
    if one.item:
        site, *rest = one.item.split(" ")
        return _slug("-".join([site, *rest[:2]]))
    return _slug(_SCHEME.sub("", secret.masked_url(one.normal or one.url))).lower() or "link"


def _slug(text: str) -> str:
    return _NOT_IN_IDS.sub("-", text).strip("-._")[:80].strip("-._")


def _unique(wanted: str, taken: dict[str, int]) -> str:
    number, chosen = taken.get(wanted, 1), wanted
    while chosen in taken:
        number += 1
        chosen = f"{wanted}-{number}"
    taken[wanted] = number
    taken.setdefault(chosen, 1)
    return chosen


FORMAT = Format("yaml", ".yaml", pieces)
