"""`linkcheck hook`: blocks what is dead and new, never what is only unknown."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from linkcheck import settings
from linkcheck.cli import hook, inputs
from linkcheck.git.process import GitError
from linkcheck.settings import HOOK, Settings
from tests.cli.test_run import write
from tests.conftest import Program
from tests.git.repository import Repository
from tests.web import Web
from tests.web import behaviours as b


def test_no_knowledge_blocks_no_commit(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    web.on("fine.test", "/", b.page())
    web.names["servfail.test"] = "servfail"
    urls = [
        web.on("x.test", "/403", b.page(status=403)), web.on("x.test", "/429", b.rate_limited(99, "3600", b.page())),
        web.on("x.test", "/500", b.page(status=500)), web.on("x.test", "/401", b.page(status=401)),
        web.on("reset.test", "/", b.reset), "https://servfail.test/", web.on("x.test", "/moved", b.redirect(301, "/ok")),
        web.on("x.test", "/ok", b.page()),
    ]  # fmt: skip
    write(tmp_path, *urls)
    done = linkcheck("hook", "l.md")
    assert (done.returncode, done.stdout) == (0, ""), done.stdout


def test_a_dead_link_blocks_the_commit(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, web.on("a.test", "/ok", b.page()), web.on("a.test", "/404", b.page(status=404)), "http:/a.test/x")
    done = linkcheck("hook", "l.md")
    assert done.returncode == 1
    assert "l.md:4:8: dead[http-not-found] https://a.test/404" in done.stdout
    assert "invalid[malformed-link]" in done.stdout


def test_no_network_blocks_nothing(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    web.names["example.com"] = "servfail"
    write(tmp_path, "https://no-such.test/")
    done = linkcheck("hook", "l.md", "--attempts", "1")
    assert (done.returncode, done.stdout) == (0, "")
    assert "1 of 1 link was not checked: no usable network: 1 host could not be reached" in done.stderr


def test_what_is_wrong_without_any_network_blocks(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    web.names["example.com"] = "servfail"
    write(tmp_path, "https://no-such.test/", "http:/a.test/x", "missing.md", "#nowhere", "l.md")
    done = linkcheck("hook", "l.md", "--attempts", "1")
    assert done.returncode == 1
    rules = [line.split("[")[1].split("]")[0] for line in done.stdout.splitlines() if line.startswith("l.md:")]
    assert rules == ["malformed-link", "missing-file", "missing-fragment"]
    assert done.stdout.endswith("help: this mends 1 link: linkcheck fix --write -- l.md\n")
    assert "no-such.test" not in done.stdout
    assert "1 of 5 links was not checked: no usable network: 1 host could not be reached" in done.stderr


def test_no_files_are_fine(linkcheck: Program) -> None:
    assert linkcheck("hook").returncode == 0


def test_the_budget_holds(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, *(web.on(f"slow{n}.test", "/", b.slow(60, b.page())) for n in range(20)))
    started = time.monotonic()
    assert linkcheck("hook", "l.md", "--budget", "1.5").returncode == 0
    assert time.monotonic() - started < 8


# -- only what a change adds -----------------------------------------------------------------


def test_old_dead_links_are_neither_judged_nor_requested(
    web: Web, linkcheck: Program, repository: Repository, tmp_path: Path
) -> None:
    old, ok = web.on("a.test", "/old", b.page(status=404)), web.on("a.test", "/ok", b.page())
    dead = web.on("a.test", "/dead", b.page(status=404))
    write(tmp_path, old, "http:/old.test")
    repository.git("add", ".")
    repository.git("commit", "-q", "-m", "old")
    write(tmp_path, "http:/old.test", ok, old)
    repository.git("add", ".")
    done = linkcheck("hook", "l.md")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not web.asked("a.test", "/old")
    write(tmp_path, dead, old, ok, "http:/new.test")
    repository.git("add", ".")
    done = linkcheck("hook")
    assert done.returncode == 1
    assert "l.md:3:8: dead[http-not-found] https://a.test/dead" in done.stdout
    assert "l.md:6:8: invalid[malformed-link] http:/new.test" in done.stdout
    assert "old" not in done.stdout
    assert linkcheck("hook", "--all", "l.md").stdout.count("/old") == 1


def test_what_the_budget_left_out_is_said(web: Web, linkcheck: Program, repository: Repository, tmp_path: Path) -> None:
    write(tmp_path, *(web.on(f"slow{n}.test", "/", b.slow(60, b.page())) for n in range(3)))
    repository.commit({"old.md": "<https://old.test/>\n"})
    repository.git("add", ".")
    done = linkcheck("hook", "--budget", "0.5")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "linkcheck: 3 of 3 links were not checked: the time was up (--budget)\n"


def documents(
    *paths: str,
    flags: Mapping[str, object] = MappingProxyType({}),
    environment: Mapping[str, str] = MappingProxyType({}),
) -> list[str]:
    """`path:line URL` of the links to judge."""
    values = settings.load(HOOK, {one: flags[one] for one in flags if one != "frozen"}, {})
    values = Settings({**values.values, "frozen": "frozen" in flags}, values.origins, frozenset(flags))
    found, _ = hook._documents(paths, values, environment)
    return [f"{link.path}:{link.line} {link.url}" for one in found.documents for link in one.links]


OLD, NEW = "- <https://old.test/>\n", "- <https://new.test/>\n"


def test_nothing_staged_is_said(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.commit({"a.md": OLD})
    (repository.path / "a.md").write_text(OLD + NEW)
    assert documents("a.md") == documents() == []
    assert capsys.readouterr().err.splitlines() == [
        "linkcheck: the change adds nothing to these files; --all checks whole files",
        "linkcheck: the change adds nothing to the files; --all checks whole files",
    ]
    assert documents("a.md", flags={"all": True}) == ["a.md:1 https://old.test/", "a.md:2 https://new.test/"]
    assert documents("a.md", flags={"frozen": True}) == documents("a.md", flags={"all": True})
    assert documents("a.md", flags={"since": "HEAD"}) == ["a.md:2 https://new.test/"]
    assert capsys.readouterr().err == ""


def test_whole_files_of_what_is_staged(repository: Repository) -> None:
    repository.commit({"a.md": OLD, "b.md": OLD})
    repository.write({"a.md": OLD + NEW, "x.py": "pass\n"})
    assert documents(flags={"all": True}) == ["a.md:1 https://old.test/", "a.md:2 https://new.test/"]


def test_outside_a_repository_whole_files_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").write_text(OLD)
    assert documents("a.md") == ["a.md:1 https://old.test/"]
    assert capsys.readouterr().err == "linkcheck: whole files are checked: this is no git repository\n"
    with pytest.raises(GitError, match="no git repository"):
        documents("a.md", flags={"since": "HEAD"})
    monkeypatch.setenv("PATH", str(tmp_path))
    assert documents("a.md") == ["a.md:1 https://old.test/"]
    assert capsys.readouterr().err == "linkcheck: whole files are checked: git is not installed\n"


def test_a_repository_that_git_cannot_read_blames_nobody(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit({"a.md": OLD})
    repository.write({"a.md": OLD + NEW})
    (repository.path / ".git" / "index").write_bytes(b"no index")
    assert documents("a.md") == []
    told = capsys.readouterr().err
    assert told.startswith("linkcheck: nothing was checked, since git does not tell what is added: git diff: ")
    assert told.endswith("help: --all checks whole files\n")
    with pytest.raises(GitError, match="git diff"):
        documents("a.md", flags={"since": "HEAD"})
    assert documents("a.md", flags={"all": True}) == ["a.md:1 https://old.test/", "a.md:2 https://new.test/"]


def test_a_file_outside_the_repository_is_checked_as_a_whole(
    repository: Repository, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other") / "b.md"
    other.write_text(OLD)
    repository.write({"a.md": NEW})
    assert documents("a.md", str(other)) == ["a.md:1 https://new.test/", f"{other}:1 https://old.test/"]


def test_a_push_adds_what_lies_between_its_commits(repository: Repository) -> None:
    first = repository.commit({"a.md": OLD})
    repository.commit({"a.md": OLD + NEW})
    repository.commit({"b.md": f"# B\n{OLD}"})
    repository.write({"c.md": OLD})
    environment = {"PRE_COMMIT_FROM_REF": first, "PRE_COMMIT_TO_REF": "HEAD", "PRE_COMMIT_REMOTE_NAME": "origin"}
    assert documents("a.md", "b.md", environment=environment) == [
        "a.md:2 https://new.test/",
        "b.md:2 https://old.test/",
    ]
    assert documents("a.md", flags={"since": "HEAD"}, environment=environment) == []


def test_all_is_new_in_a_push_to_an_empty_remote(repository: Repository) -> None:
    repository.commit({"a.md": OLD})
    assert documents("a.md", environment={"PRE_COMMIT_REMOTE_NAME": "origin"}) == ["a.md:1 https://old.test/"]
    assert documents("a.md", flags={"since": "HEAD"}, environment={"PRE_COMMIT_REMOTE_NAME": "origin"}) == []


def test_a_commit_without_a_new_link_opens_no_memory(linkcheck: Program, repository: Repository) -> None:
    repository.commit({"a.md": OLD})
    repository.write({"a.md": f"# Title\n\n{OLD}"})
    done = linkcheck("hook", "--memory", "memory", "a.md", LINKCHECK_NO_MEMORY="false")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not (repository.path / "memory").exists()


def test_a_named_file_that_is_not_there_is_an_error(linkcheck: Program, repository: Repository) -> None:
    repository.write({"a.md": "# A\n"})
    done = linkcheck("hook", "a.md", "typo.md")
    assert done.returncode == 2
    assert "no such file" in done.stderr


def test_a_file_that_cannot_be_read_is_an_error_only_if_it_is_named(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(inputs, "MOST_BYTES", 1_000)
    monkeypatch.setenv("LINKCHECK_NO_MEMORY", "1")
    repository.write({"a.md": "# A\n" * 1_000})
    assert hook.command(["a.md"], settings.load(HOOK, {}, {})) == 2
    assert "larger than 1,000 bytes" in capsys.readouterr().err
    assert hook.command([], settings.load(HOOK, {}, {})) == 0
    assert capsys.readouterr().err == "warning: a.md:1: left out: cannot read the file: larger than 1,000 bytes\n"


# -- the work tree is not what is judged -----------------------------------------------------

BEFORE: dict[str, str | bytes] = {"a.md": "# T\n", "b.md": "# B\n\n## Foo\n"}
CHANGE: dict[str, str | bytes] = {
    "a.md": "# T\n\n## New\n\n[x](#new) [b](b.md#bar) [c](c.md) [d](docs/)\n", "b.md": "# B\n\n## Bar\n", "c.md": "# C\n",
    "docs/d.md": "# D\n",
}  # fmt: skip


def test_links_to_what_is_staged_are_alive_whatever_the_work_tree_has(
    linkcheck: Program, repository: Repository, tmp_path: Path
) -> None:
    repository.commit(BEFORE)
    repository.write(CHANGE)
    (tmp_path / "a.md").write_text("# T\n\n## Newer\n\n[x](#new)\n")
    (tmp_path / "b.md").write_text("# B\n\n## Baz\n")
    (tmp_path / "c.md").unlink()
    (tmp_path / "docs" / "d.md").unlink()
    (tmp_path / "docs").rmdir()
    done = linkcheck("hook")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    repository.git("rm", "-q", "--cached", "c.md", "docs/d.md")
    repository.write({"b.md": "# B\n\n## Other\n"})
    done = linkcheck("hook")
    assert done.returncode == 1
    assert [line.split(": ")[1] for line in done.stdout.splitlines()[::2]] == [
        "dead[missing-fragment] b.md#bar", "dead[missing-file] c.md", "dead[missing-file] docs/",
    ]  # fmt: skip


def test_a_push_of_another_branch_is_judged_by_that_branch(linkcheck: Program, repository: Repository) -> None:
    repository.commit(BEFORE)
    repository.git("switch", "-q", "-c", "other")
    repository.commit(CHANGE)
    repository.git("switch", "-q", "main")
    ends = {"PRE_COMMIT_FROM_REF": "main", "PRE_COMMIT_TO_REF": "other"}
    done = linkcheck("hook", **ends)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    repository.git("switch", "-q", "other")
    repository.commit({"e.md": "[no](none.md) [no](b.md#foo)\n"})
    repository.git("switch", "-q", "main")
    done = linkcheck("hook", **ends)
    assert done.returncode == 1
    assert "dead[missing-file] none.md" in done.stdout
    assert "b.md#foo" not in done.stdout, "main has it: what is on disk is there"


def test_what_git_does_not_tell_is_not_blamed_on_anybody(
    linkcheck: Program, repository: Repository, tmp_path: Path
) -> None:
    repository.write({"a.md": "".join(f"[x]({n}.md) " for n in range(210)) + "[y](#no)\n"})
    done = linkcheck("hook")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 2 * 200
