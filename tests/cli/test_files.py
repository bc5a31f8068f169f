"""Reports in their folder: in one step, and with nothing left of runs that were killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from linkcheck.cli import files
from tests.shared import ROOT

DAY_S = 24 * 60 * 60


def left(folder: Path, name: str, age_s: float) -> Path:
    path = folder / name
    path.write_text("half a report")
    os.utime(path, (time.time() - age_s,) * 2)
    return path


def test_what_killed_runs_left_is_cleared_away_when_it_is_old(tmp_path: Path) -> None:
    old = left(tmp_path, ".linkcheck-ab_1cd2e.tmp", 2 * DAY_S)
    others = [
        left(tmp_path, ".linkcheck-ab_1cd2f.tmp", 0.5 * DAY_S),  # another run may be writing it
        left(tmp_path, ".linkcheck-ab_1cd2g.tmp", -2 * DAY_S),
        left(tmp_path, ".linkcheck-ignored.md", 2 * DAY_S),
        left(tmp_path, ".linkcheck-notes.tmp", 2 * DAY_S),
        left(tmp_path, "l.md", 2 * DAY_S),
    ]
    (tmp_path / ".linkcheck-afolder0.tmp").mkdir()
    os.utime(tmp_path / ".linkcheck-afolder0.tmp", (0, 0))
    files.Reports(tmp_path).prepare()
    assert not old.exists()
    assert all(path.exists() for path in others)
    assert (tmp_path / ".linkcheck-afolder0.tmp").is_dir()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")
def test_what_a_killed_run_leaves_has_a_name_that_is_cleared_away(tmp_path: Path) -> None:
    script = f"""
import os, signal; from pathlib import Path; from linkcheck.cli import files
def pieces():
    yield "half a report"
    os.kill(os.getpid(), signal.SIGKILL)
files.write(Path({str(tmp_path / "l.md")!r}), pieces())
"""
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False)
    (half,) = tmp_path.iterdir()
    files.Reports(tmp_path).prepare()
    assert half.exists()
    os.utime(half, (time.time() - 2 * DAY_S,) * 2)
    files.Reports(tmp_path).prepare()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_a_report_takes_the_place_of_a_link_and_not_of_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "l.md").symlink_to(tmp_path / "mine")
    (tmp_path / ".linkcheck-ab_1cd2e.tmp").symlink_to(tmp_path / "mine")
    os.utime(tmp_path / ".linkcheck-ab_1cd2e.tmp", (0, 0), follow_symlinks=False)
    files.Reports(tmp_path).prepare()
    files.write(tmp_path / "l.md", ["a report"])
    assert (tmp_path / "mine").read_text() == "mine"
    assert (tmp_path / "l.md").read_text() == "a report"
    assert not (tmp_path / "l.md").is_symlink()
