"""Settings: defaults < your own file < the repository's file < environment < flags, each value knowing its origin.

The table OPTIONS is the one place an option is defined: the command line, the config files and `LINKCHECK_…` variables
are all read from it. A key is the flag's name with underscores. What a repository carries was written by others: it
may say what is looked at and how strictly, within bounds, and nothing that reaches outside it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from linkcheck.common.patterns import refuse_explosive
from linkcheck.errors import SettingsError

RUN, LINKS, HOOK, EXPLAIN = "run", "links", "hook", "explain"
_EVERYWHERE = (RUN, LINKS, HOOK)
_LISTS = (RUN, HOOK)
_FETCHING = (RUN, HOOK, EXPLAIN)
_MOST = 1e6
_SHOWN_CHARS, _MOST_SHOWN = 80, 10**18


class Trust(Enum):
    """Who has to have written a config file for it to set an option. Flags and variables are the user's."""

    REPOSITORY = "repository"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Option:
    """One setting. `kind` is bool, int, float, str, regex or list-of-str; numbers are > 0 unless `least` says else.

    `trust` says whose files may set it; a number in a repository's file, or that of patterns, is `most` at most.
    """

    name: str
    kind: str
    default: Any
    help: str
    commands: tuple[str, ...]
    trust: Trust
    metavar: str = ""
    choices: tuple[str, ...] = ()
    least: float = 0.0
    most: float = math.inf
    defaults: tuple[tuple[str, Any], ...] = ()

    @property
    def flag(self) -> str:
        return "--" + self.name.replace("_", "-")

    def default_of(self, command: str) -> Any:
        """The default, which may differ by command (the hook is in a hurry)."""
        return dict(self.defaults).get(command, self.default)


NO = False
OPTIONS: tuple[Option, ...] = (
    Option("format", "str", "text", "what is printed", (RUN, LINKS), Trust.REPOSITORY,
           choices=("text", "json", "markdown")),
    Option("reports", "str", "reports", "folder for the enriched YAML and the Markdown report", (RUN,),
           Trust.REPOSITORY, "DIR"),
    Option("no_files", "bool", NO, "print only, write no reports", (RUN,), Trust.REPOSITORY),
    Option("include", "regex", (), "look only at URLs that match; may be given again", _EVERYWHERE, Trust.REPOSITORY,
           "REGEX", most=1_000),
    Option("exclude", "regex", (), "leave out URLs that match; may be given again", _EVERYWHERE, Trust.REPOSITORY,
           "REGEX", most=1_000),
    Option("hide_query", "list", (), "show and keep *** for this parameter in URLs, as for those known to be secret; "
           "may be given again", (*_EVERYWHERE, EXPLAIN), Trust.REPOSITORY, "NAME", most=1_000),
    Option("concurrency", "int", 256, "requests in flight over all hosts", _LISTS, Trust.REPOSITORY, "N", least=1,
           most=512),
    Option("per_host", "int", 8, "requests in flight to one host, once it has answered", _LISTS, Trust.REPOSITORY, "N",
           least=1, most=16),
    Option("timeout", "float", 20.0, "seconds for one answer, connecting included", _FETCHING, Trust.REPOSITORY, "S",
           most=120, defaults=((HOOK, 5.0),)),
    Option("attempts", "int", 3, "requests to one URL when the answer is 5xx or a broken connection", _FETCHING,
           Trust.REPOSITORY, "N", least=1, most=5, defaults=((HOOK, 2),)),
    Option("max_wait", "float", 60.0, "longest wait for a host that limits the rate; 60 times that for all its links",
           _FETCHING, Trust.REPOSITORY, "S", most=600, defaults=((HOOK, 2.0),)),
    Option("second_look", "float", 3.0, "seconds between the two looks that a dead link gets", _FETCHING,
           Trust.REPOSITORY, "S", most=60, defaults=((HOOK, 1.0),)),
    Option("max_age", "float", 7.0, "days for which a good link is not looked at again; 0 looks at all", _LISTS,
           Trust.REPOSITORY, "DAYS"),
    Option("confirm", "str", "24h", "how long a link that was good has to fail before it fails a run", _LISTS,
           Trust.REPOSITORY, choices=("now", "24h", "7d"), defaults=((HOOK, "now"),)),
    Option("memory", "str", "", "folder for what is remembered between runs; the user's cache folder if not given",
           _FETCHING, Trust.USER, "DIR"),
    Option("no_memory", "bool", NO, "remember nothing, and read nothing of earlier runs", _FETCHING, Trust.REPOSITORY),
    Option("fragments", "bool", NO, "look whether pages have the places that links name (#…); never fails a run",
           (RUN,), Trust.REPOSITORY),
    Option("record", "str", "", "write what is exchanged to this WARC file; looks at every link", (RUN,), Trust.USER,
           "FILE.warc.gz"),
    Option("replay", "str", "", "judge from this WARC file, without a network", (RUN,), Trust.USER, "FILE.warc.gz"),
    Option("budget", "float", None, "seconds for the whole run; what is not looked at by then is skipped", _LISTS,
           Trust.REPOSITORY, "S", most=3_600, defaults=((HOOK, 8.0),)),
    Option("allow_private", "bool", NO, "connect to addresses that are not public too", _FETCHING, Trust.USER),
    Option("connect_to", "list", (), "connect to another place for a host, as in curl; may be given again", _FETCHING,
           Trust.USER, "HOST1:PORT1:HOST2:PORT2"),
    Option("dns", "str", "", "ask this name server in place of the system's", _FETCHING, Trust.USER, "ADDR[:PORT]"),
    Option("second_dns", "str", "", "ask this name server for the second opinion that a dead name needs", _FETCHING,
           Trust.USER, "ADDR[:PORT]"),
    Option("canary", "str", "https://example.com/", "a page that is always there, asked when nothing else answers",
           _FETCHING, Trust.USER, "URL"),
)  # fmt: skip
BY_NAME = {option.name: option for option in OPTIONS}


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """The table of one config file, the `place` it came from as messages name it, and who wrote it."""

    place: str
    table: Mapping[str, Any]
    trust: Trust


