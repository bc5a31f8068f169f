"""The one home of YAML: text to plain values and back.

PyYAML reads, without types: every scalar is a string; one with a type's tag has to be valid for it. The writer is our
own: PyYAML's emitter takes a millisecond for each reference, and libyaml's writes other text. The layout is PyYAML's
block style. A string is plain if every reader of YAML 1.1 and 1.2 takes it for a string (not `1706.10000`, `no`,
`2019-04-25`, `1e3`), else quoted, and always on one line.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache, partial
from typing import Any

_MOST_OPENED = 100  # brackets in one line, in the square of which PyYAML takes time: 30,000 took 2.3 s
_MOST_DIGITS = 4_300  # the limit of Python's int()
_TOO_MANY_DIGITS = re.compile(rf"(?<![0-9])[0-9]{{{_MOST_DIGITS + 1}}}")
# What may follow a tag such as `!!int` (https://yaml.org/type/, YAML 1.1).
_TYPES = {
    "bool": r"yes|no|true|false|on|off|y|n",
    "float": r"[-+]?(?:[0-9][0-9_]*+(?::[0-5]?[0-9])*+(?:\.[0-9_]*+)?|\.[0-9_]++)(?:e[-+]?[0-9]++)?|[-+]?\.inf|\.nan",
    "int": r"[-+]?(?:0b[01_]++|0x[0-9a-f_]++|[0-9][0-9_]*+(?::[0-5]?[0-9])*+)",
    "null": r"~|null|",
    "timestamp": r"[0-9]{4}-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12][0-9]|3[01])(?:[Tt \t].*)?",
}


class YamlError(ValueError):
    """The text is not YAML; `line` counts from 1 and is 0 where unknown."""

    def __init__(self, problem: str, line: int) -> None:
        super().__init__(problem)
        self.line = line


def load(text: str) -> Any:
    """The value of one YAML document: None, strings, lists and dictionaries. Raises YamlError.

    No types: a merge key (`<<`) of 600 bytes can fill the memory, and PyYAML raises arbitrary exceptions for
    `!!bool maybe` or 400 sexagesimal digits.
    """
    import yaml  # 20 ms, not needed for writing

    for number, line in enumerate(text.splitlines(), 1):
        if line.count("[") + line.count("{") > _MOST_OPENED:
            raise YamlError("too many brackets in one line", number)
        if _TOO_MANY_DIGITS.search(line):
            raise YamlError(f"a number of more than {_MOST_DIGITS:,} digits", number)
    try:
        return yaml.load(text, _loader())  # noqa: S506 (it makes even less than SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise YamlError(error.problem or "not YAML", mark.line + 1 if mark else 0) from error
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:  # chr() overflows for "\UFFFFFFFF"
        raise YamlError(next(iter(str(error).splitlines()), "not YAML"), 0) from error


@cache
def _loader() -> Any:
    """PyYAML's BaseLoader, which ignores tags, with a check of the tags of scalar types."""
    import yaml

    class Loader(yaml.BaseLoader):
        pass

    for name, pattern in _TYPES.items():
        Loader.add_constructor(f"tag:yaml.org,2002:{name}", partial(_of_type, re.compile(pattern, re.IGNORECASE)))
    return Loader


def _of_type(pattern: re.Pattern[str], loader: Any, node: Any) -> str:
    from yaml.constructor import ConstructorError

    text = str(loader.construct_scalar(node))
    if not pattern.fullmatch(text):
        raise ConstructorError(None, None, f"no value of the type {node.tag.rpartition(':')[2]}", node.start_mark)
    return text


# -- values ----------------------------------------------------------------------------------


class Flow(list[Any]):
    """A list that is written on one line: `[[2017, 6, 12]]`."""


def dump(value: dict[str, Any] | list[Any]) -> str:
    """A value (of dictionaries, lists, strings, numbers, booleans and None) as block-style YAML.

    The same value gives the same text everywhere. Half a surrogate pair, which is no character, becomes U+FFFD.
    """
    parts = list[str]()
    _block(parts, value, "", "")
    return "".join(parts)


