"""`linkcheck init`: let git merge the history of this repository by itself."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

from linkcheck.cli import exit_codes, output, wiring
from linkcheck.common import plain_files
from linkcheck.errors import InputError, reason
from linkcheck.report import sanitise
from linkcheck.settings import Settings

DRIVER = "linkcheck-history"
_ATTRIBUTES = ".gitattributes"
_MOST_BYTES = 2**20
_HOOK = """Next, for links in commits, put this into .pre-commit-config.yaml:
  - repo: https://github.com/linkcheck-crawler/linkcheck
    rev: v0.1.0
    hooks:
    - id: linkcheck
Each clone runs `linkcheck init` once: git takes no merge driver from a repository.
"""


def command(_: object, settings: Settings) -> int:
    """Name the merge driver in .gitattributes, and set it in this clone's own configuration. Raises LinkcheckError."""
    from linkcheck.git import process
    from linkcheck.memory import history

    top = _top(Path.cwd())
    path = os.path.relpath(os.path.realpath(wiring.reports_folder(settings).path / history.FILE), os.path.realpath(top))
    if Path(path).parts[0] == os.pardir:
        raise InputError(
            "the reports folder is not in this repository",
            where=settings.reports,
            help="choose another --reports folder",
        )
    line = f"{pattern(Path(path).as_posix())} merge={DRIVER}"
    was_there = _add(top / _ATTRIBUTES, line)
    output.show([f"{_ATTRIBUTES}: {'has already' if was_there else 'added'} {sanitise.clean(line)}\n"])
    for key, value in (("name", "newest look by URL"), ("driver", f"{_program()} history merge %O %A %B %P")):
        process.run(top, "config", "--local", f"merge.{DRIVER}.{key}", value)
        output.show([f"git config: merge.{DRIVER}.{key} = {sanitise.clean(value)}\n"])
    output.show([_HOOK])
    return exit_codes.OK


def _top(folder: Path) -> Path:
    """The top of the work tree that `folder` lies in. Raises GitError."""
    from linkcheck.git import change, process

    try:
        top = change.place(folder).top
        process.run(folder, "rev-parse", "--show-toplevel")  # refuses a bare repository within a work tree
    except process.GitError as error:
        error.help = error.help or "git init makes a repository"
        raise
    return top


def pattern(path: str) -> str:
    """`path` as a pattern that matches nothing else (gitattributes(5); quoting as in git-config's `core.quotePath`)."""
    escaped = "".join(f"\\{char}" if char in "\\*?[" else char for char in path)
    anchored = escaped if "/" in escaped and escaped[0] not in "#!" else f"/{escaped}"
    if anchored.isprintable() and not any(char in anchored for char in ' "'):
        return anchored
    quoted = anchored.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(_octal(char) if not char.isprintable() else char for char in quoted) + '"'


def _octal(char: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in os.fsencode(char))


def _add(path: Path, line: str) -> bool:
    """Append `line` to the file unless it is there; returns whether it was."""
    try:
        try:
            with plain_files.open_to_read(path, follows_links=False) as file:
                text = plain_files.read_from(file, _MOST_BYTES)
        except FileNotFoundError:
            plain_files.create(path, plain_files.PUBLIC).close()
            text = b""
        if line.encode() in (one.strip() for one in text.splitlines()):
            return True
        newline = b"\r\n" if b"\r\n" in text else b"\n"
        start = newline if text and not text.endswith(b"\n") else b""
        with plain_files.open_to_append(path) as new:
            new.write(start + line.encode() + newline)
    except OSError as error:
        raise InputError(
            f"cannot be written: {reason(error)}",
            where=str(path),
            help="git reads no attributes from a link or the like",
        ) from error
    return False


def _program() -> str:
    """How git calls this program: by its name if a shell finds it, else by its path."""
    for folder in os.get_exec_path():
        if Path(folder).is_absolute() and os.access(Path(folder, "linkcheck"), os.X_OK):
            return "linkcheck"
    return f"{shlex.quote(sys.executable)} -m linkcheck"
