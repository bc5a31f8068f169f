"""`linkcheck run --since`: only what is not in the merge base is requested, and can fail."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.test_run import verdicts, write
from tests.conftest import Program
from tests.git.repository import Repository
from tests.web import Web
from tests.web import behaviours as b


def test_only_added_links_are_requested_and_can_fail(
    web: Web, linkcheck: Program, repository: Repository, tmp_path: Path
) -> None:
    old, ok = web.on("a.test", "/old", b.page(status=404)), web.on("a.test", "/ok", b.page())
    dead = web.on("a.test", "/dead", b.page(status=404))
    write(tmp_path, old, "http:/old.test")
    repository.git("add", ".")
    repository.git("commit", "-q", "-m", "old")
    repository.git("switch", "-q", "-c", "topic")
    write(tmp_path, ok, old, "http:/old.test")
    write(tmp_path, old, dead, name="new.md")
    done = linkcheck("run", "l.md", "--since", "main", "--format", "json")
    assert done.returncode == 0, done.stderr
    skipped = ("skipped", "not-added")
    assert verdicts(done) == {ok: ("ok", "http-ok"), old: skipped, "http:/old.test": skipped}
    assert not web.asked("a.test", "/old")

    done = linkcheck("run", ".", "--since", "main")
    assert done.returncode == 1
    assert [line for line in done.stdout.splitlines() if line[:1] != " "] == [
        "new.md:3:8: dead[http-not-found] https://a.test/old: HTTP 404 twice, seconds apart and asked in two ways",
        "new.md:4:8: dead[http-not-found] https://a.test/dead: HTTP 404 twice, seconds apart and asked in two ways",
        "help: linkcheck fix --dead note looks for archived copies of 2 dead links",
        "3 links: 2 dead, 1 ok; 2 not judged, since the change does not add them",
    ]
    assert {path.name for path in tmp_path.iterdir()} == {".git", "l.md", "new.md"}, "a file was written"


def test_the_committed_history_answers(web: Web, linkcheck: Program, repository: Repository, tmp_path: Path) -> None:
    known = web.on("a.test", "/known", b.page())
    memory = {"LINKCHECK_NO_MEMORY": "false"}
    write(tmp_path, known)
    assert linkcheck("run", "l.md", "--memory", "first", **memory).returncode == 0
    history = (tmp_path / "reports" / "history.jsonl").read_bytes()
    (tmp_path / "l.md").unlink()
    repository.commit({".gitignore": "first\n"})
    write(tmp_path, known)
    asked = len(web.log)
    done = linkcheck("run", "l.md", "--since", "HEAD", "--memory", str(tmp_path.parent / "second"), **memory)
    assert (done.returncode, done.stdout) == (0, "1 link: 1 ok\n")
    assert len(web.log) == asked
    assert (tmp_path / "reports" / "history.jsonl").read_bytes() == history


def test_a_clone_judges_the_same(
    web: Web, linkcheck: Program, repository: Repository, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    web.on("a.test", "/", b.page())
    first = f"- <{web.on('a.test', '/old', b.page(status=404))}>\n"
    repository.commit({"l.md": first})
    repository.git("switch", "-q", "-c", "topic")
    repository.commit({"l.md": f"- <{web.on('a.test', '/new', b.page(status=404))}>\n{first}"})
    clone = tmp_path_factory.mktemp("clone")
    repository.git("clone", "-q", str(tmp_path), str(clone))
    found = [
        linkcheck("run", "l.md", "--since", revision, "--no-files", "--format", "json", cwd=folder)
        for folder, revision in ((tmp_path, "main"), (clone, "origin/main"))
    ]
    links = [[link | {"checked": None, "since": None} for link in json.loads(done.stdout)["links"]] for done in found]
    assert links[0] == links[1]
    assert [(link["url"], link["rule"]) for link in links[0]] == [
        ("https://a.test/new", "http-not-found"), ("https://a.test/old", "not-added"),
    ]  # fmt: skip
    assert [done.returncode for done in found] == [1, 1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("l.md", "--since", "nothing"), "error: git knows no commit 'nothing' here"),
        (("l.md", "--since=--output=x"), "error: git knows no commit '--output=x' here"),
        (("l.md", "--since", ""), "error: git knows no commit '' here"),
        (("-", "--since", "HEAD"), "error: this is no file of the repository"),
    ],
)
def test_what_cannot_be_compared(
    linkcheck: Program, repository: Repository, arguments: tuple[str, ...], message: str
) -> None:
    repository.commit({"l.md": "# L\n"})
    done = linkcheck("run", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[0] == message


def test_where_there_is_no_work_tree(linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, "https://a.test/")
    done = linkcheck("run", "l.md", "--since", "HEAD")
    assert (done.returncode, done.stderr) == (2, f"error: this is no git repository\n  --> {tmp_path}\n")
    subprocess.run(["git", "init", "-q", "--bare"], cwd=tmp_path, check=True)
    done = linkcheck("run", "l.md", "--since", "HEAD")
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        2,
        "error: this is no work tree of a git repository (a bare one has none)",
    )
    done = linkcheck("run", "l.md", "--since", "HEAD", PATH="/nowhere")
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, "error: git is not installed")
