from __future__ import annotations

import argparse
import re
from datetime import date, timedelta

import pytest

from linkcheck.cli import arguments, formats
from linkcheck.errors import SettingsError
from linkcheck.settings import BY_NAME, OPTIONS, ConfigFile, Option, Settings, Trust, load

EVERY = ("run", "links", "hook", "explain", "ignore", "baseline", "fix")


def users(table: dict[str, object], place: str = "config.toml") -> ConfigFile:
    return ConfigFile(place, table, Trust.USER)


def repositorys(table: dict[str, object], place: str = "linkcheck.toml") -> ConfigFile:
    return ConfigFile(place, table, Trust.REPOSITORY)


def test_later_layers_win_and_say_where_a_value_came_from() -> None:
    files = [
        users({"timeout": 4, "per_host": 3, "max_age": 1}),
        repositorys({"timeout": 5, "concurrency": 8, "per_host": 2}),
    ]
    found = load("run", {"timeout": "7"}, {"LINKCHECK_CONCURRENCY": "9", "OTHER": "x"}, files)
    names = ("timeout", "concurrency", "per_host", "max_age", "attempts")
    assert [found.values[name] for name in names] == [7.0, 9, 2, 1, 3]
    origins = [found.origins[name] for name in names]
    assert origins == ["flag", "environment", "linkcheck.toml", "config.toml", "default"]
    assert [found.is_users(name) for name in names] == [True, True, False, True, False]


def test_the_hook_is_in_a_hurry() -> None:
    assert load("hook", {}, {}).timeout_s < load("run", {}, {}).timeout_s


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("1", True), ("yes", True), ("false", False), ("0", False), ("", False)]
)
def test_switches_in_the_environment(text: str, value: bool) -> None:
    assert load("run", {}, {"LINKCHECK_ALLOW_PRIVATE": text}).allow_private is value


def test_patterns_are_compiled() -> None:
    found = load("run", {}, {"LINKCHECK_EXCLUDE": "a.*"}, [repositorys({"include": ["x", "y"]})])
    assert found.exclude == (re.compile("a.*"),)
    assert found.parts["exclude"] == [("LINKCHECK_EXCLUDE", (re.compile("a.*"),))]
    assert [pattern.pattern for pattern in found.include] == ["x", "y"]


@pytest.mark.parametrize(
    ("table", "words", "help"),
    [
        ({"concurency": 1}, "unknown setting 'concurency'", "did you mean 'concurrency'?"),
        ({"zzz": 1}, "unknown setting 'zzz'", "known settings"),
        ({"concurrency": "many"}, "whole number", ""),
        ({"concurrency": 0}, "1 or more", ""),
        ({"concurrency": 1.5}, "whole number", ""),
        ({"concurrency": True}, "whole number", ""),
        ({"timeout": 0}, "number of seconds", ""),
        ({"timeout": -1}, "number of seconds", ""),
        ({"timeout": float("nan")}, "number of seconds", ""),
        ({"allow_private": "yes"}, "true or false", ""),
        ({"format": "xml"}, "'xml' is not a format", "one of text, json, markdown, yaml"),
        ({"dns": 1}, "text", ""),
        ({"exclude": ["("]}, "not a regular expression", ""),
        ({"exclude": [1]}, "list of texts", ""),
        ({"exclude": 1}, "list of texts", ""),
        ({"exclude": "a{99999999999999999999}"}, "not a regular expression", ""),
        ({"exclude": "(" * 5_000}, "not a regular expression", ""),
        ({"reports": "a\0b"}, "without NUL", ""),
        ({"timeout": 2**9_999}, "a number of that size", ""),
        ({"concurrency": 2**99_999}, "a number of that size", ""),
        ({"dns": 2**99_999}, "a number of that size", ""),
        ({"dns": [2**99_999]}, "a list", ""),
        ({"no_files": {"a": 2**99_999}}, "a table", ""),
        ({"no_files": "x" * 99}, "'" + "x" * 80 + "'", ""),
    ],
)
def test_a_wrong_value_is_named_with_its_place(table: dict[str, object], words: str, help: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(words)) as caught:
        load("run", {}, {}, [users(table, "linkcheck.toml")], formats.choices())
    assert "linkcheck.toml" in caught.value.where
    assert help in caught.value.help


