from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from linkcheck.git import change
from linkcheck.git.change import ON_DISK, File, Place
from linkcheck.git.process import GitError
from tests.git.repository import ENVIRONMENT, Repository

NEW = "- <https://a.example/>\n"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "r").mkdir()
    return Repository(tmp_path / "r")


def staged(repository: Repository) -> list[tuple[str, str]]:
    (files,) = change.staged(change.place(repository.path))
    return [(file.before, file.after) for file in files]


def since(repository: Repository, revision: str = "HEAD") -> list[tuple[str, str]]:
    return [(f.before, f.after) for f in change.since(repository.path, revision)]


# -- what is staged --------------------------------------------------------------------------


def test_before_the_first_commit_all_is_new(repository: Repository) -> None:
    repository.write({"a.md": NEW})
    assert staged(repository) == [("", "a.md")]


def test_files_that_are_changed_added_deleted_and_renamed(repository: Repository) -> None:
    repository.commit({"changed.md": "1\n", "deleted.md": "2\n", "renamed.md": "3\n" * 50, "same.md": "4\n"})
    repository.git("rm", "-q", "deleted.md")
    repository.git("mv", "renamed.md", "new.md")
    repository.write({"changed.md": "5\n", "added.md": "6\n", "new.md": "3\n" * 49})
    (repository.path / "same.md").write_text("not staged\n")
    (repository.path / "untracked.md").write_text("not staged\n")
    expected = [("", "added.md"), ("changed.md", "changed.md"), ("deleted.md", ""), ("renamed.md", "new.md")]
    assert sorted(staged(repository)) == expected


def test_a_copy_is_compared_with_what_it_was_made_of(repository: Repository) -> None:
    repository.commit({"a.md": "1\n" * 50})
    repository.write({"a.md": "1\n" * 51, "b.md": "1\n" * 50})
    files = change.staged(change.place(repository.path))[0]
    assert [(f.before, f.after, f.is_copy) for f in files] == [("a.md", "a.md", False), ("a.md", "b.md", True)]


def test_only_regular_files_have_contents(repository: Repository) -> None:
    name = repository.commit({"a.md": "1\n", "list.md": "2\n", "tool.md": "3\n"})
    (repository.path / "list.md").unlink()
    (repository.path / "list.md").symlink_to("a.md")
    (repository.path / "new-link.md").symlink_to("a.md")
    (repository.path / "tool.md").chmod(0o755)
    repository.git("add", ".")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{name},module.md")
    (files,) = change.staged(change.place(repository.path))
    found = {file.after: (bool(file.old), bool(file.new)) for file in files}
    expected = {
        "list.md": (True, False),
        "module.md": (False, False),
        "new-link.md": (False, False),
        "tool.md": (True, True),
    }
    assert found == expected


@pytest.mark.parametrize(
    "name", ["a b.md", 'say "x".md', "tab\tand\nline.md", "-q.md", ":(top)x.md", "é.md", b"\xff.md"]
)
def test_names_of_files(repository: Repository, name: str | bytes) -> None:
    path = os.fsdecode(name)
    (repository.path / path).write_text(NEW)
    repository.git("add", ".")
    assert staged(repository) == [("", path)]
    repository.git("commit", "-q", "-m", "x")
    (repository.path / path).write_text("")
    (repository.path / "sub").mkdir()
    (repository.path / "sub" / path).write_text(NEW)
    assert since(repository) == [(path, path), ("", f"sub/{path}")]


def test_settings_of_the_user_change_nothing(repository: Repository) -> None:
    repository.commit({"sub/a.md": "1\n", "b.md": "1\n" * 30})
    for key, value in {
        "diff.relative": "true", "diff.renames": "false", "diff.orderFile": "nowhere", "diff.external": "false",
        "diff.noprefix": "true", "color.ui": "always", "core.abbrev": "4", "diff.ignoreSubmodules": "all",
        "core.quotePath": "true",
    }.items():  # fmt: skip
        repository.git("config", key, value)
    repository.git("mv", "b.md", "c.md")
    assert change.staged(change.place(repository.path / "sub"))[0][0].after == "c.md"


def test_the_index_of_a_partial_commit_is_the_one_that_git_names(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"a.md": "1\n", "b.md": "1\n"})
    repository.write({"a.md": "2\n", "b.md": "2\n"})
    other = repository.path / ".git" / "other-index"
    monkeypatch.setenv("GIT_INDEX_FILE", str(other))
    subprocess.run(["git", "read-tree", "HEAD"], cwd=repository.path, check=True)
    subprocess.run(["git", "add", "b.md"], cwd=repository.path, check=True)
    assert staged(repository) == [("b.md", "b.md")]


