"""The repository's own pages on its forge."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkcheck.git.origin import Branches
from linkcheck.local.own import FilePage, Own, VersionPage
from tests.local.judged import written

HUB, LAB = "https://github.com/own/name", "https://gitlab.com/group/sub/name"


def own(tmp_path: Path, remote: str = HUB, branches: frozenset[str] = frozenset({"main"})) -> Own:
    found = Own(written(tmp_path, {".git/config": f'[remote "origin"]\n\turl = {remote}.git\n'}))
    found.branches = Branches(branches, "main")
    return found


@pytest.mark.parametrize(
    ("url", "path", "before", "fragment"),
    [
        (f"{HUB}/blob/main/docs/a.md#x", "docs/a.md", f"{HUB}/blob/main", "x"),
        (f"{HUB}/blob/HEAD/a%20b.md", "a b.md", f"{HUB}/blob/HEAD", None),
        (f"{HUB}/blob/main/a.md?plain=1#L5", "a.md", f"{HUB}/blob/main", "L5"),
        (f"{HUB}/tree/main/", "", f"{HUB}/tree/main", None),
        (f"{HUB}/tree/main#readme", "", f"{HUB}/tree/main", "readme"),
        (f"{HUB}/blob/main/docs%2Fa.md", "docs/a.md", f"{HUB}/blob/main", None),
        (f"{HUB}/blob/main/x/../a.md", "a.md", "", None),
        (f"{HUB}/tree/main/docs/", "docs", f"{HUB}/tree/main", None),
        (f"{HUB}/raw/main/a.md#x", "a.md", f"{HUB}/raw/main", None),
        (f"{HUB}/edit/main/a.md", "a.md", f"{HUB}/edit/main", None),
        (f"{HUB}/blame/main/a.md#L3", "a.md", f"{HUB}/blame/main", None),
        ("https://www.GitHub.com/Own/Name/blob/main/a.md", "a.md", "https://www.GitHub.com/Own/Name/blob/main", None),
        ("https://raw.githubusercontent.com/own/name/main/a.md", "a.md", "https://raw.githubusercontent.com/own/name/main", None),
        ("https://raw.githubusercontent.com/own/name/refs/heads/main/a.md", "a.md",
         "https://raw.githubusercontent.com/own/name/refs/heads/main", None),
    ],
)  # fmt: skip
def test_files_of_the_default_branch(tmp_path: Path, url: str, path: str, before: str, fragment: str | None) -> None:
    page = own(tmp_path).page(url)
    assert isinstance(page, FilePage)
    assert ("/".join(page.parts), page.before, page.fragment) == (path, before, fragment)


@pytest.mark.parametrize(
    ("remote", "url", "path"),
    [
        (LAB, f"{LAB}/-/blob/main/docs/a.md", "docs/a.md"),
        (LAB, f"{LAB}/blob/main/a.md", "a.md"),
        (LAB, f"{LAB}/-/raw/main/a.md", "a.md"),
        ("https://codeberg.org/own/name", "https://codeberg.org/own/name/src/branch/main/a.md", "a.md"),
        ("https://codeberg.org/own/name", "https://codeberg.org/own/name/raw/branch/main/a.md", "a.md"),
        ("ssh://git@git.example:22/own/name", "https://git.example:8443/own/name/src/branch/main/a.md", "a.md"),
        ("git@bitbucket.org:own/name", "https://bitbucket.org/own/name/src/main/a.md", "a.md"),
    ],
)
def test_other_forges(tmp_path: Path, remote: str, url: str, path: str) -> None:
    page = own(tmp_path, remote).page(url)
    assert isinstance(page, FilePage)
    assert "/".join(page.parts) == path


def test_a_branch_with_slashes(tmp_path: Path) -> None:
    page = own(tmp_path, branches=frozenset({"release", "release/2"})).page(f"{HUB}/blob/release/2/docs/a.md")
    assert isinstance(page, FilePage)
    assert (page.parts, page.before) == (("docs", "a.md"), f"{HUB}/blob/release/2")


@pytest.mark.parametrize(
    "url",
    [
        HUB, f"{HUB}/", f"{HUB}/issues/1", f"{HUB}/releases/latest", f"{HUB}/blob", f"{HUB}/-/blob/main/a",
        "https://github.com/own/other/blob/main/a.md", "https://github.com/own/name2/blob/main/a.md",
        "https://gitlab.com/own/name/-/blob/main/a.md", "https://raw.githubusercontent.com/own/other/main/a.md",
        "https://github.com/own", f"{HUB}/wiki", "https://[", f"{HUB}/blob/main/..%2f..%2fa", f"{HUB}/src/commit/abc/a.md",
    ],
)  # fmt: skip
def test_other_pages_are_left_to_the_web(tmp_path: Path, url: str) -> None:
    page = own(tmp_path).page(url)
    if url == f"{HUB}/-/blob/main/a":
        assert isinstance(page, FilePage)  # GitLab's form: nothing else has it
    else:
        assert not isinstance(page, FilePage)


@pytest.mark.parametrize(
    ("path", "refs"),
    [
        ("releases/tag/v1.2.0", ("v1.2.0",)),
        ("releases/tag/pkg%401.2.0", ("pkg@1.2.0",)),
        ("releases/download/v1/x.zip", ("v1",)),
        ("compare/v1.1.0...v1.2.0", ("v1.1.0", "v1.2.0")),
        ("compare/v1..HEAD", ("v1", "HEAD")),
        ("compare/a/b...c/d", ("a/b", "c/d")),
        ("archive/refs/tags/v1.2.0.tar.gz", ("v1.2.0",)),
        ("archive/v1.2.0.zip", ("v1.2.0",)),
        ("tree/v1.2.0", ("v1.2.0",)),
        ("blob/v1.2.0/a.md", ("v1.2.0",)),
        ("-/releases/v1", ("v1",)),
        ("-/tags/v1", ("v1",)),
        ("-/compare/v1...v2", ("v1", "v2")),
        ("-/archive/v1/name-v1.tar.bz2", ("v1",)),
        ("src/tag/v1/a.md", ("v1",)),
    ],
)
def test_pages_of_versions(tmp_path: Path, path: str, refs: tuple[str, ...]) -> None:
    assert own(tmp_path).page(f"{HUB}/{path}") == VersionPage(refs)


@pytest.mark.parametrize(
    "path", ["releases", "releases/latest", "tags", "issues/5", "src/commit/abc/a.md", "archive", "-"]
)
def test_pages_of_no_version(tmp_path: Path, path: str) -> None:
    assert own(tmp_path).page(f"{HUB}/{path}") is None


def test_the_repository_that_a_fork_came_from(tmp_path: Path) -> None:
    config = f'[remote "origin"]\n\turl = git@github.com:me/fork\n[remote "upstream"]\n\turl = {HUB}\n'
    found = Own(written(tmp_path, {".git/config": config}))
    assert found.host == "github.com"
    assert isinstance(found.page(f"{HUB}/blob/main/a.md"), FilePage)
    assert isinstance(found.page("https://github.com/me/fork/blob/main/a.md"), FilePage)


def test_without_a_remote_nothing_is_ones_own(tmp_path: Path) -> None:
    assert Own(tmp_path).page(f"{HUB}/blob/main/a.md") is None
    assert Own(tmp_path).host == ""
