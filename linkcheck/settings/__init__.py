"""Settings: defaults < your own file < the repository's file < environment < flags, each value knowing its origin.

The attributes of `Settings` are the one place an option is defined: the command line, the config files and
`LINKCHECK_…` variables are all read from them. What a repository carries was written by others: it may say what is
checked and how strictly, within bounds, and nothing that reaches outside it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from linkcheck.errors import SettingsError
from linkcheck.settings.option import (
    NONE,
    Count,
    Duration,
    Limit,
    OneOf,
    Patterns,
    PositiveDuration,
    Switch,
    Text,
    Texts,
    refuse_unknown,
)
from linkcheck.settings.option import Option as Option
from linkcheck.settings.option import Trust as Trust

RUN, LINKS, HOOK, EXPLAIN = "run", "links", "hook", "explain"
_EVERYWHERE = (RUN, LINKS, HOOK)
_LISTS = (RUN, HOOK)
_FETCHING = (RUN, HOOK, EXPLAIN)
_REPOSITORY, _USER = Trust


class Settings:
    """The value of each option, as the attribute that defines it: `settings.timeout_s`. Immutable.

    `values` has them by option name, `origins` where each came from: default, a file, environment or flag.
    """

    __slots__ = ("_users", "origins", "values")

    format = Text("format", "text", "what is printed", (RUN, LINKS), _REPOSITORY)
    reports = Text(
        "reports", "reports", "folder for the enriched YAML and the Markdown report", (RUN,), _REPOSITORY, "DIR"
    )
    no_files = Switch("no_files", "print only, write no reports", (RUN,), _REPOSITORY)
    include = Patterns(
        "include", (), "look only at URLs that match; may be given again", _EVERYWHERE, _REPOSITORY, "REGEX",
        most=1_000,
    )  # fmt: skip
    exclude = Patterns(
        "exclude", (), "leave out URLs that match; may be given again", _EVERYWHERE, _REPOSITORY, "REGEX", most=1_000
    )
    hide_query = Texts(
        "hide_query", (), "show and keep *** for this parameter in URLs, as for those known to be secret; may be given "
        "again", (*_EVERYWHERE, EXPLAIN), _REPOSITORY, "NAME", most=1_000,
    )  # fmt: skip
    concurrency = Count(
        "concurrency", 256, "requests in flight over all hosts", _LISTS, _REPOSITORY, "N", most=512
    )  # fmt: skip
    per_host = Count(
        "per_host", 8, "requests in flight to one host, once it has answered", _LISTS, _REPOSITORY, "N", most=16
    )
    timeout_s = PositiveDuration(
        "timeout", 20.0, "seconds for one answer, connecting included", _FETCHING, _REPOSITORY, "S", most=120,
        defaults={HOOK: 5.0},
    )  # fmt: skip
    attempts = Count(
        "attempts", 3, "requests to one URL when the answer is 5xx or a broken connection", _FETCHING, _REPOSITORY,
        "N", most=5, defaults={HOOK: 2},
    )  # fmt: skip
    max_wait_s = Duration(
        "max_wait", 60.0, "longest wait for a host that limits the rate; 60 times that for all its links", _FETCHING,
        _REPOSITORY, "S", most=600, defaults={HOOK: 2.0},
    )  # fmt: skip
    recheck_after_s = Duration(
        "second_look", 3.0, "seconds between the two looks that a dead link gets", _FETCHING, _REPOSITORY, "S", most=60,
        defaults={HOOK: 1.0},
    )  # fmt: skip
    max_age_days = Duration(
        "max_age", 7.0, "days for which a good link is not looked at again; 0 looks at all", _LISTS, _REPOSITORY, "DAYS"
    )
    confirm = OneOf(
        "confirm", "24h", "how long a link that was good has to fail before it fails a run", _LISTS, _REPOSITORY,
        {"now": timedelta(0), "24h": timedelta(hours=24), "7d": timedelta(days=7)}, defaults={HOOK: "now"},
    )  # fmt: skip
    memory = Text(
        "memory", "", "folder for what is remembered between runs; the user's cache folder if not given", _FETCHING,
        _USER, "DIR",
    )  # fmt: skip
    no_memory = Switch("no_memory", "remember nothing, and read nothing of earlier runs", _FETCHING, _REPOSITORY)
    fragments = Switch(
        "fragments", "look whether pages have the places that links name (#…); never fails a run", (RUN,),
        _REPOSITORY,
    )  # fmt: skip
    record = Text(
        "record", "", "write what is exchanged to this WARC file; looks at every link", (RUN,), _USER, "FILE.warc.gz"
    )
    replay = Text("replay", "", "judge from this WARC file, without a network", (RUN,), _USER, "FILE.warc.gz")
    budget_s = Limit(
        "budget", None, "seconds for the whole run; what is not looked at by then is skipped", _LISTS, _REPOSITORY, "S",
        most=3_600, defaults={HOOK: 8.0},
    )  # fmt: skip
    allow_private = Switch("allow_private", "connect to addresses that are not public too", _FETCHING, _USER)
    connect_to = Texts(
        "connect_to", (), "connect to another place for a host, as in curl; may be given again", _FETCHING, _USER,
        "HOST1:PORT1:HOST2:PORT2",
    )  # fmt: skip
    dns = Text("dns", "", "ask this name server in place of the system's", _FETCHING, _USER, "ADDR[:PORT]")
    second_dns = Text(
        "second_dns", "", "ask this name server for the second opinion that a dead name needs", _FETCHING, _USER,
        "ADDR[:PORT]",
    )  # fmt: skip
    canary = Text(
        "canary", "https://example.com/", "a page that is always there, asked when nothing else answers", _FETCHING,
        _USER, "URL",
    )  # fmt: skip

    def __init__(self, values: Mapping[str, Any], origins: Mapping[str, str], users: frozenset[str]) -> None:
        self.values, self.origins, self._users = values, origins, users

    def is_users(self, name: str) -> bool:
        """Whether the user chose it: it is no default, and no repository's."""
        return name in self._users


