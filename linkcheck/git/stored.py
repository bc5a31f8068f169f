"""The files of a commit, or of the index: what a change is judged by, whatever the work tree has by now."""

from __future__ import annotations

import os
from pathlib import Path

from linkcheck.git import process

_MOST_QUESTIONS = 200
_MOST_BYTES = 2**23
_TIMEOUT_S = 5.0
_UNKNOWN = b"?"


class Stored:
    """The files of `commit`, or of the index if that is ''. Paths count from `top`, the top of the work tree, with `/`.

    What git does not tell, and what is asked after 200 questions, is not known.
    """

    def __init__(self, top: Path, commit: str = "") -> None:
        self.top = top
        self._commit = commit
        self._found: dict[str, bytes] = {}

    def has(self, path: str) -> bool | None:
        """Whether a file or a folder is at `path`; None if that is not known."""
        found = self._entry(path)
        return None if found == _UNKNOWN else bool(found)

    def content(self, path: str) -> bytes | None:
        """The bytes of a regular file, b'' if there is none; None if that is not known, or they are too many."""
        mode, _, name = self._entry(path).partition(b" ")
        if not mode.startswith(process.REGULAR):
            return None if mode == _UNKNOWN else b""
        try:
            return process.run(
                self.top, "cat-file", "blob", name.decode(), timeout_s=_TIMEOUT_S, most_bytes=_MOST_BYTES
            )
        except process.GitError:
            return None

    def _entry(self, path: str) -> bytes:
        """Mode and object name of what is at `path`; b'' for nothing."""
        if path not in self._found:
            self._found[path] = self._asked(path) if len(self._found) < _MOST_QUESTIONS else _UNKNOWN
        return self._found[path]

    def _asked(self, path: str) -> bytes:
        if not path or "\0" in path:
            return b""
        where = ["ls-tree", "--full-tree", "-z", self._commit] if self._commit else ["ls-files", "--stage", "-z"]
        try:
            printed = process.run(self.top, *where, "--", path, timeout_s=_TIMEOUT_S)
        except process.GitError:
            return _UNKNOWN
        heads = {name: head.split(b" ") for head, _, name in (one.partition(b"\t") for one in printed.split(b"\0"))}
        found = heads.get(os.fsencode(path))
        if found is None:
            return b"folder" if len(heads) > 1 else b""  # the index has no folders, but the files in them
        return found[0] + b" " + (found[2] if self._commit else found[1])
