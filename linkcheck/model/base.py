"""The base of all values of the model.

All are immutable and know nothing of the rest of the package. Times are aware UTC, durations
seconds, sizes bytes, unless a name says otherwise.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any, NewType

_IS_LOADED = "typing_extensions" in sys.modules
if not _IS_LOADED:  # msgspec would take from there what `typing` has too, and it takes 10 ms to load
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]
try:
    from msgspec import Meta, Struct
    from msgspec import field as field
    from msgspec.structs import replace as replace  # the way to change one: `replace(value, field=other)`
finally:
    if not _IS_LOADED:
        del sys.modules["typing_extensions"]

Url = NewType("Url", str)
"""An absolute http(s) URL in normal form, without a fragment; only `urls.normalise` makes one."""

# These three constraints are checked when a value is read back from a file.
Time = Annotated[datetime, Meta(tz=True)]
Status = Annotated[int, Meta(ge=0, le=999)]
Fingerprint = Annotated[str, Meta(pattern=r"\A(?:[0-9a-f]{8}){0,16}\Z")]  # what `similarity.fingerprint` makes


NOTHING: Mapping[Any, Any] = MappingProxyType({})
"""One shared empty mapping: 100,000 separate ones take 20 MB."""


class Value(Struct, frozen=True, gc=False, omit_defaults=True, forbid_unknown_fields=True):
    """Base class of the values: msgspec creates one in a sixteenth of a frozen dataclass's time.

    The garbage collector need not track them (`gc=False`): an immutable value cannot be part of a cycle.
    """


class Mutable(Struct):
    """Base class of what changes: made as fast as a value. (`dataclasses` takes 10 ms to load, and 0.5 ms a class.)"""