# -- what a repository may set ---------------------------------------------------------------

REPOSITORYS = {
    "format", "reports", "no_files", "include", "exclude", "concurrency", "per_host", "timeout", "attempts", "max_wait",
    "second_look", "max_age", "confirm", "no_memory", "fragments", "budget", "hide_query", "accept", "all", "rule", "ignore",
    "dead", "arxiv", "only", "skip",
    "frozen", "strict", "root_dir", "base", "slugs", "refresh_oldest",
}  # fmt: skip
REACHING = {
    "memory": "../cache", "record": "../victim", "replay": "/etc/passwd", "allow_private": True,
    "connect_to": ["::127.0.0.1:80"], "dns": "127.0.0.1", "second_dns": "127.0.0.1", "canary": "http://10.0.0.1/", "since": "main",
    "reason": "x", "until": date(2999, 1, 1), "write": True, "force": True,
}  # fmt: skip


def test_what_a_repository_may_set_was_decided() -> None:
    assert {option.name for option in BY_NAME.values() if option.trust is Trust.REPOSITORY} == REPOSITORYS
    assert BY_NAME.keys() == REPOSITORYS | set(REACHING) | {"headers", "header_env"}


@pytest.mark.parametrize("name", REACHING)
@pytest.mark.parametrize("command", EVERY)
def test_what_reaches_out_of_a_repository_is_refused_where_it_would_count(command: str, name: str) -> None:
    files = [repositorys({name: REACHING[name]})]
    if command not in BY_NAME[name].commands:
        assert load(command, {}, {}, files).origins[name] == "default"
        return
    with pytest.raises(SettingsError, match=f"a repository's file may not set '{name}'") as caught:
        load(command, {}, {}, files)
    assert caught.value.where == f"linkcheck.toml, {name}"
    option = BY_NAME[name]
    assert caught.value.help == f"{option.flag}, LINKCHECK_{name.upper()} and your own config file may"


@pytest.mark.parametrize("name", REACHING)
def test_the_user_may_set_it(name: str) -> None:
    command = BY_NAME[name].commands[0]
    value = REACHING[name]
    text = value[0] if isinstance(value, list) else str(value)
    for found in (
        load(command, {}, {}, [users({name: value})]),
        load(command, {name: [text] if isinstance(value, list) else value}, {}),
        load(command, {}, {f"LINKCHECK_{name.upper()}": text}),
    ):
        assert found.values[name] == (tuple(value) if isinstance(value, list) else value)
        assert found.is_users(name)


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("concurrency", 512), ("per_host", 16), ("timeout", 120), ("attempts", 5), ("max_wait", 600),
        ("second_look", 60), ("budget", 3_600),
    ],
)  # fmt: skip
def test_a_repository_makes_no_load_and_no_hang(name: str, most: int) -> None:
    assert load("run", {}, {}, [repositorys({name: most})]).values[name] == most
    assert load("run", {}, {}, [users({name: most + 1})]).values[name] == most + 1
    with pytest.raises(SettingsError, match=f"may set '{name}' to {most:,} at most"):
        load("run", {}, {}, [repositorys({name: most + 1})])
    assert BY_NAME[name].default is None or BY_NAME[name].default <= most


@pytest.mark.parametrize("name", ["include", "exclude"])
def test_a_repository_has_so_many_patterns(name: str) -> None:
    assert len(load("run", {}, {}, [repositorys({name: ["a"] * 1_000})]).values[name]) == 1_000
    assert len(load("run", {}, {}, [users({name: ["a"] * 1_001})]).values[name]) == 1_001
    with pytest.raises(SettingsError, match=f"may set '{name}' to 1,000 patterns at most"):
        load("run", {}, {}, [repositorys({name: ["a"] * 1_001})])


def test_options_of_other_commands_are_not_taken() -> None:
    environment = {"LINKCHECK_RECORD": "x.warc.gz", "LINKCHECK_REPORTS": "x"}
    for file in (users({"record": "x.warc.gz", "reports": 1}), repositorys({"record": "x.warc.gz", "reports": 1})):
        found = load("links", {}, environment, [file])
        assert (found.record, found.reports) == ("", "reports")


