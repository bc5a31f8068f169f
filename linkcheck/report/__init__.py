"""A Report to text. Every module here with a FORMAT is the format of its name; `render` touches no file."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from linkcheck.contracts import Format
from linkcheck.model import Checked, Document, Link, Report, replace


def names() -> list[str]:
    """The names of all formats."""
    found = (module.name for module in iter_modules(__path__))
    return sorted(name for name in found if hasattr(import_module(f"{__name__}.{name}"), "FORMAT"))


def named(name: str) -> Format:
    """One format; the others are not loaded."""
    form: Format = import_module(f"{__name__}.{name}").FORMAT
    return form


def by_document(report: Report) -> Iterator[tuple[Document, Report]]:
    """Each document with the part of `report` that it is about, with its own places only."""
    if len(report.documents) == 1:
        yield report.documents[0], report
        return
    own: dict[str, list[Checked]] = {document.path: [] for document in report.documents}
    for one in report.checked:
        places: dict[str, list[Link]] = {}
        for link in one.links:
            places.setdefault(link.path, []).append(link)
        for path, links in places.items():
            own[path].append(replace(one, links=tuple(links)))
    for document in report.documents:
        yield document, replace(report, documents=(document,), checked=tuple(own[document.path]))
