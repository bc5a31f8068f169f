"""The places in the files of a repository: each file is read once a run, when a link first asks for a place in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from linkcheck.common import plain_files
from linkcheck.local.answer import NOT_TOLD, PLACE_THERE, Answer, skipped
from linkcheck.local.tree import Parts, Tree
from linkcheck.model.base import Value

if TYPE_CHECKING:
    from linkcheck.git.stored import Stored
    from linkcheck.local.anchors import Anchors

MOST_BYTES, MOST_FILES, MOST_BYTES_IN_ALL = 2**23, 5_000, 2**28
_LFS = b"version https://git-lfs.github.com/spec/"  # git-lfs, docs/spec.md, read 2026-11


class Places(Value, frozen=True):
    """The places in one file, `known` by the rules of what may show it; `reason` says why they are not."""

    known: Anchors | None = None
    reason: str = ""


class Contents:
    """The places in the files of `tree`. `forge_host` gives the host that shows them, or ''. `flavour` as in
    `Checker`; `stored` has the files as they are in a commit."""

    def __init__(
        self, tree: Tree, forge_host: Callable[[], str], flavour: str = "", stored: Stored | None = None
    ) -> None:
        self._tree, self._forge_host, self._flavour, self._stored = tree, forge_host, flavour, stored
        self._known: dict[Parts, Places] = {}
        self._bytes = 0

    def places(self, parts: Parts) -> Places:
        """The places in a file that is there."""
        if parts not in self._known:
            if len(self._known) >= MOST_FILES or self._bytes >= MOST_BYTES_IN_ALL:
                return Places(reason="too many files were read to look into it")
            self._known[parts] = self._read(parts)
        return self._known[parts]

    def _read(self, parts: Parts) -> Places:
        try:
            with plain_files.open_to_read(self._tree.path(parts), follows_links=False) as file:
                data = plain_files.read_from(file, MOST_BYTES)
        except OSError:
            return Places(reason="it cannot be read")
        self._bytes += len(data)
        return self._in(data, parts)

    def stored(self, parts: Parts, fragment: str) -> Answer | None:
        """The verdict on a place that is missing in the work tree, if the file has it in the commit, or may have it."""
        data = self._stored.content("/".join(parts)) if self._stored else b""
        if data is None:
            return skipped(NOT_TOLD)
        known = self._in(data, parts).known if data else None
        return PLACE_THERE if known and known.has(fragment, is_own=False) else None

    def _in(self, data: bytes, parts: Parts) -> Places:
        if data.startswith(_LFS):
            return Places(reason="it is in Git LFS")
        from linkcheck.local.anchors import in_any
        from linkcheck.local.flavour import flavours

        path = PurePosixPath(*parts)
        names = (self._flavour,) if self._flavour else flavours(self._tree.top, path, self._forge_host())
        return Places(in_any(data, str(path), names))
