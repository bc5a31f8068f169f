"""Ignores from outside: config files, comments, the baseline; in `run` and in the hook."""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from pathlib import Path

import pytest

from linkcheck.cli import ignoring
from linkcheck.cli.files import ReportsFolder
from linkcheck.ignores.baseline import Accepted
from linkcheck.model import State
from tests.cli.test_run import write
from tests.conftest import Program
from tests.web import Web
from tests.web import behaviours as b

posix = pytest.mark.skipif(sys.platform == "win32", reason="links are POSIX")
ENTRY = '{{"url": "{}", "state": "dead", "rule": "http-not-found", "since": "2026-12-01", "lists": ["l.md"]}}\n'


def dead(web: Web, name: str = "a.test") -> str:
    return web.on(name, "/404", b.page(status=404))


def list_with(folder: Path, *lines: str) -> None:
    (folder / "l.md").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def accept(folder: Path, *urls: str) -> Path:
    path = folder / "reports" / "baseline.jsonl"
    path.parent.mkdir(exist_ok=True)
    path.write_text('{"schema": "linkcheck-baseline/1"}\n' + "".join(map(ENTRY.format, urls)), encoding="utf-8")
    return path


# -- run -------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["linkcheck.toml", "pyproject.toml"])
def test_an_ignored_link_is_looked_at_and_fails_no_run(
    web: Web, linkcheck: Program, tmp_path: Path, where: str
) -> None:
    header = "tool.linkcheck.ignore" if where == "pyproject.toml" else "ignore"
    (tmp_path / where).write_text(f'[[{header}]]\nhost = "a.test"\nreason = "old"\n', encoding="utf-8")
    write(tmp_path, dead(web), web.on("b.test", "/", b.page()))
    done = linkcheck("run", "l.md")
    assert (done.returncode, done.stdout.splitlines()) == (
        0, ["1 link fails and is ignored", "2 links: 1 dead, 1 ok"],
    ), done.stderr  # fmt: skip
    assert done.stderr == ""
    assert len(web.asked("a.test", "/404")) == 2
    page = (tmp_path / "reports" / "l.md").read_text(encoding="utf-8")
    assert f"- **dead** [T0]({dead(web)}), `l.md:3`: old (`{where}" in page
    found = json.loads(linkcheck("run", "l.md", "--format", "json", "--no-files").stdout)
    place = f"{where} [tool.linkcheck], ignore 1" if where == "pyproject.toml" else f"{where}, ignore 1"
    assert found["links"][0]["ignored"] == {"reason": "old", "until": None, "where": place, "baseline": False}


def test_a_missing_reason_is_asked_for_and_an_expired_entry_is_said(
    web: Web, linkcheck: Program, tmp_path: Path
) -> None:
    tables = [f'url = "{dead(web)}"\nuntil = 2020-01-01', 'match = "/never/"', 'host = "z.test"\nreason = "x"']
    (tmp_path / "linkcheck.toml").write_text("".join(f"[[ignore]]\n{one}\n" for one in tables), encoding="utf-8")
    write(tmp_path, dead(web))
    done = linkcheck("run", "l.md")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"warning: linkcheck.toml, ignore 1: no reason is given for ignoring {dead(web)}",
        "warning: linkcheck.toml, ignore 2: no reason is given for ignoring /never/",
    ]
    lines = done.stdout.splitlines()
    assert lines[0].startswith("l.md:3:8: dead[http-not-found]")
    assert lines[2].startswith(
        f"linkcheck.toml, ignore 1: note[ignore-expired] {dead(web)} (l.md:3): this ignore expired"
    )
    assert lines[3].startswith("linkcheck.toml, ignore 2: note[ignore-unused] match '/never/': no link of these lists")
    assert lines[4].startswith("linkcheck.toml, ignore 3: note[ignore-unused] host z.test: no link of these lists")


