"""The files of a repository as the file system has them, by listings: names are compared exactly, whatever the file
system makes of case, and by their composed form (Unicode NFC), since macOS stores another one. Nothing outside of the
top folder is looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path

from linkcheck.model.base import Value

Parts = tuple[str, ...]
MOST_FOLDERS, MOST_ENTRIES = 20_000, 300_000
_GIT = frozenset({".git", ".hg", ".jj"})
_LEFT_OUT = frozenset({"node_modules", "__pycache__", "venv", ".venv", ".tox"})


class Kind(Enum):
    FILE = "file"
    FOLDER = "folder"
    MISSING = "missing"
    OUTSIDE = "outside"  # not part of the repository
    UNKNOWN = "unknown"  # it could not be found out


class Found(Value, frozen=True):
    """What is at a path; `parts` is the path on disk, with symbolic links resolved. `reason` says why it is unknown."""

    kind: Kind
    parts: Parts = ()
    reason: str = ""

    @property
    def is_there(self) -> bool:
        return self.kind in (Kind.FILE, Kind.FOLDER)


class _Entry(Value, frozen=True):
    name: str
    kind: str  # of `f`ile, `d`irectory, `l`ink


_MISSING = Found(Kind.MISSING)
_OUTSIDE = Found(Kind.OUTSIDE)
_TOO_MANY = Found(Kind.UNKNOWN, reason="the repository has too many files to look for it")
_UNREADABLE = Found(Kind.UNKNOWN, reason="a folder on its way cannot be read")
_ELSEWHERE = Found(Kind.UNKNOWN, reason="it lies in a submodule, or in a folder that is empty here")


def composed(name: str) -> str:
    """The composed form of a name (NFC)."""
    if name.isascii():
        return name
    from unicodedata import normalize

    return normalize("NFC", name)


def is_language(name: str) -> bool:
    """Whether a name has the form of a language tag: `en`, `pt-BR`, `zh_Hans` (RFC 5646 §2.1)."""
    code, _, region = name.replace("_", "-").partition("-")
    return len(code) == 2 and code.islower() and (not region or (region.isalnum() and 2 <= len(region) <= 4))


class Tree:
    """The files under `top`. Outside a repository (`shows_hidden` false) hidden ones are not looked at."""

    def __init__(self, top: Path, *, shows_hidden: bool = True) -> None:
        self.top = Path(os.path.realpath(top))
        self._shows_hidden = shows_hidden
        self._listings: dict[Parts, Mapping[str, _Entry] | None] = {}
        self._entries = 0
        self._languages: dict[Parts, tuple[str, ...]] = {}

    def path(self, parts: Parts) -> Path:
        return self.top.joinpath(*parts)

    def find(self, parts: Parts) -> Found:
        """What is at a path without `.` and `..`."""
        found, is_elsewhere = Found(Kind.FOLDER), False
        for name in parts:
            if found.kind is not Kind.FOLDER:
                return _MISSING
            if self.is_hidden(name):
                return _OUTSIDE
            here = found.parts
            is_elsewhere = is_elsewhere or (here != () and self._is_submodule(here))
            found = self._step(here, name)
            if not found.is_there:
                return _ELSEWHERE if is_elsewhere and found.kind is Kind.MISSING else found
        return found

    def names(self, folder: Parts) -> Mapping[str, _Entry]:
        """What is in a folder, by composed name; empty if that is unknown, or the folder is outside."""
        here = self.find(folder)
        found = self._listing(here.parts) if here.kind is Kind.FOLDER else None
        return found if isinstance(found, Mapping) else {}

    def languages(self, folder: Parts) -> tuple[str, ...]:
        """The names in a folder that have the form of a language tag."""
        if folder not in self._languages:
            self._languages[folder] = tuple(filter(is_language, self.names(folder)))
        return self._languages[folder]

    def files(self, most: int) -> Iterator[Parts]:
        """The files, those near the top first, at most `most` of them; none of hidden folders."""
        left = [Parts()]
        number = 0
        for folder in left:
            for entry in self.names(folder).values():
                if entry.kind == "f":
                    yield (*folder, entry.name)
                    number += 1
                    if number >= most:
                        return
                elif entry.kind == "d" and not entry.name.startswith(".") and entry.name not in _LEFT_OUT:
                    left.append((*folder, entry.name))

    def is_hidden(self, name: str) -> bool:
        """Whether what has this name is no part of the repository."""
        return name.lower() in _GIT or (not self._shows_hidden and name.startswith("."))

    def _is_submodule(self, folder: Parts) -> bool:
        """Whether the files of another repository are, or would be, in `folder`: git keeps no empty folders."""
        listing = self._listing(folder)
        return isinstance(listing, Mapping) and (not listing or ".git" in listing)

    def _step(self, here: Parts, name: str) -> Found:
        listing = self._listing(here)
        if isinstance(listing, Found):
            return listing
        entry = listing.get(composed(name))
        if entry is None:
            return _MISSING
        if entry.kind == "l":
            return self._behind_link((*here, entry.name))
        return Found(Kind.FOLDER if entry.kind == "d" else Kind.FILE, (*here, entry.name))

    def _behind_link(self, parts: Parts) -> Found:
        target = Path(os.path.realpath(self.path(parts)))
        if not target.is_relative_to(self.top):
            return _OUTSIDE
        inner = target.relative_to(self.top).parts
        if any(self.is_hidden(name) for name in inner):
            return _OUTSIDE
        return Found(Kind.FOLDER if target.is_dir() else Kind.FILE, inner)

    def _listing(self, folder: Parts) -> Mapping[str, _Entry] | Found:
        if folder not in self._listings:
            if len(self._listings) >= MOST_FOLDERS or self._entries >= MOST_ENTRIES:
                return _TOO_MANY
            self._listings[folder] = self._read(folder)
        found = self._listings[folder]
        return _UNREADABLE if found is None else found

    def _read(self, folder: Parts) -> Mapping[str, _Entry] | None:
        listing = dict[str, _Entry]()
        try:
            with os.scandir(self.path(folder)) as found:
                for one in found:
                    if self._entries >= MOST_ENTRIES:
                        return None
                    self._entries += 1
                    listing[composed(one.name)] = _Entry(one.name, _kind(one))
        except OSError:
            return None
        return dict(sorted(listing.items()))


def _kind(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return "l"
    return "d" if entry.is_dir(follow_symlinks=False) else "f"