def test_a_merge_is_compared_with_each_parent(repository: Repository) -> None:
    repository.commit({"a.md": "1\n", "b.md": "1\n", "c.md": "1\n"})
    repository.git("switch", "-q", "-c", "other")
    repository.commit({"b.md": "2\n"})
    repository.git("switch", "-q", "main")
    repository.commit({"c.md": "2\n"})
    repository.git("merge", "-q", "--no-commit", "--no-ff", "other")
    repository.write({"a.md": "new\n"})
    compared = change.staged(change.place(repository.path))
    assert [[file.after for file in files] for files in compared] == [["a.md", "b.md"], ["a.md", "c.md"]]


def test_a_merge_head_that_is_damaged_names_no_parents(repository: Repository) -> None:
    repository.write({"a.md": NEW})
    (repository.path / ".git" / "MERGE_HEAD").write_text("--output=x\nzz\n")
    assert staged(repository) == [("", "a.md")]


# -- places ----------------------------------------------------------------------------------


def test_the_place_of_a_worktree_and_of_a_folder_in_it(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"docs/a.md": "1\n"})
    assert change.place(repository.path / "docs") == Place(repository.path, repository.path / ".git")
    repository.git("worktree", "add", "-q", str(tmp_path / "w"))
    found = change.place(tmp_path / "w" / "docs")
    assert (found.top, found.git.name) == (tmp_path / "w", "w")
    (tmp_path / "w" / "docs" / "a.md").write_text("2\n")
    subprocess.run(["git", "add", "."], cwd=tmp_path / "w", check=True)
    assert change.staged(found)[0][0].after == "docs/a.md"


def test_the_environment_of_a_hook_names_the_repository(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "w").mkdir()
    repository.commit({"a.md": "1\n"})
    monkeypatch.setenv("GIT_DIR", str(repository.path / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "w"))
    assert change.place(tmp_path / "w") == Place(tmp_path / "w", repository.path / ".git")


@pytest.mark.parametrize("kind", ["none", "bare"])
def test_where_there_is_no_work_tree(repository: Repository, tmp_path: Path, kind: str) -> None:
    if kind == "bare":
        repository.git("init", "-q", "--bare", str(tmp_path / "bare"))
    folder = tmp_path / "bare" if kind == "bare" else tmp_path
    with pytest.raises(GitError, match="no git repository" if kind == "none" else "no work tree"):
        change.place(folder)


def test_a_hook_of_a_linked_worktree_in_a_folder_of_it(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"docs/a.md": "1\n"})
    repository.git("worktree", "add", "-q", str(tmp_path / "w"))
    monkeypatch.setenv("GIT_DIR", str(repository.path / ".git" / "worktrees" / "w"))
    assert change.place(tmp_path / "w" / "docs").top == tmp_path / "w"


def test_a_repository_cannot_name_a_work_tree_elsewhere(repository: Repository, tmp_path: Path) -> None:
    repository.git("config", "core.worktree", str(tmp_path))
    with pytest.raises(GitError, match="a work tree elsewhere"):
        change.place(repository.path)


def test_another_error_of_git_is_told_as_it_is(repository: Repository) -> None:
    (repository.path / ".git" / "config").write_text("[core\n")
    with pytest.raises(GitError, match="bad config"):
        change.place(repository.path)


# -- since a revision ------------------------------------------------------------------------


def test_the_work_tree_is_compared_with_the_merge_base(repository: Repository) -> None:
    repository.commit({"a.md": "1\n", "b.md": "1\n", ".gitignore": "ignored.md\n"})
    repository.git("switch", "-q", "-c", "topic")
    repository.commit({"committed.md": "2\n"})
    repository.write({"staged.md": "3\n"})
    for name in ("b.md", "untracked.md", "ignored.md"):
        (repository.path / name).write_text("4\n")
    (repository.path / "link.md").symlink_to("b.md")
    repository.git("switch", "-q", "main")
    repository.git("rm", "-q", "--cached", "staged.md")
    repository.commit({"main.md": "5\n"})
    repository.git("switch", "-q", "topic")
    repository.git("add", "staged.md")
    found = change.since(repository.path, "main")
    names = sorted(file.after for file in found)
    assert names == ["b.md", "committed.md", "staged.md", "untracked.md"]
    assert {file.new for file in found} == {ON_DISK}