def test_comments_of_a_list_count_and_what_is_wrong_with_them_is_no_error(
    web: Web, linkcheck: Program, tmp_path: Path
) -> None:
    gone = [dead(web, f"h{n}.test") for n in range(4)]
    list_with(
        tmp_path,
        f'- [a]({gone[0]}) <!-- linkcheck: ignore reason="old" until=2999-01-01 -->',
        "", "<!-- linkcheck: ignore-next-line -->", f"[b]({gone[1]})", "",
        "<!-- markdown-link-check-disable -->", f"[c]({gone[2]})", "<!-- markdown-link-check-enable -->",
        f"[d]({gone[3]}) `<!-- mlc-disable-line -->`", "<!-- linkcheck: ingore -->",
    )  # fmt: skip
    done = linkcheck("run", "l.md", "--no-files")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        'warning: l.md:3: this ignore-next-line gives no reason: write reason="…"',
        "warning: l.md:10: 'linkcheck: ingore' is not known: one of ignore, ignore-next-line, ignore-start, ignore-end",
    ]
    assert [line.partition(" ")[0] for line in done.stdout.splitlines() if "dead[" in line] == ["l.md:9:5:"]
    assert "3 links fail and are ignored\n" in done.stdout


def test_that_an_ignored_link_lives_again_is_said(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    fine = web.on("a.test", "/", b.page())
    list_with(tmp_path, f"[a]({fine}) <!-- linkcheck: ignore reason=x -->")
    done = linkcheck("run", "l.md")
    assert done.stdout == f"l.md:1: note[ignore-alive] {fine}: works again: this ignore can go\n1 link: 1 ok\n"
    assert f"- **alive** `l.md:1`, `{fine}`: works again" in (tmp_path / "reports" / "l.md").read_text(encoding="utf-8")


def test_an_impossible_day_is_an_error_with_its_place(linkcheck: Program, tmp_path: Path) -> None:
    (tmp_path / "linkcheck.toml").write_text('[[ignore]]\nurl = "x"\nuntil = "soon"\n', encoding="utf-8")
    done = linkcheck("run", "l.md")
    assert done.returncode == 2
    assert "error: 'until' must be a day, not 'soon'" in done.stderr
    assert "linkcheck.toml, ignore 1\nhelp: write it as 2027-03-01" in done.stderr


# -- the baseline ----------------------------------------------------------------------------


def test_what_the_baseline_accepts_fails_no_run_and_new_failures_do(
    web: Web, linkcheck: Program, tmp_path: Path
) -> None:
    path = accept(tmp_path, dead(web), "https://gone.test/", web.on("b.test", "/", b.page()))
    write(tmp_path, dead(web), "https://b.test/", dead(web, "new.test"))
    done = linkcheck("run", "l.md")
    assert done.returncode == 1
    assert "dead[http-not-found] https://new.test/404" in done.stdout
    assert "dead[http-not-found] https://a.test" not in done.stdout
    assert (
        "reports/baseline.jsonl:3: note[ignore-baseline] https://gone.test/: 1 of its links works again and 1 is in these "
        "lists no more: run linkcheck baseline again to take them out\n1 link fails and is ignored by the baseline\n"
    ) in done.stdout
    assert path.read_text(encoding="utf-8").count("\n") == 4


@posix
@pytest.mark.parametrize("kind", ["link", "folder link", "version", "broken"])
def test_a_baseline_that_cannot_be_used_accepts_nothing(web: Web, tmp_path: Path, kind: str) -> None:
    inside = tmp_path / "in"
    (inside / ".git").mkdir(parents=True)
    path = accept(tmp_path if kind == "folder link" else inside, dead(web))
    if kind == "link":
        path.rename(tmp_path / "real.jsonl")
        path.symlink_to(tmp_path / "real.jsonl")
    elif kind == "folder link":
        (inside / "reports").symlink_to(tmp_path / "reports")
    elif kind == "version":
        path.write_text('{"schema": "linkcheck-baseline/9"}\n', encoding="utf-8")
    else:
        path.write_text("<<<<<<< a\n", encoding="utf-8")
    accepted, notices = ignoring.read_baseline(ReportsFolder(inside / "reports"))
    assert accepted == []
    expected = {
        "link": "not read: a link that leads out of the repository",
        "folder link": "not read: a link that leads out of the repository",
        "version": "not read: unsupported schema version 'linkcheck-baseline/9', not 'linkcheck-baseline/1'",
        "broken": "no entry of a baseline (Expecting value: line 1 column 1 (char 0))",
    }
    assert [one.text for one in notices] == [expected[kind]]


@posix
def test_a_baseline_that_is_a_link_or_a_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "real").write_text(ENTRY.format("u"), encoding="utf-8")
    path, folder = tmp_path / "baseline.jsonl", ReportsFolder(tmp_path)
    path.symlink_to("real")
    assert [one.text for one in ignoring.read_baseline(folder)[1]] == ["not read: a symbolic link"]
    path.unlink()
    path.mkdir()
    assert [one.text for one in ignoring.read_baseline(folder)[1]] == ["not read: a folder, not a regular file"]


