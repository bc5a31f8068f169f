"""Which links a change adds: those in its files after it that were not in its files before it.

All files of a change are compared together, and each URL by how often it is there: a link that was moved, indented
anew or described anew is not new, also in another file. A link to a file that the change takes away counts as added,
and so does one to a heading or anchor that it takes out of a file: that change breaks it.
"""

from __future__ import annotations

import os
import posixpath
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from pathlib import Path

from linkcheck import read, urls
from linkcheck.cli import inputs
from linkcheck.errors import InputError
from linkcheck.git import change
from linkcheck.git.change import ON_DISK, File
from linkcheck.git.objects import Objects
from linkcheck.model import Document, Link, Value, replace

Span = tuple[int, int]
_LINE_BYTES = 500  # of the line around a link, before it and behind it
_MOST_REMOVED_CHARS = 2**15


class Change(Value, frozen=True):
    """The files that a change changes, against each state before it: of a merge, against each parent.

    `commit` is what is judged: '' for the index, None for the work tree.
    """

    folder: Path
    top: Path
    compared: Sequence[Sequence[File]]
    commit: str | None = None

    def place_of(self, path: str) -> str | None:
        """The path in the repository of a path as given, links followed; None if it is outside."""
        place = os.path.relpath(os.path.realpath(self.folder / path), self.top).replace(os.sep, "/")
        return None if place == ".." or place.startswith("../") else place

    @property
    def changed(self) -> list[str]:
        """The paths of the regular files that differ from each state before."""
        names = [{file.after for file in files if file.new is not None} for files in self.compared]
        return sorted(set.intersection(*names))

    @property
    def gone(self) -> set[str]:
        """The paths of files that are no longer there, and of their folders."""
        files = (file for files in self.compared for file in files if file.before and not file.is_copy)
        gone = [file.before for file in files if file.before != file.after or (file.old and file.new is None)]
        return {place for path in gone for place in _and_folders(path)}


def _and_folders(path: str) -> Iterator[str]:
    while path:
        yield path
        path = posixpath.dirname(path)


def staged(folder: Path) -> Change:
    """The change that the index makes to HEAD. Raises GitError."""
    place = change.place(folder)
    return Change(folder, place.top, change.staged(place), "")


def since(folder: Path, revision: str) -> Change:
    """The change that the work tree makes to the merge base of a revision and HEAD. Raises GitError."""
    top = change.place(folder).top
    return Change(folder, top, [change.since(top, revision)])


def between(folder: Path, first: str, last: str) -> Change:
    """The change that the commit `last` makes to the merge base of both. Raises GitError."""
    top = change.place(folder).top
    return Change(folder, top, [change.between(top, first, last)], change.commit(top, last))


# -- what is added ---------------------------------------------------------------------------


class AddedDocuments(Value, frozen=True):
    """The documents of a change, each with the links that it adds.

    `refused` are named files that are not there, and files that cannot be read; `outside` are named paths that do not
    lie in the repository. `is_empty`: the change changes none of the named files.
    """

    documents: list[Document]
    refused: list[InputError]
    outside: list[str]
    is_empty: bool


def added_documents(change: Change, paths: Sequence[str]) -> AddedDocuments:
    """The files of a change as they are after it, with the links that it adds: of the named ones, or of all that a
    reader knows. Raises GitError."""
    chosen, refused, outside = _chosen(change, paths)
    with Objects(change.top, most_bytes=inputs.MOST_BYTES) as objects:
        added = _Added(change, objects, chosen)
        documents = [_only(added, added.documents[place]) for place in chosen if place in added.documents]
    refused += [InputError(added.unread[place].what, where=chosen[place]) for place in chosen if place in added.unread]
    return AddedDocuments(documents, refused, outside, is_empty=not chosen)


def _only(added: _Added, document: Document) -> Document:
    return replace(document, links=tuple(link for link in document.links if added.has(link)))


def predicate(change: Change, documents: Sequence[Document]) -> Callable[[Link], bool]:
    """Whether a link of these documents, as they are in the work tree, is added. Raises GitError, and InputError for a
    document outside the repository."""
    places = dict[str, str]()
    for document in documents:
        place = None if document.path == inputs.STDIN_NAME else change.place_of(document.path)
        if place is None:
            what = "this is no file of the repository"
            raise InputError(what, where=document.path, help="--since compares files of one repository")
        places[place] = document.path
    with Objects(change.top, most_bytes=inputs.MOST_BYTES) as objects:
        added = _Added(change, objects, places)
        found = {(link.path, link.span) for document in documents for link in document.links if added.has(link)}
    return lambda link: (link.path, link.span) in found


