"""The files of a commit and of the index, where the work tree has others."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkcheck.git import process, stored
from linkcheck.git.stored import Stored
from tests.git.repository import ENVIRONMENT, Repository


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    repository = Repository(tmp_path)
    repository.commit({"docs/a.md": "# A\n", "b*.md": "# B\n", "empty.md": "", 'ü "q"\n.md': "# U\n"})
    (tmp_path / "link.md").symlink_to("docs/a.md")
    repository.git("add", "link.md")
    repository.git("commit", "-q", "-m", "link")
    return repository


@pytest.mark.parametrize("commit", ["", "HEAD"])
def test_what_is_there_and_what_is_not(repository: Repository, commit: str) -> None:
    for path in repository.path.glob("*.md"):
        path.unlink()
    found = Stored(repository.path, commit)
    for name in ("docs", "docs/a.md", "b*.md", "link.md", 'ü "q"\n.md'):
        assert found.has(name), name
    for name in ("doc", "docs/b.md", "b?.md", "DOCS", "a.md", "a\0b", "", ":/docs", ":(glob)**", "docs/a.md/x"):
        assert found.has(name) is False, name
    assert found.content("docs/a.md") == b"# A\n"
    assert found.content('ü "q"\n.md') == b"# U\n"
    assert [found.content(name) for name in ("docs", "link.md", "none.md", "empty.md")] == [b""] * 4


def test_the_index_and_its_commit_differ(repository: Repository) -> None:
    repository.write({"docs/a.md": "# New\n", "c.md": "# C\n"})
    index, head = Stored(repository.path), Stored(repository.path, "HEAD")
    assert (index.content("docs/a.md"), head.content("docs/a.md")) == (b"# New\n", b"# A\n")
    assert (index.has("c.md"), head.has("c.md")) == (True, False)


def test_what_git_does_not_tell_is_not_known(
    repository: Repository, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = Stored(tmp_path_factory.mktemp("nowhere"))
    assert nowhere.has("a.md") is None
    assert nowhere.content("a.md") is None
    found = Stored(repository.path)
    monkeypatch.setattr(stored, "_MOST_BYTES", 3)
    assert found.content("docs/a.md") is None
    monkeypatch.setattr(stored, "_MOST_QUESTIONS", 2)
    assert found.has("none.md") is False
    assert found.has("another.md") is None
    assert found.content("another.md") is None


def test_each_path_is_asked_for_once(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Stored(repository.path)
    assert found.has("docs/a.md")
    monkeypatch.setattr(process, "run", None)
    assert found.has("docs/a.md")
