"""The hook in real commits: by pre-commit, and as git's own hook."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from linkcheck import read
from tests.cli.test_run import write
from tests.conftest import LINKCHECK
from tests.git.repository import ENVIRONMENT, Repository
from tests.shared import ROOT
from tests.web import Web, environment
from tests.web import behaviours as b

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the command lines below are POSIX")
DEFINED: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))


class Commits:
    """A repository, and git commands in it that may fail."""

    def __init__(self, folder: Path, variables: dict[str, str]) -> None:
        self.repository, self.folder, self._variables = Repository(folder), folder, variables | ENVIRONMENT

    def git(self, *arguments: str, at: str = "") -> subprocess.CompletedProcess[str]:
        return self.run("git", *arguments, at=at)

    def run(self, *command: str, at: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.folder / at, env=self._variables, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def commit(self, message: str) -> tuple[bool, str]:
        """Whether everything could be committed, and what was said."""
        self.repository.git("add", ".")
        done = self.git("commit", "-m", message)
        return done.returncode == 0, done.stdout + done.stderr

    def hook(self, script: str, name: str = "pre-commit") -> None:
        file = self.folder / ".git" / "hooks" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)


def test_the_hooks_take_the_files_that_readers_know() -> None:
    assert [one["id"] for one in DEFINED] == ["linkcheck", "linkcheck-frozen"]
    for one in DEFINED:
        suffixes = "|".join(suffix.removeprefix(".") for suffix in read.suffixes())
        assert one["files"] == rf"(?i)\.({suffixes})$"
        assert one["stages"] == ["pre-commit", "pre-push", "manual"]


def test_pre_commit_judges_what_a_commit_adds(web: Web, tmp_path: Path) -> None:
    """The hook as .pre-commit-hooks.yaml defines it, installed already (language: system) to stay off the network."""
    defined = DEFINED[0]
    hook = defined | {
        "entry": defined["entry"].replace("linkcheck", LINKCHECK, 1),
        "language": "system",
        "args": [*web.flags, "--second-look", "0.2", *defined["args"]],
    }
    config = {"repos": [{"repo": "local", "hooks": [hook]}]}
    (tmp_path / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    home = {"HOME": str(tmp_path.parent / "home"), "PRE_COMMIT_HOME": str(tmp_path.parent / "home")}
    commits = Commits(tmp_path, environment(web, **home))
    pre_commit = str(Path(sys.executable).parent / "pre-commit")
    old, ok = web.on("a.test", "/old", b.page(status=404)), web.on("a.test", "/ok", b.page())
    dead = web.on("a.test", "/dead", b.page(status=404))
    write(tmp_path, old)
    assert commits.commit("before there was a hook")[0]
    assert commits.run(pre_commit, "install").returncode == 0

    write(tmp_path, ok, old)
    is_done, said = commits.commit("a good link")
    assert is_done, said
    write(tmp_path, ok, old, dead)
    is_done, said = commits.commit("a dead link")
    assert not is_done
    assert "l.md:5:8: dead[http-not-found] https://a.test/dead" in said
    assert "/old" not in said
    (tmp_path / "l.md").unlink()
    write(tmp_path, ok, old, name="renamed list.md")
    is_done, said = commits.commit("renamed, without the dead link")
    assert is_done, said
    assert not web.asked("a.test", "/old")

    write(tmp_path, dead, ok, old, name="renamed list.md")
    commits.repository.git("commit", "-q", "--no-verify", "-a", "-m", "a dead link, without the hook")
    pushed = commits.run(pre_commit, "run", "--hook-stage", "pre-push", "--from-ref", "HEAD~1", "--to-ref", "HEAD")
    assert pushed.returncode == 1
    assert "renamed list.md:3:8: dead[http-not-found] https://a.test/dead" in pushed.stdout
    assert "/old" not in pushed.stdout


BAD, OLD = "- <http:/new.test>\n", "- <http:/old.test>\n"  # malformed: nothing is requested


@pytest.fixture
def commits(tmp_path: Path) -> Commits:
    made = Commits(tmp_path, {**os.environ, "LINKCHECK_NO_MEMORY": "true"})
    made.repository.commit({"a.md": OLD, "b.md": OLD, "docs/c.md": OLD})
    return made


def test_gits_own_hook(commits: Commits) -> None:
    commits.hook(f"exec '{LINKCHECK}' hook")
    (commits.folder / "a.md").write_text(OLD + BAD)
    (commits.folder / "b.md").write_text(f"# B\n\n{OLD}")
    done = commits.git("commit", "-m", "only b", "b.md")
    assert done.returncode == 0, done.stderr
    done = commits.git("commit", "-a", "-m", "all")
    assert done.returncode == 1
    assert "a.md:2:4: invalid[malformed-link] http:/new.test" in done.stdout + done.stderr
    done = commits.git("commit", "-m", "one, from a folder", "../a.md", at="docs")
    assert done.returncode == 1
    commits.repository.git("add", "a.md")
    (commits.folder / "a.md").write_text(OLD)
    assert commits.git("commit", "-m", "what is staged").returncode == 1
    assert commits.git("commit", "-a", "-m", "what is in the work tree").stdout.startswith("On branch main")


def test_gits_own_hook_in_a_worktree_and_in_a_merge(commits: Commits, tmp_path_factory: pytest.TempPathFactory) -> None:
    tree = tmp_path_factory.mktemp("worktrees") / "w"
    commits.repository.git("worktree", "add", "-q", "-b", "other", str(tree))
    (tree / "a.md").write_text(OLD + BAD)
    assert commits.git("commit", "-q", "-a", "-m", "before the hook", at=str(tree)).returncode == 0
    for name in ("pre-commit", "pre-merge-commit"):
        commits.hook(f"exec '{LINKCHECK}' hook", name)
    (tree / "b.md").write_text(OLD + BAD)
    done = commits.git("commit", "-a", "-m", "bad", at=str(tree))
    assert done.returncode == 1
    assert "b.md:2:4: invalid" in done.stdout + done.stderr
    (commits.folder / "docs/c.md").write_text("# C\n")
    assert commits.git("commit", "-q", "-a", "-m", "main").returncode == 0
    merged = commits.git("merge", "--no-edit", "other")
    assert merged.returncode == 0, merged.stdout + merged.stderr


def test_files_as_lefthook_passes_them(commits: Commits) -> None:
    commits.hook(f"git diff --cached --name-only --diff-filter=d -z | xargs -0 -r '{LINKCHECK}' hook --")
    (commits.folder / "-q b.md").write_text(BAD)
    is_done, said = commits.commit("bad")
    assert not is_done
    assert "-q b.md:1:4: invalid[malformed-link] http:/new.test" in said
    (commits.folder / "-q b.md").write_text("# Q\n")
    (commits.folder / "a.md").unlink()
    is_done, said = commits.commit("good")
    assert is_done, said