def _chosen(change: Change, paths: Sequence[str]) -> tuple[dict[str, str], list[InputError], list[str]]:
    """The changed files that `paths` name, with their paths as given; what is not there; and what is outside."""
    changed, gone = change.changed, change.gone
    if not paths:
        return {place: shown(change, place) for place in changed if read.is_known(place)}, [], []
    chosen, refused, outside = dict[str, str](), list[InputError](), list[str]()
    names = set(changed)
    for path in paths:
        place = None if path == inputs.STDIN else change.place_of(path)
        if place is None:
            outside.append(path)
        elif place in names:
            chosen.setdefault(place, Path(path).as_posix())
        elif os.path.isdir(change.folder / path):  # noqa: PTH112 (a Path raises for long names)
            within = (one for one in changed if place == "." or one.startswith(f"{place}/"))
            chosen |= {one: shown(change, one) for one in within if one not in chosen and read.is_known(one)}
        elif place not in gone and not os.path.lexists(change.folder / path):
            refused.append(InputError("no such file", where=path, help="check the path"))
    return chosen, refused, outside


def shown(change: Change, place: str) -> str:
    """The path of a file of the repository from the current folder."""
    return os.path.relpath(change.top / place, os.path.realpath(change.folder)).replace(os.sep, "/")


class _Place(Value, frozen=True):
    """Where a link is: its file, its span, and a hash of its line."""

    path: str
    span: Span
    line: int


class _Added:
    """The links that a change adds. `documents` are the `chosen` files, by their paths in the repository; `chosen` has
    their paths as given."""

    def __init__(self, change: Change, objects: Objects, chosen: Mapping[str, str]) -> None:
        self._change, self._objects, self._chosen = change, objects, chosen
        self.documents: dict[str, Document] = {}
        self.unread: dict[str, InputError] = {}
        self._places: dict[str, str | None] = {}
        self._removed: dict[str, str | None] = {}
        self._gone = change.gone
        links = {place: list(self._after(place, name)) for place, name in self._contents_after()}
        self._spans = {(place, one.span) for place, found in links.items() for _, one in found}
        for files in change.compared:
            self._spans &= self._against(files, links)

    def has(self, link: Link) -> bool:
        """Whether the change adds the link, or breaks it."""
        if link.path not in self._places:
            self._places[link.path] = self._change.place_of(link.path)
        place = self._places[link.path]
        return place is not None and ((place, link.span) in self._spans or self._breaks(link, place))

    # -- before and after ----------------------------------------------------------------------

    def _contents_after(self) -> Iterator[tuple[str, str]]:
        """Path and object name of each document that the change leaves changed."""
        names = {file.after: file.new for files in self._change.compared for file in files if file.new is not None}
        return ((place, name) for place, name in names.items() if place in self._chosen or read.is_known(place))

    def _after(self, place: str, name: str) -> Iterator[tuple[Hashable, _Place]]:
        try:
            data = self._content(place, name)
        except InputError as error:
            self.unread[place] = error
            return
        document = inputs.document(data, self._chosen.get(place, place))
        if place in self._chosen:
            self.documents[place] = document
        for link in document.links:
            yield identity(link, place), _Place(place, link.span, _line(data, link.span))

    def _against(
        self, files: Sequence[File], after: Mapping[str, Iterable[tuple[Hashable, _Place]]]
    ) -> set[tuple[str, Span]]:
        """Of the links `after` the change those that are there more often than in these files before it."""
        known = self._before(files)
        found: dict[Hashable, list[_Place]] = {}
        for place in sorted({file.after for file in files} & after.keys()):
            for key, one in after[place]:
                found.setdefault(key, []).append(one)
        return {(one.path, one.span) for key, places in found.items() for one in _new(places, known.get(key, ()))}

    def _before(self, files: Sequence[File]) -> dict[Hashable, list[_Place]]:
        """For each link where it was, files that were renamed by their new names."""
        moved = {one.before: one.after for one in files if one.before and one.after and not one.is_copy}
        known: dict[Hashable, list[_Place]] = {}
        for file in files:
            if file.old is None or not (file.after in self._chosen or read.is_known(file.before)):
                continue
            data = self._content_or_nothing(file.before, file.old)
            for link in inputs.document(data, file.before).links:
                if not link.unused:  # one that is used now was not checked before
                    one = _Place(file.after, link.span, _line(data, link.span))
                    known.setdefault(identity(link, file.before, moved), []).append(one)
        return known

    def _content(self, place: str, name: str) -> bytes:
        """Raises InputError, and GitError."""
        if name == ON_DISK:
            return inputs.contents(str(self._change.top / place))
        data = self._objects.read(name)
        if data is None:
            raise InputError(f"cannot read the file: larger than {inputs.MOST_BYTES:,} bytes", where=place)
        return data

    def _content_or_nothing(self, place: str, name: str) -> bytes:
        """As `_content`; of what cannot be read no link is known."""
        try:
            return self._content(place, name)
        except InputError:
            return b""

    # -- what the change breaks ----------------------------------------------------------------

    def _breaks(self, link: Link, place: str) -> bool:
        """Whether a link leads to a file that is gone, or to a heading or anchor that may have been taken out."""
        found = target(link, place)
        if found is None:
            return False
        path, fragment = found
        if path in self._gone:
            return True
        stem, _, number = fragment.rpartition("-")  # generators number what is there twice
        wanted = _letters(stem if stem and number.isdecimal() else fragment)
        if not wanted:
            return False
        removed = self._removed_text(path)
        return removed is None or wanted in removed

    def _removed_text(self, path: str) -> str | None:
        """The letters of the lines that the change takes out of a file, None if they are too many to look through."""
        if path not in self._removed:
            self._removed[path] = self._compare_lines(path)
        return self._removed[path]

    def _compare_lines(self, path: str) -> str | None:
        lines = set[str]()
        for file in (file for files in self._change.compared for file in files if file.after == path):
            if file.old is not None and file.new is not None:
                old, new = (self._content_or_nothing(*one) for one in ((file.before, file.old), (path, file.new)))
                lines |= set(_text(old).splitlines()) - set(_text(new).splitlines())
        is_much = sum(map(len, lines)) > _MOST_REMOVED_CHARS
        return None if is_much else "\n".join(map(_letters, lines))


