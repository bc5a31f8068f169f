"""The kinds of options: how each is parsed from the command line, files and variables, and the type of its value."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from linkcheck.common.patterns import refuse_explosive
from linkcheck.errors import SettingsError

if TYPE_CHECKING:
    from typing import Self

    from linkcheck.settings import Settings

T = TypeVar("T")
NONE: Mapping[str, Any] = {}
_MOST_NUMBER = 1e6
_SHOWN_CHARS, _MOST_SHOWN = 80, 10**18
_SWITCHED = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}


class Trust(Enum):
    """Whose config files may set an option. Flags and variables are the user's."""

    REPOSITORY = "repository"
    USER = "user"


class Option(Generic[T]):
    """One setting, a descriptor in `Settings`: its value in an instance is a T.

    `name` is its key in config files, and with dashes its flag. `commands` are those that have the option, `trust`
    says whose files may set it. In a repository's file its number, or the number of its values, is at most `most`.
    `defaults` has the defaults of the commands that differ from `default`.
    """

    is_switch = False  # its flag has no value
    is_list = False  # its flag may be repeated, for several values
    is_table = False  # only config files have it, as `[[name]]`
    adds = False  # its values are added to those of earlier layers, in place of replacing them
    nouns = "pattern", "patterns"  # what one of its values is called, and several
    choices: Collection[str] = ()

    def __init__(
        self,
        name: str,
        default: T,
        help: str,
        commands: tuple[str, ...],
        trust: Trust,
        metavar: str = "",
        *,
        most: float = math.inf,
        defaults: Mapping[str, T] = NONE,
    ) -> None:
        self.name, self.help, self.commands = name, help, commands
        self.trust, self.metavar, self.most = trust, metavar, most
        self.default, self.defaults = default, defaults
        self.flag = f"--{name.replace('_', '-')}"
        self.variable = f"LINKCHECK_{name.upper()}"

    @overload
    def __get__(self, settings: None, owner: type) -> Self: ...
    @overload
    def __get__(self, settings: Settings, owner: type) -> T: ...
    def __get__(self, settings: Settings | None, owner: type) -> Self | T:
        if settings is None:
            return self
        value: T = settings.values[self.name]
        return value

    def default_of(self, command: str) -> T:
        return self.defaults.get(command, self.default)

    def shown_default(self, command: str) -> str:
        """The default as shown in help, or '' if there is none."""
        default = self.default_of(command)
        if default is None or default is False or default in ("", ()):
            return ""
        return f"{default:g}" if isinstance(default, float) else f"{default}"

    def parse(self, value: object, place: str) -> T:
        """The validated value of this option. Raises SettingsError with the `place`."""
        raise NotImplementedError

    def from_variable(self, text: str) -> object:
        """The value in a config file that the text of an environment variable is equivalent to."""
        return text

    def size(self, value: T) -> float:  # noqa: ARG002
        """The number that `most` limits."""
        return 0

    def merge(self, earlier: T, later: T) -> T:  # noqa: ARG002
        """The value of two layers, if the option `adds`."""
        return later

    def refuse_unknown(self, value: T, choices: Collection[str], place: str) -> None:
        """Raises SettingsError if `value` is not in the `choices` that are registered elsewhere."""
        refuse_unknown(self, str(value), choices, place)


class Switch(Option[bool]):
    """On or off; off if not given."""

    is_switch = True

    def __init__(self, name: str, help: str, commands: tuple[str, ...], trust: Trust) -> None:
        super().__init__(name, False, help, commands, trust)  # noqa: FBT003

    def parse(self, value: object, place: str) -> bool:
        if not isinstance(value, bool):
            raise wrong(self, "true or false", value, place)
        return value

    def from_variable(self, text: str) -> object:
        return _SWITCHED.get(text.strip().lower(), text)


class TextOption(Option[str]):
    def parse(self, value: object, place: str) -> str:
        return _text(self, value, place)


class OneOf(Option[T]):
    """One of a few names, each mapped to a value; the defaults are names."""

    def __init__(
        self, name: str, default: str, help: str, commands: tuple[str, ...], trust: Trust, values: Mapping[str, T],
        *, defaults: Mapping[str, str] = NONE,
    ) -> None:  # fmt: skip
        super().__init__(
            name, values[default], help, commands, trust, defaults={key: values[one] for key, one in defaults.items()}
        )
        self.choices, self._values = tuple(values), values

    def shown_default(self, command: str) -> str:
        default = self.default_of(command)
        return next(name for name, value in self._values.items() if value == default)

    def parse(self, value: object, place: str) -> T:
        name = _text(self, value, place)
        refuse_unknown(self, name, self.choices, place)
        return self._values[name]


class TextListOption(Option[tuple[str, ...]]):
    is_list = True

    def parse(self, value: object, place: str) -> tuple[str, ...]:
        return texts(self, value, place)

    def size(self, value: tuple[str, ...]) -> float:
        return len(value)


