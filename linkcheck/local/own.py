"""The repository's own pages on its forge, told from their addresses: files of the default branch, and versions.

Addresses are those of GitHub (https://docs.github.com/en/repositories), GitLab (`/-/`), Forgejo and Gitea
(`src/branch/…`) and Bitbucket (`src/…`); all read 2026-11.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from linkcheck import urls
from linkcheck.local.destination import decoded
from linkcheck.local.tree import Parts
from linkcheck.model.base import Value

if TYPE_CHECKING:
    from linkcheck.git import origin

_RAW_HOST = "raw.githubusercontent.com"
_FILE_VIEWS = frozenset({"blob", "tree", "raw", "edit", "blame", "src", "media", "_edit"})
_SHOWN = frozenset({"blob", "tree", "src"})  # the views that show a file's own headings
_REF_KINDS = frozenset({"branch", "tag", "commit"})  # of Forgejo and Gitea, after the view
_ARCHIVES = (".tar.gz", ".zip", ".tar.bz2", ".tar")


class FilePage(Value, frozen=True):
    """The page of a file or folder of the default branch, whose name in it is `branch`.

    `before` is the URL up to the path, '' if that has `..` in it; `fragment` is None where the page shows no headings.
    """

    parts: Parts
    before: str
    fragment: str | None
    branch: str


class VersionPage(Value, frozen=True):
    """A page of the tags `refs`: of a release, of what is between two, of its files."""

    refs: tuple[str, ...]


class Own:
    """The repository at `root`, as its forge shows it. git is run when a link needs it."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @cached_property
    def remotes(self) -> tuple[origin.Remote, ...]:
        from linkcheck.git import origin

        return origin.remotes(self._root)

    @property
    def host(self) -> str:
        """The forge's host, or ''."""
        return self.remotes[0].host if self.remotes else ""

    @cached_property
    def branches(self) -> origin.Branches:
        from linkcheck.git import origin

        return origin.branches(self._root)

    @cached_property
    def tags(self) -> frozenset[str]:
        from linkcheck.git import origin

        return origin.tags(self._root)

    def page(self, url: str) -> FilePage | VersionPage | None:
        """What an http(s) URL shows of this repository; None for other repositories, branches, tags and pages."""
        address, _, fragment = url.partition("#")
        address = address.partition("?")[0]
        normal = urls.normalise(address)
        if not normal:
            return None
        from linkcheck.git import origin

        host, parts = origin.same_host(urls.host(normal)), normal.split("/")[3:]
        for remote in self.remotes:
            rest = _behind(remote, host, parts)
            if rest is not None:
                return self._file(address, rest, fragment) or _version(rest)
        return None

    def _file(self, address: str, rest: list[str], fragment: str) -> FilePage | None:
        view, ref = rest[0], rest[1:]
        if view not in _FILE_VIEWS:
            return None
        if ref[:1] and ref[0] in _REF_KINDS and view in ("src", "raw", "media", "_edit"):
            if ref[0] != "branch":
                return None
            ref = ref[1:]
        if ref[:2] == ["refs", "heads"]:
            ref = ref[2:]
        branch = next(filter(None, (_branch_of(ref, name) for name in self._default_names)), "")
        inner = [one for one in ref[branch.count("/") + 1 :] if one]
        parts = tuple(one for one in decoded("/".join(inner)).split("/") if one)
        if not branch or ".." in parts or "." in parts:
            return None
        shown = decoded(fragment) if fragment and view in _SHOWN else None
        return FilePage(parts, _before(address, len(inner)), shown, branch)

    @cached_property
    def _default_names(self) -> tuple[str, ...]:
        return ("HEAD", *sorted(self.branches.defaults, key=len, reverse=True))


def _behind(remote: origin.Remote, host: str, parts: list[str]) -> list[str] | None:
    """The path of a page of `remote` behind the repository's own; None for a page of another one."""
    names = remote.path.split("/")
    own, rest = parts[: len(names)], parts[len(names) :]
    if not own or "/".join([*own[:-1], own[-1].removesuffix(".git")]).lower() != remote.path:
        return None
    if host == _RAW_HOST and remote.host == "github.com":
        return ["raw", *rest]
    rest = rest[1:] if rest[:1] == ["-"] else rest
    return rest if host == remote.host and len(rest) > 1 else None


def _before(address: str, number: int) -> str:
    """`address` without the last `number` parts of its path; '' if that is not written plainly."""
    before, *inner = address.rstrip("/").rsplit("/", number) if number else (address.rstrip("/"),)
    is_plain = "\\" not in address and not {"", ".", ".."} & {*inner, *before.split("/")[3:]}
    return before if is_plain else ""


def _branch_of(ref: list[str], name: str) -> str:
    """`name` if the path `ref` begins with it."""
    parts = name.split("/")
    return name if ref[: len(parts)] == parts else ""


def _version(rest: list[str]) -> VersionPage | None:
    """The tags of a version's page, by the path behind the repository."""
    view, *names = [unquote(one, errors="replace") for one in rest if one]
    match view, names:
        case "compare", [*ref]:
            both = "/".join(ref)
            return VersionPage(tuple(filter(None, both.replace("...", "..").split(".."))))
        case "releases", ["tag" | "download", ref, *_]:
            return VersionPage((ref,))
        case "releases" | "tags", [ref]:  # of GitLab
            return VersionPage((ref,)) if ref not in ("latest", "new") else None
        case "archive", ["refs", "tags", *ref]:
            return VersionPage((_without_ending("/".join(ref)),))
        case "archive", [ref, *_]:
            return VersionPage((_without_ending(ref),))
        case (("src" | "raw"), ["tag", ref, *_]):
            return VersionPage((ref,))
        case (("tree" | "blob" | "raw"), [ref, *_]):
            return VersionPage((ref,))
    return None


def _without_ending(name: str) -> str:
    return next((name.removesuffix(ending) for ending in _ARCHIVES if name.endswith(ending)), name)
