from __future__ import annotations

import os
from pathlib import Path, PurePath, PurePosixPath

import pytest

from linkcheck.local.anchors import NAMES
from linkcheck.local.flavour import flavour, flavours

HUGO, KRAMDOWN, DOCUSAURUS = ("hugo", "github"), ("kramdown", "github"), ("docusaurus", "github")
ROWS = [
    # no generator reads the file
    ({}, "docs/a.md", ("github",)),
    ({"mkdocs.yml": ""}, "README.md", ("github",)),
    ({"mkdocs.yml": ""}, "CONTRIBUTING.md", ("github",)),
    ({"mkdocs.yml": ""}, "other/docs/a.md", ("github",)),
    ({"docs/mkdocs.yml": ""}, "src/a.md", ("github",)),
    ({"_config.yml": ""}, "README.md", ("github",)),
    ({"docusaurus.config.js": ""}, "packages/a/README.md", ("github",)),
    ({"book.toml": "[book]\n"}, "README.md", ("github",)),
    ({"conf.py": "extensions = ['sphinx.ext.autodoc']"}, "a.md", ("github",)),
    ({"config.toml": "[server]\n"}, "content.md", ("github",)),
    ({"mkdocs.yml/x": ""}, "elsewhere/a.md", ("github",)),
    ({"mkdocs.yml": "docs_dir: ../..\n"}, "README.md", ("github",)),
    # MkDocs
    ({"mkdocs.yml": "site_name: x\n"}, "docs/a.md", ("mkdocs", "github")),
    ({"mkdocs.yml": "docs_dir: 'src/d'  # here\n"}, "src/d/e/a.md", ("mkdocs", "github")),
    ({"mkdocs.yml": "docs_dir: src # here\n"}, "docs/a.md", ("github",)),
    ({"mkdocs.yml": "x:\n  docs_dir: src\n"}, "docs/a.md", ("mkdocs", "github")),
    ({"a/mkdocs.yml": "", "mkdocs.yml": "docs_dir: a"}, "a/docs/b.md", ("mkdocs", "github")),
    ({"mkdocs.yml": "- toc:\n    slugify: !!python/name:markdown.extensions.toc.slugify_unicode\n"}, "docs/a.md",
     ("mkdocs-unicode", "github")),
    ({"mkdocs.yml": "- toc:\n    slugify: !!python/object/apply:pymdownx.slugs.slugify\n      kwds:\n"}, "docs/a.md",
     ("mkdocs-pymdownx", "github")),
    ({"mkdocs.yml": "- toc:\n    permalink: true\n- pymdownx.tabbed:\n    slugify: !!python/object/apply:pymdownx.slugs.slugify\n"},
     "docs/a.md", ("mkdocs", "github")),
    ({"mkdocs.yml": "x:\n  toc:\n\n    slugify: !!python/name:pymdownx.slugs.uslugify\n  b:\n    slugify: own\n"}, "docs/a.md",
     ("mkdocs-pymdownx", "github")),
    ({"mkdocs.yml": "- toc: {slugify: !!python/name:own.slug }\n"}, "docs/a.md", ("unknown", "github")),
    ({"mkdocs.yml": "- toc: \n- b: {slugify: !!python/name:own.slug }\n"}, "docs/a.md", ("mkdocs", "github")),
    ({"mkdocs.yml": "- toc:\n    slugify: !!python/name:own.slug\n"}, "docs/a.md", ("unknown", "github")),
    # Docusaurus
    ({"docusaurus.config.ts": ""}, "docs/a.md", DOCUSAURUS),
    ({"website/docusaurus.config.js": ""}, "website/blog/a.md", DOCUSAURUS),
    ({"website/docusaurus.config.js": "docs: {path: '../docs'}"}, "docs/x/a.md", DOCUSAURUS),
    ({"website/docusaurus.config.js": "docs: {path: '../docs'}"}, "other/a.md", ("github",)),
    # Jekyll
    ({"_config.yml": ""}, "_posts/a.md", KRAMDOWN),
    ({"docs/_config.yml": "source: src\n"}, "docs/src/a.md", KRAMDOWN),
    ({"docs/_config.yml": "source: src\n"}, "docs/a.md", ("github",)),
    ({"_config.yml": "kramdown:\n  input: Kramdown\n"}, "a.md", ("kramdown-plain", "github")),
    ({"_config.yml": "markdown: CommonMarkGhPages\n"}, "a.md", KRAMDOWN),
    ({"_config.yml": "markdown: redcarpet\n"}, "a.md", ("unknown", "github")),
    ({"_config.yml": "source_dir: source\n"}, "source/_posts/a.md", ("unknown", "github")),
    # Sphinx and Jupyter Book
    ({"docs/conf.py": "extensions = ['myst_parser']"}, "docs/a/b.md", ("myst", "github")),
    ({"docs/conf.py": "extensions = ['recommonmark']"}, "docs/a.md", ("unknown", "github")),
    ({"_config.yml": "", "_toc.yml": ""}, "a.md", ("myst", "github")),
    ({"myst.yml": ""}, "a.md", ("unknown", "github")),
    # VitePress, mdBook, Hugo
    ({"docs/.vitepress/config.ts": "export default {}"}, "docs/a.md", ("vitepress", "github")),
    ({".vitepress/config.mts": "srcDir: './src'"}, "src/a.md", ("vitepress", "github")),
    ({".vitepress/config.mts": "srcDir: './src'"}, "a.md", ("github",)),
    ({".vuepress/x": ""}, "a.md", ("vitepress", "github")),
    ({"book.toml": "[book]\n"}, "src/a.md", ("mdbook", "github")),
    ({"book.toml": "[book]\nsrc = \"text\"\n"}, "text/a.md", ("mdbook", "github")),
    ({"hugo.toml": "", "content/x": ""}, "content/a/b.md", HUGO),
    ({"config/_default/hugo.toml": "", "content/x": ""}, "content/a.md", HUGO),
    ({"config.toml": "baseURL = 'x'", "content/x": ""}, "content/a.md", HUGO),
    ({"hugo.yaml": "contentDir: pages\n"}, "pages/a.md", HUGO),
    ({"config.toml": "base_url = 'x'", "content/x": ""}, "content/a.md", ("unknown", "github")),
    ({"hugo.toml": "autoHeadingIDType = 'blackfriday'", "content/x": ""}, "content/a.md", ("unknown", "github")),
    ({"hugo.toml": "", "content/x": ""}, "a.md", ("github",)),
    # the nearest counts
    ({"_config.yml": "", "docs/mkdocs.yml": ""}, "docs/docs/a.md", ("mkdocs", "github")),
    ({"_config.yml": "", "docs/mkdocs.yml": ""}, "docs/a.md", KRAMDOWN),
]  # fmt: skip