OPTIONS: tuple[Option[Any], ...] = tuple(one for one in vars(Settings).values() if isinstance(one, Option))
BY_NAME = {option.name: option for option in OPTIONS}


class ConfigFile(NamedTuple):
    """The table of one config file, the `place` it came from as messages name it, and who wrote it."""

    place: str
    table: Mapping[str, Any]
    trust: Trust


def load(
    command: str,
    flags: Mapping[str, Any],
    environment: Mapping[str, str],
    files: Sequence[ConfigFile] = (),
    choices: Mapping[str, Collection[str]] = NONE,
) -> Settings:
    """The settings of one command. Raises SettingsError.

    `flags` holds only what was given; later `files` win. What is another command's option is not read. `choices`
    has, by option name, the values that are registered elsewhere: the formats.
    """
    return _Loading(command, choices).load(flags, environment, files)


class _Loading:
    def __init__(self, command: str, choices: Mapping[str, Collection[str]]) -> None:
        self._command, self._choices = command, choices

    def load(self, flags: Mapping[str, Any], environment: Mapping[str, str], files: Sequence[ConfigFile]) -> Settings:
        values: dict[str, Any] = {option.name: option.default_of(self._command) for option in OPTIONS}
        origins = dict.fromkeys(values, "default")
        users = set[str]()
        layers = [(self._from_file(file), file.place, file.trust) for file in files]
        layers.append((self._from_environment(environment), "environment", Trust.USER))
        layers.append((self._from_flags(flags), "flag", Trust.USER))
        for table, origin, trust in layers:
            for name, value in table.items():
                values[name], origins[name] = value, origin
                (users.add if trust is Trust.USER else users.discard)(name)
        return Settings(values, origins, frozenset(users))

    def _from_file(self, file: ConfigFile) -> dict[str, Any]:
        for name in file.table:
            if name not in BY_NAME:
                raise _unknown(name, file.place)
        options = [BY_NAME[name] for name in file.table if self._command in BY_NAME[name].commands]
        read = self._of_user if file.trust is Trust.USER else self._of_repository
        return {
            option.name: read(option, file.table[option.name], f"{file.place}, {option.name}") for option in options
        }

    def _of_user(self, option: Option[Any], value: object, place: str) -> Any:
        parsed = option.parse(value, place)
        if option.name in self._choices:
            refuse_unknown(option, parsed, self._choices[option.name], place)
        return parsed

    def _of_repository(self, option: Option[Any], value: object, place: str) -> Any:
        if option.trust is Trust.USER:
            raise SettingsError(
                f"a repository's file may not set '{option.name}'", where=place, help=f"{_ways(option)} may"
            )
        parsed = self._of_user(option, value, place)
        if option.most < math.inf and option.size(parsed) > option.most:
            most = f"{option.most:,g}{' patterns' if option.is_list else ''}"
            raise SettingsError(
                f"a repository's file may set '{option.name}' to {most} at most", where=place,
                help=f"{_ways(option)} may set more",
            )  # fmt: skip
        return parsed

    def _from_environment(self, environment: Mapping[str, str]) -> dict[str, Any]:
        given = [o for o in OPTIONS if o.variable in environment and self._command in o.commands]
        return {o.name: self._of_user(o, o.from_variable(environment[o.variable]), o.variable) for o in given}

    def _from_flags(self, flags: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._of_user(BY_NAME[name], value, BY_NAME[name].flag) for name, value in flags.items()}


def _ways(option: Option[Any]) -> str:
    return f"{option.flag}, {option.variable} and your own config file"


def _unknown(name: str, place: str) -> SettingsError:
    from difflib import get_close_matches

    close = get_close_matches(name, BY_NAME, n=1, cutoff=0.6)
    advice = f"did you mean '{close[0]}'?" if close else f"known settings: {', '.join(sorted(BY_NAME))}"
    return SettingsError(f"unknown setting '{name}'", where=place, help=advice)