@dataclass(frozen=True, slots=True)
class Settings:
    """The values by option name, and where each came from: default, a file, a variable or a flag."""

    values: Mapping[str, Any]
    origins: Mapping[str, str]
    users: frozenset[str] = frozenset()

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def is_users(self, name: str) -> bool:
        """Whether the user chose it: it is no default, and no repository's."""
        return name in self.users


def load(
    command: str, flags: Mapping[str, Any], environment: Mapping[str, str], files: Sequence[ConfigFile] = ()
) -> Settings:
    """The settings of one command. Raises SettingsError.

    `flags` holds only what was given; later `files` win. What is another command's option is not read.
    """
    values: dict[str, Any] = {option.name: option.default_of(command) for option in OPTIONS}
    origins = dict.fromkeys(values, "default")
    users = set[str]()
    layers = [(_from_file(file, command), file.place, file.trust) for file in files]
    layers.append((_from_environment(environment, command), "environment", Trust.USER))
    given = {name: _value(BY_NAME[name], value, BY_NAME[name].flag) for name, value in flags.items()}
    layers.append((given, "flag", Trust.USER))
    for table, origin, trust in layers:
        for name, value in table.items():
            values[name], origins[name] = value, origin
            (users.add if trust is Trust.USER else users.discard)(name)
    return Settings(values, origins, frozenset(users))


def _from_file(file: ConfigFile, command: str) -> dict[str, Any]:
    for name in file.table:
        if name not in BY_NAME:
            raise _unknown(name, file.place)
    return {name: _of_file(BY_NAME[name], file) for name in file.table if command in BY_NAME[name].commands}


