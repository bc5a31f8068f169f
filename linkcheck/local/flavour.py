"""What shows a file: the forge, and the generator whose config file stands nearest above it.

A generator counts only for files in its source folder. Its config is read as text, by its lines: it may be a program
(conf.py, docusaurus.config.js) or have tags that no YAML reader knows (mkdocs.yml).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath, PurePosixPath

from linkcheck.common import plain_files
from linkcheck.local.anchors import UNKNOWN
from linkcheck.model import Value

_MOST_BYTES = 262_144  # of a config file
_MOST_LEVELS = 40  # folders above a file
Sources = tuple[str, tuple[str, ...]]
"""A flavour, and the folders that its generator reads, relative to the config file's; `..` may lead out of that."""


def flavour(root: Path, path: PurePath, forge_host: str = "") -> str:
    """The flavour of the site that the file at `path`, relative to the repository's `root`, is made for."""
    return flavours(root, path, forge_host)[0]


def flavours(root: Path, path: PurePath, forge_host: str = "") -> tuple[str, ...]:
    """All flavours that are plausible for it, that of its site first: a generator's file is shown on the forge too.

    `forge_host` is the host of `origin`, '' if there is none.
    """
    forges = _forges(forge_host.lower())
    place = _below(root, path)
    if place is None or _is_readme_of_root(place):
        return forges
    return (*_generator(root, place), *forges)


def _forges(host: str) -> tuple[str, ...]:
    """The flavours of a forge; one under a name of its own may be either. Bitbucket's rules are its own."""
    if not host or "github" in host:
        return ("github",)
    if "gitlab" in host:
        return ("gitlab",)
    return (UNKNOWN,) if "bitbucket" in host else ("github", "gitlab")


def _below(root: Path, path: PurePath) -> PurePosixPath | None:
    """`path` relative to `root`; None if it lies elsewhere."""
    if path.is_absolute():
        if not path.is_relative_to(root):
            return None
        path = path.relative_to(root)
    found = PurePosixPath(path.as_posix())
    return None if ".." in found.parts else found


def _is_readme_of_root(path: PurePosixPath) -> bool:
    return len(path.parts) == 1 and path.stem.lower() == "readme"


def _generator(root: Path, path: PurePosixPath) -> tuple[str, ...]:
    """The flavour of the nearest generator that reads `path`, if there is any."""
    for folder in list(path.parents)[:_MOST_LEVELS]:
        for base, (name, sources) in _configured(root, folder):
            if any(path.is_relative_to(place) for place in _resolved(base, sources)):
                return (name,)
    return ()


def _configured(root: Path, folder: PurePosixPath) -> Iterator[tuple[PurePosixPath, Sources]]:
    """The generators whose config stands in `folder`, or in a folder of it that their users keep it in."""
    for generator in _GENERATORS:
        for within in generator.within:
            place = os.path.join(root, folder, within)  # noqa: PTH118 (ten times as fast)
            for name in generator.configs:
                text = _read(f"{place}/{name}")
                found = generator.sources(text, Path(place)) if text is not None else None
                if found:
                    yield folder / within, found


def _resolved(base: PurePosixPath, sources: tuple[str, ...]) -> Iterator[PurePosixPath]:
    for source in sources:
        parts = list(base.parts)
        for part in PurePosixPath(source).parts:
            if part == ".." and parts:
                parts.pop()
            elif part not in ("/", ".."):
                parts.append(part)
        yield PurePosixPath(*parts)


def _read(name: str) -> str | None:
    """The text of a config file, '' for a folder; None if there is none, or it cannot be read."""
    if not os.path.lexists(name):
        return None
    path = Path(name)
    try:
        if path.is_dir():
            return ""
        with plain_files.open_to_read(path, follows_links=False) as file:
            return file.read(_MOST_BYTES).decode(errors="replace")
    except OSError:
        return None


# -- generators --------------------------------------------------------------------------------


class _Generator(Value, frozen=True):
    """`configs` are the names of its config, `within` the folders below the nearest one in which that may stand too.
    `sources(text, folder)` says what it reads, None if the config is not this generator's."""

    configs: tuple[str, ...]
    sources: Callable[[str, Path], Sources | None]
    within: tuple[str, ...] = ("",)


def _setting(text: str, name: str, *, separator: str = ":") -> str:
    """The value of a top-level setting, '' if it is not there."""
    for line in text.splitlines():
        key, found, value = line.partition(separator)
        if found and key.strip() == name and (separator == "=" or key[:1].strip()):
            value = value.strip()
            quote = value[:1]
            return value[1:].partition(quote)[0] if quote in ("'", '"') else value.partition(" #")[0].strip()
    return ""


