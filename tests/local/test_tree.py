"""The files of a repository: names compared exactly, nothing outside looked at."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from linkcheck.local import tree as trees
from linkcheck.local.tree import Found, Kind, Tree
from tests.local.judged import written


def kind(tree: Tree, path: str) -> Kind:
    return tree.find(tuple(path.split("/"))).kind


def test_what_is_at_a_path(tmp_path: Path) -> None:
    tree = Tree(written(tmp_path, {"a.md": "", "docs/b.md": ""}))
    assert tree.find(()).kind is Kind.FOLDER
    assert [kind(tree, path) for path in ("a.md", "docs", "docs/b.md")] == [Kind.FILE, Kind.FOLDER, Kind.FILE]
    for path in ("b.md", "A.md", "Docs/b.md", "docs/B.md", "a.md/b.md", "docs/x/y.md", "a\0.md", "x" * 5_000):
        assert kind(tree, path) is Kind.MISSING, path


def test_a_name_has_one_form_whoever_wrote_it(tmp_path: Path) -> None:
    tree = Tree(written(tmp_path, {"Gro\u0308ße.md": "", "Übersicht.md": ""}))
    assert kind(tree, "Größe.md") is Kind.FILE
    assert kind(tree, "U\u0308bersicht.md") is Kind.FILE


def test_what_git_keeps_for_itself_is_outside(tmp_path: Path) -> None:
    tree = Tree(written(tmp_path, {".git/config": "", ".github/a.md": ""}))
    assert kind(tree, ".git/config") is Kind.OUTSIDE
    assert kind(tree, ".GIT/config") is Kind.OUTSIDE
    assert kind(tree, ".github/a.md") is Kind.FILE


def test_outside_a_repository_hidden_files_are_not_looked_at(tmp_path: Path) -> None:
    tree = Tree(written(tmp_path, {".ssh/id": ""}, is_checkout=False), shows_hidden=False)
    assert kind(tree, ".ssh/id") is Kind.OUTSIDE
    assert kind(tree, ".none") is Kind.OUTSIDE


def test_symbolic_links(tmp_path: Path) -> None:
    top = written(tmp_path / "r", {"docs/a.md": "", "secret": ""})
    (tmp_path / "outside.md").write_text("")
    for name, target in {
        "in": "docs", "file.md": "docs/a.md", "out": "..", "out.md": "../outside.md", "broken.md": "none.md",
        "git": ".git", "loop": "loop", "self": ".",
    }.items():  # fmt: skip
        (top / name).symlink_to(target)
    tree = Tree(top)
    assert tree.find(("in", "a.md")) == Found(Kind.FILE, ("docs", "a.md"))
    assert tree.find(("file.md",)) == Found(Kind.FILE, ("docs", "a.md"))
    assert tree.find(("self",) * 200) == Found(Kind.FOLDER)
    for path in ("out", "out/outside.md", "out/none.md", "out.md", "git", "git/config"):
        assert kind(tree, path) is Kind.OUTSIDE, path
    assert kind(tree, "broken.md") is Kind.FILE  # the link itself is in the repository
    assert kind(tree, "loop") is Kind.FILE
    assert tree.names(("in",)).keys() == {"a.md"}
    assert tree.names(("out",)) == tree.names(("git",)) == tree.names(("none",)) == tree.names(("file.md",)) == {}


def test_the_top_may_be_reached_by_a_link(tmp_path: Path) -> None:
    written(tmp_path / "r", {"a.md": ""})
    (tmp_path / "link").symlink_to("r")
    assert kind(Tree(tmp_path / "link"), "a.md") is Kind.FILE


def test_nobody_knows_what_is_in_a_submodule(tmp_path: Path) -> None:
    tree = Tree(written(tmp_path, {"empty/": "", "sub/.git": "gitdir: x", "sub/a.md": "", "sub/deep/b.md": ""}))
    assert kind(tree, "empty") is Kind.FOLDER
    assert kind(tree, "sub/a.md") is Kind.FILE
    for path in ("empty/a.md", "sub/none.md", "sub/deep/none.md"):
        assert kind(tree, path) is Kind.UNKNOWN, path
    assert kind(tree, "none.md") is Kind.MISSING  # the top has a `.git` too


@pytest.mark.skipif(os.name == "nt" or os.getuid() == 0, reason="the administrator may read everything")
def test_a_folder_that_cannot_be_read(tmp_path: Path) -> None:
    top = written(tmp_path, {"closed/a.md": ""})
    (top / "closed").chmod(0)
    try:
        assert kind(Tree(top), "closed/a.md") is Kind.UNKNOWN
    finally:
        (top / "closed").chmod(0o700)


def test_a_folder_that_is_gone_meanwhile(tmp_path: Path) -> None:
    top = written(tmp_path, {"docs/a.md": ""})
    tree = Tree(top)
    assert kind(tree, "docs") is Kind.FOLDER
    (top / "docs/a.md").unlink()
    (top / "docs").rmdir()
    assert kind(tree, "docs/a.md") is Kind.UNKNOWN
    assert tree.names(("docs",)) == {}


@pytest.mark.parametrize("bound", ["MOST_FOLDERS", "MOST_ENTRIES"])
def test_beyond_the_bounds_nothing_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    monkeypatch.setattr(trees, bound, 1)
    tree = Tree(written(tmp_path, {"a/b/c.md": "", "a/d.md": ""}))
    kinds = {kind(tree, path) for path in ("a/b/c.md", "a/b/x.md", "a/x.md")}
    assert kinds == {Kind.UNKNOWN}


def test_the_files_near_the_top_come_first(tmp_path: Path) -> None:
    files = {"b/c.md": "", "b/c/d.md": "", "a.md": "", ".hidden/x.md": "", "node_modules/y.md": ""}
    tree = Tree(written(tmp_path, dict.fromkeys(files, "")))
    assert list(tree.files(10)) == [("a.md",), ("b", "c.md"), ("b", "c", "d.md")]
    assert list(tree.files(1)) == [("a.md",)]
