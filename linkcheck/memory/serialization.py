"""Values of the model to JSON and back; fields with their default are left out. The home of msgspec's converters.

Reading validates: any text that is no value of the expected kind raises ValueError.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from linkcheck.common import secret
from linkcheck.common.lazy import lazy

T = TypeVar("T")
_HALF = lazy("[\ud800-\udfff]")


def to_json(value: Any) -> str:
    """`value` as one line of ASCII: untrusted text may hold line breaks, bidirectional controls or lone surrogates.

    Secrets in URLs are masked.
    """
    import json  # loaded lazily: it is not needed to read

    try:
        text = _ENCODER.encode(value).decode()
    except UnicodeEncodeError:  # a lone surrogate: JSON parsers need not accept it
        text = _HALF.sub(" ", json.dumps(msgspec.to_builtins(value, enc_hook=_plain), ensure_ascii=False))
    if secret.is_in(text) or ("@" in text and "\\" in text):
        return json.dumps(secret.all_masked(json.loads(text)), separators=(",", ":"))
    return text if text.isascii() else json.dumps(json.loads(text), separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, MappingProxyType):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not stored")


_ENCODER = msgspec.json.Encoder(enc_hook=_plain)


def from_json(kind: type[T], text: bytes | str) -> T:
    """The value of type `kind` that `text` holds. Raises ValueError."""
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.DecodeError, UnicodeError, RecursionError, OverflowError, MemoryError) as error:
        raise ValueError(str(error) or type(error).__name__) from error
