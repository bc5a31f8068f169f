"""The sites that know better than their pages: every module here with a SITE is one."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules

from linkcheck.contracts import Site


@lru_cache(maxsize=1)
def discover() -> tuple[Site, ...]:
    """Every site, by name."""
    names = sorted(module.name for module in iter_modules(__path__))
    return tuple(import_module(f"{__name__}.{name}").SITE for name in names)