def _new(places: Sequence[_Place], known: Sequence[_Place]) -> Sequence[_Place]:
    """Of the places of one link those that are new, where it was in the `known` places before: as many as there are
    more, rather in another file, or in another line, than one of those."""
    if len(places) <= len(known):
        return ()
    if known:
        for feature in (attrgetter("path", "line"), attrgetter("path"), attrgetter("line"), type):
            known, places = _without_pairs(known, places, feature)
    return places


def _without_pairs(
    known: Sequence[_Place], places: Sequence[_Place], feature: Callable[[_Place], Hashable]
) -> tuple[list[_Place], list[_Place]]:
    """Both without one of `known` and one of `places` for each two that are alike."""
    one, other = Counter(map(feature, known)), Counter(map(feature, places))
    return list(_beyond(known, feature, other)), list(_beyond(places, feature, one))


def _beyond(
    found: Iterable[_Place], feature: Callable[[_Place], Hashable], paired: Counter[Hashable]
) -> Iterator[_Place]:
    for one in found:
        if paired[feature(one)]:
            paired[feature(one)] -= 1
        else:
            yield one


def _line(data: bytes, span: Span) -> int:
    """A hash of the line around a link, without the blanks at its ends."""
    start, end = span
    first = data.rfind(b"\n", max(0, start - _LINE_BYTES), start) + 1 or max(0, start - _LINE_BYTES)
    last = data.find(b"\n", end, end + _LINE_BYTES)
    return hash(data[first : last if last >= 0 else end + _LINE_BYTES].strip())


def _text(data: bytes) -> str:
    from linkcheck.read.text import decode

    return decode(data).text


def _letters(text: str) -> str:
    """The letters and digits of a text without case and accents: what a heading and its anchor have in common."""
    from unicodedata import normalize

    return "".join(char for char in normalize("NFKD", text).casefold() if char.isalnum())


# -- identity --------------------------------------------------------------------------------


def identity(link: Link, place: str, moved: Mapping[str, str] | None = None) -> Hashable:
    """What makes a link of the file `place` the same before and after a change: its URL in normal form, with the
    fragment, and whether it is malformed; for a relative link the file that it leads to, by the name that this has
    after the change (`moved`: name before to name after)."""
    url = link.url
    normal = urls.normal_form(url)
    if link.malformed or (normal != url and urls.malformed_url(url)):
        return "malformed", link.written or url
    if found := target(link, place):
        path, fragment = found
        return "in repository", (moved or {}).get(path, path), fragment
    if normal is None:
        return url.strip()
    return f"{normal}#{url.partition('#')[2]}" if "#" in url else normal


def target(link: Link, place: str) -> tuple[str, str] | None:
    """The path that a relative link of the file `place` leads to, from the top of the repository, and its fragment;
    None for any other link."""
    url = link.url.strip()
    if not url or url.startswith("//") or urls.scheme(url):
        return None
    from linkcheck.local.destination import parse, resolved  # loaded lazily: most commits add no such link

    found = parse(url)
    fragment = found.fragment or ""
    if not found.path:
        return place, fragment
    parts, above = resolved(tuple(place.split("/")[:-1]), found.path)
    return "/".join([*[".."] * above, *parts]), fragment
