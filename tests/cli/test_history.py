"""`linkcheck history merge`, as git calls it: two branches that both changed the history are merged without a hand."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from linkcheck.memory import lines
from linkcheck.memory.history_file import HEADER
from linkcheck.model import Record, State
from tests.conftest import LINKCHECK
from tests.git.repository import Repository
from tests.memory.values import NOW, record, urls

A, B, C, D = urls("a", 4)
PATH = "reports/history.jsonl"


def aged(n: int, days: int, state: State = State.OK) -> Record:
    return record(NOW - timedelta(days=days), state, (A, B, C, D)[n], 410 if state is State.DEAD else 200)


def text(*records: Record) -> str:
    return "".join(f"{line}\n" for line in [HEADER, *map(lines.dump, records)])


def linkcheck(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINKCHECK, *arguments], cwd=folder, capture_output=True, encoding="utf-8", check=False, timeout=60
    )


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Two branches that both changed the history since their common commit; `main` is checked out."""
    found = Repository(tmp_path)
    found.commit({PATH: text(aged(0, 9), aged(1, 9), aged(2, 9)), "l.md": "# A\n"})
    found.git("checkout", "--quiet", "-b", "other")
    found.commit({PATH: text(aged(0, 1, State.DEAD), aged(2, 9), aged(3, 1))})  # B is removed
    found.git("checkout", "--quiet", "main")
    found.commit({PATH: text(aged(0, 5), aged(1, 9), aged(2, 2, State.DEAD))})
    return found


MERGED = text(aged(0, 1, State.DEAD), aged(2, 2, State.DEAD), aged(3, 1))


def test_git_merges_two_histories_after_init(repository: Repository) -> None:
    done = linkcheck(repository.path, "init")
    assert (done.returncode, done.stderr) == (0, "")
    repository.git("add", ".gitattributes")
    repository.git("commit", "--quiet", "--message", "attributes")
    repository.git("merge", "--quiet", "--no-edit", "other")
    assert (repository.path / PATH).read_text() == MERGED
    assert repository.git("status", "--porcelain") == ""


def test_the_order_of_branches_makes_no_difference(repository: Repository) -> None:
    linkcheck(repository.path, "init")
    repository.git("checkout", "--quiet", "other")
    repository.git("merge", "--quiet", "--no-edit", "main")
    assert (repository.path / PATH).read_text() == MERGED


def test_without_the_driver_the_marks_are_read_and_go(repository: Repository) -> None:
    with pytest.raises(AssertionError):
        repository.git("merge", "--quiet", "--no-edit", "other")
    path = repository.path / PATH
    assert "<<<<<<< HEAD" in path.read_text()
    (repository.path / "l.md").write_text(f"[x]({A}) [y]({D})\n")
    done = linkcheck(
        repository.path, "run", "l.md", "--frozen", "--memory", "m", "--confirm", "now", "--format", "json"
    )
    assert done.returncode == 1, done.stderr
    assert f"{PATH}:2: the marks of a git conflict: the lines of both sides count" in done.stderr.replace(
        "warning: ", ""
    )
    assert f'"url": "{A}"' in done.stdout.replace('":"', '": "')
    assert "<<<<<<< HEAD" in path.read_text()  # frozen: nothing is written


def test_a_history_that_cannot_be_merged_is_left_to_a_hand(repository: Repository) -> None:
    linkcheck(repository.path, "init")
    repository.git("checkout", "--quiet", "other")
    repository.commit({PATH: '{"schema": "linkcheck-history/3"}\n{"u": 1}\n'})
    repository.git("checkout", "--quiet", "main")
    before = (repository.path / PATH).read_text()
    with pytest.raises(AssertionError, match="unsupported schema version 'linkcheck-history/3'"):
        repository.git("merge", "--no-edit", "other")
    assert repository.git("status", "--porcelain", PATH) == f"UU {PATH}\n"
    assert (repository.path / PATH).read_text() == before


@pytest.mark.parametrize(
    "arguments", [["merge"], ["merge", "a", "b"], ["merge", "a", "b", "c", "d", "e"], ["join", "a", "b", "c"]]
)
def test_other_arguments_are_refused(tmp_path: Path, arguments: list[str]) -> None:
    done = linkcheck(tmp_path, "history", *arguments)
    assert done.returncode == 2
    assert "linkcheck history merge BASE OURS THEIRS [PATH]" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_merge_is_written_to_the_second_file(tmp_path: Path) -> None:
    for name, records in {"O": [aged(0, 9)], "A": [aged(0, 2)], "B": [aged(0, 1), aged(1, 1)]}.items():
        (tmp_path / name).write_text(text(*records))
    done = linkcheck(tmp_path, "history", "merge", "O", "A", "B")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "A").read_text() == text(aged(0, 1), aged(1, 1))
    assert (tmp_path / "B").read_text() == text(aged(0, 1), aged(1, 1))
    assert {one.name for one in tmp_path.iterdir()} == {"O", "A", "B"}
