"""The command line: the only part that prints, and the one boundary where errors become words."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from linkcheck import HOME_PAGE, __version__
from linkcheck.errors import LinkcheckError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    if list(sys.argv[1:] if argv is None else argv) == ["--version"]:
        sys.stdout.write(f"linkcheck {__version__}\n")  # without a parser: this is asked often, and by hooks
        return 0
    from linkcheck.cli import arguments

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    parsed = arguments.parser().parse_args(argv)
    try:
        return _dispatch(parsed.command, parsed.inputs, arguments.given(parsed), parsed.config)
    except LinkcheckError as error:
        sys.stderr.write(_words(error))
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader (`| head`) has gone; nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:
        # Python would exit with 1, which says that links fail; a mistake of ours is a 2.
        import traceback

        traceback.print_exc()
        sys.stderr.write(f"error: linkcheck made a mistake; please report it at {HOME_PAGE}/issues\n")
        return 2


def _dispatch(command: str, inputs: Sequence[str], flags: dict[str, object], config: str | None) -> int:
    from pathlib import Path

    from linkcheck import settings
    from linkcheck.cli import commands

    file = settings.find_file(Path.cwd(), config)
    loaded = settings.load(command, flags, os.environ, file)
    code = {"run": commands.run, "links": commands.links, "hook": commands.hook, "explain": commands.explain}[command](
        inputs, loaded
    )
    sys.stdout.flush()
    return code


def _words(error: LinkcheckError) -> str:
    from linkcheck.report.words import clean

    lines = [f"error: {clean(error.what, 600)}"]
    if error.where:
        lines.append(f"  --> {clean(error.where, 600)}")
    if error.help:
        lines.append(f"help: {clean(error.help, 600)}")
    return "\n".join(lines) + "\n"
