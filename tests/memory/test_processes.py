"""Several processes, and processes that are killed: nothing that was remembered is lost."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from subprocess import PIPE

import pytest

from linkcheck.memory import FILE, history
from linkcheck.model import Url
from tests.memory.values import UNMEASURED, damage, known, remember, urls
from tests.shared import ROOT

FOUR = ("a", "b", "c", "d")


def begin(folder: Path, name: str, rounds: int, size: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.memory.worker", str(folder), name, str(rounds), str(size)]
    return subprocess.Popen(command, cwd=ROOT, env=UNMEASURED, stdout=PIPE, stderr=PIPE, text=True)


def four(folder: Path, rounds: int, size: int) -> str:
    """Four processes that begin at once, to their end; what they said."""
    (folder / "reports").mkdir(exist_ok=True)
    processes = [begin(folder, name, rounds, size) for name in FOUR]
    time.sleep(0.5)
    (folder / "go").touch()
    said = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [0] * 4, said
    return "".join(said)


def in_history(folder: Path) -> set[Url]:
    path = folder / "reports" / history.FILE
    every = [url for name in FOUR for url in urls(name, 10_000)]
    found, _, notices, _ = history.read(path, frozenset(every), datetime.now(UTC))
    assert notices == []
    return set(found)


def test_four_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    assert four(tmp_path, 10, 10) == ""
    every = {url for name in FOUR for url in urls(name, 100)}
    assert known(tmp_path / "memory") == every
    assert in_history(tmp_path) == every
    assert len((tmp_path / "reports" / history.FILE).read_text().splitlines()) == 401
    assert [path.name for path in (tmp_path / "reports").iterdir()] == [history.FILE]


@pytest.mark.parametrize("content", [b"not a database at all, but text" * 50, b"SQLite format 3\0" + b"\xff" * 4096])
def test_four_processes_that_meet_a_corrupt_database_lose_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "memory").mkdir()
    (tmp_path / "memory" / FILE).write_bytes(content)
    assert four(tmp_path, 2, 50).count("put aside as") == 1
    assert known(tmp_path / "memory") == {url for name in FOUR for url in urls(name, 100)}
    (aside,) = (tmp_path / "memory").glob("*.corrupt-*")
    assert aside.read_bytes() == content


def test_four_processes_that_meet_a_corrupt_page_lose_no_more_than_stood_on_it(tmp_path: Path) -> None:
    """Each comes upon it when it has the file open: one mends it, the others go on with what took its place."""
    before = [url for name in FOUR for url in urls(name, 100)]
    remember(tmp_path / "memory", before)
    damage(tmp_path / "memory" / FILE, before[200], 13)
    assert four(tmp_path, 2, 100).count("put aside as") == 1
    assert len(known(tmp_path / "memory") & set(before)) == 400
    assert known(tmp_path / "memory") >= {url for name in FOUR for url in urls(name, 200)}
    with closing(sqlite3.connect(tmp_path / "memory" / FILE)) as base:
        assert base.execute("pragma integrity_check").fetchall() == [("ok",)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")
def test_processes_that_are_killed_lose_nothing_that_they_had_finished(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "go").touch()
    finished = set[Url]()
    for number in range(10):
        with begin(tmp_path, f"k{number}", 1_000, 5) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline().strip() for _ in range(number % 3 + 1)]
            time.sleep(random.random() * 0.2)
            process.kill()
            process.wait()
            lines += process.stdout.read().split("\n")
        finished |= {Url(line) for line in lines if line.endswith(("4", "9"))}
    assert len(finished) > 10
    assert known(tmp_path / "memory") >= finished
    found, _, notices, _ = history.read(tmp_path / "reports" / history.FILE, finished, datetime.now(UTC))
    assert notices == []
    assert set(found) == finished
    with closing(sqlite3.connect(tmp_path / "memory" / FILE)) as base:
        assert base.execute("pragma integrity_check").fetchall() == [("ok",)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")
def test_a_lock_ends_with_its_process(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from linkcheck.memory import lock\n"
        f"with lock.held(Path({str(tmp_path)!r}), 0): print('held', flush=True); time.sleep(60)"
    )
    from linkcheck.memory import lock

    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=UNMEASURED, stdout=PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(TimeoutError), lock.held(tmp_path, 0.05):
            pass
        process.kill()
        with lock.held(tmp_path, 10) as is_alone:
            assert is_alone
