"""One repository: the places in its files, and the version that it is about to release."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkcheck.local.repository import Repository
from tests.local.judged import NO_PLACE, OK, SKIPPED, written

FILES: dict[str, str | bytes] = {
    "README.md": "# Set up\n", "own__README.md": "", "fa.md": "# نرم‌افزار\n", "notes.txt": "", "a.html": '<p id="x">', "docs/README.md": "# Docs\n", "empty/": "",
    "site/index.md": "# Site\n", "a.png": b"", "a.pdf": b"", "main.py": "1\n2\n3\n", "Makefile": "", "other.xyz": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("path", "fragment", "found"),
    [
        ("README.md", None, OK),
        ("README.md", "", OK),
        ("README.md", "top", OK),
        ("README.md", "TOP", OK),
        ("README.md", "set-up", OK),
        ("README.md", "set-up:~:text=Set", OK),
        ("README.md", "set-down:~:text=Set", NO_PLACE),
        ("README.md", "readme", OK),  # GitHub's page has it
        ("README.md", "start-of-content", OK),
        ("README.md", "set-down", NO_PLACE),
        ("own__README.md", "readme", OK),
        ("fa.md", "نرم‌افزار", OK),  # forges differ in whether they keep joiners
        ("fa.md", "نرمافزار", OK),
        ("README.md", "/set-down", SKIPPED),  # docsify's routes
        ("README.md", "!set-down", SKIPPED),
        ("docs", "docs", OK),
        ("docs", "readme", OK),
        ("docs", "none", NO_PLACE),
        ("site", "site", OK),
        ("site", "readme", OK),  # GitHub names the place that shows a folder so
        ("empty", "x", SKIPPED),
        ("", "set-up", OK),
        ("a.png", "x", OK),
        ("a.pdf", "page=3", OK),
        ("other.xyz", "x", OK),
        ("main.py", "L3", OK),
        ("main.py", "L1-L3", OK),
        ("main.py", "L4", NO_PLACE),
        ("main.py", "x", OK),
        ("notes.txt", "x", SKIPPED),
        ("a.html", "x", OK),
        ("a.html", "y", NO_PLACE),
        ("Makefile", "x", OK),
    ],
)
def test_the_places_of_what_is_there(tmp_path: Path, path: str, fragment: str | None, found: str) -> None:
    repository = Repository(written(tmp_path, FILES))
    parts = tuple(path.split("/")) if path else ()
    answer = repository.place(repository.tree.find(parts), fragment)
    assert f"{answer.state}[{answer.rule}]" == found


def test_a_file_whose_places_cannot_be_read(tmp_path: Path) -> None:
    repository = Repository(written(tmp_path, FILES))
    found = repository.tree.find(("README.md",))
    (tmp_path / "README.md").unlink()
    assert repository.place(found, "set-up").reason == "the file is there, but it cannot be read"


def test_the_newest_version(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"CHANGELOG.md": "# 2.0.0\n", "pkg/CHANGELOG.md": "# 3.0.0\n", "NEWS": "x"}
    repository = Repository(written(tmp_path, files))
    assert repository.newest_version(("README.md",)) == "2.0.0"
    assert repository.newest_version(("pkg", "README.md")) == "2.0.0"
    assert repository.newest_version(("pkg", "CHANGELOG.md")) == "3.0.0"
    (tmp_path / "CHANGELOG.md").write_text("# 9.0.0\n")
    assert repository.newest_version(()) == "2.0.0"  # read once


def test_no_version_is_known(tmp_path: Path) -> None:
    top = written(tmp_path / "r", {"CHANGELOG/": ""})
    (tmp_path / "changes.md").write_text("# 1.0.0\n")
    (top / "CHANGES.md").symlink_to("../changes.md")
    repository = Repository(top)
    assert repository.newest_version(()) == ""
    written(top, {"NEWS.md": "# 1.0.0\n"})
    other = Repository(top)
    other.tree.find(("NEWS.md",))
    (top / "NEWS.md").unlink()
    assert other.newest_version(()) == ""


def test_outside_a_repository_nothing_is_ignored(tmp_path: Path) -> None:
    repository = Repository(written(tmp_path, FILES, is_checkout=False))
    assert not repository.is_checkout
    assert repository.why_not_here(("x",)) == ""
