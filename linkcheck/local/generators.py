"""The site generator that a list belongs to, known by its config file, and the files that an address of its site may
come from. Where pages have addresses of their own, a path that names no file proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from linkcheck.common import plain_files
from linkcheck.local.tree import Found, Kind, Parts, Tree
from linkcheck.model.base import Value

# Names of config files, with the generator that reads them (each one's manual, read 2026-11).
_CONFIGS = {
    "_config.toml": "jekyll", "_config.yaml": "jekyll", "_config.yml": "jekyll", "_quarto.yml": "quarto",
    "_sidebar.md": "docsify", "_toc.yml": "jupyter-book", ".eleventy.js": "eleventy", ".gitbook.yaml": "gitbook",
    ".vitepress": "vitepress", ".vuepress": "vuepress", "antora.yml": "antora", "book.json": "gitbook",
    "book.toml": "mdbook", "conf.py": "sphinx", "docfx.json": "docfx", "docs.json": "mintlify",
    "mint.json": "mintlify", "mkdocs.yaml": "mkdocs", "mkdocs.yml": "mkdocs", "myst.yml": "myst",
    "pelicanconf.py": "pelican", "properdocs.yml": "mkdocs", "SUMMARY.md": "gitbook", "zensical.toml": "zensical",
}  # fmt: skip
_SCRIPTED = frozenset("docusaurus astro gatsby next nuxt eleventy rspress source theme velite contentlayer".split())
_SCRIPTED_SUFFIXES = (".js", ".ts", ".mjs", ".cjs", ".mts", ".jsx", ".tsx")
_HUGO = ("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json")
_HUGO_OR_ZOLA = ("config.toml", "config.yaml", "config.yml", "config.json")  # with a folder `content`
_HUGO_DEFAULTS = ("config", "_default")
_MOST_CONFIGS = 20
_SOURCES: tuple[Parts, ...] = (
    (),
    *(
        tuple(path.split("/"))
        for path in (
            "docs content src source static public assets pages src/pages content/en docs/en src/content "
            "src/content/docs content/docs docs/src docs/source .vuepress/public website site"
        ).split()
    ),
)
_PAGE_SUFFIXES = (".md", ".mdx", ".markdown", ".qmd", ".rst", ".adoc", ".ipynb", ".html", ".htm")
_INDEXES = ("index", "README", "readme", "_index")
_MADE_IN_BUILD = (
    b"gen-files", b"monorepo", b"multirepo", b"hooks:", b"mkdocs-simple-hooks", b"autoapi", b"autosummary", b"apidoc",
    b"gallery", b"typedoc", b"autodoc2", b"literate-nav", b"macros", b"nbsphinx", b"mounts", b"i18n", b"INHERIT",
)  # fmt: skip
_WITH_PAGES_BELOW = frozenset({"mkdocs", "docusaurus", "hugo", "mdbook", "astro", "next", "nuxt", "gatsby", "antora"})
_BY_ADDRESS = frozenset({"jekyll", "hugo", "pelican"})  # what stands in a page is relative to the page's address
_BY_FILE = frozenset({"vitepress"})  # `guide` in a page is the file `guide.md` beside its file
_MOST_CONFIG_BYTES = 2**18


class Generator(Value, frozen=True):
    """`folder` is that of the config file. `makes_pages`: a build may add pages that are in no file."""

    name: str
    folder: Parts
    makes_pages: bool = False

    @property
    def resolves_by_address(self) -> bool:
        """Whether a relative link counts from the page's address, not from its file."""
        return self.name in _BY_ADDRESS

    @property
    def resolves_by_file(self) -> bool:
        """Whether a relative path without an ending counts from the file, as one with `.md` does."""
        return self.name in _BY_FILE


