"""A Report to text: every module of formats/ is a format, and every installed plug-in. `render` touches no file."""

from __future__ import annotations

from functools import cache

from linkcheck import plugins
from linkcheck.contracts import Format
from linkcheck.plugins import Plugin
from linkcheck.report.groups import by_document as by_document


def names() -> list[str]:
    """The names of all formats, any of which can be printed: ours, which are not loaded, then those of others."""
    return [*_ours(), *(form.name for form in _others().values)]


def named(name: str) -> Format:
    """One format; our others are not loaded. Raises KeyError where there is none."""
    ours = _ours()
    if name in ours:
        form: Format = ours[name].load()
        return form
    return {form.name: form for form in _others().values}[name]


def written() -> list[Format]:
    """The formats that go to the reports folder, in the order to write them in: `markdown` before `yaml`, which takes
    its time, and who interrupts may not wait for it."""
    return [form for form in map(named, names()) if form.is_written]


def broken_plugins() -> tuple[str, ...]:
    """The formats of other distributions that are left out, and why: a line each."""
    return _others().broken


@cache
def _ours() -> dict[str, Plugin]:
    return {plugin.name: plugin for plugin in plugins.builtin(f"{__name__}.formats", "FORMAT")}


@cache
def _others() -> plugins.Loaded[Format]:
    return plugins.loaded("linkcheck.formats", "FORMAT", Format, _ours())
