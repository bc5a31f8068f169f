"""Paths, relative and absolute: found, missing, and what nobody can tell."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from linkcheck.local.checker import Checker
from tests.git.repository import Repository
from tests.local.judged import NO_FILE, NO_PLACE, OK, SKIPPED, judged, judged_all, short, written

FILES: dict[str, str | bytes] = {
    "LICENSE": "", "docs/guide.md": "# Set up\n", "docs/a b.md": "", "docs/über.md": "", "docs/(x).md": "",
    "docs/README.md": "# Docs\n", "src/main.py": "", "img/logo.png": b"\x89PNG", "docs/C#.md": "",
}  # fmt: skip


@pytest.mark.parametrize(
    "url",
    [
        "LICENSE", "docs/guide.md", "./docs/guide.md", "docs/../docs/./guide.md", "docs//guide.md", "docs", "docs/", "./",
        ".", "/", "/docs/guide.md", "/docs", "docs/a%20b.md", "<docs/a b.md>", "docs/%C3%BCber.md", "docs/über.md",
        "docs/u%CC%88ber.md", "docs/(x).md", r"docs/\(x\).md", "docs/guide.md?raw=true", "docs/guide.md?plain=1#L7",
        "?tab=readme-ov-file#list", "docs/guide.md#set-up", "docs#docs", "docs/#docs", "docs/guide.md#", "docs/guide.md/",
        "img/logo.png#x", "docs/guide.md#top", "docs/guide.md#:~:text=x", "docs#readme", "docs/C%23.md", "docs%2Fguide.md",
    ],
)  # fmt: skip
def test_what_is_there(tmp_path: Path, url: str) -> None:
    assert short(written(tmp_path, FILES), url) == OK


@pytest.mark.parametrize(
    ("url", "found", "mended"),
    [
        ("docs/giude.md", NO_FILE, "docs/guide.md"),
        ("Docs/Guide.md", NO_FILE, "docs/guide.md"),
        ("license", NO_FILE, "LICENSE"),
        ("guide.md#set-up", NO_FILE, "docs/guide.md#set-up"),
        ("docs/guide.rst?raw=1", NO_FILE, "docs/guide.md?raw=1"),
        ("/docs/giude.md", NO_FILE, "/docs/guide.md"),
        ("./gui%64e.md", NO_FILE, "docs/guide.md"),
        ("docs/A%20B.md", NO_FILE, "docs/a%20b.md"),
        ("docs/x.md", NO_FILE, None),
        ("docs/guide.md/x", NO_FILE, None),
        ("docs\\guide.md", NO_FILE, "docs/guide.md"),
        ("..\\nothing\\here.md", NO_FILE, None),
        ("src/none/", NO_FILE, None),
        ("img/none.png", NO_FILE, None),
        ("docs/guide.md#setup", NO_PLACE, None),
        ("docs/#gone", NO_PLACE, None),
        ("docs/C#.md", NO_FILE, None),  # `#` begins a fragment
    ],
)
def test_what_is_missing(tmp_path: Path, url: str, found: str, mended: str | None) -> None:
    one = judged(written(tmp_path, FILES), f"see [t]({url}) here\n")
    assert one.short == found
    if found == NO_FILE:
        assert one.mended == (f"see [t]({mended}) here\n" if mended else "")
        assert bool(one.advice) is not bool(mended)


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("[t](<docs/gui de.md> 'x')\n", "[t](<docs/guide.md> 'x')\n"),
        ("![t](img/LOGO.png)\n", "![t](img/logo.png)\n"),
        ("[t][r]\n\n[r]: docs/giude.md 'x'\n", "[t][r]\n\n[r]: docs/guide.md 'x'\n"),
        ("<img src='img/lgo.png'>\n", "<img src='img/logo.png'>\n"),
        ('<a href="docs/giude.md?a&amp;b">x</a>\n', '<a href="docs/guide.md?a&amp;b">x</a>\n'),
    ],
)
def test_the_repair_fits_its_place(tmp_path: Path, text: str, mended: str) -> None:
    one = judged(written(tmp_path, FILES), text)
    assert one.mended == mended


def test_a_browser_takes_a_backslash_for_a_slash(tmp_path: Path) -> None:
    one = judged(written(tmp_path, FILES), '<a href="docs\\guide.md">x</a>\n')
    assert one.short == OK


def test_the_message_names_file_and_nearest(tmp_path: Path) -> None:
    one = judged(written(tmp_path, FILES), "[t](docs/giude.md)\n")
    assert one.reason == "there is no docs/giude.md; the nearest is docs/guide.md"
    one = judged(tmp_path, "[t](../giude.md)\n", "docs/a.md")
    assert one.reason == "there is no giude.md"


# -- what nobody can tell --------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "{{site.baseurl}}/x/", "<{% link a.md %}>", "@site/docs/x.md", "~/x", "docs/{version}/x.md",
        "docs/<b>/x.md", "$HOME/x", "docs/*.md", "../../issues", "../../wiki/Home", "../x.md",
        "../../releases/latest", "/../x", "../README.md", ".git/config", "/guide/", "/img/none.png",
    ],
)  # fmt: skip
def test_other_syntax_and_pages_of_the_forge(tmp_path: Path, url: str) -> None:
    written(tmp_path, {"README.md": "", "x.md": ""}, is_checkout=False)
    assert short(written(tmp_path / "r", FILES), url) == SKIPPED


@pytest.mark.parametrize(
    "url", ["{{x}}", "<%= x %>", "{{< ref 'a.md' >}}", "[[Page]]", "{% url 'x' %}", "<name>/a.md", "${x}"]
)
def test_templates_in_html(tmp_path: Path, url: str) -> None:
    one = judged(written(tmp_path, FILES), f'<a href="{url}">x</a>\n')
    assert one.short == SKIPPED


def test_what_lies_outside_is_not_told(tmp_path: Path) -> None:
    written(tmp_path, {"secret.md": "# Key\n"}, is_checkout=False)
    top = written(tmp_path / "r", FILES)
    (top / "out").symlink_to("..")
    (top / "file.md").symlink_to("../secret.md")
    urls = (
        "../secret.md",
        "../none.md",
        "out/secret.md",
        "out/none.md",
        "file.md#x",
        "%2e%2e/none.md",
        "docs/../../secret.md",
    )
    answers = [judged(top, f"[t]({url})\n") for url in urls]
    found = {(one.short, one.reason) for one in answers}
    assert found == {(SKIPPED, "it leads out of the repository, where nothing is looked at")}


def test_what_is_in_the_repository_wins_over_its_form(tmp_path: Path) -> None:
    top = written(tmp_path, {"{{x}}/a.md": "", "@site/b.md": "", "{{x}}/list.md": ""})
    assert short(top, "{{x}}/a.md") == OK
    assert short(top, "@site/b.md") == OK
    assert short(top, "none.md", "{{x}}/list.md") == SKIPPED


@pytest.mark.parametrize("folder", ["vendor/x", "third_party/y", "node_modules/z"])
def test_a_copy_of_another_project_need_not_be_whole(tmp_path: Path, folder: str) -> None:
    assert short(written(tmp_path, {f"{folder}/b.md": ""}), "none.md", f"{folder}/README.md") == SKIPPED
    assert short(tmp_path, "b.md", f"{folder}/README.md") == OK


@pytest.mark.parametrize(
    "name", [".github/PULL_REQUEST_TEMPLATE.md", ".github/ISSUE_TEMPLATE/bug.md", "pull_request_template.md"]
)
def test_templates_are_shown_elsewhere(tmp_path: Path, name: str) -> None:
    assert short(written(tmp_path, {}), "../blob/main/CONTRIBUTING.md", name) == SKIPPED


def test_a_submodule(tmp_path: Path) -> None:
    top = written(tmp_path, {"sub/": ""})
    assert short(top, "sub") == OK
    assert short(top, "sub/README.md") == SKIPPED


def test_what_a_build_makes(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.commit({".gitignore": "build/\n*.pdf\n", "a.md": ""})
    written(tmp_path, {"build/there.md": ""})
    assert short(tmp_path, "a.md/none") == NO_FILE
    for url in ("build/none.md", "build/x/", "book.pdf", "/build/none.md"):
        assert short(tmp_path, url) == SKIPPED, url
    assert short(tmp_path, "build/there.md") == OK
    assert short(tmp_path, "a/none.pd") == NO_FILE


def test_git_is_asked_a_bounded_number_of_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from linkcheck.git import origin
    from linkcheck.local import repository

    asked: list[str] = []

    def is_ignored(_: Path, path: str) -> bool:
        asked.append(path)
        return False

    monkeypatch.setattr(origin, "is_ignored", is_ignored)
    monkeypatch.setattr(repository, "_MOST_QUERIES", 3)
    written(tmp_path, {"l.md": "".join(f"[t](x{n % 5}.md)\n" for n in range(20))})
    assert [one.short for one in judged_all(tmp_path, "l.md")] == [NO_FILE, NO_FILE, NO_FILE, SKIPPED, SKIPPED] * 4
    assert asked == ["x0.md", "x1.md", "x2.md"]


def test_a_sparse_checkout(tmp_path: Path) -> None:
    top = written(tmp_path, {".git/info/sparse-checkout": "/docs/\n"})
    assert short(top, "src/a.py") == SKIPPED


def test_more_files_than_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from linkcheck.local import tree

    top = written(tmp_path, FILES)
    monkeypatch.setattr(tree, "MOST_FOLDERS", 0)
    assert short(top, "docs/none.md") == SKIPPED


def test_a_folder_without_a_readme_has_no_known_places(tmp_path: Path) -> None:
    top = written(tmp_path, FILES)
    assert short(top, "src#x") == SKIPPED
    assert short(written(top, {"src/index.md": "# X\n"}), "src#x") == OK


def test_a_list_that_is_a_symbolic_link(tmp_path: Path) -> None:
    top = written(
        tmp_path,
        {"docs/list.md": "[a](a.md) [b](docs/b.md) [c](c.md) [d](#d)\n\n# D\n", "docs/a.md": "", "docs/b.md": ""},
    )
    (top / "README.md").symlink_to("docs/list.md")
    assert [one.short for one in judged_all(top, "README.md")] == [OK, OK, NO_FILE, OK]
    assert [one.short for one in judged_all(top, "docs/list.md")] == [OK, NO_FILE, NO_FILE, OK]


# -- site generators -------------------------------------------------------------------------

SITE: dict[str, str | bytes] = {
    "mkdocs.yml": "site_name: x\n", "docs/index.md": "", "docs/guide.md": "# Set up\n", "docs/api/client.md": "",
    "docs/api/index.md": "", "docs/img/logo.png": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("guide", OK),
        ("guide/", OK),
        ("guide.html", OK),
        ("guide/#set-up", OK),
        ("guide/#none", SKIPPED),  # another page may have this address
        ("../guide/", OK),
        ("../api/client/", OK),
        ("/guide/", OK),
        ("/api/", OK),
        ("none/", SKIPPED),
        ("none", SKIPPED),
        ("none.html", SKIPPED),
        ("/none/", SKIPPED),
        ("none.md", NO_FILE),
        ("guide.md#none", NO_PLACE),
        ("img/none.png", NO_FILE),
        ("/none.md", SKIPPED),
    ],
)
def test_addresses_of_a_site(tmp_path: Path, url: str, found: str) -> None:
    assert short(written(tmp_path, SITE), url, "docs/page.md") == found


@pytest.mark.parametrize("url", ["guide", "guide/", "guide.html", "guide#set-up"])
def test_a_source_without_a_known_generator(tmp_path: Path, url: str) -> None:
    assert short(written(tmp_path, {"guide.md": "# Set up\n"}), url) == SKIPPED
    assert short(tmp_path, "../guide/", "page.md") == SKIPPED


def test_vitepress_resolves_pages_by_their_files(tmp_path: Path) -> None:
    top = written(tmp_path, {"docs/.vitepress/config.ts": "", "docs/guide.md": "# Set up\n", "docs/x/a.md": ""})
    found = {
        url: short(top, url, "docs/x/page.md")
        for url in ("../guide#set-up", "../guide#none", "../guide.html#none", "guide#none")
    }
    assert found == {
        "../guide#set-up": OK,
        "../guide#none": NO_PLACE,
        "../guide.html#none": NO_PLACE,
        "guide#none": SKIPPED,
    }


def test_raw_html_counts_from_the_page(tmp_path: Path) -> None:
    top = written(tmp_path, SITE)
    found = [judged(top, f'<img src="{url}">\n', "docs/api/page.md") for url in ("../../img/logo.png", "../none.png")]
    assert [one.short for one in found] == [OK, SKIPPED]


@pytest.mark.parametrize(
    ("files", "document", "url", "found"),
    [
        ({"mkdocs.yml": "plugins: [gen-files]"}, "docs/a.md", "reference.md", SKIPPED),
        ({"_config.yml": ""}, "_posts/2026-01-01-a.md", "b.md", SKIPPED),
        ({"_config.yml": ""}, "a.md", "b.md", NO_FILE),
        ({"_config.yml": ""}, "a.md", "b.png", SKIPPED),
        ({"hugo.toml": ""}, "content/a.md", "b.png", SKIPPED),
        ({"docusaurus.config.js": ""}, "i18n/fr/docs/a.md", "b.md", SKIPPED),
        ({"mkdocs.yml": "", "docs/fr/b.md": ""}, "docs/de/a.md", "b.md", SKIPPED),
        ({"mkdocs.yml": "", "docs/zh-Hans/b.md": ""}, "docs/pt_BR/a.md", "b.md", SKIPPED),
        ({"mkdocs.yml": "", "docs/one/b.md": ""}, "docs/two/a.md", "b.md", NO_FILE),
        ({"mkdocs.yml": "", "docs/en/c.md": ""}, "docs/de/a.md", "b.md", NO_FILE),
        ({"docs/conf.py": ""}, "docs/a.md", "some-label", SKIPPED),
        ({"docs/conf.py": ""}, "CHANGELOG.md", "some/label", SKIPPED),  # which the site may include
        ({"docs/conf.py": ""}, "CHANGELOG.md", "a.md", NO_FILE),
        ({"docs/conf.py": ""}, "README.md", "some/label", NO_FILE),
        ({"docs/mkdocs.yml": ""}, "CHANGELOG.md", "some/label", NO_FILE),
        ({"docs/mkdocs.yml": "", "docs/x/y.md": ""}, "CHANGELOG.md", "x/y", SKIPPED),
    ],
)
def test_what_only_the_generator_knows(
    tmp_path: Path, files: dict[str, str | bytes], document: str, url: str, found: str
) -> None:
    assert short(written(tmp_path, files), url, document) == found


# -- absolute paths --------------------------------------------------------------------------


def test_absolute_paths_count_from_the_named_folder(tmp_path: Path) -> None:
    top = written(
        tmp_path, {**SITE, "public/guide/index.html": '<h1 id="set-up">x</h1>', "public/a.html": "", "x.md": ""}
    )
    checker = Checker(top, top / "public")
    for url, found in {
        "/guide/": OK, "/guide/#set-up": OK, "/a": OK, "/a.html": OK, "/x.md": OK, "/none/": NO_FILE, "/b.html": NO_FILE,
        "/{{x}}/": SKIPPED, "/": OK, "/docs/guide.md": OK, "docs/guide.md": OK, "none/": NO_FILE,
    }.items():  # fmt: skip
        assert short(top, url, checker=checker) == found, url
    one = judged(top, "[t](/giude/)\n", checker=checker)
    assert one.mended == "[t](/guide)\n"


def test_an_absolute_path_that_some_folder_may_hold(tmp_path: Path) -> None:
    top = written(tmp_path, {"site/pages/docs/a.md": "", "docs/b.md": ""})
    assert short(top, "/docs/a.md") == SKIPPED
    assert short(top, "/docs/c.md") == NO_FILE


def test_paths_with_bytes_that_are_no_text(tmp_path: Path) -> None:
    if os.name == "nt":
        pytest.skip("names are text there")
    top = written(tmp_path, {})
    try:
        (top / os.fsdecode(b"caf\xe9.md")).write_text("")
    except OSError:
        pytest.skip("this file system takes no such name")
    assert short(top, "caf%E9.md") == OK
    one = judged(top, "[t](caf%E8.md)\n")
    assert one.short == NO_FILE
    one.reason.encode()
