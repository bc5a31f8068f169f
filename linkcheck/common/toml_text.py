"""The one home of TOML: text to plain values, in bounded time, with one error."""

from __future__ import annotations

from codecs import BOM_UTF8
from typing import Any

from linkcheck.common.lazy import lazy

# A bound on tomllib's work for dotted keys (Python 3.11, measured): each line costs the number of parts of its table's
# name, and the square of that of its own key. One header of 3,000 parts before 11,000 short lines took 14 s.
_TABLE_NS, _KEY_NS = 400, 20
_MOST_NS = 200_000_000
_LINE = lazy(r"line (\d+)")


class TomlError(ValueError):
    """The text is not TOML; `line` counts from 1 and is 0 where unknown."""

    def __init__(self, problem: str, line: int) -> None:
        super().__init__(problem)
        self.line = line


def load(data: bytes, errors: str = "strict") -> dict[str, Any]:
    """The table in `data`, UTF-8 decoded with `errors`. Raises TomlError."""
    import tomllib

    if line := _costly_line(data):
        raise TomlError("too many keys of many parts", line)
    try:
        return tomllib.loads(data.removeprefix(BOM_UTF8).decode(errors=errors))  # Windows' Notepad wrote one
    except RecursionError:
        raise TomlError("nested too deeply", 0) from None
    except UnicodeDecodeError as error:
        raise TomlError("not UTF-8", data.count(b"\n", 0, error.start) + 1) from error
    except ValueError as error:  # of which TOMLDecodeError is one; int() raises others
        found = _LINE.search(str(error))
        raise TomlError(str(error), int(found[1]) if found else 0) from error


def quoted(text: str) -> str:
    """`text` as a basic string of TOML (v1.0.0, *String*), in ASCII. Lone surrogates become U+FFFD."""
    return f'"{"".join(_escaped(char) for char in text)}"'


def _escaped(char: str) -> str:
    code = ord(char)
    if char in '"\\':
        return f"\\{char}"
    if 0x20 <= code < 0x7F:
        return char
    if 0xD800 <= code < 0xE000:
        return "\\uFFFD"
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def _costly_line(data: bytes) -> int:
    """The line at which parsing may take too long, 0 if none. The dots of a line bound the parts of its key."""
    table, cost = 0, 0
    for number, line in enumerate(data.split(b"\n"), 1):
        dots = line.count(b".")
        if line.lstrip().startswith(b"["):
            table = max(table, dots)  # or an array's line: then it is no header, and the one before still holds
        cost += table * _TABLE_NS + dots * dots * _KEY_NS
        if cost > _MOST_NS:
            return number
    return 0
