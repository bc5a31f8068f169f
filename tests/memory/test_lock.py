from __future__ import annotations

import subprocess
import sys
import time
from errno import EACCES, EAGAIN, ENOLCK
from pathlib import Path

import pytest

from linkcheck.memory import lock
from tests.shared import ROOT

HOLD = """
import sys
from pathlib import Path
from linkcheck.memory import lock
with lock.held(Path(sys.argv[1]), 0) as is_held:
    print(is_held, flush=True)
    sys.stdin.readline()
"""


def test_another_process_is_kept_out_until_it_is_let_go_of(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        started = time.monotonic()
        with pytest.raises(TimeoutError, match="another process"), lock.held(tmp_path, 0.1):
            pytest.fail("held by both")
        assert time.monotonic() - started >= 0.1
        other.communicate("\n", timeout=30)
    with lock.held(tmp_path, 0) as is_held:
        assert is_held


def test_it_leaves_nothing_behind(tmp_path: Path) -> None:
    with lock.held(tmp_path, 0) as is_held:
        assert is_held
    assert list(tmp_path.iterdir()) == []


def test_it_is_let_go_of_when_its_block_raises(tmp_path: Path) -> None:
    with pytest.raises(KeyError), lock.held(tmp_path, 0):
        raise KeyError
    with lock.held(tmp_path, 0) as is_held:
        assert is_held


@pytest.mark.skipif(sys.platform == "win32", reason="there another file is locked")
def test_what_is_no_folder_cannot_be_held(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for name in ("file", "absent"):
        with lock.held(tmp_path / name, 0) as is_held:
            assert not is_held


@pytest.mark.parametrize("number", [EACCES, EAGAIN])
def test_it_waits_for_a_holder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    refusals = [number, number]

    def refuse(_: int) -> None:
        if refusals:
            raise OSError(refusals.pop(), "held")

    monkeypatch.setattr(lock, "_lock", refuse)
    with lock.held(tmp_path, 20) as is_held:
        assert is_held
    assert refusals == []


def test_a_file_system_without_locks_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int) -> None:
        raise OSError(ENOLCK, "no locks")

    monkeypatch.setattr(lock, "_lock", refuse)
    with lock.held(tmp_path, 20) as is_held:
        assert not is_held
