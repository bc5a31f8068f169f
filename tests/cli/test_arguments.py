"""The parser of the command line."""

from __future__ import annotations

import argparse
import shutil

import pytest

from linkcheck import report
from linkcheck.cli import arguments
from linkcheck.settings import COMMANDS, OPTIONS


def options(parser: argparse.ArgumentParser, command: str) -> set[str]:
    commands = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    return {flag for action in commands.choices[command]._actions for flag in action.option_strings}


@pytest.mark.parametrize(
    ("argv", "commands"),
    [
        (["run", "l.md"], ("run",)), (["links", "run"], ("links",)), (["-x", "hook"], ("hook",)), (["--help"], ()),
        (["rum"], ()), ([], ()),
    ],
)  # fmt: skip
def test_only_the_command_that_is_named_gets_its_options(argv: list[str], commands: tuple[str, ...]) -> None:
    assert arguments.commands_of(argv) == commands
    parser = arguments.parser(commands)
    for command in ("run", "links", "hook", "explain"):
        flags = {o.flag for o in OPTIONS if command in o.commands} | {"--config"}
        assert options(parser, command) == {"-h", "--help"} | (flags if command in commands else set())


def test_what_was_given_and_no_more() -> None:
    parsed = arguments.parser(("run",)).parse_args(
        ["run", "l.md", "--timeout", "3", "--exclude", "a", "--exclude", "b"]
    )
    assert arguments.given_flags(parsed) == {"timeout": "3", "exclude": ["a", "b"]}


def test_formats_are_looked_for_only_when_they_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = list[None]()

    def names() -> list[str]:
        asked.append(None)
        return ["csv", "text"]

    monkeypatch.setattr(report, "names", names)
    parser = arguments.parser()
    parser.parse_args(["run", "l.md", "--attempts", "2"])
    assert asked == []
    assert parser.parse_args(["run", "l.md", "--format", "csv"]).format == "csv"
    with pytest.raises(SystemExit):
        parser.parse_args(["run", "l.md", "--format", "yaml"])
    assert "argument --format: invalid choice: 'yaml' (choose from" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        parser.parse_args(["run", "--help"])
    assert "--format {text,csv}" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        parser.parse_args(["links", "l.md", "--format", "csv"])


@pytest.mark.parametrize(
    ("argv", "is_alone"),
    [(["run", "l.md"], True), (["hook", "--help"], True), (["--help", "run"], False), (["rum"], False), ([], False)],
)
def test_one_command_is_built_where_it_comes_first(argv: list[str], is_alone: bool) -> None:
    parser = arguments.parser_for(argv)
    commands = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    assert list(commands.choices) == (argv[:1] if is_alone else list(COMMANDS))


@pytest.mark.parametrize("columns", ["", "0", "-3", "x", "50", "99999999999999999999"])
def test_help_is_as_wide_as_the_terminal(monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    if columns != "99999999999999999999":
        assert arguments._columns() == shutil.get_terminal_size().columns
    assert arguments._formatter("x")._width > 40
