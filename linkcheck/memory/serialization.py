"""Values of the model to JSON and back; fields with their default are left out. The home of msgspec's converters.

Reading validates: any text that is no value of the expected kind raises ValueError.
"""

from __future__ import annotations

import re
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
    text = _masked(value)
    if text.isascii():
        return text
    import json

    return json.dumps(json.loads(text), separators=(",", ":"))


def to_line(value: Any) -> str:
    """As `to_json`, but letters of all scripts stand for themselves; what cannot be seen is escaped."""
    return _visible(_masked(value))


def size_in_line(value: Any) -> int:
    """How many bytes `to_line` makes of a value without secrets."""
    if isinstance(value, str) and value.isascii() and value.isprintable() and not ('"' in value or "\\" in value):
        return len(value) + 2
    return len(_visible(_text(value)).encode())


def _visible(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    from linkcheck.common.invisible import UNSEEN, is_seen  # large tables, which few lines need

    return text if is_seen(text) else UNSEEN.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _text(value: Any) -> str:
    try:
        return _ENCODER.encode(value).decode()
    except UnicodeEncodeError:  # a lone surrogate: JSON parsers need not accept it
        import json

        return _HALF.sub(" ", json.dumps(msgspec.to_builtins(value, enc_hook=_plain), ensure_ascii=False))


def _masked(value: Any) -> str:
    text = _text(value)
    if secret.is_in(text) or ("@" in text and "\\" in text):
        import json

        return json.dumps(secret.all_masked(json.loads(text)), ensure_ascii=False, separators=(",", ":"))
    return text


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
