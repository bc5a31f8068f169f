"""Settings: defaults < config file < environment < flags, each value knowing where it came from.

The table OPTIONS is the one place an option is defined: the command line, `linkcheck.toml`,
`[tool.linkcheck]` in pyproject.toml and `LINKCHECK_…` variables are all read from it. A key is the
flag's name with underscores.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linkcheck.errors import SettingsError

RUN, LINKS, HOOK, EXPLAIN = "run", "links", "hook", "explain"
_EVERYWHERE = (RUN, LINKS, HOOK)
_LISTS = (RUN, HOOK)
_FETCHING = (RUN, HOOK, EXPLAIN)


@dataclass(frozen=True, slots=True)
class Option:
    """One setting. `kind` is bool, int, float, str, regex or list-of-str; numbers are > 0 unless `least` says else."""

    name: str
    kind: str
    default: Any
    help: str
    commands: tuple[str, ...]
    metavar: str = ""
    choices: tuple[str, ...] = ()
    least: float = 0.0
    defaults: tuple[tuple[str, Any], ...] = ()

    @property
    def flag(self) -> str:
        return "--" + self.name.replace("_", "-")

    def default_of(self, command: str) -> Any:
        """The default, which may differ by command (the hook is in a hurry)."""
        return dict(self.defaults).get(command, self.default)


NO = False
OPTIONS: tuple[Option, ...] = (
    Option("format", "str", "text", "what is printed", (RUN, LINKS), choices=("text", "json", "markdown")),
    Option("reports", "str", "reports", "folder for the enriched YAML and the Markdown report", (RUN,), "DIR"),
    Option("no_files", "bool", NO, "print only, write no reports", (RUN,)),
    Option("include", "regex", (), "look only at URLs that match; may be given again", _EVERYWHERE, "REGEX"),
    Option("exclude", "regex", (), "leave out URLs that match; may be given again", _EVERYWHERE, "REGEX"),
    Option("concurrency", "int", 256, "requests in flight over all hosts", _LISTS, "N", least=1),
    Option("per_host", "int", 8, "requests in flight to one host, once it has answered", _LISTS, "N", least=1),
    Option(
        "timeout", "float", 20.0, "seconds for one answer, connecting included", _FETCHING, "S", defaults=((HOOK, 5.0),)
    ),
    Option("attempts", "int", 3, "requests to one URL when the answer is 5xx or a broken connection", _FETCHING,
           "N", least=1, defaults=((HOOK, 2),)),
    Option("max_wait", "float", 60.0, "longest wait for a host that limits the rate; 60 times that for all its links",
           _FETCHING, "S",
           defaults=((HOOK, 2.0),)),
    Option("second_look", "float", 3.0, "seconds between the two looks that a dead link gets", _FETCHING, "S",
           defaults=((HOOK, 1.0),)),
    Option("max_age", "float", 7.0, "days for which a good link is not looked at again; 0 looks at all", _LISTS,
           "DAYS"),
    Option("confirm", "str", "24h", "how long a link that was good has to fail before it fails a run", _LISTS,
           choices=("now", "24h", "7d"), defaults=((HOOK, "now"),)),
    Option("memory", "str", "", "folder for what is remembered between runs; the user's cache folder if not given",
           _FETCHING, "DIR"),
    Option("no_memory", "bool", NO, "remember nothing, and read nothing of earlier runs", _FETCHING),
    Option("fragments", "bool", NO, "look whether pages have the places that links name (#…); never fails a run",
           (RUN,)),
    Option("record", "str", "", "write what is exchanged to this WARC file; looks at every link", (RUN,),
           "FILE.warc.gz"),
    Option("replay", "str", "", "judge from this WARC file, without a network", (RUN,), "FILE.warc.gz"),
    Option("budget", "float", None, "seconds for the whole run; what is not looked at by then is skipped", _LISTS,
           "S", defaults=((HOOK, 8.0),)),
    Option("allow_private", "bool", NO, "connect to addresses that are not public too", _FETCHING),
    Option("connect_to", "list", (), "connect to another place for a host, as in curl; may be given again", _FETCHING,
           "HOST1:PORT1:HOST2:PORT2"),
    Option("dns", "str", "", "ask this name server in place of the system's", _FETCHING, "ADDR[:PORT]"),
    Option("second_dns", "str", "", "ask this name server for the second opinion that a dead name needs", _FETCHING,
           "ADDR[:PORT]"),
    Option("canary", "str", "https://example.com/", "a page that is always there, asked when nothing else answers",
           _FETCHING, "URL"),
)  # fmt: skip
BY_NAME = {option.name: option for option in OPTIONS}
FILES = ("linkcheck.toml", "pyproject.toml")


@dataclass(frozen=True, slots=True)
class Settings:
    """The values by option name, and where each came from: default, a file, a variable or a flag."""

    values: Mapping[str, Any]
    origins: Mapping[str, str]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def load(
    command: str, flags: Mapping[str, Any], environment: Mapping[str, str], file: tuple[str, Mapping[str, Any]] | None
) -> Settings:
    """The settings of one command. Raises SettingsError.

    `flags` holds only what was given; `file` is (place, table) as `find_file` gives it.
    """
    values: dict[str, Any] = {option.name: option.default_of(command) for option in OPTIONS}
    origins = dict.fromkeys(values, "default")
    layers: list[tuple[Mapping[str, Any], str]] = []
    if file:
        layers.append((_checked_table(file[1], file[0]), file[0]))
    layers.append((_from_environment(environment), "environment"))
    layers.append(({k: _value(BY_NAME[k], v, BY_NAME[k].flag) for k, v in flags.items()}, "flag"))
    for table, origin in layers:
        for name, value in table.items():
            values[name], origins[name] = value, origin
    return Settings(values, origins)


def find_file(start: Path, named: str | None = None) -> tuple[str, Mapping[str, Any]] | None:
    """(place, table) of the nearest config file at or above `start`, or of the one that was named."""
    if named:
        return _read(Path(named), required=True)
    for folder in (start, *start.parents):
        for name in FILES:
            found = _read(folder / name, required=False)
            if found:
                return found
    return None


def _read(path: Path, *, required: bool) -> tuple[str, Mapping[str, Any]] | None:
    import tomllib

    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if required:
            raise SettingsError("the config file is not there", where=str(path), help="check --config") from None
        return None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        if not required and path.name == "pyproject.toml":
            return None  # somebody else's broken file is not for us to report
        raise SettingsError(f"cannot read the config file: {error}", where=str(path)) from error
    if path.name == "pyproject.toml":
        own = table.get("tool", {}).get("linkcheck")
        return (f"{path} [tool.linkcheck]", own) if isinstance(own, dict) else None
    return str(path), table


def _checked_table(table: Mapping[str, Any], place: str) -> dict[str, Any]:
    for name in table:
        if name not in BY_NAME:
            import difflib

            close = difflib.get_close_matches(name, BY_NAME, n=1, cutoff=0.6)
            advice = f"did you mean '{close[0]}'?" if close else f"known settings: {', '.join(sorted(BY_NAME))}"
            raise SettingsError(f"unknown setting '{name}'", where=place, help=advice)
    return {name: _value(BY_NAME[name], value, f"{place}, {name}") for name, value in table.items()}


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    found = {}
    for option in OPTIONS:
        text = environment.get(f"LINKCHECK_{option.name.upper()}")
        if text is None:
            continue
        value: Any = text
        if option.kind == "bool":
            value = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}.get(
                text.strip().lower(), text
            )
        found[option.name] = _value(option, value, f"LINKCHECK_{option.name.upper()}")
    return found


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
        raise SettingsError(f"'{option.name}' must be {words}, not {value!r}", where=place)
    return value


def _number(option: Option, value: Any, place: str) -> float | int:
    try:
        number = int(value) if option.kind == "int" else float(value)
    except (TypeError, ValueError):
        number = -1
    whole = option.kind != "int" or str(value).strip() == str(number)
    if (
        isinstance(value, bool)
        or not whole
        or not option.least <= number < 1e6
        or (number == 0 and option.name == "timeout")
    ):
        words = "a whole number" if option.kind == "int" else "a number of seconds"
        raise SettingsError(f"'{option.name}' must be {words} of {option.least:g} or more, not {value!r}", where=place)
    return number


def _texts(option: Option, value: Any, place: str) -> tuple[str, ...]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, Sequence) or not all(isinstance(text, str) for text in texts):
        raise SettingsError(f"'{option.name}' must be a list of texts, not {value!r}", where=place)
    return tuple(texts)


def _regex(pattern: str, place: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise SettingsError(f"'{pattern}' is not a regular expression: {error}", where=place) from error
