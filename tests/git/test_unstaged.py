from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from linkcheck.git.process import GitError
from linkcheck.git.unstaged import is_unstaged
from tests.git.repository import Repository


def test_no_repository(tmp_path: Path) -> None:
    with pytest.raises(GitError):
        is_unstaged(tmp_path / "l.md", b"a\n")


def test_what_is_not_in_the_index(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    assert is_unstaged(tmp_path / "l.md", b"a\n")
    repository.write({"l.md": "a\n", "[l].md": "b\n"})
    assert is_unstaged(tmp_path / "l.md", b"changed\n")
    assert is_unstaged(tmp_path / "L.md", b"a\n")
    assert not is_unstaged(tmp_path / "l.md", b"a\n")
    assert not is_unstaged(tmp_path / "[l].md", b"b\n")


def test_line_ends_that_git_converts_are_no_change(tmp_path: Path) -> None:
    Repository(tmp_path).write({"l.md": "a\nb\n"})
    assert not is_unstaged(tmp_path / "l.md", b"a\r\nb\r\n")


def test_a_conflict_is_a_change(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.commit({"l.md": "a\n"})
    repository.git("checkout", "-q", "-b", "other")
    repository.commit({"l.md": "b\n"})
    repository.git("checkout", "-q", "main")
    repository.commit({"l.md": "c\n"})
    with pytest.raises(AssertionError):
        repository.git("merge", "other")
    assert is_unstaged(tmp_path / "l.md", (tmp_path / "l.md").read_bytes())
    assert is_unstaged(tmp_path / "l.md", b"c\n")


def test_a_repository_of_longer_names(tmp_path: Path) -> None:
    made = subprocess.run(
        ["git", "init", "-q", "--object-format=sha256", str(tmp_path)], check=False, capture_output=True
    )
    if made.returncode:
        pytest.skip("this git knows no SHA-256")
    Repository(tmp_path).write({"l.md": "a\n"})
    assert not is_unstaged(tmp_path / "l.md", b"a\n")
    assert is_unstaged(tmp_path / "l.md", b"b\n")
