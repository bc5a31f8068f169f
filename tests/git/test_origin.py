"""Where a repository lives on its forge, and what its clone knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkcheck.git import origin
from linkcheck.git.origin import Branches, Remote
from tests.git.repository import Repository


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        ("https://github.com/Owner/Name.git", "github.com", "owner/name"),
        ("https://token@github.com/owner/name", "github.com", "owner/name"),
        ("https://user:secret@gitlab.com/group/sub/name.git/", "gitlab.com", "group/sub/name"),
        ("git@github.com:owner/name.git", "github.com", "owner/name"),
        ("github.com:owner/name", "github.com", "owner/name"),
        ("ssh://git@git.example:2222/owner/name.git", "git.example", "owner/name"),
        ("ssh://git@ssh.github.com:443/owner/name.git", "github.com", "owner/name"),
        ("git://codeberg.org/owner/name", "codeberg.org", "owner/name"),
        ("git+ssh://git@bitbucket.org/owner/name.git", "bitbucket.org", "owner/name"),
        ("http://[::1]:3000/owner/name", "[::1]", "owner/name"),
    ],
)
def test_the_urls_of_remotes(url: str, host: str, path: str) -> None:
    assert origin.parse(url) == Remote(host, path)


@pytest.mark.parametrize(
    "url",
    ["", "/srv/git/name.git", "../name", "file:///srv/owner/name", "C:/git/name", r"C:\git\name", "https://host", "host:name",
     "ext::sh -c x", "https://host/name.git"],
)  # fmt: skip
def test_what_is_no_forge(url: str) -> None:
    assert origin.parse(url) is None


CONFIG = """
[core]
	bare = false
	url = https://wrong.example/a/b
[remote "other"]
	url = https://github.com/other/name