class Patterns(Option[tuple[re.Pattern[str], ...]]):
    """Regular expressions, compiled; those with catastrophic backtracking are refused."""

    is_list = adds = True

    def parse(self, value: object, place: str) -> tuple[re.Pattern[str], ...]:
        return tuple(pattern(text, place) for text in texts(self, value, place))

    def size(self, value: tuple[re.Pattern[str], ...]) -> float:
        return len(value)

    def merge(
        self, earlier: tuple[re.Pattern[str], ...], later: tuple[re.Pattern[str], ...]
    ) -> tuple[re.Pattern[str], ...]:
        return (*earlier, *later)


class Tables(Option[tuple[T, ...]]):
    """An array of tables, `[[name]]`. It stands in config files only; later files come first, and earlier ones add."""

    is_table = is_list = adds = True
    nouns = "entry", "entries"

    def parse(self, value: object, place: str) -> tuple[T, ...]:
        if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
            raise wrong(self, f"tables, each written [[{self.name}]]", value, place)
        return tuple(self.entry(one, f"{place} {number}") for number, one in enumerate(value, 1))

    def entry(self, table: Mapping[str, Any], place: str) -> T:
        """The value of one table. Raises SettingsError."""
        raise NotImplementedError

    def size(self, value: tuple[T, ...]) -> float:
        return len(value)

    def merge(self, earlier: tuple[T, ...], later: tuple[T, ...]) -> tuple[T, ...]:
        return (*later, *earlier)


class Count(Option[int]):
    """A whole number of 1 or more."""

    def parse(self, value: object, place: str) -> int:
        return _count(self, value, place)

    def size(self, value: int) -> float:
        return value


class OptionalCount(Option[int | None]):
    """A whole number of 1 or more; None: all."""

    def parse(self, value: object, place: str) -> int:
        return _count(self, value, place)


class Duration(Option[float]):
    """A number of seconds, or days if its metavar is DAYS, of 0 or more; greater than 0 if `is_positive`."""

    is_positive = False

    def parse(self, value: object, place: str) -> float:
        return _duration(self, value, place, is_positive=self.is_positive)

    def size(self, value: float) -> float:
        return value


class PositiveDuration(Duration):
    is_positive = True


class Limit(Option[float | None]):
    """A number of seconds of 0 or more; None: no limit."""

    def parse(self, value: object, place: str) -> float:
        return _duration(self, value, place)

    def size(self, value: float | None) -> float:
        return value or 0


def refuse_unknown(option: Option[Any], name: str, choices: Collection[str], place: str) -> None:
    """Raises SettingsError if `name` is not in `choices`."""
    if name not in choices:
        raise SettingsError(f"'{name}' is not a {option.name}", where=place, help=f"one of {', '.join(choices)}")


def _text(option: Option[Any], value: object, place: str) -> str:
    if not isinstance(value, str):
        raise wrong(option, "text", value, place)
    if "\0" in value:
        raise SettingsError(f"'{option.name}' must be text without NUL characters", where=place)
    return value


def texts(option: Option[Any], value: object, place: str) -> tuple[str, ...]:
    """`value` as texts. Raises SettingsError."""
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, Sequence) or not all(isinstance(text, str) for text in found):
        raise wrong(option, "a list of texts", value, place)
    return tuple(found)


def pattern(text: str, place: str) -> re.Pattern[str]:
    """`text`, compiled. Raises SettingsError if it is no regular expression, or an explosive one."""
    try:
        compiled = re.compile(text)
    except (re.error, RecursionError, OverflowError) as error:
        raise SettingsError(f"'{text}' is not a regular expression: {error}", where=place) from error
    refuse_explosive(text, place)
    return compiled


def _count(option: Option[Any], value: object, place: str) -> int:
    number = _number(int, value)
    if not 1 <= number < _MOST_NUMBER or str(value).strip() != str(number):
        raise wrong(option, "a whole number of 1 or more", value, place)
    return number


def _duration(option: Option[Any], value: object, place: str, *, is_positive: bool = False) -> float:
    number = _number(float, value)
    if not 0 <= number < _MOST_NUMBER or (is_positive and number == 0):
        unit = "days" if option.metavar == "DAYS" else "seconds"
        least = "greater than 0" if is_positive else "of 0 or more"
        raise wrong(option, f"a number of {unit} {least}", value, place)
    return number


N = TypeVar("N", int, float)


def _number(kind: type[N], value: object) -> N:
    """`value` as a number, -1 if it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return kind(-1)
    try:
        return kind(value)
    except (ValueError, OverflowError):
        return kind(-1)


def wrong(option: Option[Any], wanted: str, value: object, place: str) -> SettingsError:
    """The error for a `value` that is not what is `wanted`."""
    return SettingsError(f"'{option.name}' must be {wanted}, not {shown(value)}", where=place)


def shown(value: object) -> str:
    """`value` for a message; only its type if it may be long or deep."""
    match value:
        case dict():
            return "a table"
        case list():
            return "a list"
        case int() if abs(value) > _MOST_SHOWN:
            return "a number of that size"
        case str():
            return repr(value[:_SHOWN_CHARS])
    return repr(value)


def shown_place(place: str) -> str:
    """The place of a setting as reports show it: of a file's path its name only, since reports are committed."""
    return place.replace("\\", "/").rpartition("/")[2]
