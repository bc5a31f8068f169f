"""The sites that know better than their pages: every module here with a SITE is one, and every installed plug-in."""

from __future__ import annotations

from functools import cache

from linkcheck import plugins
from linkcheck.contracts import Site


def discover() -> tuple[Site, ...]:
    """Every site: ours by name, then those of other distributions. The first that knows a URL owns it."""
    return (*_ours(), *_others().values)


def broken_plugins() -> tuple[str, ...]:
    """The sites of other distributions that are left out, and why: a line each."""
    return _others().broken


@cache
def _ours() -> tuple[Site, ...]:
    return tuple(plugin.load() for plugin in plugins.builtin(__name__, "SITE"))


@cache
def _others() -> plugins.Loaded[Site]:
    return plugins.loaded("linkcheck.sites", "SITE", Site, [site.name for site in _ours()])
