"""A Report to text. Every module here with a FORMAT is a format; `render` touches no file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules

from linkcheck.contracts import Format
from linkcheck.model import Checked, Document, Report


@lru_cache(maxsize=1)
def discover() -> Mapping[str, Format]:
    """Every format, by name."""
    modules = (import_module(f"{__name__}.{m.name}") for m in iter_modules(__path__))
    found = [module.FORMAT for module in modules if hasattr(module, "FORMAT")]
    return {form.name: form for form in sorted(found, key=lambda form: form.name)}


def of_document(report: Report, document: Document) -> Report:
    """The part of `report` that one document is about, with its own places only."""
    if report.documents == (document,):
        return report
    own = [(one, tuple(link for link in one.links if link.path == document.path)) for one in report.checked]
    checked: list[Checked] = [replace(one, links=links) for one, links in own if links]
    return replace(report, documents=(document,), checked=tuple(checked))
