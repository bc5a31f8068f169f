"""The places in the files of a repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkcheck.local import contents as module
from linkcheck.local.contents import Contents
from linkcheck.local.tree import Tree
from tests.local.judged import written


def contents(tmp_path: Path, files: dict[str, str | bytes]) -> Contents:
    return Contents(Tree(written(tmp_path, files)), lambda: "github.com")


def test_the_places_in_a_file(tmp_path: Path) -> None:
    found = contents(tmp_path, {"docs/a.md": "# Install now\n"}).places(("docs", "a.md"))
    assert found.known is not None
    assert found.known.has("install-now")
    assert not found.known.has("instal-now")
    assert found.known.nearest("instal-now") == "install-now"
    assert not found.known.is_open
    assert not found.reason


def test_a_file_is_read_once(tmp_path: Path) -> None:
    files = contents(tmp_path, {"a.md": "# One\n"})
    first = files.places(("a.md",))
    (tmp_path / "a.md").unlink()
    assert files.places(("a.md",)) is first


def test_what_cannot_be_read_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 100)
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 5\n"
    files = contents(tmp_path, {"a.md": "", "large.md": "x" * 101, "lfs.md": pointer})
    (tmp_path / "link.md").symlink_to("a.md")
    for name in ("none.md", "large.md", "lfs.md", "link.md"):
        found = files.places((name,))
        assert found.reason, name
        assert found.known is None


@pytest.mark.parametrize(("bound", "most"), [("MOST_FILES", 1), ("MOST_BYTES_IN_ALL", 3)])
def test_beyond_the_bounds_nothing_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, most: int
) -> None:
    monkeypatch.setattr(module, bound, most)
    files = contents(tmp_path, {"a.md": "# A\n", "b.md": "# B\n"})
    assert files.places(("a.md",)).known
    assert files.places(("b.md",)).reason
    assert files.places(("a.md",)).known
