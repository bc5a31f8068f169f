"""Which files an input stands for, and what is said of those that are none."""

from __future__ import annotations

import errno
import glob
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from linkcheck.cli import inputs
from linkcheck.errors import InputError
from linkcheck.model import Document

posix = pytest.mark.skipif(sys.platform == "win32", reason="links are POSIX here")
FILES = (
    "a.md", "b.txt", "c.py", "d/a.md", "d/e/f.md", "d/e/.hidden.md", ".g/h.md", "node_modules/i.md", "[j]/k.md", "d/l.rst",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in FILES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def paths(*names: str) -> list[str]:
    return [document.path for document in inputs.documents(names).documents]


def test_a_folder_is_its_lists_in_order(folder: Path) -> None:
    assert paths(".") == ["a.md", "b.txt", "[j]/k.md", "d/a.md", "d/e/.hidden.md", "d/e/f.md"]
    assert paths("d/e", "a.md", "d") == ["d/e/.hidden.md", "d/e/f.md", "a.md", "d/a.md"]
    assert paths(str(folder / "d" / "e")) == [f"{folder.as_posix()}/d/e/{name}" for name in (".hidden.md", "f.md")]


@pytest.mark.parametrize(
    "pattern",
    ["*.md", "**/*.md", "d/**", "**", "**/e/*", "d/**/*.md", "**/*", "./**/a.md", "**/**/f.md", "*/*/*", "[ab]*", "**/d/**/f.md",
     "d/./**/../e/*.md", "**/" * 40 + "f.md"],
)  # fmt: skip
def test_a_glob_is_what_it_is_in_python(folder: Path, pattern: str) -> None:
    expected = {Path(m).as_posix() for m in glob.glob(pattern, recursive=True) if Path(m).is_file()}  # noqa: PTH207
    assert set(paths(pattern)) == expected


def test_a_name_in_brackets_is_a_name(folder: Path) -> None:
    assert paths("[j]/k.md") == ["[j]/k.md"]
    assert paths("[[]j]/*.md") == ["[j]/k.md"]


@pytest.mark.parametrize("name", ["none.md", "*.none", "x" * 300, "x" * 300 + "/*.md"])
def test_what_is_not_there_is_said(folder: Path, name: str) -> None:
    with pytest.raises(InputError):
        paths(name)


@posix
def test_links_to_folders_lead_nowhere(folder: Path) -> None:
    for name in ("x", "y", "z"):
        (folder / "d" / name).symlink_to("..")
    (folder / "d" / "round").symlink_to("round")
    assert paths("d") == ["d/a.md", "d/e/.hidden.md", "d/e/f.md"]
    assert paths("**/f.md") == ["d/e/f.md"]
    assert paths("d/x/a.md") == ["d/x/a.md"]


@posix
def test_links_out_of_a_repository_are_not_followed(folder: Path) -> None:
    outside = folder.parent / "outside.md"
    outside.write_text("[A](https://a.test/)")
    (folder / "o.md").symlink_to(outside)
    assert paths("o.md") == ["o.md"]  # this is no repository
    (folder / ".git").mkdir()
    with pytest.raises(InputError, match="leads out of the repository"):
        paths("o.md")
    found = inputs.documents(["o.md", "a.md"], reads_the_rest=True)
    assert [document.path for document in found.documents] == ["a.md"]
    assert [(error.where, error.what) for error in found.refused] == [
        ("o.md", "a link that leads out of the repository")
    ]
    found = inputs.documents(["*.md"])
    assert [document.path for document in found.documents] == ["a.md"]
    assert [(notice.path, notice.text) for notice in found.notices] == [
        ("o.md", "left out: a link that leads out of the repository")
    ]


@posix
@pytest.mark.parametrize("place", ["/dev/fd", "/proc/self/fd"])  # bash; zsh on Linux
def test_what_a_shell_hands_over_is_read(folder: Path, place: str) -> None:
    if not Path(place).exists():
        pytest.skip(f"no {place}")
    reading, writing = os.pipe()
    os.write(writing, b"[A](https://a.test/)")
    os.close(writing)
    (document,) = inputs.documents([f"{place}/{reading}"]).documents
    os.close(reading)
    assert [link.url for link in document.links] == ["https://a.test/"]


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO])
def test_an_input_that_cannot_be_looked_at_is_told(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def refuse(path: Any, *_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(os, "stat", refuse)
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(InputError, match="cannot read the file"):
        inputs.documents(["hidden/l.md"])


def test_a_list_that_our_own_program_fails_on_costs_no_other_list(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(data: bytes, path: str) -> Document:
        if path == "a.md":
            raise RecursionError("too deep")
        return Document(path, ())

    monkeypatch.setattr("linkcheck.read.read", fail)
    first, second = inputs.documents(["a.md", "b.txt"]).documents
    assert (first.links, second.notices) == ((), ())
    assert "internal error in linkcheck: RecursionError: too deep" in first.notices[0].text