def _under(text: str, key: str) -> str:
    """The lines of YAML under a key, `key:` or `- key:`, wherever it stands; and the rest of its own line."""
    parts, depth = list[str](), -1
    for line in text.splitlines():
        bare = line.lstrip()
        indent = len(line) - len(bare)
        if depth >= 0 and (indent > depth or not bare):
            parts.append(line)
            continue
        name = bare.removeprefix("-").lstrip()
        depth = indent if name.startswith(key) else -1
        if depth >= 0:
            parts.append(name[len(key) :])
    return "\n".join(parts)


def _mkdocs(text: str, _folder: Path) -> Sources:
    found = _SLUGIFY.search(_under(text, "toc:"))
    function = found[1] if found else ""
    name = "mkdocs-unicode" if "unicode" in function or "uslugify" in function else "mkdocs"
    if "pymdownx" in function:
        name = "mkdocs-pymdownx"
    elif function and "toc.slugify" not in function:
        name = UNKNOWN
    return name, (_setting(text, "docs_dir") or "docs",)


def _docusaurus(text: str, _folder: Path) -> Sources:
    return "docusaurus", ("docs", "blog", "src", "versioned_docs", "i18n", *_PATHS.findall(text))


def _config_yml(text: str, folder: Path) -> Sources | None:
    """Of Jekyll, unless it is Jupyter Book's or Hexo's."""
    if (folder / "_toc.yml").exists():
        return "myst", ("",)
    if _setting(text, "source_dir"):
        return UNKNOWN, (_setting(text, "source_dir"),)
    is_plain = re.search(r"^[ \t]+input:[ \t]*[\"']?kramdown", text, re.IGNORECASE | re.MULTILINE)
    engine = _setting(text, "markdown").lower()
    if engine and "kramdown" not in engine and "gfm" not in engine and "commonmark" not in engine:
        return UNKNOWN, (_setting(text, "source"),)
    return "kramdown-plain" if is_plain else "kramdown", (_setting(text, "source"),)


def _sphinx(text: str, _folder: Path) -> Sources | None:
    if "myst_parser" in text or "myst_nb" in text or "myst-nb" in text:
        return "myst", ("",)
    return (UNKNOWN, ("",)) if "recommonmark" in text or "m2r" in text else None


def _vitepress(_text: str, folder: Path) -> Sources:
    texts = filter(None, (_read(f"{folder}/{name}") for name in _VITEPRESS_CONFIGS))
    return "vitepress", (next((found[1] for text in texts if (found := _SOURCE_FOLDER.search(text))), ""),)


def _mdbook(text: str, _folder: Path) -> Sources:
    return "mdbook", (_setting(text, "src", separator="=") or "src",)


def _hugo(text: str, folder: Path) -> Sources | None:
    """Zola's config has the same name, and `base_url` for Hugo's `baseURL`."""
    if not (folder / "content").is_dir() and "contentDir" not in text:
        return None
    has_other_ids = re.search(r"autoHeadingIDType.{0,5}(?:github-ascii|blackfriday)", text) is not None
    name = UNKNOWN if has_other_ids or _setting(text, "base_url", separator="=") else "hugo"
    content = _setting(text, "contentDir", separator="=") or _setting(text, "contentDir")
    return name, (content or "content",)


def _unknown(_text: str, _folder: Path) -> Sources:
    return UNKNOWN, ("",)


_SLUGIFY = re.compile(r"\bslugify:[ \t]*(\S+)")
_PATHS = re.compile(r"\bpath:\s*+[\"']([^\"'\n]{1,200})[\"']")
_SOURCE_FOLDER = re.compile(r"\bsrcDir:\s*+[\"']([^\"'\n]{1,200})[\"']")
_VITEPRESS_CONFIGS = tuple(f".vitepress/config{suffix}" for suffix in (".js", ".ts", ".mjs", ".mts"))
_GENERATORS = (
    _Generator(("mkdocs.yml", "mkdocs.yaml"), _mkdocs),
    _Generator(
        tuple(f"docusaurus.config{suffix}" for suffix in (".js", ".ts", ".mjs", ".mts", ".cjs")),
        _docusaurus,
        within=("", "website"),
    ),
    _Generator(("_config.yml", "_config.yaml"), _config_yml),
    _Generator(("conf.py",), _sphinx),
    _Generator((".vitepress", ".vuepress"), _vitepress),
    _Generator(("book.toml",), _mdbook),
    _Generator(
        ("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "config.toml", "config.yaml", "config/_default/hugo.toml",
         "config/_default/config.toml", "config/_default/hugo.yaml", "config/_default/config.yaml"),
        _hugo,
    ),
    _Generator(("myst.yml", "_quarto.yml"), _unknown),
)  # fmt: skip