EXCLUDES = users({"exclude": ["u"]}), repositorys({"exclude": ["r", "s"]}, "/x/linkcheck.toml")


@pytest.mark.parametrize(
    ("flags", "environment", "expected", "notices"),
    [
        ({}, {}, ["u", "r", "s"], ()),
        ({"exclude": []}, {}, ["u", "r", "s"], ()),
        ({}, {"LINKCHECK_EXCLUDE": "v"}, ["u", "r", "s", "v"],
         ("LINKCHECK_EXCLUDE adds to 1 pattern of config.toml and 2 patterns of linkcheck.toml",)),
        ({"exclude": ["f"]}, {}, ["u", "r", "s", "f"],
         ("--exclude adds to 1 pattern of config.toml and 2 patterns of linkcheck.toml",)),
        ({"exclude": ["f"]}, {"LINKCHECK_EXCLUDE": "v"}, ["u", "r", "s", "v", "f"],
         ("--exclude adds to 1 pattern of config.toml and 2 patterns of linkcheck.toml and 1 pattern of LINKCHECK_EXCLUDE",)),
    ],
)  # fmt: skip
def test_what_the_command_line_adds_is_said(
    flags: dict[str, object], environment: dict[str, str], expected: list[str], notices: tuple[str, ...]
) -> None:
    found = load("run", flags, environment, EXCLUDES)
    assert [one.pattern for one in found.exclude] == expected
    assert found.notices == notices


def test_nothing_is_said_of_what_is_not_added_to() -> None:
    found = load("run", {"exclude": ["f"]}, {}, [repositorys({"include": ["x"], "exclude": []})])
    assert ([one.pattern for one in found.exclude], found.notices) == (["f"], ())


def test_every_flag_is_a_key_and_the_reverse() -> None:
    subparsers = next(a for a in arguments.parser()._actions if isinstance(a, argparse._SubParsersAction))
    flags = {
        action.option_strings[0].removeprefix("--").replace("-", "_")
        for command in subparsers.choices.values()
        for action in command._actions
        if action.option_strings and action.dest not in ("help", "config")
    }
    assert flags == {option.name for option in OPTIONS}


def test_tables_are_no_variables() -> None:
    assert load("run", {}, {"LINKCHECK_RULE": "x", "LINKCHECK_HEADERS": "x"}).rule == ()


@pytest.mark.parametrize("option", OPTIONS, ids=lambda o: o.name)
def test_every_default_is_one_of_its_own_values(option: Option[object]) -> None:
    for command in option.commands:
        default = option.default_of(command)
        if default is not None:
            written = option.shown_default(command) if option.choices else default
            assert load(command, {}, {}, [users({option.name: written})]).values[option.name] == default


def test_each_option_is_an_attribute_of_its_type() -> None:
    found = load("run", {"confirm": "7d", "budget": "9"}, {})
    assert (found.timeout_s, found.per_host, found.no_files, found.hide_query) == (20.0, 8, False, ())
    assert (found.confirm, found.budget_s, load("run", {}, {}).budget_s) == (timedelta(days=7), 9.0, None)
    with pytest.raises(AttributeError):
        found.timeout_s = 1.0  # type: ignore[misc]


@pytest.mark.parametrize("option", OPTIONS, ids=lambda o: o.name)
def test_an_attribute_is_named_as_its_flag_but_for_the_unit(option: Option[object]) -> None:
    (attribute,) = (name for name, value in vars(Settings).items() if value is option)
    expected = "recheck_after" if option.name == "second_look" else option.name
    assert re.sub(r"_(s|days)\Z", "", attribute) == expected


def test_a_name_that_is_registered_elsewhere_is_checked_where_it_is_known() -> None:
    assert load("run", {"format": "pdf"}, {}).format == "pdf"
    assert load("run", {"format": "pdf"}, {}, (), {"format": ("text", "pdf")}).format == "pdf"
    with pytest.raises(SettingsError, match="'pdf' is not a format") as caught:
        load("run", {}, {"LINKCHECK_FORMAT": "pdf"}, (), {"format": ("text", "csv")})
    assert (caught.value.where, caught.value.help) == ("LINKCHECK_FORMAT", "one of text, csv")
