"""Values of model.py to plain JSON values and back; what has its default is left out. The home of msgspec's converters.

Reading checks: a value of the wrong make raises ValueError, whatever it is.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """`value` as dictionaries, lists, strings, numbers, booleans and None."""
    return msgspec.to_builtins(value, enc_hook=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, MappingProxyType):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not remembered")


def from_plain(kind: type[T], value: Any) -> T:
    """The `kind` that `value` was made from. Raises ValueError."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error
