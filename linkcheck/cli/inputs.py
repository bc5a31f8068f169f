"""Inputs as given to Documents: files, folders, globs and `-` for standard input.

A named file has to be readable; one found in a folder or by a glob is left out with a notice if it is not. No symbolic
link is followed out of a repository: its target is untrusted, and the report would show the target's contents.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, NamedTuple, cast

from linkcheck import HOME_PAGE, read
from linkcheck.cli import limits
from linkcheck.common import checkout, plain_files
from linkcheck.common.boundary import trouble_of
from linkcheck.common.lazy import lazy
from linkcheck.errors import InputError, reason
from linkcheck.model import Document, Notice

if TYPE_CHECKING:
    from io import BufferedReader

STDIN, STDIN_NAME = "-", "<stdin>"
MOST_BYTES = 2**26
_MEMORY = 32  # bytes for each byte of a list
_LEFT_OUT = frozenset({"node_modules", "__pycache__", "venv"})
_DESCRIPTOR = lazy(r"/dev/stdin|(?:/dev|/proc/self)/fd/\d+")  # names that bash and zsh pass for `<(command)`
_OUTSIDE = "a link that leads out of the repository"


class Inputs(NamedTuple):
    """Every document once, in the given order; `notices` on found files that were left out; `refused` are named files
    that could not be read."""

    documents: list[Document]
    notices: list[Notice]
    refused: list[InputError]

    @property
    def all_notices(self) -> list[Notice]:
        """`notices`, and those of the documents."""
        return [*self.notices, *(notice for document in self.documents for notice in document.notices)]


class _Input(NamedTuple):
    path: str
    is_named: bool


def documents(inputs: Iterable[str], *, reads_the_rest: bool = False) -> Inputs:
    """Read all inputs. Raises InputError if a named one cannot be read; with `reads_the_rest`, if none can."""
    found, notices, refused = dict[str, Document](), list[Notice](), list[InputError]()
    for path, is_named in _inputs(inputs):
        if path in found:
            continue
        try:
            data = _bytes(path)
        except InputError as error:
            if is_named and not reads_the_rest:
                raise
            if is_named:
                refused.append(error)
            else:
                notices.append(Notice(path, 1, f"left out: {error.what}"))
            continue
        found[path] = document(data, STDIN_NAME if path == STDIN else path)
    return Inputs(list(found.values()), notices, refused)


def contents(path: str) -> bytes:
    """The bytes of one file. Raises InputError."""
    return _bytes(path)


def document(data: bytes, path: str) -> Document:
    """Read the list in `data`, if there is memory for it; raises LimitError if there is not."""
    limits.demand(_MEMORY * len(data))
    return _read(data, path)


def _read(data: bytes, path: str) -> Document:
    """Read the list in `data`; an internal error gives a document without links, and a notice."""
    try:
        return read.read(data, path)
    except Exception as error:
        message = f"no link of it was checked: internal error in linkcheck: {trouble_of(error)}; please report it"
        return Document(path, (), notices=(Notice(path, 1, f"{message} at {HOME_PAGE}/issues, with the list"),))


def _inputs(inputs: Iterable[str]) -> Iterator[_Input]:
    for one in inputs:
        if one == STDIN:
            yield _Input(STDIN, is_named=True)
        elif os.path.isdir(one) and not checkout.leads_out(Path(one)):  # noqa: PTH112 (a Path raises for long names)
            yield from _in_folder(Path(one))
        elif not os.path.lexists(one) and _has_magic(one):
            matches = sorted(m for m in _matches(one) if os.path.lexists(m) and not os.path.isdir(m))  # noqa: PTH112
            if not matches:
                raise InputError(
                    "no file matches", where=one, help="quote the pattern, or check the folder it starts in"
                )
            yield from (_Input(Path(m).as_posix(), is_named=False) for m in matches)
        else:
            yield _Input(Path(one).as_posix(), is_named=True)


def _in_folder(folder: Path) -> Iterator[_Input]:
    """The readable documents under a folder, without hidden folders and those out of the repository."""
    found = [
        _Input((here / name).as_posix(), is_named=False)
        for here, names in _folders(folder, lambda name: name not in _LEFT_OUT)
        for name in names
        if read.is_known(name)
    ]
    if not found:
        raise InputError("no list in this folder", where=str(folder), help=f"lists end in {', '.join(read.suffixes())}")
    yield from found


def _folders(top: Path, is_wanted: Callable[[str], bool]) -> Iterator[tuple[Path, list[str]]]:
    """Each folder at or under `top` that is not hidden, with its files. Links to folders are not followed: they may
    form cycles. (os.walk of Python 3.11 fails for folders nested a thousand deep.)"""
    left = [top]
    while left:
        here = left.pop()
        try:
            with os.scandir(here) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError:
            continue
        inner = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
        yield here, [entry.name for entry in entries if not os.path.isdir(entry)]  # noqa: PTH112
        left += [here / name for name in reversed(inner) if not name.startswith(".") and is_wanted(name)]


def _has_magic(name: str) -> bool:
    import glob  # loaded lazily: a hook is given no patterns

    return glob.has_magic(name)


def _matches(pattern: str) -> set[str]:
    """The matches of a glob, in which `**` is any number of folders that are not hidden."""
    import glob

    parts = PurePath(pattern).parts
    if "**" not in parts:
        return set(glob.glob(pattern))  # noqa: PTH207
    at = parts.index("**")
    last = next((n for n, part in enumerate(parts[at:], at) if part != "**"), len(parts))  # several in a row are one
    rest = PurePath(*parts[last:] or ("*",))
    tops = glob.glob(os.path.join(*parts[:at], "")) if at else [""]  # noqa: PTH118, PTH207
    return {
        match
        for top in tops
        for here, _ in _folders(Path(top), lambda _: True)
        for match in _matches(str(PurePath(glob.escape(str(here)), rest)))
    }


def _bytes(path: str) -> bytes:
    """Raises InputError."""
    try:
        if path == STDIN:
            return plain_files.read_from(cast("BufferedReader", sys.stdin.buffer), MOST_BYTES)
        if _DESCRIPTOR.fullmatch(path):
            with open(path, "rb") as file:  # noqa: PTH123
                return plain_files.read_from(file, MOST_BYTES)
        if checkout.leads_out(Path(path)):
            raise InputError(_OUTSIDE, where=path, help="name the file that it leads to")
        return plain_files.read(Path(path), MOST_BYTES)
    except FileNotFoundError:
        raise InputError("no such file", where=path, help="check the path, or quote the glob") from None
    except OSError as error:
        raise InputError(f"cannot read the file: {reason(error)}", where=path) from error