class Generators:
    """The generators of one repository, looked for when a path names no file."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._in_folder: dict[Parts, Generator | None] = {}
        self._below: dict[Parts, Generator | None] = {}

    def of(self, document: Parts) -> Generator | None:
        """The generator whose config stands nearest above `document`, or in a folder beside one of its folders: what
        lies at the top itself, a README, belongs to no site beside it, nor to one whose pages lie in a folder."""
        folders = [document[:at] for at in range(len(document) - 1, -1, -1)]
        for folder in folders:
            found = self._at(folder)
            is_readme = folder == folders[0] and document[-1].lower().startswith("readme.")
            if found and not (is_readme and found.name in _WITH_PAGES_BELOW):
                return found
        return next(filter(None, (self.below(folder[:-1]) for folder in folders[:-1])), None)

    def below(self, folder: Parts) -> Generator | None:
        """The generator whose config stands in a folder of `folder`."""
        if folder not in self._below:
            self._below[folder] = self._found_below(folder)
        return self._below[folder]

    def _found_below(self, folder: Parts) -> Generator | None:
        inner = (entry.name for entry in self._tree.names(folder).values() if entry.kind == "d")
        return next(filter(None, (self._at((*folder, name)) for name in inner if not name.startswith("."))), None)

    def _at(self, folder: Parts) -> Generator | None:
        if folder not in self._in_folder:
            self._in_folder[folder] = self._recognised(folder)
        return self._in_folder[folder]

    def _recognised(self, folder: Parts) -> Generator | None:
        names = self._tree.names(folder)
        for name in names:
            if kind := _kind(name, has_content="content" in names):
                return Generator(kind, folder, self._makes_pages((*folder, name)))
        defaults = self._tree.names((*folder, *_HUGO_DEFAULTS))
        makes_pages = any(
            self._makes_pages((*folder, *_HUGO_DEFAULTS, name)) for name in list(defaults)[:_MOST_CONFIGS]
        )
        return Generator("hugo", folder, makes_pages) if defaults else None

    def _makes_pages(self, config: Parts) -> bool:
        if self._tree.find(config).kind is not Kind.FILE:
            return False
        try:
            with plain_files.open_to_read(self._tree.path(config), follows_links=False) as file:
                text = plain_files.read_from(file, _MOST_CONFIG_BYTES)
        except OSError:
            return True  # it may say anything
        return any(word in text for word in _MADE_IN_BUILD)


def _kind(name: str, *, has_content: bool) -> str:
    """The generator that has a config file of this name, or ''."""
    if name in _CONFIGS:
        return _CONFIGS[name]
    if name in _HUGO or (has_content and name in _HUGO_OR_ZOLA):
        return "hugo"
    stem, dot, ending = name.rpartition(".")
    tool = stem.removesuffix("-config").removesuffix(".config")
    is_script = dot and f".{ending}" in _SCRIPTED_SUFFIXES
    return tool if is_script and tool != stem and tool in _SCRIPTED else ""


# -- files of an address ---------------------------------------------------------------------


def source_folders(tree: Tree, tops: list[Parts]) -> Iterator[Parts]:
    """The folders that a site's top may be in, for generators that have their config in one of `tops`."""
    for folder in dict.fromkeys((*top, *source) for top in tops for source in _SOURCES):
        if tree.find(folder).kind is Kind.FOLDER:
            yield folder


def page(tree: Tree, parts: Parts) -> Found:
    """The file that a page's address comes from: itself, one with another ending, or a folder's index."""
    found = tree.find(parts)
    if found.kind is Kind.FOLDER:
        return index(tree, found.parts) or found
    if found.kind is not Kind.MISSING or not parts:
        return found
    *folder, name = parts
    stem = name.removesuffix(".html").removesuffix(".htm").removesuffix(".php")
    tried = ((*folder, f"{stem}{suffix}") for suffix in _PAGE_SUFFIXES)
    there = (one for one in map(tree.find, tried) if one.kind is Kind.FILE)
    if first := next(there, None):
        return first
    is_index = stem in ("index", "README")
    return (index(tree, tuple(folder)) if is_index else index(tree, (*folder, stem))) or found


def index(tree: Tree, folder: Parts) -> Found | None:
    """The file that is shown for a folder."""
    names = tree.names(folder) if tree.find(folder).kind is Kind.FOLDER else {}
    for stem in _INDEXES:
        for suffix in ("", *_PAGE_SUFFIXES):
            if f"{stem}{suffix}" in names and (found := tree.find((*folder, f"{stem}{suffix}"))).kind is Kind.FILE:
                return found
    return None


def readme(tree: Tree, folder: Parts) -> Found | None:
    """The README that a forge shows under a folder's files."""
    readmes = sorted(name for name in tree.names(folder) if name.lower().partition(".")[0] == "readme")
    found = (tree.find((*folder, name)) for name in sorted(readmes, key=lambda name: not name.lower().endswith(".md")))
    return next((one for one in found if one.kind is Kind.FILE), None)


def may_be_page(name: str) -> bool:
    """Whether the last part of a path may be the address of a page: without an ending, or with that of a page."""
    return "." not in name.strip(".") or name.lower().endswith((".html", ".htm", ".php", ".xhtml"))


def is_source(name: str) -> bool:
    """Whether a file of this name is the source of a page."""
    return name.lower().endswith(_PAGE_SUFFIXES[:7])
