"""Paths, relative or absolute: is the file there? A link is skipped where only a site generator or a forge can know."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from linkcheck.local import generators
from linkcheck.local.answer import FILE_THERE, Answer, missing_file, skipped
from linkcheck.local.destination import Destination, generator_syntax, relative, resolved, tail, written
from linkcheck.local.generators import Generator
from linkcheck.local.repository import Repository
from linkcheck.local.tree import Found, Kind, Parts, is_language
from linkcheck.model import Link, LinkKind, State, replace
from linkcheck.model.base import Value

UrlOf = Callable[[Parts], str]
OUTSIDE = "it leads out of the repository, where nothing is looked at"
_TEMPLATES = ("pull_request_template", "issue_template", "discussion_template")
_WITH_TARGETS = frozenset({"sphinx", "myst", "jupyter-book"})  # links may name a target in any file
_COPIES = frozenset({"vendor", "third_party", "third-party", "node_modules", "bower_components", "site-packages"})
_MOST_LANGUAGES, _MOST_DEPTH = 100, 20
_TRANSLATIONS = frozenset({"i18n", "locale", "locales", "translations", "translated"})


class Home(Value, frozen=True):
    """Where a list lies: its repository, and its path in there; two if it is a symbolic link within the repository."""

    repository: Repository
    documents: tuple[Parts, ...]


class _Question(Value, frozen=True):
    """A path that names no file: `parts` from the top of the repository."""

    link: Link
    home: Home
    destination: Destination
    parts: Parts

    @property
    def document(self) -> Parts:
        return self.home.documents[0]

    @property
    def name(self) -> str:
        return self.parts[-1] if self.parts else ""


def judge(link: Link, home: Home, destination: Destination, site: Repository | None) -> Answer:
    """The verdict on a link with a path. `site` is the folder that --root-dir names."""
    if link.kind is LinkKind.HTML and "\\" in destination.path:  # a browser takes it for a slash (WHATWG URL §4.4)
        destination = replace(destination, path=destination.path.replace("\\", "/"))
    tree = home.repository.tree
    firsts = [resolved(document[:-1], destination.path) for document in home.documents]
    found = [(parts, Found(Kind.OUTSIDE) if above else tree.find(parts)) for parts, above in firsts]
    for _, one in found:
        if one.is_there:
            return _place(home.repository, one, destination)
    parts, first = found[0]
    question = _Question(link, home, destination, parts)
    if first.kind is Kind.MISSING:
        return _absolute(question, site) if destination.is_absolute else _relative(question)
    if syntax := generator_syntax(destination.path):
        return skipped(syntax)
    return skipped(first.reason if first.kind is Kind.UNKNOWN else OUTSIDE)


def _place(repository: Repository, found: Found, destination: Destination) -> Answer:
    shows_source = destination.query is not None and "plain=1" in destination.query
    return FILE_THERE if shows_source else repository.place(found, destination.fragment)


# -- relative paths --------------------------------------------------------------------------


def _relative(question: _Question) -> Answer:
    """The verdict on a relative path that names no file."""
    if reason := _template(question):
        return skipped(reason)
    known = question.home.repository.generators
    generator = known.of(question.document)
    if generator or generators.may_be_page(question.name):
        for parts in _addresses(question, generator or known.below(())):
            found = generators.page(question.home.repository.tree, parts)
            if found.is_there:
                return _guessed(question, found, generator)
    reason = _unknowable(question, generator) if generator else _of_target(question, known.below(()))
    if reason:
        return skipped(reason)
    return _missing(question)


def _template(question: _Question) -> str:
    if syntax := generator_syntax(question.destination.path):
        return syntax
    if any("{{" in part for part in question.document):
        return "its list is a template"
    if any(part.lower().startswith(_TEMPLATES) for part in question.document):
        return "its list is a template for other pages, whose addresses count"
    if any(part in _COPIES for part in question.document[:-1]):
        return "its list belongs to a copy of another project, which need not be whole"
    return ""


def _addresses(question: _Question, generator: Generator | None) -> Iterator[Parts]:
    """The paths that an address may stand for: beside the list, below its page's own address, from the site's top."""
    yield question.parts
    path = question.destination.path
    for document in question.home.documents:
        stem = document[-1].partition(".")[0]
        below, above = resolved((*document[:-1], stem), path)
        if not above and stem not in ("index", "_index", "README"):
            yield below
    if generator:
        inner = resolved((), path)[0]
        for folder in generators.source_folders(question.home.repository.tree, [generator.folder]):
            yield (*folder, *inner)


def _guessed(question: _Question, found: Found, generator: Generator | None) -> Answer:
    """The verdict if a page's address probably comes from the file `found`: dead only where that is certain."""
    answer = question.home.repository.place(found, question.destination.fragment)
    shown = "/".join(found.parts) or "the top folder"
    is_certain = generator and generator.resolves_by_file and found.parts[:-1] == question.parts[:-1]
    if generator and (answer.state is State.OK or is_certain):
        return answer
    return skipped(f"it may be the page that a site generator makes of {shown}")