def test_a_deleted_file_has_no_contents_on_disk(repository: Repository) -> None:
    repository.commit({"a.md": "1\n"})
    (repository.path / "a.md").unlink()
    (file,) = change.since(repository.path, "HEAD")
    assert (file.before, file.after, file.new) == ("a.md", "", None)


def test_a_conflict_is_no_error(repository: Repository) -> None:
    repository.commit({"a.md": "1\n"})
    repository.git("switch", "-q", "-c", "other")
    repository.commit({"a.md": "2\n"})
    repository.git("switch", "-q", "main")
    repository.commit({"a.md": "3\n"})
    subprocess.run(["git", "merge", "other"], cwd=repository.path, capture_output=True, check=False)
    assert {file.after for file in change.since(repository.path, "HEAD")} == {"a.md"}


@pytest.mark.parametrize("revision", ["nothing", "", "-x", "--output=x", "HEAD:a.md", "a\0b", "^HEAD", "HEAD..HEAD"])
def test_a_revision_that_is_none(repository: Repository, revision: str) -> None:
    repository.commit({"a.md": "1\n"})
    with pytest.raises(GitError, match="git knows no commit") as caught:
        change.since(repository.path, revision)
    assert "git fetch" in caught.value.help
    assert not (repository.path / "x").exists()


def test_names_of_revisions(repository: Repository) -> None:
    first = repository.commit({"a.md": "1\n"})
    repository.git("tag", "-a", "-m", "x", "v1")
    repository.commit({"b.md": "1\n"})
    for revision in ("v1", "HEAD~1", "main^", first[:10], "HEAD@{1}"):
        assert since(repository, revision) == [("", "b.md")]


def test_no_git_is_no_unknown_revision(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository.path))
    with pytest.raises(GitError, match="not installed"):
        change.commit(repository.path, "HEAD")


def test_histories_without_a_common_commit(repository: Repository) -> None:
    repository.commit({"a.md": "1\n"})
    repository.git("switch", "-q", "--orphan", "other")
    repository.commit({"b.md": "1\n"})
    with pytest.raises(GitError, match="'main' has no commit in common"):
        change.since(repository.path, "main")


def test_a_clone_too_shallow_is_told_how_to_deepen_it(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"a.md": "1\n"})
    repository.git("switch", "-q", "-c", "topic")
    repository.commit({"b.md": "1\n"})
    repository.git("switch", "-q", "main")
    repository.commit({"c.md": "1\n"})
    repository.git("clone", "-q", "--depth=1", "--no-single-branch", f"file://{repository.path}", str(tmp_path / "c"))
    subprocess.run(["git", "switch", "-q", "topic"], cwd=tmp_path / "c", check=True)
    with pytest.raises(GitError, match="shallow clone") as caught:
        change.since(tmp_path / "c", "origin/main")
    assert caught.value.help.startswith("git fetch --deepen=")
    subprocess.run(["git", "fetch", "-q", "--unshallow"], cwd=tmp_path / "c", check=True)
    assert [file.after for file in change.since(tmp_path / "c", "origin/main")] == ["b.md"]


def test_a_clone_without_contents_is_told_how_to_get_them(repository: Repository, tmp_path: Path) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.commit({"a.md": "1\n" * 50})
    repository.git("mv", "a.md", "b.md")
    repository.commit({"b.md": "1\n" * 49, "c.md": "1\n" * 51})
    repository.git("clone", "-q", "--filter=blob:none", f"file://{repository.path}", str(tmp_path / "c"))
    with pytest.raises(GitError, match="lacks contents") as caught:
        change.since(tmp_path / "c", "HEAD~1")
    assert caught.value.help.startswith("git fetch --refetch --no-filter")
    subprocess.run(["git", "fetch", "-q", "--refetch", "--no-filter"], cwd=tmp_path / "c", check=True)
    assert len(change.since(tmp_path / "c", "HEAD~1")) == 2