[remote "origin"]
	; url = https://wrong.example/a/b
	fetch = +refs/heads/*:refs/remotes/origin/*
	url = "git@github.com:fork/name.git"
	url = https://second.example/fork/name
	pushurl = https://push.example/fork/name
[remote "upstream"]
	URL = https://github.com/owner/name.git
[branch "main"]
	remote = origin
"""


def test_remotes_are_read_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/config").write_text(CONFIG)
    assert origin.remotes(tmp_path) == (Remote("github.com", "fork/name"), Remote("github.com", "owner/name"))


def test_without_a_config_there_is_no_remote(tmp_path: Path) -> None:
    assert origin.remotes(tmp_path) == ()
    (tmp_path / ".git").mkdir()
    assert origin.remotes(tmp_path) == ()
    (tmp_path / ".git/config").write_bytes(b'\xff[remote "origin"\nurl = \xff\n[remote "upstream"]\nurl\n')
    assert origin.remotes(tmp_path) == ()


def test_the_remotes_of_a_worktree(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    repository = Repository(tmp_path / "r")
    repository.commit({"a.md": ""})
    repository.git("config", "--add", "remote.origin.url", "git@github.com:owner/name.git")
    repository.git("config", "--add", "remote.origin.url", "git@github.com:second/name.git")
    repository.git("worktree", "add", "--quiet", "-b", "other", "../w")
    assert origin.remotes(tmp_path / "w") == (Remote("github.com", "owner/name"),)


@pytest.fixture
def clone(tmp_path: Path) -> Repository:
    """A clone whose origin has the default branch `trunk`."""
    (tmp_path / "r").mkdir()
    there = Repository(tmp_path / "r")
    there.git("checkout", "--quiet", "-b", "trunk")
    there.commit({"old.md": "", ".gitignore": "build/\n*.html\n"})
    there.git("clone", "--quiet", ".", "../clone")
    return Repository(tmp_path / "clone")


def test_the_default_branch_of_a_clone(clone: Repository) -> None:
    clone.git("checkout", "--quiet", "-b", "change")
    assert origin.branches(clone.path) == Branches(frozenset({"trunk"}), "change")


@pytest.mark.parametrize(
    ("branch", "defaults"), [("main", {"main"}), ("master", {"master"}), ("a/b", {"main", "master", "a/b"})]
)
def test_the_default_branch_without_a_remote(tmp_path: Path, branch: str, defaults: set[str]) -> None:
    repository = Repository(tmp_path)
    repository.git("checkout", "--quiet", "-b", branch)
    repository.commit({"a.md": ""})
    found = origin.branches(tmp_path)
    assert (set(found.defaults), found.current) == (defaults, branch)
    assert found.is_known is (branch != "a/b")
    assert [one for one in (*sorted(defaults), "HEAD") if found.may_be_another(one)] == (
        ["main", "master"] if branch == "a/b" else []
    )


def test_no_branch_is_known(clone: Repository, tmp_path: Path) -> None:
    clone.git("remote", "remove", "origin")
    clone.git("checkout", "--quiet", "--detach")
    clone.git("branch", "--quiet", "-D", "trunk")
    assert origin.branches(clone.path) == Branches(frozenset({"main", "master"}), "", is_known=False)
    assert origin.branches(tmp_path) == Branches(frozenset({"main", "master"}), "", is_known=False)


def test_tags(clone: Repository, tmp_path: Path) -> None:
    assert origin.tags(clone.path) == frozenset()
    clone.git("tag", "v1.0.0")
    clone.git("tag", "-a", "-m", "x", "pkg/v2")
    assert origin.tags(clone.path) == {"v1.0.0", "pkg/v2"}
    assert origin.tags(tmp_path) == frozenset()


def test_what_git_ignores(clone: Repository, tmp_path: Path) -> None:
    for path, is_ignored in {
        "build": True, "build/a.md": True, "a.html": True, "a.md": False, "*.html": True, ":!a": False, "../a.html": False,
        "-v": False, "a\0.html": False,
    }.items():  # fmt: skip
        assert origin.is_ignored(clone.path, path) is is_ignored, path
    assert not origin.is_ignored(tmp_path, "a.html")


def test_a_file_that_was_added_since(clone: Repository, tmp_path: Path) -> None:
    there = Repository(tmp_path / "r")
    there.commit({"new.md": ""})
    clone.git("fetch", "--quiet")
    assert origin.is_only_upstream(clone.path, "trunk", "new.md")
    assert origin.is_only_upstream(clone.path, "HEAD", "new.md")
    assert not origin.is_only_upstream(clone.path, "trunk", "old.md")  # this change takes it away
    assert not origin.is_only_upstream(clone.path, "trunk", "none.md")
    assert not origin.is_only_upstream(clone.path, "trunk", "new.md\0")
    assert not origin.is_only_upstream(clone.path, "none", "new.md")
    assert not origin.is_only_upstream(tmp_path, "trunk", "new.md")


def test_a_worktree_that_is_sparse(clone: Repository, tmp_path: Path) -> None:
    assert not origin.is_sparse(clone.path)
    clone.git("worktree", "add", "-q", str(tmp_path / "tree"))
    clone.git("-C", str(tmp_path / "tree"), "sparse-checkout", "set", "docs")
    assert origin.is_sparse(tmp_path / "tree")
    assert not origin.is_sparse(clone.path)
    assert not origin.is_sparse(tmp_path)


def test_a_file_that_was_changed_since(clone: Repository, tmp_path: Path) -> None:
    there = Repository(tmp_path / "r")
    there.commit({"old.md": "# New\n", "same.md": "# S\n"})
    clone.git("fetch", "--quiet")
    assert origin.is_changed_upstream(clone.path, "trunk", "old.md")
    assert origin.is_changed_upstream(clone.path, "HEAD", "old.md")
    clone.git("reset", "--quiet", "--hard", "origin/trunk")
    assert not origin.is_changed_upstream(clone.path, "trunk", "old.md")
    assert not origin.is_changed_upstream(clone.path, "trunk", "none.md")
    assert not origin.is_changed_upstream(clone.path, "trunk", "old.md\0")
    assert not origin.is_changed_upstream(clone.path, "none", "old.md")
    assert not origin.is_changed_upstream(tmp_path, "trunk", "old.md")