def _unknowable(question: _Question, generator: Generator) -> str:
    """Why nobody can tell where a path leads that names no file, or ''."""
    name = question.name
    if question.destination.names_folder or generators.may_be_page(name):
        return f"it may be the address of a page that {generator.name} makes"
    if generator.makes_pages:
        return f"{generator.name} is set up to make files of its own"
    is_in_posts = any(part.startswith("_") for part in question.document[:-1])
    if generator.resolves_by_address and (not generators.is_source(name) or is_in_posts):
        return f"it counts from the address that {generator.name} gives to the page"
    if question.link.kind is LinkKind.HTML:
        return f"it counts from the address that {generator.name} gives to the page"
    is_translation = any(part.lower() in _TRANSLATIONS for part in question.document)
    return "the page may be shown in another language" if is_translation or _is_in_other_language(question) else ""


def _is_in_other_language(question: _Question) -> bool:
    """Whether the file is there with another language's code in place of one in its path: `en/a.md` for `de/a.md`."""
    tree = question.home.repository.tree
    for at, part in enumerate(question.parts[:_MOST_DEPTH][:-1]):
        if is_language(part):
            before, after = question.parts[:at], question.parts[at + 1 :]
            others = tree.languages(before)[:_MOST_LANGUAGES]
            if any(tree.find((*before, other, *after)).is_there for other in others):
                return True
    return False


def _of_target(question: _Question, beside: Generator | None) -> str:
    """Why a path in a file at the top, which the site of a folder may include, can be the name of a target, or ''."""
    if _is_readme(question.document) or not beside or beside.name not in _WITH_TARGETS or "." in question.name:
        return ""
    return f"it may be the name of a target of {beside.name}"


def looks_for_targets(home: Home) -> str:
    """The generator that may find the target of an in-page link in another file, or ''. It may include what lies at
    the top, but for the README, in its own pages."""
    known, document = home.repository.generators, home.documents[0]
    found = known.of(document) or (None if _is_readme(document) else known.below(()))
    return found.name if found and found.name in _WITH_TARGETS else ""


def _is_readme(document: Parts) -> bool:
    return document[-1].lower().startswith("readme")


def _missing(question: _Question) -> Answer:
    repository = question.home.repository
    if reason := repository.why_not_here(question.parts):
        return skipped(reason)
    return dead(repository, question.parts, lambda near: _url(question, near))


def _url(question: _Question, near: Parts) -> str:
    link, destination = question.link, question.destination
    path = f"/{'/'.join(near)}" if destination.is_absolute else relative(near, question.document[:-1])
    return written(path, tail(link.written or link.url))


def dead(repository: Repository, parts: Parts, url: UrlOf) -> Answer:
    """The verdict on a path that names nothing, with the nearest file; `url` makes a link's URL of a path."""
    if stored := repository.stored(parts):
        return stored
    meant = tuple(one for part in parts for one in part.split("\\") if one)
    if meant and meant != parts and repository.tree.find(meant).is_there:
        return missing_file("/".join(parts), "/".join(meant), url(meant))
    near = repository.nearest.file(meant)
    if near is None:
        return missing_file("/".join(parts))
    return missing_file("/".join(parts), "/".join(near.parts), url(near.parts) if near.is_certain else "")


# -- absolute paths --------------------------------------------------------------------------


def _absolute(question: _Question, site: Repository | None) -> Answer:
    """The verdict on an absolute path that is not one from the top of the repository."""
    if site:
        return in_site(site, question.destination) or _missing_in_site(question, site)
    if reason := _template(question):
        return skipped(reason)
    repository = question.home.repository
    if found := _in_sources(question.home, question.parts):
        return _guessed(question, found, repository.generators.of(question.document))
    is_of_forge = not repository.generators.of(question.document) and generators.is_source(question.name)
    if is_of_forge and not repository.nearest.is_suffix(question.parts):
        return _missing(question)
    return skipped("an absolute path, which only the site knows that shows the page (--root-dir)")


def _in_sources(home: Home, parts: Parts) -> Found | None:
    """The file that the site's address `parts` probably comes from."""
    tree = home.repository.tree
    generator = home.repository.generators.of(home.documents[0])
    tops: list[Parts] = [generator.folder, ()] if generator else [()]
    pages = (generators.page(tree, (*folder, *parts)) for folder in generators.source_folders(tree, tops))
    return next((found for found in pages if found.is_there and parts), None)


def in_sources(home: Home, destination: Destination) -> Answer | None:
    """The verdict on an address of the site that the repository's files are made into; None if it is of none."""
    found = _in_sources(home, resolved((), destination.path)[0])
    return home.repository.place(found, destination.fragment) if found else None


def in_site(site: Repository, destination: Destination) -> Answer | None:
    """The verdict on an address of the site whose files are in `site`; None if it is of none."""
    found = generators.page(site.tree, resolved((), destination.path)[0])
    return site.place(found, destination.fragment) if found.is_there else None


def _missing_in_site(question: _Question, site: Repository) -> Answer:
    if reason := _template(question):
        return skipped(reason)
    return dead(site, question.parts, lambda near: _url(question, near))
