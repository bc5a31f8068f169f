"""The command line: the only part that prints, and where errors become messages."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from linkcheck.settings import Settings


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, by default that of this process; returns the exit code."""
    from linkcheck.cli.interrupts import interrupts

    if argv is None:
        gc.disable()  # until something is fetched: nothing before it makes cycles, and looking for them takes 8 ms
        interrupts.listen()  # before loading anything else: a Ctrl-C may come at any time
    from linkcheck.cli import output
    from linkcheck.errors import LinkcheckError

    output.prepare()
    code = 2
    try:
        code = _run(list(sys.argv[1:] if argv is None else argv))
    except LinkcheckError as error:
        output.print_error(error)
    except MemoryError:
        output.say(output.NO_MEMORY)
    except Exception as error:
        # Python would exit with 1, which means failing links; an internal error exits with 2.
        _print_error(error)
    interrupts.ignore()
    if argv is None:
        gc.freeze()  # Python would look for cycles once more before it exits: 10 ms
    return interrupts.code or code


def _run(argv: Sequence[str]) -> int:
    from linkcheck import __version__
    from linkcheck.cli import output

    if argv == ["--version"]:
        output.show([f"linkcheck {__version__}\n"])  # without loading the parser: hooks do this often
        return 0
    from contextlib import redirect_stderr, redirect_stdout
    from io import StringIO

    from linkcheck.cli import arguments

    arguments.refuse_ambiguous(argv)
    try:
        # argparse hides errors of writing, and prints file names unsanitised.
        with redirect_stdout(StringIO()) as printed, redirect_stderr(StringIO()) as complaint:
            parsed = arguments.parser_for(argv).parse_args(argv)
    except SystemExit as end:
        output.show([printed.getvalue()])
        if wrong := complaint.getvalue().removesuffix("\n"):
            output.say(wrong)
        return int(end.code or 0)
    return _dispatch(parsed.command, parsed.inputs, arguments.given_flags(parsed), parsed.config)


def _dispatch(command: str, inputs: Sequence[str], flags: dict[str, object], config: str | None) -> int:
    import os
    from importlib import import_module
    from pathlib import Path

    from linkcheck import settings
    from linkcheck.cli import config_files, limits, output
    from linkcheck.common import secret
    from linkcheck.errors import InputError

    limits.demand(limits.LOADING)
    from linkcheck.cli import formats
    from linkcheck.cli.stopwatch import LOADING_S, stopwatch

    found = config_files.named(Path(config)) if config else config_files.find(_here(), os.environ)
    for notice in found.notices:
        output.say(f"warning: {output.cleaned(notice)}")
    if config and command == settings.IGNORE:
        raise InputError("linkcheck ignore writes to the repository's file", where="--config", help="leave it out")
    with stopwatch(LOADING_S):
        loaded = settings.load(command, flags, os.environ, found.files, formats.choices())
    for notice in loaded.notices:
        output.say(f"linkcheck: {output.cleaned(notice)}")
    secret.hide(loaded.hide_query)
    _warn_of_plugins()
    run: Callable[[Sequence[str], Settings], int] = import_module(f"{__name__}.{command}").command
    return run(inputs, loaded)


def _warn_of_plugins() -> None:
    """Print a warning for each plug-in that was left out."""
    from linkcheck import plugins

    if not plugins.are_installed():
        return
    from linkcheck import judge, read, report, sites
    from linkcheck.cli import output

    for part in (sites, read, report, judge):
        for message in part.broken_plugins():
            output.say(f"warning: {output.cleaned(message)}")


def _here() -> Path:
    """The current folder. Raises InputError if it was removed, or cannot be read."""
    from pathlib import Path

    from linkcheck.errors import InputError, reason

    try:
        return Path.cwd()
    except OSError as error:
        raise InputError(
            f"cannot tell the current folder: {reason(error)}", where=".", help="change to one that is there"
        ) from error


def _print_error(error: Exception) -> None:
    import traceback

    from linkcheck import HOME_PAGE
    from linkcheck.cli import limits, output

    if message := limits.describe_lack(error):
        return output.say(message)
    output.say("".join(traceback.format_exception(error)).removesuffix("\n"))
    return output.say(f"error: internal error in linkcheck; please report it at {HOME_PAGE}/issues")
