"""A Report to text. Every module here with a FORMAT is the format of its name; `render` touches no file."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from linkcheck.contracts import Format
from linkcheck.model import Checked, Document, Report, replace


def names() -> list[str]:
    """The names of all formats."""
    found = (module.name for module in iter_modules(__path__))
    return sorted(name for name in found if hasattr(import_module(f"{__name__}.{name}"), "FORMAT"))


def named(name: str) -> Format:
    """One format; the others are not loaded."""
    form: Format = import_module(f"{__name__}.{name}").FORMAT
    return form


def of_document(report: Report, document: Document) -> Report:
    """The part of `report` that one document is about, with its own places only."""
    if report.documents == (document,):
        return report
    own = [(one, tuple(link for link in one.links if link.path == document.path)) for one in report.checked]
    checked: list[Checked] = [replace(one, links=links) for one, links in own if links]
    return replace(report, documents=(document,), checked=tuple(checked))
