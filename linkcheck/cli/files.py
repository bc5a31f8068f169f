"""Write reports to files: atomically, never through a link; an unwritable folder is reported at the start."""

from __future__ import annotations

import io
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path, PurePosixPath
from stat import S_IMODE, S_ISREG
from typing import BinaryIO

from linkcheck.cli.interrupts import interrupts
from linkcheck.common import checkout, plain_files
from linkcheck.common.lazy import lazy
from linkcheck.errors import ReportError, reason
from linkcheck.model import Document

_PREFIX, _SUFFIX = ".linkcheck-", ".tmp"
_STALE_S = 24 * 60 * 60  # age after which a temporary file was left by a killed process
_MOST_STEM_BYTES = 255 - len(".partial.yaml")
_MARK_DIGITS = 8
# Unsafe in file names: controls, bidirectional and invisible characters, lone surrogates; on Windows the reserved
# characters and the names of devices ("Naming Files, Paths, and Namespaces" of the Win32 manual, read 2026-11).
_HOSTILE = r"\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff"
_HOSTILE += r"\U000e0000-\U000e007f"
_UNFIT = lazy(f"[{_HOSTILE}]")
_UNFIT_ON_WINDOWS = lazy(rf'[{_HOSTILE}<>:"/\\|?*]|[ .]\Z|\A(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|\Z)', re.IGNORECASE)


class ReportsFolder:
    """The folder `path` of the reports. It has to lie in the repository `within`, unless that is None.

    `origin` is where it was set, for messages.
    """

    def __init__(self, path: Path, within: Path | None = None, origin: str = "") -> None:
        self.path = path
        self._within = within
        self._origin = origin or str(path)
        self._folds_case = False

    def prepare(self, documents: Sequence[Document] = (), suffixes: Collection[str] = ()) -> None:
        """Check that reports with these `suffixes` can be written, and remove files left by killed runs. Raises
        ReportError."""
        self.check()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with _temporary(self.path) as (path, _):
                self._folds_case = path.with_name(path.name.upper()).exists()
            _clear(self.path)
        except OSError as error:
            raise ReportError(
                f"cannot write reports: {reason(error)}", where=str(self.path),
                help="choose another --reports folder, or --no-files",
            ) from error  # fmt: skip
        self._spare(documents, suffixes)

    def write(self, path: Path, pieces: Iterable[str]) -> None:
        """Put the text of `pieces` in place in one step: a reader sees the old file or the new one."""
        self.check()
        write(path, pieces)

    def remove(self, path: Path) -> None:
        """Remove an outdated file."""
        self.check()
        with suppress(OSError):
            path.unlink(missing_ok=True)

    def stems(self, documents: Sequence[Document]) -> dict[str, str]:
        """A file name for each document's reports."""
        return stems(documents, _folded if self._folds_case else str)

    def check(self) -> None:
        """Raises ReportError if the folder leads out of the repository."""
        if self._within is not None and not checkout.holds(self._within, self.path):
            raise ReportError(
                "the reports folder leads out of the repository", where=self._origin,
                help="--reports, LINKCHECK_REPORTS and your own config file may name any folder",
            )  # fmt: skip

    def _spare(self, documents: Sequence[Document], suffixes: Collection[str]) -> None:
        """Raises ReportError if a report would overwrite a list."""
        lists = {os.path.realpath(document.path) for document in documents}
        for path, stem in self.stems(documents).items():
            for suffix in suffixes:
                if os.path.realpath(self.path / f"{stem}{suffix}") in lists:
                    raise ReportError(
                        "a report would take the place of a list", where=path,
                        help="choose another --reports folder, or --no-files",
                    )  # fmt: skip


def write(path: Path, pieces: Iterable[str]) -> None:
    """Put the text of `pieces` in place in one step: a reader sees the old file or the new one."""
    try:
        with _temporary(path.parent) as (new, file):
            with io.TextIOWrapper(file, "utf-8", "backslashreplace", newline="\n") as text:
                text.writelines(pieces)
            new.replace(path)
    except OSError as error:
        raise ReportError(f"cannot write the report: {reason(error)}", where=str(path)) from error


