from __future__ import annotations

import os
from pathlib import Path

import pytest

from linkcheck.git.objects import Objects
from linkcheck.git.process import GitError
from tests.git.repository import Repository


def name_of(repository: Repository, path: str) -> str:
    return repository.git("rev-parse", f"HEAD:{path}").strip()


def test_contents_are_read_as_they_are_stored(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    files: dict[str, str | bytes] = {"a": b"", "b": b"no end", "c": b"\0\r\n\xff\n", "d": b"1\n" * 100_000}
    repository.commit(files)
    with Objects(tmp_path, most_bytes=10**6) as objects:
        assert {path: objects.read(name_of(repository, path)) for path in files} == files
        assert objects.read(name_of(repository, "b")) == b"no end"


def test_what_is_too_large_is_not_read_and_the_next_is(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.commit({"large": b"x" * 1_000_000, "small": b"x" * 1_000})
    with Objects(tmp_path, most_bytes=1_000) as objects:
        assert objects.read(name_of(repository, "large")) is None
        assert objects.read(name_of(repository, "small")) == b"x" * 1_000


def test_an_object_that_is_not_there_is_said_with_what_to_do(tmp_path: Path) -> None:
    Repository(tmp_path)
    with (
        Objects(tmp_path, most_bytes=10) as objects,
        pytest.raises(GitError, match=f"no content of the object {'1' * 40}") as caught,
    ):
        objects.read("1" * 40)
    assert "git fetch --refetch" in caught.value.help


def test_a_folder_that_is_no_repository(tmp_path: Path) -> None:
    with Objects(tmp_path, most_bytes=10) as objects, pytest.raises(GitError, match="ended early"):
        objects.read("1" * 40)


def test_time_is_bounded(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.commit({"a": b"a"})
    with Objects(tmp_path, most_bytes=10, timeout_s=0) as objects:
        _, answer = objects._pipes()
        assert answer.read() == b""  # killed
        with pytest.raises(GitError, match="ended early"):
            objects.read(name_of(repository, "a"))


def test_time_that_the_caller_takes_is_not_git_s(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.commit({"a": b"a", "b": b"b"})
    with Objects(tmp_path, most_bytes=10, timeout_s=2) as objects:
        assert objects.read(name_of(repository, "a")) == b"a"
        assert objects._process
        objects._process.kill()  # as after two seconds
        objects._process.wait()
        assert objects.read(name_of(repository, "b")) == b"b"


def test_an_answer_that_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git = tmp_path / "git"
    git.write_text(f"#!/bin/sh\nread name\necho {'1' * 40} blob 10\necho abc\n")
    git.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with Objects(tmp_path, most_bytes=10) as objects, pytest.raises(GitError, match="ended early"):
        objects.read("1" * 40)


def test_nothing_runs_where_nothing_is_read(tmp_path: Path) -> None:
    with Objects(tmp_path / "nowhere", most_bytes=10):
        pass
