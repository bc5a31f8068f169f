"""Inputs as given to Documents: files, folders, globs and `-` for standard input."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from linkcheck import read
from linkcheck.cli import limits
from linkcheck.errors import InputError
from linkcheck.model import Document

STDIN = "-"
_MEMORY = 32  # bytes for each byte of a list
_LEFT_OUT = frozenset({"node_modules", "__pycache__", "venv"})


def documents(inputs: Iterable[str]) -> list[Document]:
    """Every document once, in the order given. Raises InputError."""
    found: dict[str, Document] = {}
    for path in _paths(inputs):
        if path not in found:
            data = _bytes(path)
            limits.demand(_MEMORY * len(data))
            found[path] = read.read(data, "<stdin>" if path == STDIN else path)
    return list(found.values())


def _paths(inputs: Iterable[str]) -> Iterator[str]:
    for one in inputs:
        if one == STDIN:
            yield STDIN
        elif Path(one).is_dir():
            yield from _in_folder(Path(one))
        elif not Path(one).exists() and glob.has_magic(one):
            matches = sorted(m for m in glob.glob(one, recursive=True) if Path(m).is_file())  # noqa: PTH207
            if not matches:
                raise InputError(
                    "no file matches", where=one, help="quote the pattern, or check the folder it starts in"
                )
            yield from (Path(m).as_posix() for m in matches)
        else:
            yield Path(one).as_posix()


def _in_folder(folder: Path) -> Iterator[str]:
    """The readable documents under a folder, hidden and foreign folders left out."""
    found = []
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in _LEFT_OUT)
        found += [(Path(here) / name).as_posix() for name in sorted(files) if read.is_known(name)]
    if not found:
        raise InputError("no list in this folder", where=str(folder), help=f"lists end in {', '.join(read.SUFFIXES)}")
    yield from found


def _bytes(path: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if path == STDIN else Path(path).read_bytes()
    except FileNotFoundError:
        raise InputError("no such file", where=path, help="check the path, or quote the glob") from None
    except OSError as error:
        raise InputError(f"cannot read the file: {(error.strerror or str(error)).lower()}", where=path) from error
