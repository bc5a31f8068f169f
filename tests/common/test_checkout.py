from __future__ import annotations

import sys
from pathlib import Path

import pytest

from linkcheck.common import checkout

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    top = tmp_path / "a"
    (top / ".git").mkdir(parents=True)
    (top / "b").mkdir()
    for other in (tmp_path / "other", top / "inner", top / ".git" / "worktree"):
        (other / ".git").mkdir(parents=True)
    (top / ".git" / "config").touch()
    (top / "l.md").touch()
    (tmp_path / "way").symlink_to(top)
    for name, target in {
        "in.md": "l.md", "out.md": "../x", "git.md": ".git/config", "loop.md": "loop.md", "b/up": "..", "away": "../..", "other": "../other",
        "inner/up.md": "../l.md", "to-inner": "inner",
        ".git/worktree/in.md": "l.md",
    }.items():  # fmt: skip
        (top / name).symlink_to(target)
    return top


@pytest.mark.parametrize(
    ("name", "leads_out"),
    [
        ("l.md", False), ("in.md", False), ("b/up/l.md", False), ("b/up/in.md", False), ("loop.md", False), ("none", False),
        (".git/config", False), ("b/../l.md", False),
        ("out.md", True), ("git.md", True), ("away/x", True), ("b/up/out.md", True),
        ("inner/l.md", False), ("to-inner/l.md", False), ("inner/up.md", True), ("other/l.md", True), ("other/../a/l.md", False),
        ("away/../x", True), (".git/worktree/in.md", False),
    ],
)  # fmt: skip
def test_which_links_lead_out(repository: Path, name: str, leads_out: bool) -> None:
    assert checkout.leads_out(repository / name) == leads_out
    assert checkout.leads_out(repository.parent / "way" / name) == leads_out


def test_outside_a_repository_nothing_leads_out(tmp_path: Path) -> None:
    (tmp_path / "l.md").symlink_to("/etc/passwd")
    assert not checkout.leads_out(tmp_path / "l.md")


@pytest.mark.parametrize(
    ("name", "holds"),
    [("reports", True), ("b/../reports", True), (".", True), ("b/up/reports", True), ("..", False), ("away", False),
     (".git", False), (".git/hooks", False), ("b/.GIT/x", False), ("/", False)],
)  # fmt: skip
def test_what_a_repository_holds(repository: Path, name: str, holds: bool) -> None:
    assert checkout.holds(repository, repository / name) == holds
    assert checkout.holds(repository.parent / "way", repository / name) == holds
