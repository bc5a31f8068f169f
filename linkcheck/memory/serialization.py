"""Values of model.py to JSON and back; what has its default is left out. The home of msgspec's converters.

Reading checks: text that holds no value of the kind raises ValueError, whatever it is.
"""

from __future__ import annotations

import json
import re
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from linkcheck.common import secret

T = TypeVar("T")
_HALF = re.compile("[\ud800-\udfff]")


def to_json(value: Any) -> str:
    """`value` as one line of ASCII: strangers' words hold what breaks lines, turns text around, or has no encoding.

    Secrets in URLs are not kept.
    """
    try:
        text = _ENCODER.encode(value).decode()
    except UnicodeEncodeError:  # half a surrogate pair: no JSON parser has to take it
        text = _HALF.sub(" ", json.dumps(msgspec.to_builtins(value, enc_hook=_plain), ensure_ascii=False))
    if secret.is_in(text) or ("@" in text and "\\" in text):
        return json.dumps(secret.all_masked(json.loads(text)), separators=(",", ":"))
    return text if text.isascii() else json.dumps(json.loads(text), separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, MappingProxyType):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not remembered")


_ENCODER = msgspec.json.Encoder(enc_hook=_plain)


def from_json(kind: type[T], text: bytes | str) -> T:
    """The `kind` that `text` was made from. Raises ValueError."""
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.DecodeError, UnicodeError, RecursionError, OverflowError, MemoryError) as error:
        raise ValueError(str(error) or type(error).__name__) from error
