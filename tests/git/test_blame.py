from __future__ import annotations

import os
import subprocess
from datetime import date
from pathlib import Path

import pytest

from linkcheck.git import blame, process
from linkcheck.git.process import GitError
from tests.git.repository import ENVIRONMENT, Repository


def commit(repository: Repository, files: dict[str, str | bytes], day: str) -> None:
    repository.write(files)
    times = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": "2025-01-01T00:00:00Z"}
    command = ["git", "commit", "-qm", "c", "--allow-empty"]
    subprocess.run(command, cwd=repository.path, check=True, env=os.environ | ENVIRONMENT | times)


def test_no_repository_and_no_commit(tmp_path: Path) -> None:
    (tmp_path / "l.md").write_text("a\n")
    with pytest.raises(GitError):
        blame.added(tmp_path / "l.md", {1: "a"})
    Repository(tmp_path)
    with pytest.raises(GitError):
        blame.added(tmp_path / "l.md", {1: "a"})


def test_what_is_not_committed_has_no_day(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    commit(repository, {"other.md": "a\n"}, "2019-01-01")
    assert blame.added(tmp_path / "l.md", {1: "a"}) == {1: None}
    commit(repository, {"l.md": "a\n"}, "2019-01-01")
    assert blame.added(tmp_path / "l.md", {1: "a", 2: "b"}) == {1: date(2019, 1, 1), 2: None}
    assert blame.added(tmp_path / "l.md", {}) == {}


def test_the_day_is_that_of_the_line_wherever_it_is_now(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    commit(
        repository, {"old.md": "# T\n\na link to a page that is long enough\nanother line of this list\n"}, "2015-05-05"
    )
    repository.git("mv", "old.md", "l.md")
    commit(repository, {}, "2016-06-06")
    text = "# T\n\nnew\n\n  a link to a page that is long enough\nanother line of this list\r\n"
    commit(repository, {"l.md": text}, "2017-07-07")
    wanted = {9: "a link to a page that is long enough", 6: "another line of this list\r", 3: "new"}
    day = date(2015, 5, 5)
    assert blame.added(tmp_path / "l.md", wanted) == {9: day, 6: day, 3: date(2017, 7, 7)}


def test_a_file_in_a_folder_and_in_utf_16(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    commit(repository, {"a b/[l].md": "été\nx\n".encode("utf-16")}, "2018-08-08")
    assert blame.added(tmp_path / "a b" / "[l].md", {1: "été"}) == {1: date(2018, 8, 8)}


def test_no_filter_of_the_repository_is_run(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    commit(repository, {"l.md": "a\n", ".gitattributes": "* filter=trap diff=trap\n"}, "2018-08-08")
    for key in ("filter.trap.clean", "filter.trap.smudge", "diff.trap.textconv"):
        repository.git("config", key, f"touch {tmp_path}/sprung; cat")
    (tmp_path / "l.md").write_text("b\na\n")
    assert blame.added(tmp_path / "l.md", {2: "a"}) == {2: date(2018, 8, 8)}
    assert not (tmp_path / "sprung").exists()


def test_a_time_out_of_bounds_is_no_day(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.write({"l.md": "a\n"})
    tree = repository.git("write-tree").strip()
    text = f"tree {tree}\nauthor A <a@a.example> 99999999999999999 +0000\ncommitter A <a@a.example> 1 +0000\n\nc\n"
    commit_id = repository.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=text).strip()
    repository.git("update-ref", "HEAD", commit_id)
    assert blame.added(tmp_path / "l.md", {1: "a"})[1] in (None, date(1970, 1, 1))


def test_a_shallow_clone_is_known(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    repository = Repository(tmp_path / "a")
    for text in ("a\n", "b\n"):
        repository.commit({"l.md": text})
    assert not process.is_shallow(tmp_path / "a")
    repository.git("clone", "-q", "--depth=1", f"file://{tmp_path}/a", str(tmp_path / "b"))
    assert process.is_shallow(tmp_path / "b")
