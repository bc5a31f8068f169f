"""Settings: defaults < the user's file < the repository's file < environment < flags; the origin of each is kept.

An option is defined only by its attribute of `Settings`: the command line, config files and `LINKCHECK_…` variables are
derived from it. A repository's file is untrusted: it may set what is checked and how strictly, within bounds, but
nothing that reaches outside the repository.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from linkcheck.errors import SettingsError
from linkcheck.settings import policy
from linkcheck.settings.headers import HeaderEnv, HeaderTables
from linkcheck.settings.ignores import Day, IgnoreTables
from linkcheck.settings.ignores import IgnoreEntry as IgnoreEntry
from linkcheck.settings.option import (
    NONE,
    Count,
    Duration,
    Limit,
    OneOf,
    OptionalCount,
    Patterns,
    PositiveDuration,
    Switch,
    TextListOption,
    TextOption,
    shown_place,
)
from linkcheck.settings.option import Option as Option
from linkcheck.settings.option import Trust as Trust
from linkcheck.settings.policy import Rules, Statuses

RUN, LINKS, HOOK, EXPLAIN, FIX, IGNORE, BASELINE = "run", "links", "hook", "explain", "fix", "ignore", "baseline"
HISTORY, INIT = "history", "init"
COMMANDS = (RUN, LINKS, HOOK, FIX, EXPLAIN, IGNORE, BASELINE, HISTORY, INIT)
_EVERYWHERE = (RUN, LINKS, HOOK, FIX, BASELINE)
_LISTS = (RUN, HOOK, FIX, BASELINE)
_FETCHING = (RUN, HOOK, FIX, BASELINE, EXPLAIN)
_REPOSITORY, _USER = Trust


class Settings:
    """The values of all options, as attributes: `settings.timeout_s`. Immutable.

    `values` are by option name, `origins` give the source of each: default, a file, environment or flag. `parts` are
    those of the options that add up: the origin, as it is shown, and value of each layer. `notices` are for the user.
    """

    __slots__ = ("_users", "notices", "origins", "parts", "values")

    format = TextOption("format", "text", "what is printed", (RUN, LINKS), _REPOSITORY)
    reports = TextOption(
        "reports", "reports", "folder for the enriched YAML, the Markdown report and the history", (*_LISTS, INIT),
        _REPOSITORY, "DIR",
    )  # fmt: skip
    no_files = Switch("no_files", "print only, write no reports", (RUN,), _REPOSITORY)
    since = TextOption(
        "since", "", "judge only links that are not in the merge base of this revision and HEAD; run writes no files",
        (RUN, HOOK), _USER, "REV",
    )  # fmt: skip
    all = Switch("all", "judge all links of the files, not only those that a change adds", (HOOK,), _REPOSITORY)
    include = Patterns(
        "include", (), "check only URLs that match; may be repeated, and adds to those of config files",
        (*_EVERYWHERE, EXPLAIN),
        _REPOSITORY, "REGEX", most=1_000,
    )  # fmt: skip
    exclude = Patterns(
        "exclude", (), "do not check URLs that match; may be repeated, and adds to those of config files",
        (*_EVERYWHERE, EXPLAIN),
        _REPOSITORY, "REGEX", most=1_000,
    )  # fmt: skip
    accept = Statuses(
        "accept", (), "take these HTTP statuses for ok, as in 429,500-599; may be repeated, and adds to those of "
        "config files", _FETCHING, _REPOSITORY, "STATUS", most=100,
    )  # fmt: skip
    rule = Rules("rule", (), "tables that give verdicts another state", _FETCHING, _REPOSITORY, most=200)
    headers = HeaderTables(
        "headers", (), "tables of header fields for one host, with values from variables", _FETCHING, _USER
    )
    header_env = HeaderEnv(
        "header_env", (), "send this header field to this host only, with the value of a variable; may be repeated",
        _FETCHING, _USER, "HOST:FIELD=VARIABLE",
    )  # fmt: skip
    hide_query = TextListOption(
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
        "second_look", 3.0, "seconds between the two requests of a dead link", _FETCHING, _REPOSITORY, "S", most=60,
        defaults={HOOK: 1.0},
    )  # fmt: skip
    max_age_days = Duration(
        "max_age", 7.0, "days for which a good link is not checked again; 0 checks all", _LISTS, _REPOSITORY, "DAYS"
    )
    frozen = Switch(
        "frozen", "use no network: tell all links from the memory and the committed history", _LISTS, _REPOSITORY
    )
    strict = Switch("strict", "with --frozen: fail on links that are not known", _LISTS, _REPOSITORY)
    refresh_oldest = OptionalCount(
        "refresh_oldest", None, "check only so many links, those whose last check is the oldest, and those that failed",
        (RUN,), _REPOSITORY, "N",
    )  # fmt: skip
    confirm = OneOf(
        "confirm", "24h", "how long a link that was good has to fail before it fails a run", _LISTS, _REPOSITORY,
        {"now": timedelta(0), "24h": timedelta(hours=24), "7d": timedelta(days=7)}, defaults={HOOK: "now"},
    )  # fmt: skip
    memory = TextOption(
        "memory", "", "folder of the memory between runs; the user's cache folder if not given", _FETCHING,
        _USER, "DIR",
    )  # fmt: skip
    no_memory = Switch("no_memory", "neither read nor write the memory of earlier runs", _FETCHING, _REPOSITORY)
    root_dir = TextOption(
        "root_dir", "", "folder that absolute paths (/guide/) count from, such as that of the built site", _EVERYWHERE,
        _REPOSITORY, "DIR",
    )  # fmt: skip
    slugs = TextOption(
        "slugs", "", "whose rules make anchors of headings, if not those that the repository's config files tell",
        _EVERYWHERE, _REPOSITORY, "NAME",
    )  # fmt: skip
    base = TextOption(
        "base", "", "the URL that the files are published at; what begins with it is looked for in them first",
        _EVERYWHERE, _REPOSITORY, "URL",
    )  # fmt: skip
    fragments = Switch(
        "fragments", "check whether pages have the anchors of links (#…); never fails a run", (RUN,),
        _REPOSITORY,
    )  # fmt: skip
    record = TextOption(
        "record", "", "write all exchanges to this WARC file; checks every link", (RUN,), _USER, "FILE.warc.gz"
    )
    replay = TextOption("replay", "", "judge by this WARC file, without a network", (RUN,), _USER, "FILE.warc.gz")
    budget_s = Limit(
        "budget", None, "seconds for the whole run; links not checked by then are skipped", _LISTS, _REPOSITORY, "S",
        most=3_600, defaults={HOOK: 8.0},
    )  # fmt: skip
    allow_private = Switch("allow_private", "connect to private addresses too", _FETCHING, _USER)
    connect_to = TextListOption(
        "connect_to", (), "connect to another host and port instead, as in curl; may be repeated", _FETCHING, _USER,
        "HOST1:PORT1:HOST2:PORT2",
    )  # fmt: skip
    dns = TextOption("dns", "", "use this name server instead of the system's", _FETCHING, _USER, "ADDR[:PORT]")
    second_dns = TextOption(
        "second_dns", "", "use this name server for the second query of a dead name", _FETCHING, _USER,
        "ADDR[:PORT]",
    )  # fmt: skip
    canary = TextOption(
        "canary", "https://example.com/", "a page that always works, requested when nothing else answers", _FETCHING,
        _USER, "URL",
    )  # fmt: skip

    write = Switch("write", "write the changes, not only show them", (FIX,), _USER)
    force = Switch("force", "write also to files with changes that are not staged", (FIX,), _USER)
    dead = OneOf(
        "dead", "keep", "what becomes of dead links: replaced by an archived copy, a link to one put beside them, kept",
        (FIX,), _REPOSITORY, {"archive": "archive", "note": "note", "keep": "keep"},
    )  # fmt: skip
    arxiv = OneOf(
        "arxiv", "keep", "the form of links to arXiv", (FIX,), _REPOSITORY, {"abs": "abs", "pdf": "pdf", "keep": "keep"}
    )
    only = TextListOption("only", (), "mend only in this way; may be repeated", (FIX,), _REPOSITORY, "KIND")
    skip = TextListOption("skip", (), "do not mend in this way; may be repeated", (FIX,), _REPOSITORY, "KIND")

    ignore = IgnoreTables("ignore", (), "links that may fail", (*_FETCHING, IGNORE), _REPOSITORY, most=1_000)
    reason = TextOption("reason", "", "why these links may fail; asked for", (IGNORE,), _USER, "TEXT")
    until = Day("until", "the day from which on the ignore no longer counts, as 2027-03-01", (IGNORE,), _USER, "DAY")

    def __init__(
        self,
        values: Mapping[str, Any],
        origins: Mapping[str, str],
        users: frozenset[str],
        parts: Mapping[str, Sequence[tuple[str, Any]]] = NONE,
        notices: tuple[str, ...] = (),
    ) -> None:
        self.values, self.origins, self._users, self.parts, self.notices = values, origins, users, parts, notices

    def is_users(self, name: str) -> bool:
        """Whether the user set the option: not a default, and not the repository's file."""
        return name in self._users

    def replaced(self, **values: Any) -> Settings:
        """These settings with other values of some options, by name."""
        return Settings({**self.values, **values}, self.origins, self._users, self.parts, self.notices)


