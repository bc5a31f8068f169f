"""The command line: made from settings.OPTIONS, so that flags and config keys cannot differ."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import Any

from linkcheck import __version__, settings
from linkcheck.errors import InputError
from linkcheck.settings import EXPLAIN, HOOK, LINKS, OPTIONS, RUN, Option

_SUMMARIES = {
    RUN: "look at every link of lists, report what fails, write the enriched YAML",
    LINKS: "print the links of lists without any request",
    HOOK: "fail on dead links in files, within seconds (for pre-commit)",
    EXPLAIN: "show how the verdict on one URL comes about, or what a rule does",
}
_EXITS = (
    "exit codes: 0 nothing fails, 1 links fail, 2 an error (a mistake in the call, a full disk), 3 no network "
    "(nothing, or not all, was judged), 130 interrupted, 143 terminated, 129 hung up (what was known is written)"
)


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="linkcheck",
        description="Says of every link in a list what it is and whether it still lives.",
        epilog=_EXITS,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"linkcheck {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, summary in _SUMMARIES.items():
        command = commands.add_parser(
            name, help=summary, description=summary[0].upper() + summary[1:] + ".", epilog=_EXITS, allow_abbrev=False
        )
        what = "a file, folder, glob or - for standard input" if name != HOOK else "a file"
        if name == EXPLAIN:
            command.add_argument("inputs", nargs=1, metavar="URL|RULE", help="a URL, or the name of a rule")
        else:
            command.add_argument(
                "inputs", nargs="*" if name == HOOK else "+", metavar="FILE" if name == HOOK else "INPUT", help=what
            )
        for option in OPTIONS:
            if name in option.commands:
                _add(command, option, name)
        command.add_argument("--config", metavar="FILE", help="read settings from this file only")
    return top


def refuse_ambiguous(argv: Sequence[str]) -> None:
    """Raise InputError where an option is the name of a file too: a `*` and hooks pass names that strangers chose."""
    for one in argv[: argv.index("--") if "--" in argv else None]:
        if one.startswith("-") and one != "-" and os.path.lexists(one):
            raise InputError(
                "this is an option, and a file has its name", where=one,
                help=f"write ./{one}, or put -- before the files",
            )  # fmt: skip


def _add(command: argparse.ArgumentParser, option: Option, name: str) -> None:
    common: dict[str, Any] = {"dest": option.name, "default": argparse.SUPPRESS, "help": _help(option, name)}
    if option.kind == "bool":
        command.add_argument(option.flag, action="store_true", **common)
    elif option.kind in ("regex", "list"):
        command.add_argument(option.flag, action="append", metavar=option.metavar, **common)
    elif option.choices:
        choices = option.choices[:2] if option.name == "format" and name == LINKS else option.choices
        command.add_argument(option.flag, choices=choices, **common)
    else:
        command.add_argument(option.flag, metavar=option.metavar, **common)


def _help(option: Option, command: str) -> str:
    default = option.default_of(command)
    shown = f"{default:g}" if isinstance(default, float) else default
    return f"{option.help} [{shown}]" if default not in (None, "", (), False) else option.help


def given(arguments: argparse.Namespace) -> dict[str, Any]:
    """The flags that were really given, by option name."""
    return {name: value for name, value in vars(arguments).items() if name in settings.BY_NAME}
