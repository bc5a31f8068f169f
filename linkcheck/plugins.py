"""What is registered by being there: modules of a package, and entry points of other installed distributions.

An entry point (packaging.python.org, *Entry points specification*) of the group `linkcheck.sites`, `.formats`,
`.readers` or `.rules` names a value, or a module that holds it as its built-in neighbours do. What cannot be loaded
is named and left out.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, NamedTuple, Protocol, TypeVar

from linkcheck.common.boundary import trouble_of

_GROUPS = "[linkcheck."


class _Named(Protocol):
    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=_Named)


class Plugin(NamedTuple):
    """One thing that is there, not loaded yet. `load` raises whatever its code does."""

    name: str
    load: Callable[[], Any]


def builtin(package: str, attribute: str) -> list[Plugin]:
    """The modules of `package`, each to give its `attribute`, by name."""
    path = import_module(package).__path__
    names = sorted(module.name for module in iter_modules(path))
    return [Plugin(name, _loader(f"{package}.{name}", attribute)) for name in names]


def installed(group: str, attribute: str) -> list[Plugin]:
    """What other distributions register under `group`, by name: a value, or a module with an `attribute`."""
    if not _has_entry_points():
        return []
    from importlib.metadata import entry_points  # takes 25 ms, for what is hardly ever there

    def loader(load: Callable[[], Any]) -> Callable[[], Any]:
        def value() -> Any:
            loaded = load()
            return getattr(loaded, attribute) if isinstance(loaded, ModuleType) else loaded

        return value

    found = sorted(entry_points(group=group), key=lambda point: point.name)
    return [Plugin(point.name, loader(point.load)) for point in found]


def loaded(found: Iterable[Plugin], kind: type[T], taken: Collection[str] = ()) -> tuple[dict[str, T], tuple[str, ...]]:
    """The values of those that can be loaded, by the values' own names; and a line on each of the others.

    Those others raise when they are loaded, give no `kind`, or a name that is `taken`.
    """
    values, broken = dict[str, T](), list[str]()
    for plugin in found:
        try:
            value = _checked(plugin.load(), kind, (*taken, *values))
            values[value.name] = value
        except Exception as error:
            broken.append(f"{plugin.name}: {trouble_of(error)}")
    return values, tuple(broken)


def _checked(value: Any, kind: type[T], taken: Collection[str]) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"a {type(value).__name__}, where a {kind.__name__} is needed")
    if value.name in taken:
        raise ValueError(f"the name {value.name!r} is taken")
    return value


def _loader(module: str, attribute: str) -> Callable[[], Any]:
    return lambda: getattr(import_module(module), attribute)


@cache
def _has_entry_points() -> bool:
    """Whether any installed distribution has an entry point for linkcheck."""
    return any(_GROUPS in text for folder in sys.path if folder for text in _entry_point_files(folder))


def _entry_point_files(folder: str) -> Iterator[str]:
    try:
        names = [entry.path for entry in os.scandir(folder) if entry.name.endswith((".dist-info", ".egg-info"))]
    except OSError:
        return
    for name in names:
        try:
            with open(os.path.join(name, "entry_points.txt"), encoding="utf-8", errors="replace") as file:  # noqa: PTH118, PTH123
                yield file.read()
        except OSError:
            continue
