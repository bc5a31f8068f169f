"""`linkcheck init`: what is in .gitattributes stays, no link is followed, and twice is once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from linkcheck.cli import init
from tests.conftest import LINKCHECK
from tests.git.repository import ENVIRONMENT, Repository

LINE = b"reports/history.jsonl merge=linkcheck-history"


def run(folder: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINKCHECK, "init", *flags], cwd=folder, env={**os.environ, **ENVIRONMENT}, capture_output=True, encoding="utf-8",
        check=False, timeout=60,
    )  # fmt: skip


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def test_it_says_what_it_did(repository: Repository) -> None:
    done = run(repository.path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f".gitattributes: added {LINE.decode()}\n")
    assert "id: linkcheck" in done.stdout
    assert (repository.path / ".gitattributes").read_bytes() == LINE + b"\n"
    assert (repository.path / ".gitattributes").stat().st_mode & 0o777 == 0o644 & ~_umask()
    assert repository.git("check-attr", "merge", "reports/history.jsonl").endswith("merge: linkcheck-history\n")
    assert repository.git("config", "merge.linkcheck-history.driver").endswith("history merge %O %A %B %P\n")
    assert repository.git("config", "merge.linkcheck-history.name") == "newest look by URL\n"
    again = run(repository.path)
    assert again.stdout.startswith(".gitattributes: has already ")
    assert (repository.path / ".gitattributes").read_bytes() == LINE + b"\n"
    assert repository.git("config", "--get-all", "merge.linkcheck-history.name") == "newest look by URL\n"


def _umask() -> int:
    found = os.umask(0)
    os.umask(found)
    return found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"*.png binary", b"*.png binary\n" + LINE + b"\n"),
        (b"*.png binary\r\n", b"*.png binary\r\n" + LINE + b"\r\n"),
        (b"\xff\xfe # odd\n\n", b"\xff\xfe # odd\n\n" + LINE + b"\n"),
        (b"# x\n  " + LINE + b"  \n*.png binary\n", b"# x\n  " + LINE + b"  \n*.png binary\n"),
        (b"", LINE + b"\n"),
    ],
)
def test_what_is_there_stays(repository: Repository, before: bytes, after: bytes) -> None:
    (repository.path / ".gitattributes").write_bytes(before)
    assert run(repository.path).returncode == 0
    assert (repository.path / ".gitattributes").read_bytes() == after


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_no_link_is_followed(repository: Repository, tmp_path_factory: pytest.TempPathFactory) -> None:
    victim = tmp_path_factory.mktemp("else") / "victim"
    for target in (victim, Path("/dev/zero")):
        (repository.path / ".gitattributes").symlink_to(target)
        done = run(repository.path)
        assert done.returncode == 2
        assert "error: cannot be written: a symbolic link" in done.stderr
        (repository.path / ".gitattributes").unlink()
    assert not victim.exists()
    assert repository.git("config", "--list", "--local").count("linkcheck") == 0


def test_from_a_folder_and_with_another_reports_folder(repository: Repository) -> None:
    folder = repository.path / "a b" / "docs"
    folder.mkdir(parents=True)
    assert run(folder, "--reports", "out put").returncode == 0
    path = "a b/docs/out put/history.jsonl"
    assert repository.git("check-attr", "merge", path).endswith("merge: linkcheck-history\n")


def test_a_reports_folder_elsewhere_is_an_error(
    repository: Repository, tmp_path_factory: pytest.TempPathFactory
) -> None:
    done = run(repository.path, "--reports", str(tmp_path_factory.mktemp("else")))
    assert done.returncode == 2
    assert "the reports folder is not in this repository" in done.stderr
    assert not (repository.path / ".gitattributes").exists()


def test_without_a_repository_it_is_an_error(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("error: this is no git repository\n")
    assert list(tmp_path.iterdir()) == []


def test_a_bare_repository_has_nothing_to_set_up(tmp_path: Path) -> None:
    Repository(tmp_path).git("init", "--quiet", "--bare", "bare")
    done = run(tmp_path / "bare")
    assert done.returncode == 2
    assert "must be run in a work tree" in done.stderr


def test_a_repository_cannot_name_a_work_tree_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    Repository(tmp_path / "in").git("config", "core.worktree", "../..")
    done = run(tmp_path / "in")
    assert done.returncode == 2
    assert "names a work tree elsewhere" in done.stderr
    assert not (tmp_path / ".gitattributes").exists()


@pytest.mark.parametrize(
    "path",
    [
        "history.jsonl", "a/history.jsonl", "a b/h", "*/h", "[a]?/h", 'a"b/h', "#a/h", "!a/h", "é/h", "a\tb/h", "a\\b/h",
        "語 x/h",
    ],
)  # fmt: skip
def test_a_pattern_names_one_file_only(repository: Repository, path: str) -> None:
    line = f"{init.pattern(path)} merge=linkcheck-history\n"
    (repository.path / ".gitattributes").write_bytes(os.fsencode(line))
    for other, value in ((path, "linkcheck-history"), (f"x/{path}", "unspecified"), ("aab/h", "unspecified")):
        found = repository.git("check-attr", "-z", "merge", other).split("\0")
        assert found[:3] == [other, "merge", value]


def test_the_program_is_named_so_that_git_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", "/a b/python")
    assert init._program() == "'/a b/python' -m linkcheck"
    (tmp_path / "linkcheck").write_text("")
    (tmp_path / "linkcheck").chmod(0o755)
    assert init._program() == "linkcheck"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", ".")
    assert init._program() != "linkcheck"
