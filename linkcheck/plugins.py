"""Plug-ins: the modules of a package, and the entry points of other installed distributions.

An entry point (packaging.python.org, *Entry points specification*) of the group `linkcheck.sites`, `.formats`,
`.readers` or `.rules` names a value, or a module that holds it as its built-in neighbours do. What cannot be loaded
is named and left out.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from linkcheck.common.boundary import trouble_of
from linkcheck.errors import InstallationError

_GROUPS = "[linkcheck."


class _Named(Protocol):
    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=_Named)


class Plugin(NamedTuple):
    """A plug-in that is not loaded yet. `load` raises whatever its code raises."""

    name: str
    load: Callable[[], Any]


def builtin(package: str, attribute: str) -> list[Plugin]:
    """The modules of `package`, by name, each to load its `attribute`. Raises InstallationError if there are none: then
    its folder cannot be listed."""
    path = import_module(package).__path__
    names = sorted({name for folder in path for name in _modules(folder)})
    if not names:
        raise InstallationError(
            "cannot list the modules of linkcheck", where=package, help="check the disk, or install it again"
        )
    return [Plugin(name, _loader(f"{package}.{name}", attribute)) for name in names]


def _modules(folder: str) -> Iterator[str]:
    """The names of the modules and packages in a folder."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name, _, suffix = entry.name.partition(".")
                if (suffix == "py" and name != "__init__") or os.path.isfile(os.path.join(entry.path, "__init__.py")):  # noqa: PTH113, PTH118
                    yield name
    except OSError:  # in a zip file; `pkgutil` takes 10 ms, since it loads `inspect`
        from pkgutil import iter_modules

        yield from (module.name for module in iter_modules([folder]))


def installed(group: str, attribute: str) -> list[Plugin]:
    """The entry points of `group`, by name: each a value, or a module with an `attribute`."""
    if not are_installed():
        return []
    from importlib.metadata import entry_points  # takes 25 ms, and is rarely needed

    def loader(load: Callable[[], Any]) -> Callable[[], Any]:
        def value() -> Any:
            loaded = load()
            return getattr(loaded, attribute) if isinstance(loaded, ModuleType) else loaded

        return value

    found = sorted(entry_points(group=group), key=lambda point: point.name)
    return [Plugin(point.name, loader(point.load)) for point in found]


class Loaded(NamedTuple, Generic[T]):
    """The values of entry points, and a message on each that was left out."""

    values: tuple[T, ...]
    broken: tuple[str, ...]


def loaded(
    group: str,
    attribute: str,
    kind: type[T],
    taken: Collection[str],
    objection: Callable[[T, Sequence[T]], str] | None = None,
) -> Loaded[T]:
    """Load the entry points of `group`: each must be a `kind` with a name that is not `taken`.

    `objection(value, others)` gives the reason if a value conflicts with the `others` accepted before it, else ''.
    """
    values, broken = list[T](), list[str]()
    for plugin in installed(group, attribute):
        try:
            value = plugin.load()
            reason = _misfit(value, kind, {*taken, *(one.name for one in values)})
            if objection and not reason:
                reason = objection(value, values)
        except Exception as error:
            reason = trouble_of(error)
        if reason:
            broken.append(f"the {kind.__name__.lower()} {plugin.name!r} of a plug-in is left out: {reason}")
        else:
            values.append(value)
    return Loaded(tuple(values), tuple(broken))


def _misfit(value: Any, kind: type[Any], taken: Collection[str]) -> str:
    if not isinstance(value, kind):
        return f"it is a {type(value).__name__}, no linkcheck.contracts.{kind.__name__}"
    return f"there is a {kind.__name__.lower()} {value.name!r} already" if value.name in taken else ""


def _loader(module: str, attribute: str) -> Callable[[], Any]:
    return lambda: getattr(import_module(module), attribute)


@cache
def are_installed() -> bool:
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
