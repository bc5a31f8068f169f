"""The sites that know better than their pages: every module here with a SITE is one, and every installed plug-in."""

from __future__ import annotations

from functools import cache

from linkcheck import plugins
from linkcheck.contracts import Site


def discover() -> tuple[Site, ...]:
    """Every site: ours by name, then those of other distributions. The first that knows a URL owns it."""
    return _found()[0]


def broken_plugins() -> tuple[str, ...]:
    """The sites of other distributions that are left out, and why: a line each."""
    return _found()[1]


@cache
def _found() -> tuple[tuple[Site, ...], tuple[str, ...]]:
    ours: list[Site] = [plugin.load() for plugin in plugins.builtin(__name__, "SITE")]
    others, broken = plugins.loaded(plugins.installed("linkcheck.sites", "SITE"), Site, [site.name for site in ours])
    return (*ours, *others.values()), broken
