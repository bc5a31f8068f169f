"""The command line: the only part that prints, and the one boundary where errors become messages."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from linkcheck.settings import Settings


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, that of this process where `argv` is None; the exit code."""
    from linkcheck.cli.interrupts import interrupts

    if argv is None:
        interrupts.listen()  # before anything else is loaded: a Ctrl-C may come at any time
    from linkcheck.cli import output
    from linkcheck.errors import LinkcheckError

    output.prepare()
    code = 2
    try:
        code = _run(list(sys.argv[1:] if argv is None else argv))
    except LinkcheckError as error:
        output.tell(error)
    except MemoryError:
        output.say(output.NO_MEMORY)
    except Exception as error:
        # Python would exit with 1, which says that links fail; an internal error is a 2.
        _tell(error)
    interrupts.ignore()
    return interrupts.code or code


def _run(argv: Sequence[str]) -> int:
    from linkcheck import __version__
    from linkcheck.cli import output

    if argv == ["--version"]:
        output.show([f"linkcheck {__version__}\n"])  # without a parser: this is asked often, and by hooks
        return 0
    from contextlib import redirect_stderr, redirect_stdout
    from io import StringIO

    from linkcheck.cli import arguments

    arguments.refuse_ambiguous(argv)
    try:
        # argparse hides that it cannot be written, and repeats file names as they are.
        with redirect_stdout(StringIO()) as printed, redirect_stderr(StringIO()) as complaint:
            parsed = arguments.parser(arguments.commands_of(argv)).parse_args(argv)
    except SystemExit as end:
        output.show([printed.getvalue()])
        if wrong := complaint.getvalue().removesuffix("\n"):
            output.say(wrong)
        return int(end.code or 0)
    return _dispatch(parsed.command, parsed.inputs, arguments.given(parsed), parsed.config)


def _dispatch(command: str, inputs: Sequence[str], flags: dict[str, object], config: str | None) -> int:
    import os
    from importlib import import_module
    from pathlib import Path

    from linkcheck import settings
    from linkcheck.cli import config_files, limits, output
    from linkcheck.common import secret

    limits.demand(limits.LOADING)
    from linkcheck.cli import formats
    from linkcheck.cli.stopwatch import LOADING_S, stopwatch
    from linkcheck.report.messages import clean

    found = config_files.named(Path(config)) if config else config_files.find(_here(), os.environ)
    for notice in found.notices:
        output.say(f"warning: {clean(notice, 600)}")
    with stopwatch(LOADING_S):
        loaded = settings.load(command, flags, os.environ, found.files, formats.choices())
    secret.hide(loaded.hide_query)
    _warn_of_plugins()
    run: Callable[[Sequence[str], Settings], int] = import_module(f"{__name__}.{command}").command
    return run(inputs, loaded)


def _warn_of_plugins() -> None:
    """Name the plug-ins that are left out."""
    from linkcheck import plugins

    if not plugins.are_installed():
        return
    from linkcheck import judge, read, report, sites
    from linkcheck.cli import output
    from linkcheck.report.sanitise import clean

    for part in (sites, read, report, judge):
        for message in part.broken_plugins():
            output.say(f"warning: {clean(message, 600)}")


def _here() -> Path:
    """Raises InputError where the current folder was removed, or lies where nobody may look."""
    from pathlib import Path

    from linkcheck.errors import InputError, reason

    try:
        return Path.cwd()
    except OSError as error:
        raise InputError(
            f"cannot tell the current folder: {reason(error)}", where=".", help="change to one that is there"
        ) from error


def _tell(error: Exception) -> None:
    import traceback

    from linkcheck import HOME_PAGE
    from linkcheck.cli import limits, output

    if lack := limits.lack(error):
        return output.say(lack)
    output.say("".join(traceback.format_exception(error)).removesuffix("\n"))
    return output.say(f"error: internal error in linkcheck; please report it at {HOME_PAGE}/issues")
