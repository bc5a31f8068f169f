"""Formats, a Report to text: the modules of formats/, and installed plug-ins. Nothing here touches a file."""

from __future__ import annotations

from functools import cache

from linkcheck import plugins
from linkcheck.contracts import Format
from linkcheck.plugins import Plugin
from linkcheck.report.groups import by_document as by_document


def names() -> list[str]:
    """The names of all formats: the built-in ones, without loading them, then those of plug-ins."""
    return [*_ours(), *(form.name for form in _others().values)]


def named(name: str) -> Format:
    """One format, without loading the other built-in ones. Raises KeyError."""
    ours = _ours()
    if name in ours:
        form: Format = ours[name].load()
        return form
    return {form.name: form for form in _others().values}[name]


def written() -> list[Format]:
    """The formats that go to the reports folder, in writing order: `markdown` before `yaml`, which is slow, so that an
    interrupted run has the first."""
    return [form for form in map(named, names()) if form.is_written]


def broken_plugins() -> tuple[str, ...]:
    """A message for each format of a plug-in that was left out."""
    return _others().broken


@cache
def _ours() -> dict[str, Plugin]:
    return {plugin.name: plugin for plugin in plugins.builtin(f"{__name__}.formats", "FORMAT")}


@cache
def _others() -> plugins.Loaded[Format]:
    return plugins.loaded("linkcheck.formats", "FORMAT", Format, _ours())
