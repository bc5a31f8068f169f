from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from linkcheck import settings
from linkcheck.cli import arguments
from linkcheck.errors import SettingsError
from linkcheck.settings import BY_NAME, OPTIONS, find_file, load


def test_later_layers_win_and_say_where_a_value_came_from() -> None:
    file = ("linkcheck.toml", {"timeout": 5, "concurrency": 8, "per_host": 2})
    found = load("run", {"timeout": "7"}, {"LINKCHECK_CONCURRENCY": "9", "OTHER": "x"}, file)
    assert [found[name] for name in ("timeout", "concurrency", "per_host", "attempts")] == [7.0, 9, 2, 3]
    assert [found.origins[name] for name in ("timeout", "concurrency", "per_host", "attempts")] == [
        "flag", "environment", "linkcheck.toml", "default",
    ]  # fmt: skip


def test_the_hook_is_in_a_hurry() -> None:
    assert load("hook", {}, {}, None)["timeout"] < load("run", {}, {}, None)["timeout"]


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("1", True), ("yes", True), ("false", False), ("0", False), ("", False)]
)
def test_switches_in_the_environment(text: str, value: bool) -> None:
    assert load("run", {}, {"LINKCHECK_ALLOW_PRIVATE": text}, None)["allow_private"] is value


def test_patterns_are_compiled() -> None:
    found = load("run", {}, {"LINKCHECK_EXCLUDE": "a.*"}, ("f", {"include": ["x", "y"]}))
    assert found["exclude"] == (re.compile("a.*"),)
    assert [pattern.pattern for pattern in found["include"]] == ["x", "y"]


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
        ({"format": "xml"}, "'xml' is not a format", "one of text, json, markdown"),
        ({"dns": 1}, "text", ""),
        ({"exclude": ["("]}, "not a regular expression", ""),
        ({"exclude": [1]}, "list of texts", ""),
        ({"exclude": 1}, "list of texts", ""),
    ],
)
def test_a_wrong_value_is_named_with_its_place(table: dict[str, object], words: str, help: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(words)) as caught:
        load("run", {}, {}, ("linkcheck.toml", table))
    assert "linkcheck.toml" in caught.value.where
    assert help in caught.value.help


def test_the_nearest_config_file_counts(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    assert find_file(deep) is None or "tool.linkcheck" in find_file(deep)[0]  # type: ignore[index]
    (tmp_path / "pyproject.toml").write_text("[tool.linkcheck]\ntimeout = 3\n")
    assert find_file(deep) == (f"{tmp_path / 'pyproject.toml'} [tool.linkcheck]", {"timeout": 3})
    (tmp_path / "a" / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert find_file(deep) == (f"{tmp_path / 'pyproject.toml'} [tool.linkcheck]", {"timeout": 3})
    (tmp_path / "a" / "linkcheck.toml").write_text("timeout = 4\n")
    assert find_file(deep) == (str(tmp_path / "a" / "linkcheck.toml"), {"timeout": 4})


def test_a_named_config_file_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="not there"):
        find_file(tmp_path, str(tmp_path / "x.toml"))


def test_a_broken_config_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[")
    (tmp_path / "linkcheck.toml").write_text("[")
    with pytest.raises(SettingsError, match="cannot read") as caught:
        find_file(tmp_path)
    assert caught.value.where == str(tmp_path / "linkcheck.toml")
    (tmp_path / "linkcheck.toml").unlink()
    assert find_file(tmp_path) is None or True


def test_every_flag_is_a_key_and_the_reverse() -> None:
    subparsers = next(a for a in arguments.parser()._actions if isinstance(a, argparse._SubParsersAction))
    flags = {
        action.option_strings[0].removeprefix("--").replace("-", "_")
        for command in subparsers.choices.values()
        for action in command._actions
        if action.option_strings and action.dest not in ("help", "config")
    }
    assert flags == set(BY_NAME)


@pytest.mark.parametrize("option", OPTIONS, ids=lambda o: o.name)
def test_every_default_is_one_of_its_own_values(option: settings.Option) -> None:
    for command in option.commands:
        default = option.default_of(command)
        if default is not None:
            assert load(command, {}, {}, ("f", {option.name: default}))[option.name] == default
