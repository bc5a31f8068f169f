"""One repository: its files, the places in them, its site generators and its forge. Each is looked at when needed."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from linkcheck.common import plain_files
from linkcheck.local import changelog, generators
from linkcheck.local.answer import FILE_THERE, NOT_TOLD, PLACE_THERE, Answer, missing_place, skipped
from linkcheck.local.contents import Contents
from linkcheck.local.generators import Generators
from linkcheck.local.nearest import Nearest
from linkcheck.local.own import Own
from linkcheck.local.tree import Found, Kind, Parts, Tree

if TYPE_CHECKING:
    from linkcheck.git.stored import Stored

_WITH_PLACES = frozenset(
    "md mdx markdown mdown mkd mkdn qmd rmd rst adoc asciidoc org html htm xhtml ipynb txt textile".split()
)
# Places that GitHub's pages have around every README, whatever is in it (seen 2026-11).
_OF_GITHUB = frozenset({"readme", "start-of-content", "js-repo-pjax-container", "repo-content-pjax-container"})
_NO_JOINERS = dict.fromkeys((0x200C, 0x200D))  # forges and generators differ in whether an anchor keeps them
_MOST_QUERIES = 200  # of each kind, to git


class Repository:
    """The repository, or the plain folder, `top`. `flavour` as in `Checker`.

    What is missing in the work tree is not missing if the commit that is judged has it: `stored`.
    """

    def __init__(self, top: Path, flavour: str = "", stored: Stored | None = None) -> None:
        self.top = top
        self._stored = stored
        self.is_checkout = os.path.lexists(top / ".git")
        self.tree = Tree(top, shows_hidden=self.is_checkout)
        self.own = Own(top)
        self.generators = Generators(self.tree)
        self.nearest = Nearest(self.tree)
        self._contents = Contents(self.tree, lambda: self.own.host, flavour, stored)
        self._shown: dict[Parts, Found | None] = {}
        self._ignored: dict[str, bool] = {}
        self._answers: dict[Callable[[Path, str, str], bool], dict[tuple[str, str], bool]] = {}
        self._newest: dict[Parts, str] = {}

    def place(self, found: Found, fragment: str | None) -> Answer:
        """Whether what is at `found` has the place `fragment`. A missing one is dead, or skipped if nobody can tell."""
        fragment = (fragment or "").partition(":~:")[0]  # the rest is a text to look for (WICG, text fragments)
        if not fragment or fragment.lower() == "top":  # HTML, "find a potential indicated element"
            return FILE_THERE
        if found.kind is Kind.FOLDER:
            shown = self._shown_for(found.parts)
            return self.place(shown, fragment) if shown else skipped("the folder has no README to look into")
        name = found.parts[-1].lower()
        if fragment.lower() in _OF_GITHUB and "readme" in name:
            return PLACE_THERE
        return self._in_file(found.parts, fragment) if self._has_places(name, fragment) else FILE_THERE

    def _shown_for(self, folder: Parts) -> Found | None:
        """The file that is shown for a folder."""
        if folder not in self._shown:
            self._shown[folder] = generators.readme(self.tree, folder) or generators.index(self.tree, folder)
        return self._shown[folder]

    def _has_places(self, name: str, fragment: str) -> bool:
        """Whether the places of a file can be told: not those of an image, or of the pages of a PDF."""
        is_line = fragment[:1] == "L" and fragment[1:2].isdigit()
        return name.rpartition(".")[2] in _WITH_PLACES or (is_line and not name.endswith((".pdf", ".svg")))

    def _in_file(self, parts: Parts, fragment: str) -> Answer:
        if fragment.startswith(("/", "!")):
            return skipped("a route that a script resolves")
        from linkcheck.local.anchors import lines

        places = self._contents.places(parts)
        if places.known is None:
            return skipped(f"the file is there, but {places.reason}")
        if not places.known.has(fragment, is_own=False):
            nearest = places.known.nearest(fragment)
            if nearest and nearest.translate(_NO_JOINERS) == fragment.translate(_NO_JOINERS):
                return skipped("the place has the same name but for invisible joiners")
            if stored := self._contents.stored(parts, fragment):
                return stored
            return missing_place("/".join(parts), fragment, nearest)
        if places.known.is_open and not places.known.is_found(fragment) and not lines.last_line(fragment):
            return skipped("the file is there, but not all places in it are known")
        return PLACE_THERE

    def stored(self, parts: Parts) -> Answer | None:
        """The verdict on what is missing in the work tree, if the commit that is judged has it, or may have it."""
        has = self._stored.has("/".join(parts)) if self._stored else False
        return FILE_THERE if has else skipped(NOT_TOLD) if has is None else None

    def why_not_here(self, parts: Parts) -> str:
        """Why a file of the repository need not be in the work tree, or ''."""
        if self.is_sparse:
            return "only a part of the repository is checked out"
        if not self.is_checkout:
            return ""
        gone = next((at for at in range(1, len(parts)) if self.tree.find(parts[:at]).kind is Kind.MISSING), len(parts))
        for path in dict.fromkeys(("/".join(parts[:gone]), "/".join(parts))):  # the folder first
            if path not in self._ignored and len(self._ignored) >= _MOST_QUERIES:
                return "too many files are missing to find out whether git ignores this one"
            if self._is_ignored(path):
                return "git ignores it, so a build makes it"
        return ""

    def _is_ignored(self, path: str) -> bool:
        if path not in self._ignored:
            from linkcheck.git import origin

            self._ignored[path] = origin.is_ignored(self.top, path)
        return self._ignored[path]

    def may_be_upstream(self, branch: str, parts: Parts) -> bool:
        """Whether a file that is missing here may be on a branch of the forge, where others added it since."""
        from linkcheck.git import origin

        return self._asked(origin.is_only_upstream, branch, parts)

    def may_be_changed_upstream(self, branch: str, parts: Parts) -> bool:
        """Whether a file may have other places on a branch of the forge, since others changed it there."""
        from linkcheck.git import origin

        return self._asked(origin.is_changed_upstream, branch, parts)

    def _asked(self, ask: Callable[[Path, str, str], bool], branch: str, parts: Parts) -> bool:
        """The answer to a question on a file of a branch; True beyond the number of questions of its kind."""
        known, key = self._answers.setdefault(ask, {}), (branch, "/".join(parts))
        if key not in known:
            if len(known) >= _MOST_QUERIES:
                return True
            known[key] = ask(self.top, *key)
        return known[key]

    @cached_property
    def is_sparse(self) -> bool:
        if not self.is_checkout:
            return False
        from linkcheck.git import origin

        return (self.top / ".git/info/sparse-checkout").exists() or origin.is_sparse(self.top)

    def newest_version(self, document: Parts) -> str:
        """The version that the changelog names first: `document` itself if it is one, else one at the top; or ''."""
        if document and changelog.is_changelog(document[-1]):
            return self._newest_in(document)
        names = sorted(entry.name for entry in self.tree.names(()).values() if changelog.is_changelog(entry.name))
        return next(filter(None, (self._newest_in((name,)) for name in names)), "")

    def _newest_in(self, parts: Parts) -> str:
        if parts not in self._newest:
            self._newest[parts] = self._version_in(parts)
        return self._newest[parts]

    def _version_in(self, parts: Parts) -> str:
        found = self.tree.find(parts)
        if found.kind is not Kind.FILE:
            return ""
        try:
            with plain_files.open_to_read(self.tree.path(found.parts), follows_links=False) as file:
                return changelog.newest(file.read(changelog.MOST_BYTES).decode(errors="replace"))
        except OSError:
            return ""