def repository(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("files", "path", "found"), ROWS, ids=[f"{number} {row[1]}" for number, row in enumerate(ROWS)]
)
def test_the_nearest_config_tells(tmp_path: Path, files: dict[str, str], path: str, found: tuple[str, ...]) -> None:
    assert flavours(repository(tmp_path, files), PurePosixPath(path)) == found
    assert set(found) <= set(NAMES)


def test_one_flavour_is_that_of_the_site(tmp_path: Path) -> None:
    root = repository(tmp_path, {"mkdocs.yml": ""})
    assert flavour(root, PurePath("docs/a.md"), "gitlab.com") == "mkdocs"
    assert flavour(root, PurePath("a.md"), "gitlab.com") == "gitlab"


@pytest.mark.parametrize(
    ("host", "forges"),
    [
        ("", ("github",)), ("github.com", ("github",)), ("github.example.com", ("github",)), ("gitlab.com", ("gitlab",)),
        ("GitLab.gnome.org", ("gitlab",)), ("codeberg.org", ("github", "gitlab")), ("bitbucket.org", ("unknown",)),
    ],
)  # fmt: skip
def test_the_forge_is_known_by_its_host(tmp_path: Path, host: str, forges: tuple[str, ...]) -> None:
    assert flavours(tmp_path, PurePath("a.md"), host) == forges


def test_a_path_may_be_absolute(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"mkdocs.yml": ""})
    assert flavours(root, root / "docs" / "a.md") == ("mkdocs", "github")
    assert flavours(root, tmp_path / "docs" / "a.md") == ("github",)
    assert flavours(root, PurePath("docs/../docs/a.md")) == ("github",)


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege")
def test_a_config_that_is_a_link_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.yml"
    secret.write_text("docs_dir: docs", encoding="utf-8")
    root = tmp_path / "r"
    root.mkdir()
    (root / "mkdocs.yml").symlink_to(secret)
    assert flavours(root, PurePath("docs/a.md")) == ("github",)


def test_a_config_that_is_not_text_or_huge_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_bytes(b"\xff\0docs_dir: x\n" * 100_000)
    assert flavours(tmp_path, PurePath("docs/a.md")) == ("mkdocs", "github")


def test_a_path_of_many_folders_is_bounded(tmp_path: Path) -> None:
    assert flavours(repository(tmp_path, {"_config.yml": ""}), PurePath("a/" * 500 + "b.md")) == ("github",)


@pytest.mark.parametrize("path", ["a\0b/c.md", "\ud800/c.md", "", "."])
def test_a_path_that_no_file_can_have_ends_nothing(tmp_path: Path, path: str) -> None:
    assert flavours(repository(tmp_path, {"mkdocs.yml": "docs_dir: \0"}), PurePath(path)) == ("github",)
