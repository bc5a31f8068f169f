"""Reports in their folder: in one step, and with nothing left of runs that were killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest

from linkcheck.cli import files
from linkcheck.errors import ReportError
from linkcheck.model import Document
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
    files.ReportsFolder(tmp_path).prepare()
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
    files.ReportsFolder(tmp_path).prepare()
    assert half.exists()
    os.utime(half, (time.time() - 2 * DAY_S,) * 2)
    files.ReportsFolder(tmp_path).prepare()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_a_report_takes_the_place_of_a_link_and_not_of_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "l.md").symlink_to(tmp_path / "mine")
    (tmp_path / ".linkcheck-ab_1cd2e.tmp").symlink_to(tmp_path / "mine")
    os.utime(tmp_path / ".linkcheck-ab_1cd2e.tmp", (0, 0), follow_symlinks=False)
    files.ReportsFolder(tmp_path).prepare()
    files.write(tmp_path / "l.md", ["a report"])
    assert (tmp_path / "mine").read_text() == "mine"
    assert (tmp_path / "l.md").read_text() == "a report"
    assert not (tmp_path / "l.md").is_symlink()


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_a_folder_that_becomes_a_link_meanwhile_is_not_written_to(tmp_path: Path) -> None:
    repository, outside = tmp_path / "repository", tmp_path / "outside"
    repository.mkdir()
    outside.mkdir()
    reports = files.ReportsFolder(repository / "reports", repository)
    reports.prepare()
    (repository / "reports").rmdir()
    (repository / "reports").symlink_to(outside)
    with pytest.raises(ReportError, match="leads out of the repository"):
        reports.write(reports.path / "l.md", ["a report"])
    assert list(outside.iterdir()) == []


def test_no_report_takes_the_place_of_a_list(tmp_path: Path) -> None:
    (tmp_path / "l.md").write_text("mine")
    with pytest.raises(ReportError, match="would take the place of a list"):
        files.ReportsFolder(tmp_path).prepare([document(str(tmp_path / "l.md"))], [".md", ".yaml"])
    files.ReportsFolder(tmp_path / "reports").prepare([document(str(tmp_path / "l.md"))], [".md", ".yaml"])


# -- names -----------------------------------------------------------------------------------


def document(path: str) -> Document:
    return Document(path, ())


def stems(*paths: str, same: Callable[[str], str] = str) -> list[str]:
    return list(files.stems([document(path) for path in paths], same).values())


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["a.md"], ["a"]),
        (["b/a.md"], ["a"]),
        (["/x/../b/a.b.md", "<stdin>"], ["a.b", "stdin"]),
        (["A.md", "a.md"], ["A", "a"]),
        (["one/l.md", "two/l.md", "three.md"], ["one-l", "two-l", "three"]),
        (["-x.md", "日本‌.md", "a b.md", ".md"], ["-x", "日本‌", "a b", ".md"]),
    ],
)
def test_a_report_has_the_name_of_its_list(paths: list[str], names: list[str]) -> None:
    assert stems(*paths) == names


@pytest.mark.parametrize(
    "paths",
    [
        ["b/a.md", "c/a.md", "b-a.md"],
        ["a.md", "a.txt", "../a.md", "b/a.md"],
        ["a/b-c/x.md", "a-b/c/x.md", "a/b/c/x.md"],
        ["a\nb.md", "a_b.md", "a\rb.md"],
        ["b/a.md", "c/a.md", "b-a.md", f"{stems('b/a.md', 'c/a.md', 'b-a.md')[0]}.md"],
        [f"{'x' * 300}/{n}/{'y' * 255}.md" for n in range(3)],
    ],
)
def test_no_two_lists_have_one_report_whatever_their_order(paths: list[str]) -> None:
    names = dict(zip(paths, stems(*paths), strict=True))
    assert len(set(names.values())) == len(paths)
    for order in permutations(paths):
        assert dict(zip(order, stems(*order), strict=True)) == names
    assert all(len(f"{name}.partial.yaml") <= 255 and name.isprintable() for name in names.values())


def test_names_that_a_file_system_takes_for_one_are_told_apart() -> None:
    paths = ["A.md", "a.md", "b/É.md", "c/e\u0301.md"]
    names = stems(*paths, same=files._folded)
    assert len({files._folded(name) for name in names}) == 4
    assert stems(*reversed(paths), same=files._folded) == names[::-1]


@pytest.mark.parametrize("stem", ["con", "NUL.x", "com1", "a:b", "a?", "a.", "a ", 'a"b', "a|b"])
def test_names_that_windows_does_not_have(stem: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert stems(f"{stem}.md") == [stem]
    monkeypatch.setattr(sys, "platform", "win32")
    (name,) = stems(f"{stem}.md")
    assert name != stem
    assert not files._UNFIT_ON_WINDOWS.search(name)
    assert stems("console.md", "a.b.md") == ["console", "a.b"]


# -- a list that is mended -------------------------------------------------------------------


def test_a_file_that_is_not_what_was_read_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "l.md"
    for now in (b"other", b"was, and more"):
        path.write_bytes(now)
        with pytest.raises(ReportError, match="the file has changed since it was read"):
            files.overwrite(path, b"new", b"was")
        assert path.read_bytes() == now
    (tmp_path / "real.md").write_bytes(b"was")
    (tmp_path / "link.md").symlink_to("real.md")
    with pytest.raises(ReportError, match="has changed since it was read: a symbolic link"):
        files.overwrite(tmp_path / "link.md", b"new", b"was")
    with pytest.raises(ReportError, match="cannot write the file"):
        files.overwrite(tmp_path / "nowhere" / "l.md", b"new", b"was")
    assert {one.name for one in tmp_path.iterdir()} == {"l.md", "real.md", "link.md"}


def test_a_file_that_may_not_be_written_to_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "l.md"
    path.write_bytes(b"was")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(ReportError, match="may not be written to"):
        files.overwrite(path, b"new", b"was")
    assert path.read_bytes() == b"was"


def test_a_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "l.md"
    path.write_bytes(b"was")
    path.chmod(0o750)
    files.overwrite(path, b"new\r\n\xff", b"was")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new\r\n\xff", 0o750)
    assert [one.name for one in tmp_path.iterdir()] == ["l.md"]
