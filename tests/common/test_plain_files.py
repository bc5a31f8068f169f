from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from linkcheck.common import plain_files
from linkcheck.common.plain_files import IrregularError

posix = pytest.mark.skipif(sys.platform == "win32", reason="links, pipes and modes are POSIX")


def test_a_file_is_read_up_to_a_bound(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert plain_files.read(tmp_path / "a", 5) == b"12345"
    with pytest.raises(IrregularError, match="larger than 4 bytes"):
        plain_files.read(tmp_path / "a", 4)
    with pytest.raises(FileNotFoundError):
        plain_files.read(tmp_path / "b", 4)


@posix
@pytest.mark.parametrize("kind", ["pipe", "folder", "device"])
def test_what_is_no_file_is_not_opened(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a"
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case _:
            path = Path("/dev/null")
    for work in (plain_files.open_to_read, plain_files.open_to_append, plain_files.open_to_overwrite):
        with pytest.raises(IrregularError, match=f"a {kind}, not a regular file"):
            work(path)
    with pytest.raises(IrregularError):
        plain_files.refuse_irregular(path)
    with pytest.raises(FileExistsError):
        plain_files.create(path)


@posix
@pytest.mark.parametrize("target", ["mine", "nowhere"])
def test_no_link_is_written_through(tmp_path: Path, target: str) -> None:
    (tmp_path / "mine").write_text("mine")
    path = tmp_path / "link"
    path.symlink_to(target)
    for work in (plain_files.open_to_append, plain_files.open_to_overwrite, plain_files.refuse_irregular):
        with pytest.raises(IrregularError, match="a symbolic link"):
            work(path)
    with pytest.raises(IrregularError, match="a symbolic link"):
        plain_files.open_to_read(path, follows_links=False)
    with pytest.raises(FileExistsError):
        plain_files.create(path)
    assert (tmp_path / "mine").read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()


@posix
@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_what_takes_a_files_place_at_the_last_moment_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    (tmp_path / "mine").write_text("mine")
    path = tmp_path / "a"
    path.write_text("a file")
    was = path.lstat()
    path.unlink()
    path.symlink_to("mine") if kind == "link" else os.mkfifo(path)
    monkeypatch.setattr(Path, "lstat", lambda _: was)
    for work in (plain_files.open_to_append, plain_files.open_to_overwrite):
        with pytest.raises(OSError, match=r"symbolic link|a pipe|No such device"):
            work(path)
    with pytest.raises(OSError, match=r"symbolic link|a pipe"):
        plain_files.open_to_read(path, follows_links=False)
    assert (tmp_path / "mine").read_text() == "mine"


@posix
def test_modes(tmp_path: Path) -> None:
    before = os.umask(0o002)
    try:
        plain_files.create(tmp_path / "a").close()
        plain_files.open_to_append(tmp_path / "b").close()
        plain_files.open_to_overwrite(tmp_path / "c").close()
        (tmp_path / "old").mkdir(mode=0o755)
        for folder in ("old", "new"):
            plain_files.make_private(tmp_path / folder)
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {"a": 0o600, "b": 0o600, "c": 0o644, "old": 0o700, "new": 0o700}


def test_an_old_file_is_emptied_before_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a long old text")
    with plain_files.open_to_overwrite(tmp_path / "a") as file:
        file.write(b"new")
    with plain_files.open_to_append(tmp_path / "a") as file:
        file.write(b"er")
    assert (tmp_path / "a").read_text() == "newer"


def test_no_file_that_has_another_name_too_is_written(tmp_path: Path) -> None:
    """The other one may be anywhere: in a backup, or a file that somebody wants to be damaged."""
    (tmp_path / "a").write_text("old")
    os.link(tmp_path / "a", tmp_path / "b")
    for work in (plain_files.open_to_append, plain_files.open_to_overwrite):
        with pytest.raises(plain_files.IrregularError, match="several names"):
            work(tmp_path / "b")
    assert (tmp_path / "a").read_text() == "old"
    with plain_files.open_to_read(tmp_path / "b") as file:
        assert file.read() == b"old"