def _of_file(option: Option, file: ConfigFile) -> Any:
    place = f"{file.place}, {option.name}"
    if file.trust is Trust.USER:
        return _value(option, file.table[option.name], place)
    if option.trust is Trust.USER:
        raise SettingsError(
            f"a repository's file may not set '{option.name}'", where=place, help=f"{_ways(option)} may"
        )
    value = _value(option, file.table[option.name], place)
    if option.most < math.inf and (len(value) if isinstance(value, tuple) else value) > option.most:
        most = f"{option.most:,g}{' patterns' if isinstance(value, tuple) else ''}"
        raise SettingsError(
            f"a repository's file may set '{option.name}' to {most} at most", where=place,
            help=f"{_ways(option)} may set more",
        )  # fmt: skip
    return value


def _ways(option: Option) -> str:
    return f"{option.flag}, {_variable(option)} and your own config file"


def _unknown(name: str, place: str) -> SettingsError:
    from difflib import get_close_matches

    close = get_close_matches(name, BY_NAME, n=1, cutoff=0.6)
    advice = f"did you mean '{close[0]}'?" if close else f"known settings: {', '.join(sorted(BY_NAME))}"
    return SettingsError(f"unknown setting '{name}'", where=place, help=advice)


def _variable(option: Option) -> str:
    return f"LINKCHECK_{option.name.upper()}"


def _from_environment(environment: Mapping[str, str], command: str) -> dict[str, Any]:
    return {
        option.name: _value(option, _switched(option, environment[_variable(option)]), _variable(option))
        for option in OPTIONS
        if _variable(option) in environment and command in option.commands
    }


def _switched(option: Option, text: str) -> str | bool:
    if option.kind != "bool":
        return text
    return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}.get(
        text.strip().lower(), text
    )


def _value(option: Option, value: Any, place: str) -> Any:
    """`value` in the option's type. Raises SettingsError that names the place."""
    match option.kind:
        case "bool":
            return _of_type(option, value, place, bool, "true or false")
        case "int" | "float":
            return _number(option, value, place)
        case "regex":
            return tuple(_regex(pattern, place) for pattern in _texts(option, value, place))
        case "list":
            return _texts(option, value, place)
        case _:
            text = _of_type(option, value, place, str, "text")
            if option.choices and text not in option.choices:
                raise SettingsError(
                    f"'{text}' is not a {option.name}", where=place, help=f"one of {', '.join(option.choices)}"
                )
            return text


def _of_type(option: Option, value: Any, place: str, kind: type, words: str) -> Any:
    if not isinstance(value, kind):
        raise SettingsError(f"'{option.name}' must be {words}, not {_shown(value)}", where=place)
    if isinstance(value, str) and "\0" in value:
        raise SettingsError(f"'{option.name}' must be text without NUL characters", where=place)
    return value


def _number(option: Option, value: Any, place: str) -> float | int:
    try:
        number = int(value) if option.kind == "int" else float(value)
    except (TypeError, ValueError, OverflowError):
        number = -1
    if (
        isinstance(value, bool)
        or not option.least <= number < _MOST
        or (option.kind == "int" and str(value).strip() != str(number))
        or (number == 0 and option.name == "timeout")
    ):
        words = "a whole number" if option.kind == "int" else "a number of seconds"
        raise SettingsError(
            f"'{option.name}' must be {words} of {option.least:g} or more, not {_shown(value)}", where=place
        )
    return number


def _texts(option: Option, value: Any, place: str) -> tuple[str, ...]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, Sequence) or not all(isinstance(text, str) for text in texts):
        raise SettingsError(f"'{option.name}' must be a list of texts, not {_shown(value)}", where=place)
    return tuple(texts)


def _shown(value: Any) -> str:
    """`value` for a message: of what may be long or deep, only what it is."""
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


def _regex(pattern: str, place: str) -> re.Pattern[str]:
    try:
        compiled = re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise SettingsError(f"'{pattern}' is not a regular expression: {error}", where=place) from error
    refuse_explosive(pattern, place)
    return compiled
