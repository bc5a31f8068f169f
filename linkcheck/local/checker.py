"""Links into the repository of their list: relative and absolute paths, places in the page, pages of the own forge."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from linkcheck import urls
from linkcheck.common import checkout
from linkcheck.local import changelog, own, paths
from linkcheck.local.answer import Answer, skipped_in_page, unreleased
from linkcheck.local.candidates import may_be_local
from linkcheck.local.destination import Destination, generator_syntax, parse, tail, written
from linkcheck.local.paths import Home
from linkcheck.local.repository import Repository
from linkcheck.local.tree import Found, Kind, Parts
from linkcheck.model import Link, State, Unchecked

if TYPE_CHECKING:
    from linkcheck.git.stored import Stored

_NO_FILES = ("<", "/dev/", "/proc/")  # lists from standard input or a pipe lie nowhere


class Checker:
    """Judges links without a request, in one run. `here` is the current folder, which bounds lists that are in no
    repository; `root_dir` is the folder that absolute paths count from, `base` the URL that it is published at.
    `flavour` is one of `anchors.NAMES`, by which all headings get their anchors; '' if the config files tell.
    `stored` has the files of the commit that is judged, if it is not the work tree.
    """

    def __init__(
        self,
        here: Path,
        root_dir: Path | None = None,
        base: str = "",
        flavour: str = "",
        stored: Stored | None = None,
    ) -> None:
        self._here, self._root_dir, self._base = here, root_dir, base
        self._flavour, self._stored = flavour, stored
        self._repositories: dict[Path, Repository] = {}
        self._roots: dict[str, Path | None] = {}
        self._homes: dict[str, Home | None] = {}

    def judge(self, link: Link) -> Unchecked | None:
        """The verdict on a link that leads into the repository; None for any other."""
        answer = self._answer(link)
        return answer.of(link) if answer else None

    def _answer(self, link: Link) -> Answer | None:
        url = link.url.strip()
        scheme = urls.scheme(url)
        if scheme in urls.CHECKED_SCHEMES or url.startswith("//"):
            return self._web(link, url if scheme else f"https:{url}")
        if scheme or not url or not (home := self._home(link.path)):
            return None
        destination = parse(url)
        if destination.path:
            return paths.judge(link, home, destination, self._site)
        return None if destination.fragment is None else _in_page(home, destination)

    # -- where lists lie -------------------------------------------------------------------------

    def _home(self, path: str) -> Home | None:
        if path not in self._homes:
            self._homes[path] = None if path.startswith(_NO_FILES) else self._found_home(path)
        return self._homes[path]

    def _found_home(self, path: str) -> Home:
        place = os.path.abspath(path)  # noqa: PTH100 (resolve follows links)
        top = self._root(os.path.dirname(place))  # noqa: PTH120
        repository = self._repository(top)
        named = Path(place).relative_to(top).parts
        real = Path(os.path.realpath(place))
        inside = real.is_relative_to(repository.tree.top)
        behind = real.relative_to(repository.tree.top).parts if inside else named
        return Home(repository, (named,) if behind == named else (named, behind))

    def _root(self, folder: str) -> Path:
        """The top of a folder's repository; outside one the current folder if that holds it, else itself."""
        if folder not in self._roots:
            self._roots[folder] = checkout.root(Path(folder))
        if root := self._roots[folder]:
            return root
        within = next((one for one in (self._root_dir, self._here) if one and Path(folder).is_relative_to(one)), None)
        return within or Path(folder)

    def _repository(self, top: Path) -> Repository:
        if top not in self._repositories:
            is_judged = self._stored is not None and Path(os.path.realpath(top)) == self._stored.top
            self._repositories[top] = Repository(top, self._flavour, self._stored if is_judged else None)
        return self._repositories[top]

    @property
    def _site(self) -> Repository | None:
        return self._repository(self._root_dir) if self._root_dir else None

    # -- addresses on the web --------------------------------------------------------------------

    def _web(self, link: Link, url: str) -> Answer | None:
        if self._base and url.startswith(self._base) and (rest := url.removeprefix(self._base))[:1] in ("", *"/?#"):
            return self._published(link, rest)
        if not may_be_local(url) or not (home := self._home(link.path)):
            return None
        page = home.repository.own.page(url)
        if isinstance(page, own.VersionPage):
            return _of_version(home, page)
        return _own_file(link, home.repository, page) if page else None

    def _published(self, link: Link, rest: str) -> Answer | None:
        """The verdict on a page of the site that is made here; None, to be requested, if no file is known for it."""
        home, destination = self._home(link.path), parse(rest)
        site = self._site
        answer = paths.in_site(site, destination) if site else home and paths.in_sources(home, destination)
        return answer if answer and answer.state is State.OK else None


def _in_page(home: Home, destination: Destination) -> Answer | None:
    if syntax := generator_syntax(destination.fragment or ""):
        return skipped_in_page(syntax)
    answers = [home.repository.place(Found(Kind.FILE, one), destination.fragment) for one in home.documents]
    answer = next((one for one in answers if one.state is State.OK), answers[-1])
    if answer.state is not State.DEAD:
        return skipped_in_page(answer.reason) if answer.state is State.SKIPPED else answer
    generator = paths.looks_for_targets(home)
    return skipped_in_page(f"{generator} may find the target in another file") if generator else answer


def _own_file(link: Link, repository: Repository, page: own.FilePage) -> Answer | None:
    """The verdict on a file of the default branch. None, to be requested, if the work tree cannot tell."""
    path = "/".join(page.parts)
    if generator_syntax(path):
        return None
    found = repository.tree.find(page.parts)
    if found.is_there:
        answer = repository.place(found, page.fragment)
        is_behind = answer.state is State.DEAD and (
            repository.own.branches.may_be_another(page.branch)
            or repository.may_be_changed_upstream(page.branch, found.parts)
        )
        return None if answer.state is State.SKIPPED or is_behind else answer
    if repository.own.branches.may_be_another(page.branch):
        return None
    if found.kind is not Kind.MISSING or repository.is_sparse or repository.may_be_upstream(page.branch, page.parts):
        return None

    def url(near: Parts) -> str:
        after = written("/".join(near), tail(link.written or link.url))
        return f"{page.before}/{after}" if page.before else ""

    return paths.dead(repository, page.parts, url)


def _of_version(home: Home, page: own.VersionPage) -> Answer | None:
    """Pending if the page is that of the version that is about to be released; else None."""
    newest = home.repository.newest_version(home.documents[0])
    refs = [ref for ref in page.refs if newest and changelog.is_tag_of(ref, newest)]
    ref = next((ref for ref in refs if ref not in home.repository.own.tags), "")
    return unreleased(ref) if ref else None