def test_a_baseline_outside_the_repository_is_not_read(tmp_path: Path) -> None:
    accept(tmp_path, "u")
    _, notices = ignoring.read_baseline(ReportsFolder(tmp_path / "reports", tmp_path / "repository"))
    assert [one.text for one in notices] == ["not read: the reports folder leads out of the repository"]


def test_lists_that_are_no_more_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").touch()
    entry = Accepted("u", State.DEAD, "r", date(2026, 12, 1), ("a.md", "b.md", "\0", "x" * 9_999))
    assert [one.lists for one in ignoring.without_missing_lists([entry])] == [("a.md",)]


# -- the hook --------------------------------------------------------------------------------


def test_the_hook_neither_requests_nor_fails_on_ignored_links(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    entry, accepted, comment = (dead(web, f"{name}.test") for name in ("entry", "accepted", "comment"))
    (tmp_path / "linkcheck.toml").write_text(f'[[ignore]]\nurl = "{entry}"\n', encoding="utf-8")
    accept(tmp_path, accepted)
    list_with(tmp_path, f"[a]({entry}) [b]({accepted})", f"[c]({comment}) <!-- linkcheck: ignore reason=x -->")
    done = linkcheck("hook", "--all", "l.md")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert web.log == []


def test_the_hook_says_that_an_ignore_has_expired(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    list_with(tmp_path, f"[a]({dead(web)}) <!-- linkcheck: ignore reason=x until=2020-01-01 -->")
    done = linkcheck("hook", "l.md")
    assert done.returncode == 1
    assert (
        f"l.md:1: note[ignore-expired] {dead(web)}: this ignore expired on 2020-01-01 (x); take it out" in done.stdout
    )


# -- places ----------------------------------------------------------------------------------


def test_a_place_is_shown_as_seen_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "r" / ".git").mkdir(parents=True)
    (tmp_path / "r" / "a").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path / "r" / "a")
    shown = [
        ignoring.shown_place(f"{tmp_path / name}, ignore 1")
        for name in ("r/a/linkcheck.toml", "r/linkcheck.toml", "home/c.toml", "x.toml")
    ]
    up = f"..{os.sep}linkcheck.toml, ignore 1"
    home, other = f"~{os.sep}c.toml, ignore 1", f"{tmp_path / 'x.toml'}, ignore 1"
    assert shown == ["linkcheck.toml, ignore 1", up, home, other]


def test_a_broken_baseline_ends_no_run(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    path = accept(tmp_path, dead(web))
    path.write_text(f"{'[' * 99_999}\n{path.read_text(encoding='utf-8')}\0\n", encoding="utf-8")
    write(tmp_path, dead(web), web.on("b.test", "/", b.page()))
    done = linkcheck("run", "l.md", "--no-files")
    assert done.returncode == 0
    assert [line.partition(": no entry")[0] for line in done.stderr.splitlines()] == [
        "warning: reports/baseline.jsonl:1",
        "warning: reports/baseline.jsonl:4",
    ]