_ALL: tuple[Option[Any], ...] = tuple(one for one in vars(Settings).values() if isinstance(one, Option))
BY_NAME = {option.name: option for option in _ALL}
OPTIONS = tuple(option for option in _ALL if not option.is_table)
"""Those with a flag and a variable."""


class ConfigFile(NamedTuple):
    """The table of one config file, its `place` for messages, and whose it is."""

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

    `flags` holds only given flags; later `files` take precedence. Options of other commands are not read. `choices`
    has, by option name, the values that are registered elsewhere: the formats.
    """
    return _Loading(command, choices).load(flags, environment, files)


class _Loading:
    def __init__(self, command: str, choices: Mapping[str, Collection[str]]) -> None:
        self._command, self._choices = command, choices

    def load(self, flags: Mapping[str, Any], environment: Mapping[str, str], files: Sequence[ConfigFile]) -> Settings:
        values: dict[str, Any] = {option.name: option.default_of(self._command) for option in _ALL}
        origins = dict.fromkeys(values, "default")
        users, parts = set[str](), dict[str, list[tuple[str, Any]]]()
        layers = [(self._from_file(file), file.place, file.trust) for file in files]
        layers.append((self._from_environment(environment), "environment", Trust.USER))
        layers.append((self._from_flags(flags), "flag", Trust.USER))
        for table, origin, trust in layers:
            for name, value in table.items():
                option = BY_NAME[name]
                if option.adds:
                    parts.setdefault(name, []).append((_way(option, origin), value))
                values[name] = option.merge(values[name], value) if option.adds else value
                origins[name] = origin
                (users.add if trust is Trust.USER else users.discard)(name)
        notices = (*_additions(parts), *policy.contradictions(values[Settings.rule.name]))
        return Settings(values, origins, frozenset(users), parts, notices)

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
            option.refuse_unknown(parsed, self._choices[option.name], place)
        return parsed

    def _of_repository(self, option: Option[Any], value: object, place: str) -> Any:
        if option.trust is Trust.USER:
            raise SettingsError(
                f"a repository's file may not set '{option.name}'", where=place, help=f"{_ways(option)} may"
            )
        parsed = self._of_user(option, value, place)
        if option.most < math.inf and option.size(parsed) > option.most:
            most = f"{option.most:,g}{f' {option.nouns[1]}' if option.is_list else ''}"
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


def _way(option: Option[Any], origin: str) -> str:
    """The origin of a value, as it is shown: a flag, a variable, or the name of a file."""
    return {"flag": option.flag, "environment": option.variable}.get(origin) or shown_place(origin)


def _additions(parts: Mapping[str, Sequence[tuple[str, Any]]]) -> Iterator[str]:
    """A notice for each option whose flag or variable adds to what config files have."""
    for name, found in parts.items():
        option = BY_NAME[name]
        counted = [(way, f"{len(value)} {option.nouns[len(value) > 1]}") for way, value in found if value]
        if len(counted) > 1 and counted[-1][0] in (option.flag, option.variable):
            yield f"{counted[-1][0]} adds to {' and '.join(f'{number} of {way}' for way, number in counted[:-1])}"


def _ways(option: Option[Any]) -> str:
    own = "your own config file"
    return own if option.is_table else f"{option.flag}, {option.variable} and {own}"


def _unknown(name: str, place: str) -> SettingsError:
    from difflib import get_close_matches

    close = get_close_matches(name, BY_NAME, n=1, cutoff=0.6)
    advice = f"did you mean '{close[0]}'?" if close else f"known settings: {', '.join(sorted(BY_NAME))}"
    return SettingsError(f"unknown setting '{name}'", where=place, help=advice)
