"""What mending needs of the world: the files of documents, further looks, git, and the Wayback Machine."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from linkcheck import mend, read
from linkcheck.cli import inputs, wiring
from linkcheck.cli.interrupts import interrupts
from linkcheck.cli.output import say
from linkcheck.common import plain_files, secret
from linkcheck.errors import InputError, SettingsError, reason
from linkcheck.mend import Looks, Wishes, archive
from linkcheck.mend.archive import Copy
from linkcheck.mend.patch import Patched, patched
from linkcheck.model import Checked, Document, Edit, Link, LinkKind, Observation, Report, Request, Url, replace
from linkcheck.settings import Settings

_ROUNDS = 4
_MANY = 5
_LINE_END = re.compile(r"\r\n|\n|\r")


def wishes(settings: Settings) -> Wishes:
    """What the user wants mended. Raises SettingsError."""
    for name in (*settings.only, *settings.skip):
        if name not in mend.NAMES:
            raise SettingsError(
                f"'{name}' is no kind of mending", where="--only, --skip", help=f"one of {', '.join(mend.NAMES)}"
            )
    names = [one for one in mend.NAMES if one in (settings.only or mend.NAMES) and one not in settings.skip]
    return Wishes(frozenset(names), settings.arxiv, settings.dead)


# -- files -----------------------------------------------------------------------------------


class Files:
    """The bytes of documents, read once more: they have to give the same document."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = {document.path: document for document in documents}
        self._data: dict[str, bytes] = {}

    def __getitem__(self, path: str) -> tuple[bytes, Document]:
        """Raises InputError: the file has changed, or cannot be read."""
        document = self._documents[path]
        if path not in self._data:
            try:
                data = plain_files.read(Path(path), inputs.MOST_BYTES)
            except OSError as error:
                raise InputError(f"cannot read the file again: {reason(error)}", where=path) from error
            if read.read(data, path) != document:
                raise InputError("the file has changed since it was read", where=path, help="run it again")
            self._data[path] = data
        return self._data[path], document

    def text_at(self, path: str, span: tuple[int, int]) -> str | None:
        """The text at a place of a document; None if it cannot be decoded."""
        data, document = self[path]
        try:
            return data[slice(*span)].decode(document.encoding)
        except UnicodeDecodeError:
            return None

    def lines(self, path: str) -> list[str]:
        data, document = self[path]
        return _LINE_END.split(data.decode(document.encoding, errors="replace"))


def edits(report: Report, looks: Looks, wanted: Wishes, files: Files) -> list[Edit]:
    """The edits that are certain by what was seen."""

    def text_at(link: Link, span: tuple[int, int]) -> str | None:
        return files.text_at(link.path, span)

    return mend.edits(report, looks, wanted, text_at)


def patches(found: Sequence[Edit], files: Files) -> dict[str, Patched]:
    """The documents after edits, by path."""
    return {path: patched(*files[path], own, read.read) for path, own in mend.by_path(found).items()}


def with_edits(report: Report, looks: Looks) -> Report:
    """`report` with the edits of each link, as a program may make them. Standard input has none."""
    wanted = Wishes()
    on_disk = tuple(one for one in report.documents if os.path.isfile(one.path))  # noqa: PTH113
    paths = {one.path for one in on_disk}
    own = replace(report, checked=tuple(one for one in report.checked if {link.path for link in one.links} <= paths))
    files = Files(on_disk)
    try:
        made = patches(edits(own, looks, wanted, files), files)
    except InputError as error:
        say(f"warning: no edits: {error.where}: {error.what}")
        return report
    shown = [edit for one in made.values() for edit in one.edits if not _is_masked(edit)]
    return mend.with_edits(report, shown)


def _is_masked(edit: Edit) -> bool:
    """Whether a report would show other text than an edit has."""
    texts = [edit.old, edit.new]
    return secret.all_masked(texts) != texts


# -- further looks ---------------------------------------------------------------------------


