"""Values of model.py to plain JSON values and back; what has its default is left out.

Reading checks: a value of the wrong make raises ValueError, whatever it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, NewType, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
_PLAIN = frozenset({str, int, float, bool, NoneType})


def to_plain(value: Any) -> Any:
    """`value` as dictionaries, lists, strings, numbers, booleans and None."""
    kind: Any = type(value)
    return value if kind in _PLAIN else _writer(kind)(value)


@lru_cache(maxsize=128)
def _writer(kind: Any) -> Callable[[Any], Any]:
    """What makes a plain value of a `kind`."""
    if is_dataclass(kind):
        return _writer_of_fields(kind)
    if issubclass(kind, Enum):
        return attrgetter("value")
    if issubclass(kind, datetime):
        return datetime.isoformat
    if issubclass(kind, Mapping):
        return lambda value: {str(to_plain(key)): to_plain(own) for key, own in value.items()}
    if issubclass(kind, (tuple, list)):
        return lambda value: [to_plain(one) for one in value]
    return lambda value: value


def _writer_of_fields(kind: Any) -> Callable[[Any], dict[str, Any]]:
    names = [field.name for field in fields(kind)]
    defaults = [_default(field) for field in fields(kind)]
    values = attrgetter(*names)  # all of them in one call

    def write(value: Any) -> dict[str, Any]:
        found = {}
        for name, own, default in zip(names, values(value), defaults, strict=True):
            if own is not default and own != default:
                found[name] = to_plain(own)
        return found

    return write


def from_plain(kind: type[T], value: Any) -> T:
    """The `kind` that `value` was made from. Raises ValueError."""
    try:
        found: T = _read(kind, value)
    except (TypeError, KeyError, AttributeError, LookupError) as error:
        raise ValueError(f"no {kind.__name__}: {type(error).__name__}: {error}") from error
    return found


def _default(field: Field[Any]) -> Any:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default


@lru_cache(maxsize=64)
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, value: Any) -> Any:
    if isinstance(kind, NewType):
        return _read(kind.__supertype__, value)
    if kind is Any:
        return value
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _read_union(get_args(kind), value)
    if origin is tuple:
        _expect(isinstance(value, list), kind, value)
        inner = get_args(kind)
        kinds = [inner[0]] * len(value) if len(inner) == 2 and inner[1] is ... else inner
        return tuple(_read(one, own) for one, own in zip(kinds, value, strict=True))
    if origin is not None and issubclass(origin, Mapping):
        _expect(isinstance(value, dict), kind, value)
        keys, values = get_args(kind)
        return {_read(keys, key): _read(values, own) for key, own in value.items()}
    if is_dataclass(kind):
        _expect(isinstance(value, dict), kind, value)
        hints = _hints(kind)  # type: ignore[arg-type]
        return kind(**{name: _read(hints[name], own) for name, own in value.items()})  # type: ignore[operator]
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is float:
        _expect(isinstance(value, (int, float)) and not isinstance(value, bool), kind, value)
        return float(value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    _expect(isinstance(value, kind) and (kind is bool or not isinstance(value, bool)), kind, value)
    return value


def _read_union(kinds: tuple[Any, ...], value: Any) -> Any:
    if value is None:
        _expect(NoneType in kinds, kinds, value)
        return None
    for kind in kinds:
        if kind is not NoneType:
            try:
                return _read(kind, value)
            except (ValueError, TypeError):
                continue
    raise ValueError(f"{value!r} is none of {kinds}")


def _expect(truth: object, kind: Any, value: Any) -> None:
    if not truth:
        raise ValueError(f"{str(value)[:60]!r} is no {kind}")