def overwrite(path: Path, data: bytes, was: bytes) -> None:
    """Put `data` in the place of `was`, the content of a file, in one step; its mode and owner stay. Raises
    ReportError, also if its content is another, or if it is a link."""
    try:
        with _temporary(path.parent) as (new, file):
            with file:
                file.write(data)
            with plain_files.open_to_read(path, follows_links=False) as old:
                found = os.fstat(old.fileno())
                if plain_files.read_from(old, len(was)) != was:
                    raise ReportError("the file has changed since it was read", where=str(path), help="run it again")
            if not os.access(path, os.W_OK):
                raise ReportError("the file may not be written to", where=str(path))
            new.chmod(S_IMODE(found.st_mode))
            with suppress(OSError, AttributeError):  # another user's file; Windows
                os.chown(new, found.st_uid, found.st_gid)
            new.replace(path)
    except plain_files.IrregularError as error:
        raise ReportError(f"the file has changed since it was read: {reason(error)}", where=str(path)) from error
    except OSError as error:
        raise ReportError(f"cannot write the file: {reason(error)}", where=str(path)) from error


@contextmanager
def _temporary(folder: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file that is removed afterwards, even if a signal ends the program."""
    path = folder / f"{_PREFIX}{os.urandom(4).hex()}{_SUFFIX}"
    interrupts.add(remove := partial(path.unlink, missing_ok=True))
    try:
        with plain_files.create(path, plain_files.PUBLIC) as file:
            yield path, file
    finally:
        remove()
        interrupts.remove(remove)


def _clear(folder: Path) -> None:
    for left in folder.glob(f"{_PREFIX}????????{_SUFFIX}"):
        with suppress(OSError):
            found = left.lstat()
            if S_ISREG(found.st_mode) and time.time() - found.st_mtime > _STALE_S:
                left.unlink()


def beside(stems: Collection[str]) -> str:
    """A suffix for stems, for a report that must not overwrite another one."""
    ending = ".partial"
    while any(f"{stem}{ending}" in stems for stem in stems):
        ending += ".partial"
    return ending


# -- names -----------------------------------------------------------------------------------


def stems(documents: Sequence[Document], same: Callable[[str], str] = str) -> dict[str, str]:
    """A file name for each document's reports: its stem; its path if stems collide; with a hash if paths collide.
    `same` gives one text for names that are equal to the file system.

    A name depends on the other lists, but not on their order.
    """
    short = {d.path: _short(d.path) for d in documents}
    counts = Counter(map(same, short.values()))
    names = {path: stem for path, stem in short.items() if counts[same(stem)] == 1}
    long = {path: _long(path) for path in short if path not in names}
    counts = Counter(map(same, [*names.values(), *long.values()]))
    names |= {path: stem for path, stem in long.items() if counts[same(stem)] == 1}
    taken = set(map(same, names.values()))
    for path in sorted(short.keys() - names.keys()):
        names[path] = next(stem for stem in _marked(long[path], path) if same(stem) not in taken)
        taken.add(same(names[path]))
    return {path: names[path] for path in short}


def _short(path: str) -> str:
    return _fit(PurePosixPath(path).stem, path) if path != "<stdin>" else "stdin"


def _long(path: str) -> str:
    parts = PurePosixPath(path).with_suffix("").parts
    return _fit("-".join(part for part in parts if part not in ("/", "..", ".")) or "list", path)


def _fit(stem: str, path: str) -> str:
    """`stem` if it is a safe file name; else a safe form with a hash of the path it was made from."""
    fit = (_UNFIT_ON_WINDOWS if sys.platform == "win32" else _UNFIT).sub("_", stem)
    return stem if fit == stem and len(os.fsencode(stem)) <= _MOST_STEM_BYTES else next(_marked(fit, path))


def _marked(stem: str, path: str) -> Iterator[str]:
    """Endless candidates for a name: `stem` with different hashes of the path."""
    start = stem.encode()[: _MOST_STEM_BYTES - _MARK_DIGITS - 1].decode(errors="ignore")
    number = 0
    while True:
        from hashlib import sha256  # loaded lazily: the hook writes no files

        mark = sha256(f"{number or ''}{path}".encode(errors="surrogatepass")).hexdigest()[:_MARK_DIGITS]
        yield f"{start}-{mark}"
        number += 1


def _folded(name: str) -> str:
    from unicodedata import normalize

    return normalize("NFC", normalize("NFC", name).casefold())
