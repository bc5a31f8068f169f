"""The site generator of a list, and the files that an address of its site may come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkcheck.local import generators
from linkcheck.local.generators import Generators
from linkcheck.local.tree import Kind, Tree
from tests.local.judged import written


def generator(tmp_path: Path, files: dict[str, str | bytes], document: str) -> str:
    found = Generators(Tree(written(tmp_path, {document: "", **files}))).of(tuple(document.split("/")))
    return f"{found.name} {'/'.join(found.folder)}".strip() if found else ""


@pytest.mark.parametrize(
    ("config", "document", "found"),
    [
        ("mkdocs.yml", "docs/a.md", "mkdocs"),
        ("mkdocs.yml", "a.md", "mkdocs"),
        ("mkdocs.yml", "README.md", ""),
        ("mkdocs.yml", "docs/README.md", "mkdocs"),
        ("_config.yml", "README.md", "jekyll"),
        ("docs/conf.py", "docs/x/y/a.md", "sphinx docs"),
        ("_config.yml", "a.md", "jekyll"),
        ("docusaurus.config.ts", "docs/a.md", "docusaurus"),
        ("website/docusaurus.config.js", "docs/a.md", "docusaurus website"),  # its pages may lie beside it
        ("website/docusaurus.config.js", "README.md", ""),  # what lies at the top does not belong to it
        ("hugo.toml", "content/a.md", "hugo"),
        ("config.toml", "content/a.md", "hugo"),
        ("config.toml", "docs/a.md", ""),  # any program may have one
        ("config/_default/hugo.yaml", "content/a.md", "hugo"),
        ("docs/.vitepress/config.ts", "docs/a.md", "vitepress docs"),
        ("gatsby-config.js", "a.md", "gatsby"),
        (".eleventy.js", "a.md", "eleventy"),
        ("docs/book.toml", "docs/src/a.md", "mdbook docs"),
        ("jest.config.js", "a.md", ""),
        ("next.md", "a.md", ""),
        ("source.ts", "a.md", ""),
        (".hidden/mkdocs.yml", "docs/a.md", ""),
        ("other.md", "docs/a.md", ""),
    ],
)
def test_the_generator_of_a_list(tmp_path: Path, config: str, document: str, found: str) -> None:
    assert generator(tmp_path, {config: ""}, document) == found


def test_the_nearest_config_counts(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"_config.yml": "", "docs/mkdocs.yml": "", "docs/docs/a.md": ""}
    assert generator(tmp_path, files, "docs/docs/a.md") == "mkdocs docs"
    assert generator(tmp_path, files, "b.md") == "jekyll"


@pytest.mark.parametrize(
    ("config", "text", "makes_pages"),
    [
        ("mkdocs.yml", "plugins: [gen-files]", True),
        ("mkdocs.yml", "plugins: [search]", False),
        ("config/_default/hugo.yaml", "module: {mounts: []}", True),
        ("config/_default/hugo.yaml", "title: x", False),
        ("docusaurus.config.js", "plugins: ['docusaurus-plugin-typedoc']", True),
    ],
)
def test_a_build_may_make_pages(tmp_path: Path, config: str, text: str, makes_pages: bool) -> None:
    found = Generators(Tree(written(tmp_path, {config: text}))).of(("a.md",))
    assert found is not None
    assert found.makes_pages is makes_pages


def test_a_config_that_cannot_be_read_may_say_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generators, "_MOST_CONFIG_BYTES", 3)
    found = Generators(Tree(written(tmp_path, {"mkdocs.yml": "site_name: x"}))).of(("a.md",))
    assert found is not None
    assert found.makes_pages


FILES: dict[str, str | bytes] = {
    "guide.md": "", "api.rst": "", "page.html": "", "en/index.md": "", "blog/_index.md": "", "code/": "",
    "code/main.py": "", "docs/README.md": "", "two/index.html": "", "two/README.md": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("guide", "guide.md"),
        ("guide.html", "guide.md"),
        ("guide.md", "guide.md"),
        ("api.htm", "api.rst"),
        ("page", "page.html"),
        ("en", "en/index.md"),
        ("en/index", "en/index.md"),
        ("en/index.html", "en/index.md"),
        ("en.html", "en/index.md"),
        ("blog", "blog/_index.md"),
        ("docs", "docs/README.md"),
        ("docs/index.html", "docs/README.md"),
        ("two", "two/index.html"),
        ("code", "code"),
        ("none", ""),
        ("none/index.html", ""),
        ("main.py", ""),
    ],
)
def test_the_file_of_an_address(tmp_path: Path, address: str, path: str) -> None:
    found = generators.page(Tree(written(tmp_path, FILES)), tuple(address.split("/")))
    assert "/".join(found.parts) == path
    assert found.is_there is bool(path)


def test_the_top_has_a_page_too(tmp_path: Path) -> None:
    assert generators.page(Tree(written(tmp_path, {"index.md": ""})), ()).parts == ("index.md",)
    assert generators.page(Tree(tmp_path / "none"), ()).kind is Kind.FOLDER


def test_the_readme_of_a_folder(tmp_path: Path) -> None:
    tree = Tree(
        written(tmp_path, {"a/readme.rst": "", "a/README.md": "", "b/README": "", "c/README.md/": "", "d/x": ""})
    )
    found = [generators.readme(tree, (name,)) for name in "abcd"]
    assert [one and "/".join(one.parts) for one in found] == ["a/README.md", "b/README", None, None]


def test_the_folders_that_a_site_may_have_its_top_in(tmp_path: Path) -> None:
    tree = Tree(written(tmp_path, {"site/docs/a.md": "", "site/static/x": "", "content": "no folder"}))
    found = ["/".join(one) for one in generators.source_folders(tree, [("site",), ()])]
    assert found == ["site", "site/docs", "site/static", ""]


def test_names_of_pages() -> None:
    assert all(map(generators.may_be_page, ("guide", "guide.html", "a.php", "Page")))
    assert not any(map(generators.may_be_page, ("guide.md", "a.png", "v1.2")))
    assert all(map(generators.is_source, ("a.md", "A.MD", "a.rst", "a.ipynb")))
    assert not any(map(generators.is_source, ("a.html", "a", "a.png")))
