"""`linkcheck history merge`: git's merge driver for histories (gitattributes(5), "Defining a custom merge driver")."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from linkcheck.cli import exit_codes, files
from linkcheck.errors import InputError
from linkcheck.settings import Settings

_USAGE = "linkcheck history merge BASE OURS THEIRS [PATH]"


def command(arguments: Sequence[str], settings: Settings) -> int:  # noqa: ARG001
    """Write the merge of three files to the second of them. Raises InputError, which git takes for a conflict."""
    from linkcheck.memory.merge import MergeError, merged

    if arguments[0] != "merge" or len(arguments) not in (4, 5):
        raise InputError("'history' does not know these arguments", where=" ".join(arguments), help=_USAGE)
    base, ours, theirs = map(Path, arguments[1:4])
    try:
        files.write(ours, list(merged(base, ours, theirs)))  # all is read before anything is written
    except MergeError as error:
        raise InputError(
            f"the history cannot be merged: {error}", where=arguments[-1], help="resolve the conflict by hand"
        ) from error
    return exit_codes.OK