def look_again(report: Report, looks: Looks, wanted: Wishes, settings: Settings) -> None:
    """Look at the addresses that mending asks for, until it asks for no more."""
    own = settings.replaced(no_memory=True, include=(), max_age_days=0.0)
    for _ in range(_ROUNDS):
        questions = mend.questions(report, looks, wanted)
        if not questions or interrupts.code:
            return
        looks.asked.update(questions)
        links = tuple(_link(url) for url in questions)
        with wiring.store(own, None, 0) as store:
            again = wiring.crawl([Document("<fix>", links)], own, store, observers=[looks])
        looks.note(again.checked)


def _link(url: Url) -> Link:
    return Link("<fix>", 1, 1, (0, len(url)), url, LinkKind.BARE)


# -- archived copies -------------------------------------------------------------------------


def archived(report: Report, looks: Looks, wanted: Wishes, settings: Settings, files: Files) -> list[Edit]:
    """The edits that put archived copies in place of dead links, or beside them; what there is none for is said."""
    dead = [] if interrupts.code else mend.dead(report, wanted)
    for one in (one for one in dead if secret.is_in(one.url)):
        _say_why(one.links[0], "its address holds a secret, which the Wayback Machine is not told")
    dead = [one for one in dead if not secret.is_in(one.url)]
    days = _days(dead, looks, files) if dead else {}
    copies = _copies(days, settings)
    made = list[Edit]()
    for one in dead:
        copy = copies.get(Url(one.normal))
        if interrupts.code:
            break
        if copy is None or not copy.url:
            _say_why(one.links[0], copy.why if copy else "when it was added is not known")
            continue
        own, left = mend.archived(one, copy, wanted, {link.path: files[link.path] for link in one.links})
        made += own
        for link in left:
            _say_why(link, f"no place for a note; its copy is {copy.url}")
    return made


def _say_why(link: Link, why: str) -> None:
    from linkcheck.report import messages, sanitise

    say(f"{messages.place(link)}: not mended: {sanitise.url(link.url)}: {sanitise.clean(why, sanitise.MAX_URL)}")


def _days(dead: Sequence[Checked], looks: Looks, files: Files) -> dict[Url, date]:
    """The day before which each dead page's copy has to be from: that on which its link was first added, else that on
    which it was last seen to be good."""
    days, by_path = dict[Url, date](), dict[str, list[tuple[Url, int]]]()
    for one in dead:
        url = Url(one.normal)
        if url in looks.good_at:
            days[url] = looks.good_at[url].date()
        for link in one.links:
            by_path.setdefault(link.path, []).append((url, link.line))
    blamed = dict[Url, date]()
    for path, places in by_path.items():
        lines = files.lines(path)
        added = _added(path, {number: lines[number - 1] for _, number in places})
        for url, number in places:
            if day := added.get(number):
                blamed[url] = min(day, blamed.get(url, day))
    return days | blamed


def _added(path: str, wanted: Mapping[int, str]) -> dict[int, date]:
    """The days on which lines were added, today for those that are not committed; none without git."""
    from linkcheck.git import blame, process
    from linkcheck.report import sanitise

    real = Path(os.path.realpath(path))
    try:
        found = blame.added(real, wanted)
        if process.is_shallow(real.parent):
            say("warning: a shallow clone: lines seem newer than they are; git fetch --unshallow gets their days")
    except process.GitError as error:
        say(f"warning: {sanitise.path(path)}: when its lines were added is not known: {sanitise.clean(error.what)}")
        return {}
    today = datetime.now(UTC).date()
    return {number: day or today for number, day in found.items()}


def _copies(days: Mapping[Url, date], settings: Settings) -> dict[Url, Copy]:
    """The last copy of each page before its day, or why there is none."""
    copies, is_second = dict[Url, Copy](), set[Url]()

    def sink(seen: Observation) -> list[Request]:
        url = Url(seen.request.items[0])
        found = archive.copy(seen, url, days[url])
        if found is None and url not in is_second:
            is_second.add(url)
            return [archive.second_request(url, days[url])]
        copies[url] = found or Copy(why=archive.silence(seen, days[url]))
        return []

    if len(days) > _MANY:
        say(f"linkcheck: asking the Wayback Machine for {len(days)} pages, some {archive.PACE_S:g} s for each")
    if days:
        wiring.ask([archive.request(url, day) for url, day in days.items()], settings, sink, archive.PACES)
    return copies
