"""Which links are judged on disk, and what is said of places in the page and of the own forge's pages."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from linkcheck import read
from linkcheck.local.checker import Checker
from linkcheck.model import LinkKind
from tests.answers import link
from tests.git.repository import Repository
from tests.local.judged import NO_FILE, NO_PLACE, OK, SKIPPED, SKIPPED_IN_PAGE, judged, judged_all, short, written

HUB = "https://github.com/own/name"
GIT: dict[str, str | bytes] = {".git/HEAD": "ref: refs/heads/main\n", ".git/objects/": "", ".git/refs/": ""}
CONFIG = f'[remote "origin"]\n\turl = {HUB}.git\n'
PENDING = "pending[unreleased]"


@pytest.mark.parametrize(
    "url",
    ["https://example.org/a.md", "//example.org/a.md", "http://a b", "mailto:a@b.example", "tel:1", "C:\\docs\\a.md", "",
     "site:x", "pathname:///x", "javascript:x", "?page=2", f"{HUB}/issues", f"{HUB}/blob/dev/a.md", HUB,
     "https://github.com/own/other/blob/main/a.md", f"{HUB}/blob/main/{{x}}.md", f"{HUB}/releases/tag/v9"],
)  # fmt: skip
def test_other_links_are_left_to_the_plan(tmp_path: Path, url: str) -> None:
    top = written(tmp_path, {".git/config": CONFIG, "l.md": ""})
    assert Checker(top).judge(link(url, path=os.fspath(top / "l.md"))) is None


@pytest.mark.parametrize("path", ["<stdin>", "/dev/fd/63", "/proc/self/fd/0"])
def test_a_list_without_a_place(tmp_path: Path, path: str) -> None:
    checker = Checker(tmp_path, base="https://own.example")
    for url in ("a.md", "#x", f"{HUB}/blob/main/a.md", "https://own.example/a/"):
        assert checker.judge(link(url, path=path)) is None


# -- places in the page ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fragment", "found"),
    [
        ("list", OK),
        ("", OK),
        ("top", OK),
        ("own", OK),
        ("none", NO_PLACE),
        ("/route", SKIPPED_IN_PAGE),
        ("{{x}}", SKIPPED_IN_PAGE),
        ("readme", OK),
    ],
)
def test_places_in_the_page(tmp_path: Path, fragment: str, found: str) -> None:
    one = judged(written(tmp_path, {}), f'# List\n\n<a id="own"></a>\n\n[t](#{fragment})\n')
    assert one.short == found


def test_the_nearest_place_is_named(tmp_path: Path) -> None:
    one = judged(written(tmp_path, {}), "# Installation guide\n\n[t](#instalation-guide)\n")
    assert "the nearest is #installation-guide" in one.reason


def test_sphinx_looks_for_targets_everywhere(tmp_path: Path) -> None:
    assert short(written(tmp_path, {"docs/conf.py": ""}), "#target", "docs/a.md") == SKIPPED_IN_PAGE
    assert short(tmp_path, "#list", "docs/a.md") == OK
    assert short(tmp_path, "#target", "CHANGELOG.md") == SKIPPED_IN_PAGE  # which a page may include
    assert short(tmp_path, "#target", "README.md") == NO_PLACE


# -- where lists lie -------------------------------------------------------------------------


def test_lists_of_several_repositories(tmp_path: Path) -> None:
    for name in ("one", "two"):
        written(tmp_path / name, {f"{name}.md": ""})
    checker = Checker(tmp_path)
    assert short(tmp_path / "one", "one.md", checker=checker) == OK
    assert short(tmp_path / "two", "one.md", checker=checker) == NO_FILE
    assert short(tmp_path / "one", "../two/two.md", checker=checker) == SKIPPED


def test_outside_a_repository_the_current_folder_is_the_bound(tmp_path: Path) -> None:
    written(tmp_path, {"secret.md": "", "here/a.md": "", "here/docs/b.md": "", "here/.env": ""}, is_checkout=False)
    found = {
        url: short(tmp_path / "here", url, "docs/l.md") for url in ("b.md", "../a.md", "../.env", "../../secret.md")
    }
    assert found == {"b.md": OK, "../a.md": OK, "../.env": SKIPPED, "../../secret.md": SKIPPED}


def test_elsewhere_the_list_has_its_own_folder_only(tmp_path: Path) -> None:
    written(tmp_path, {"a.md": "", "docs/b.md": ""}, is_checkout=False)
    checker = Checker(tmp_path / "docs")
    (tmp_path / "other").mkdir()
    assert short(tmp_path, "a.md", checker=checker) == OK
    assert short(tmp_path, "../a.md", "other/l.md", checker=checker) == SKIPPED
    wide = Checker(tmp_path / "docs", tmp_path)
    assert short(tmp_path, "../a.md", "other/l.md", checker=wide) == OK


def test_a_relative_path_to_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, {"docs/l.md": "[t](../a.md)", "a.md": ""})
    monkeypatch.chdir(tmp_path / "docs")
    [found] = read.read(b"[t](../a.md)\n", "l.md").links
    answer = Checker(Path.cwd()).judge(found)
    assert answer is not None
    assert answer.state == "ok"


def test_a_list_that_was_reached_by_a_link_of_its_folder(tmp_path: Path) -> None:
    top = written(tmp_path / "r", {"docs/l.md": "[a](b.md) [c](../docs/b.md)", "docs/b.md": ""})
    (tmp_path / "way").symlink_to("r")
    assert [one.short for one in judged_all(tmp_path / "way", "docs/l.md", Checker(top))] == [OK, OK]


def test_a_list_that_is_a_link_from_outside(tmp_path: Path) -> None:
    written(tmp_path, {"l.md": "[a](b.md) [c](#x)"}, is_checkout=False)
    top = written(tmp_path / "r", {"b.md": ""})
    (top / "l.md").symlink_to("../l.md")
    assert [one.short for one in judged_all(top, "l.md")] == [OK, SKIPPED_IN_PAGE]


# -- the own forge ---------------------------------------------------------------------------

OWN: dict[str, str | bytes] = {
    **GIT, ".git/config": CONFIG, "docs/guide.md": "# Set up\n", "CHANGELOG.md": "# Changes\n\n## Unreleased\n\n## 1.2.0\n\n## 1.1.0\n",
}  # fmt: skip


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("blob/main/docs/guide.md", OK),
        ("blob/HEAD/docs/guide.md#set-up", OK),
        ("blob/master/docs/guide.md#none", "web"),  # nobody says that it is the default branch
        ("raw/main/docs/guide.md#none", OK),
        ("tree/main/docs", OK),
        ("tree/main", OK),
        ("blob/main/docs/none.md", NO_FILE),
        ("blob/main/.git/config", "web"),
        ("releases/tag/v1.2.0", PENDING),
        ("releases/tag/1.2.0", PENDING),
        ("releases/tag/v1.1.0", "web"),
        ("releases/tag/v1.3.0", "web"),
        ("compare/v1.1.0...v1.2.0", PENDING),
        ("compare/v1.2.0...HEAD", PENDING),
        ("compare/v1.1.0...HEAD", "web"),
        ("tree/v1.2.0", PENDING),
        ("archive/refs/tags/v1.2.0.zip", PENDING),
    ],
)
def test_pages_of_the_own_repository(tmp_path: Path, path: str, found: str) -> None:
    assert short(written(tmp_path, OWN), f"{HUB}/{path}") == found


def test_a_moved_file_is_named(tmp_path: Path) -> None:
    one = judged(written(tmp_path, OWN), f"[t](<{HUB}/blob/main/guide.md?plain=1#L1>)\n")
    assert one.short == NO_FILE
    assert one.mended == f"[t](<{HUB}/blob/main/docs/guide.md?plain=1#L1>)\n"
    one = judged(tmp_path, f"[t]({HUB}/blob/main/x/../guide.md)\n")
    assert (one.short, one.mended) == (NO_FILE, "")


def test_a_url_without_a_scheme(tmp_path: Path) -> None:
    assert short(written(tmp_path, OWN), "//github.com/own/name/blob/main/docs/guide.md") == OK


def test_what_the_work_tree_cannot_tell_is_requested(tmp_path: Path) -> None:
    top = written(
        tmp_path,
        {**OWN, ".git/info/sparse-checkout": "", "sub/": "", "data.md": "version https://git-lfs.github.com/spec/v1\n"},
    )
    for path in ("blob/main/none.md", "tree/main/sub/x", "blob/main/data.md#x"):
        assert short(top, f"{HUB}/{path}") == "web", path


def test_git_is_asked_a_bounded_number_of_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from linkcheck.local import repository

    monkeypatch.setattr(repository, "_MOST_QUERIES", 2)
    written(tmp_path, {**OWN, "l.md": "".join(f"[t]({HUB}/blob/main/x{n % 4}.md)\n" for n in range(8))})
    assert [one.short for one in judged_all(tmp_path, "l.md")] == [NO_FILE, NO_FILE, "web", "web"] * 2


def test_a_version_that_has_its_tag_is_requested(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.git("remote", "add", "origin", f"{HUB}.git")
    repository.commit({"CHANGELOG.md": "## 1.2.0\n"})
    assert short(tmp_path, f"{HUB}/releases/tag/v1.2.0") == PENDING
    repository.git("tag", "v1.2.0")
    assert short(tmp_path, f"{HUB}/releases/tag/v1.2.0") == "web"


def test_without_a_changelog_no_version_is_pending(tmp_path: Path) -> None:
    top = written(tmp_path, {".git/config": CONFIG})
    assert short(top, f"{HUB}/releases/tag/v1.2.0") == "web"


def test_a_file_that_others_added_since(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    there = Repository(tmp_path / "r")
    there.commit({"old.md": ""})
    there.git("clone", "--quiet", ".", "../clone")
    there.commit({"new.md": ""})
    clone = Repository(tmp_path / "clone")
    clone.git("fetch", "--quiet")
    clone.git("remote", "set-url", "origin", f"{HUB}.git")
    clone.git("rm", "--quiet", "old.md")
    assert short(clone.path, f"{HUB}/blob/main/new.md") == "web"
    assert short(clone.path, f"{HUB}/blob/main/old.md") == NO_FILE
    assert short(clone.path, f"{HUB}/blob/main/none.md") == NO_FILE


def test_a_heading_that_others_added_since(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    there = Repository(tmp_path / "r")
    there.commit({"a.md": "# A\n", "b.md": "# B\n"})
    there.git("clone", "--quiet", ".", "../clone")
    there.commit({"a.md": "# A\n\n## New\n"})
    clone = Repository(tmp_path / "clone")
    clone.git("fetch", "--quiet")
    clone.git("remote", "set-url", "origin", f"{HUB}.git")
    assert short(clone.path, f"{HUB}/blob/main/a.md#new") == "web"
    assert short(clone.path, f"{HUB}/blob/main/a.md#a") == OK
    assert short(clone.path, f"{HUB}/blob/main/b.md#new") == NO_PLACE
    assert short(clone.path, "a.md#new") == NO_PLACE, "a relative link is one to the file of this branch"


# -- the published site ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://own.example/docs/guide/", OK),
        ("https://own.example/docs/guide/#set-up", OK),
        ("https://own.example/docs/guide/#none", "web"),
        ("https://own.example/docs/none/", "web"),
        ("https://own.example/docs", OK),
        ("https://own.example/docsearch/guide/", "web"),
        ("https://other.example/docs/guide/", "web"),
    ],
)
@pytest.mark.parametrize("has_root_dir", [True, False])
def test_addresses_of_the_published_site(tmp_path: Path, url: str, found: str, has_root_dir: bool) -> None:
    top = written(tmp_path, {"mkdocs.yml": "", "docs/guide.md": "# Set up\n", "docs/index.md": ""})
    checker = Checker(top, top / "docs" if has_root_dir else None, "https://own.example/docs")
    expected = "web" if url == "https://own.example/docs" and not has_root_dir else found
    assert short(top, url, "docs/a.md", checker) == expected


def test_every_kind_of_link_is_judged(tmp_path: Path) -> None:
    text = '[a](a.md) ![b](b.png) <img src="c.png"> [d][r] [x] [e](e.md "t")\n\n[r]: d.md\n[x]: x.md\n[unused]: u.md\n'
    top = written(tmp_path, {"l.md": text})
    kinds = {found.kind for found in read.read(text.encode(), "l.md").links}
    assert kinds == {LinkKind.INLINE, LinkKind.HTML, LinkKind.REFERENCE}
    assert {one.short for one in judged_all(top, "l.md")} == {NO_FILE}