def _block(parts: list[str], value: Any, lead: str, indent: str) -> None:
    """`value` with `lead` before its first line and `indent` before the others."""
    if value and type(value) is dict:
        _mapping(parts, value, lead, indent)
    elif value and type(value) is list:
        for one in value:
            _block(parts, one, f"{lead}- ", f"{indent}  ")
            lead = indent
    else:
        parts.append(f"{lead}{_inline(value)}\n")


def _mapping(parts: list[str], value: dict[str, Any], lead: str, indent: str) -> None:
    inner = f"{indent}  "
    for key, one in value.items():
        shown, kind = _string(key), type(one)
        if len(shown) > _KEY_CHARS:
            parts.append(f"{lead}? {shown}\n")
            _block(parts, one, f"{indent}: ", inner)
        elif kind is str:
            parts.append(f"{lead}{shown}: {_string(one)}\n")
        elif one and kind is dict:
            parts.append(f"{lead}{shown}:\n")
            _mapping(parts, one, inner, inner)
        elif one and kind is list:
            parts.append(f"{lead}{shown}:\n")
            _block(parts, one, indent, indent)
        else:
            parts.append(f"{lead}{shown}: {_inline(one)}\n")
        lead = indent


def _inline(value: Any) -> str:
    """A value that needs one line only."""
    match value:
        case str():
            return _string(value)
        case list():
            return _flow(value)
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return _float(value)
        case None:
            return "null"
        case dict() if not value:
            return "{}"
    raise TypeError(f"{type(value).__name__} is not written as YAML")


def _flow(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    return _quoted(value) if isinstance(value, str) else _inline(value)


def _float(value: float) -> str:
    """YAML 1.1 wants a point in every float."""
    text = repr(value)
    if text in ("inf", "-inf", "nan"):
        return text.replace("inf", ".inf").replace("nan", ".nan")
    return text if "." in text else text.replace("e", ".0e")


# -- strings ---------------------------------------------------------------------------------

# Plain scalars that some reader does not take for a string: https://yaml.org/type/ (YAML 1.1) and the extensions of
# PyYAML, go-yaml and Psych, YAML 1.2.2 §10.3.2; and the markers that end a document at the start of a line.
_RESOLVED = re.compile(
    r"(?:~|=|<<|null|true|false|yes|no|on|off|y|n"
    r"|\+?\.(?:inf|nan)"
    r"|\+?(?:0x[0-9a-f_]*|[0-9.][0-9_,.:eob+-]*)"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[0-9tz:.+ -]*)\Z"
    r"|\.\.\.",
    re.IGNORECASE | re.ASCII,
)
_MAY_RESOLVE = frozenset("~=<nNtTfFyYoO+.0123456789")  # first characters of the above: a fast test for most text
_NO_START = frozenset(" -?:,[]{}#&*!|>'\"%@`")  # a blank, and the indicators (YAML 1.2.2 §5.3 [22])
# All but c-printable (§5.1 [1]); of c-printable: tabs, the line breaks of YAML 1.1, and the byte order mark.
_SPECIAL = re.compile("[^ -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_ESCAPED = re.compile(f'["\\\\]|{_SPECIAL.pattern}')
_SHORT = {"\0": r"\0", "\t": r"\t", "\n": r"\n", "\r": r"\r", '"': r"\"", "\\": r"\\"}
_KEY_CHARS = 128  # as in PyYAML; readers need not accept a colon after more than 1,024 characters (§7.4.2)


@lru_cache(maxsize=256)
def _string(text: str) -> str:
    is_plain = (
        text
        and text[0] not in _NO_START
        and text[-1] not in " :"
        and ": " not in text
        and " #" not in text
        and not (text[0] in _MAY_RESOLVE and _RESOLVED.match(text))
        and not _is_special(text)
    )
    return text if is_plain else _quoted(text)


def _quoted(text: str) -> str:
    if _is_special(text):
        return f'"{_ESCAPED.sub(_escape, text)}"'
    return "'" + text.replace("'", "''") + "'"


def _is_special(text: str) -> bool:
    """Whether some character needs double quotes."""
    return not text.isprintable() and _SPECIAL.search(text) is not None


def _escape(found: re.Match[str]) -> str:
    char = found[0]
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"
    return _SHORT.get(char) or (f"\\x{ord(char):02X}" if char <= "\xff" else f"\\u{ord(char):04X}")
