from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from linkcheck.common import plain_files
from linkcheck.memory import quarantine


def test_lines_are_put_beside_the_file(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    assert quarantine.put(path, [b"one", b"two"]) == "put aside in history.jsonl.corrupt"
    assert quarantine.put(path, [b"three"]) == "put aside in history.jsonl.corrupt"
    assert (tmp_path / "history.jsonl.corrupt").read_bytes() == b"one\ntwo\nthree\n"
    assert not path.exists()


def test_it_takes_as_much_as_there_is_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "MOST_BYTES", 10)
    path, there = tmp_path / "x", tmp_path / "x.corrupt"
    assert quarantine.put(path, [b"1234", b"6789"]) == "put aside in x.corrupt"  # ten bytes with their line ends
    assert there.read_bytes() == b"1234\n6789\n"
    assert quarantine.put(path, [b""]) == "not all put aside: x.corrupt is full"
    assert there.stat().st_size == 10
    there.unlink()
    assert quarantine.put(path, [b"1234", b"67890", b"1"]) == "not all put aside: x.corrupt is full"
    assert there.read_bytes() == b"1234\n"


def test_what_is_no_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "x.corrupt").mkdir()
    assert quarantine.put(tmp_path / "x", [b"1"]) == "not put aside: x.corrupt is not a regular file"


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right")
def test_no_link_is_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"mine")
    (tmp_path / "x.corrupt").symlink_to(other)
    assert "not a regular file" in quarantine.put(tmp_path / "x", [b"1"])
    assert other.read_bytes() == b"mine"


def test_a_disk_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Path) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(plain_files, "open_to_append", fail)
    assert quarantine.put(tmp_path / "x", [b"1"]) == f"not put aside: {os.strerror(28)}"
