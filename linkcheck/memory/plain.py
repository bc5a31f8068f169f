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
Reader = Callable[[Any], Any]
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
    hint: Any = kind
    try:
        found: T = _reader(hint)(value)
    except (TypeError, KeyError, AttributeError, LookupError) as error:
        raise ValueError(f"no {kind.__name__}: {type(error).__name__}: {error}") from error
    return found


def _default(field: Field[Any]) -> Any:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default


@lru_cache(maxsize=256)
def _reader(kind: Any) -> Reader:
    """What makes a `kind` of a plain value, and raises ValueError where it is none."""
    if isinstance(kind, NewType):
        return _reader(kind.__supertype__)
    if kind is Any:
        return lambda value: value
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _reader_of_union(get_args(kind))
    if origin is tuple:
        return _reader_of_tuple(get_args(kind))
    if origin is not None and issubclass(origin, Mapping):
        key_of, value_of = map(_reader, get_args(kind))
        return lambda value: {key_of(key): value_of(own) for key, own in _of(dict, value).items()}
    if is_dataclass(kind):
        return _reader_of_fields(kind)
    if kind is datetime:
        return datetime.fromisoformat
    if kind is float:
        return lambda value: float(value if type(value) is int else _of(float, value))
    if issubclass(kind, Enum):
        return lambda value: kind(value)
    return lambda value: _of(kind, value)


def _reader_of_fields(kind: Any) -> Reader:
    readers = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}
    return lambda value: kind(**{name: readers[name](own) for name, own in _of(dict, value).items()})


def _reader_of_tuple(kinds: tuple[Any, ...]) -> Reader:
    if kinds[1:] == (...,):
        reader = _reader(kinds[0])
        return lambda value: tuple([reader(one) for one in _of(list, value)])
    readers = [_reader(one) for one in kinds]
    return lambda value: tuple(read(own) for read, own in zip(readers, _of(list, value), strict=True))


def _reader_of_union(kinds: tuple[Any, ...]) -> Reader:
    readers = [_reader(one) for one in kinds if one is not NoneType]

    def read(value: Any) -> Any:
        if value is None and NoneType in kinds:
            return None
        for reader in readers:
            try:
                return reader(value)
            except (ValueError, TypeError):
                continue
        raise ValueError(f"{value!r} is none of {kinds}")

    return read


def _of(kind: type, value: Any) -> Any:
    """`value`, which has to be a `kind` and nothing derived from it: True is no number here."""
    if type(value) is not kind:
        raise ValueError(f"{str(value)[:60]!r} is no {kind}")
    return value