def test_contents_that_git_would_fetch_are_not_fetched(repository: Repository) -> None:
    text = "words\n" * 20
    repository.commit({"a.md": f"# A\n{text}"})
    blob = repository.git("rev-parse", "HEAD:a.md").strip()
    (repository.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    mark = repository.path.parent / "fetched"
    for key, value in {
        "core.repositoryFormatVersion": "1", "extensions.partialClone": "origin", "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::touch {mark}", "remote.origin.uploadpack": f"touch {mark};", "protocol.ext.allow": "always",
        "core.sshCommand": f"touch {mark};",
    }.items():  # fmt: skip
        repository.git("config", key, value)
    (repository.path / "a.md").unlink()
    (repository.path / "b.md").write_text(f"# B\n{text}")
    repository.git("update-index", "--force-remove", "a.md")
    repository.git("update-index", "--add", "b.md")
    with pytest.raises(GitError, match="lacks contents") as caught:
        change.staged(change.place(repository.path))
    assert "git fetch --refetch" in caught.value.help
    assert not mark.exists()


def test_another_error_in_comparing(repository: Repository) -> None:
    repository.commit({"a.md": "1\n"})
    with pytest.raises(GitError, match="git diff: "):
        change._compared(repository.path, "1" * 40)


def test_an_error_in_looking_for_the_merge_base(repository: Repository) -> None:
    repository.commit({"a.md": "1\n"})
    with pytest.raises(GitError) as caught:
        change.merge_base(repository.path, "1" * 40, "HEAD", "x")
    assert caught.value.code == 128


def test_no_filter_of_the_repository_is_run(repository: Repository) -> None:
    repository.commit({"a.md": "1\n", ".gitattributes": "*.md filter=a=b\n"})
    for key, value in {"clean": "touch sprung; cat", "process": "touch sprung", "required": "true"}.items():
        repository.git("config", f"filter.a=b.{key}", value)
    (repository.path / "a.md").write_text("2\n")
    assert since(repository) == [("a.md", "a.md")]
    assert not (repository.path / "sprung").exists()


def test_an_error_in_reading_the_settings(repository: Repository) -> None:
    repository.commit({"a.md": "1\n"})
    (repository.path / ".git" / "config").write_text("[core\n")
    with pytest.raises(GitError, match="bad config"):
        change._no_filters(repository.path)


def test_between_two_commits(repository: Repository) -> None:
    first = repository.commit({"a.md": "1\n"})
    last = repository.commit({"b.md": "1\n"})
    (repository.path / "c.md").write_text("1\n")
    repository.write({"d.md": "1\n"})
    assert [file.after for file in change.between(repository.path, first, last)] == ["b.md"]
    with pytest.raises(GitError, match="git knows no commit '-x'"):
        change.between(repository.path, first, "-x")


# -- what git prints -------------------------------------------------------------------------


ONE, TWO = "1" * 40, "2" * 40


def test_what_git_prints_is_read() -> None:
    raw = (
        f":100644 100755 {ONE} {TWO} M\0a.md\0:000000 100644 {'0' * 40} {TWO} A\0b.md\0"
        f":100644 000000 {ONE} {'0' * 40} D\0c.md\0:100644 100644 {ONE} {TWO} R087\0d.md\0e.md\0"
        f":100644 120000 {ONE} {TWO} T\0f.md\0:100644 100644 {ONE} {TWO} C090\0f.md\0g.md\0"
        f":100644 100644 {ONE} {TWO} C089\0f.md\0h.md\0:100644 100644 {ONE} {TWO} Cx\0f.md\0i.md\0"
    )
    assert list(change.parsed(raw.encode())) == [
        File("a.md", "a.md", ONE, TWO),
        File("", "b.md", None, TWO),
        File("c.md", "", ONE, None),
        File("d.md", "e.md", ONE, TWO),
        File("f.md", "f.md", ONE, None),
        File("f.md", "g.md", ONE, TWO, is_copy=True),
        File("", "h.md", None, TWO),
        File("", "i.md", None, TWO),
    ]
    assert list(change.parsed(b"")) == []


@pytest.mark.parametrize(
    "raw",
    [
        f":100644 100644 {ONE} {TWO} M\0/etc/a.md\0",
        f":100644 100644 {ONE} {TWO} R100\0a.md\0b/../../a.md\0",
        f":100644 100644 {ONE} {TWO} C\0a.md\0",
        f":100644 100644 {ONE} {TWO} M\0..\0",
        "\0\0",
        "nonsense\0a.md\0",
        f":100644 100644 {ONE} {TWO} M\0",
        "::100644\0a.md\0",
        f"x100644 1 {ONE} {TWO} M\0a\0",
    ],
)
def test_what_is_no_list_of_files(raw: str) -> None:
    with pytest.raises(GitError, match="no list of files"):
        list(change.parsed(raw.encode()))
