from __future__ import annotations

import os
from pathlib import Path

import pytest

from linkcheck.git import process
from linkcheck.git.process import GitError
from tests.git.repository import Repository


def test_what_git_prints(tmp_path: Path) -> None:
    commit = Repository(tmp_path).commit({"a.md": "text\n"})
    assert process.run(tmp_path, "rev-parse", "HEAD") == f"{commit}\n".encode()
    assert process.run(tmp_path, "cat-file", "--batch-check", stdin=b"HEAD:a.md\n").endswith(b" blob 5\n")


def test_an_error_of_git_is_one_message_with_its_code(tmp_path: Path) -> None:
    Repository(tmp_path)
    with pytest.raises(GitError, match="git rev-parse: fatal: ") as caught:
        process.run(tmp_path, "rev-parse", "--verify", "nothing")
    assert (caught.value.code, caught.value.where) == (128, str(tmp_path))


def test_a_machine_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError, match="git is not installed"):
        process.run(tmp_path, "version")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="git cannot be run"):
        process.run(tmp_path / "nowhere", "version")


def test_a_git_in_the_current_folder_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "git").write_text("#!/bin/sh\ntouch sprung\n")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.environ['PATH']}")
    assert process.run(tmp_path, "version").startswith(b"git version")
    assert not (tmp_path / "sprung").exists()


def test_time_and_output_are_bounded(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="longer than 0 s"):
        process.run(tmp_path, "hash-object", "--stdin", timeout_s=0)
    with pytest.raises(GitError, match="more than 3 bytes"):
        process.run(tmp_path, "version", most_bytes=3)


def test_no_program_that_a_repository_names_is_run(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.commit({"a.md": "text\n"})
    trap = tmp_path / "trap"
    trap.write_text("#!/bin/sh\ntouch sprung\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager"):
        repository.git("config", key, str(trap))
    (tmp_path / "a.md").write_text("more\n")
    assert process.run(tmp_path, "diff", "--no-ext-diff", "--no-textconv", "--name-only") == b"a.md\n"
    assert not (tmp_path / "sprung").exists()


def test_settings_are_added_to_those_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = {"a.x=y.b": "1", "c.d": ""}
    assert process.run(tmp_path, "config", "a.x=y.b", config=config) == b"1\n"
    for name, value in {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "e.f", "GIT_CONFIG_VALUE_0": "2"}.items():
        monkeypatch.setenv(name, value)
    printed = process.run(tmp_path, "config", "--get-regexp", r"^(a|c|e)\.", config=config)
    assert printed == b"e.f 2\na.x=y.b 1\nc.d \n"
