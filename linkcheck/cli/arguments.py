"""The argument parser, built from the options of `Settings`, so that flags and config keys cannot differ."""

from __future__ import annotations

import argparse
import os
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from linkcheck import __version__
from linkcheck.cli import formats
from linkcheck.errors import InputError
from linkcheck.settings import (
    BASELINE,
    BY_NAME,
    EXPLAIN,
    FIX,
    HISTORY,
    HOOK,
    IGNORE,
    INIT,
    LINKS,
    OPTIONS,
    RUN,
    Option,
    Settings,
)


class _Command(NamedTuple):
    """What `--help` says of a command, and its positional arguments as argparse has them."""

    summary: str
    nargs: str | int = "+"
    metavar: str = "INPUT"
    help: str = "a file, folder, glob or - for standard input"


_COMMANDS = {
    RUN: _Command("check every link of lists, report what fails, write the enriched YAML"),
    LINKS: _Command("print the links of lists without any request"),
    HOOK: _Command("fail on dead links that a commit adds, within seconds (for pre-commit)", "*", "FILE", "a file"),
    FIX: _Command("mend links that have moved, are malformed, or are dead: a diff, or written with --write"),
    EXPLAIN: _Command(
        "show how the verdict on one URL is reached, or what a rule does", 1, "URL|RULE", "a URL, or the name of a rule"
    ),
    IGNORE: _Command(
        "let links fail: write them with a reason into the repository's config file",
        "+",
        "URL",
        "a URL as the list has it; with * at its end, all that begin so",
    ),
    BASELINE: _Command("accept the links that fail today, so that only new ones fail"),
    HISTORY: _Command(
        "merge a history that two branches have changed (git's merge driver)",
        "+",
        "ARGUMENT",
        "merge BASE OURS THEIRS [PATH]: write the merged history to OURS",
    ),
    INIT: _Command("set up this git repository: its histories are merged by linkcheck", 0),
}
_COLUMNS = 80  # where nobody says
_EXITS = (
    "exit codes: 0 nothing fails, 1 links fail, 2 an error (a usage error, a full disk), 3 no network "
    "(nothing, or not all, was judged), 130 interrupted, 143 terminated, 129 hung up (what was known is written)"
)


def commands_of(argv: Sequence[str]) -> tuple[str, ...]:
    """The command that `argv` names, if any: only its options are built, which takes time."""
    return tuple(one for one in argv if one in _COMMANDS)[:1]


def parser_for(argv: Sequence[str]) -> argparse.ArgumentParser:
    """The parser that `argv` needs: of one command, if that comes first."""
    commands = commands_of(argv)
    return parser(commands, commands if commands and commands[0] == argv[0] else tuple(_COMMANDS))


def parser(
    commands: Collection[str] = tuple(_COMMANDS), known: Collection[str] = tuple(_COMMANDS)
) -> argparse.ArgumentParser:
    """The parser of the `known` commands, with the options of `commands`."""
    top = argparse.ArgumentParser(
        prog="linkcheck",
        description="Checks every link of a list, and collects what is behind it.",
        epilog=_EXITS,
        allow_abbrev=False,
        formatter_class=_formatter,
    )
    top.add_argument("--version", action="version", version=f"linkcheck {__version__}")
    added = top.add_subparsers(dest="command", metavar="COMMAND", required=True, prog=top.prog)
    for name, one in _COMMANDS.items():
        if name not in known:
            continue
        description = one.summary[0].upper() + one.summary[1:] + "."
        command = added.add_parser(
            name, help=one.summary, description=description, epilog=_EXITS, allow_abbrev=False,
            formatter_class=_formatter,
        )  # fmt: skip
        if name in commands:
            if one.nargs:
                command.add_argument("inputs", nargs=one.nargs, metavar=one.metavar, help=one.help)
            else:
                command.set_defaults(inputs=())
            for option in OPTIONS:
                if name in option.commands:
                    _add_option(command, option, name)
            command.add_argument("--config", metavar="FILE", help="read settings from this file only")
    return top


def _formatter(prog: str) -> argparse.HelpFormatter:
    """As the default, which loads `shutil` with its compressors for each option: 4 ms."""
    return argparse.HelpFormatter(prog, width=_columns() - 2)


def _columns() -> int:
    """The width of the terminal (as shutil.get_terminal_size)."""
    text = os.environ.get("COLUMNS", "")
    if text.isdecimal() and int(text[:9]) > 0:
        return int(text[:9])
    try:
        return os.get_terminal_size(1).columns or _COLUMNS
    except OSError:
        return _COLUMNS


def refuse_ambiguous(argv: Sequence[str]) -> None:
    """Raises InputError if an option is the name of a file too: `*` and hooks pass untrusted file names."""
    for one in argv[: argv.index("--") if "--" in argv else None]:
        if one.startswith("-") and one != "-" and os.path.lexists(one):
            raise InputError(
                "this is an option, and a file has its name", where=one,
                help=f"write ./{one}, or put -- before the files",
            )  # fmt: skip


def _add_option(command: argparse.ArgumentParser, option: Option[Any], name: str) -> None:
    common: dict[str, Any] = {"dest": option.name, "default": argparse.SUPPRESS, "help": _help(option, name)}
    choices = _choices(option, name)
    if option.is_switch:
        command.add_argument(option.flag, action="store_true", **common)
    elif option.is_list:
        command.add_argument(option.flag, action="append", metavar=option.metavar, **common)
    elif choices is not None:
        added = command.add_argument(option.flag, **common)
        added.choices = choices  # not passed to add_argument, which would iterate over them
    else:
        command.add_argument(option.flag, metavar=option.metavar, **common)


def _choices(option: Option[Any], command: str) -> Collection[str] | None:
    if option is Settings.format and command == LINKS:
        return formats.LISTED
    return formats.choices().get(option.name, option.choices or None)


def _help(option: Option[Any], command: str) -> str:
    default = option.shown_default(command)
    return f"{option.help} [{default}]" if default else option.help


def given_flags(arguments: argparse.Namespace) -> dict[str, Any]:
    """The given flags, by option name."""
    return {name: value for name, value in vars(arguments).items() if name in BY_NAME}
