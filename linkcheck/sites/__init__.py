"""Sites with an API more reliable than their pages: the SITE of each module here, and of each installed plug-in."""

from __future__ import annotations

from functools import cache

from linkcheck import plugins
from linkcheck.contracts import Site


def discover() -> tuple[Site, ...]:
    """All sites: the built-in ones by name, then those of plug-ins. The first that accepts a URL owns it."""
    return (*_ours(), *_others().values)


def broken_plugins() -> tuple[str, ...]:
    """A message for each site of a plug-in that was left out."""
    return _others().broken


@cache
def _ours() -> tuple[Site, ...]:
    return tuple(plugin.load() for plugin in plugins.builtin(__name__, "SITE"))


@cache
def _others() -> plugins.Loaded[Site]:
    return plugins.loaded("linkcheck.sites", "SITE", Site, [site.name for site in _ours()])
