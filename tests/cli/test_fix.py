"""`linkcheck fix` from the outside: what must not be touched first, then what is mended, and how it is written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import jsonschema
import pytest

from tests.conftest import LINKCHECK, Program
from tests.git.repository import ENVIRONMENT, Repository
from tests.report.test_formats import SCHEMA
from tests.web import Web, environment
from tests.web import behaviours as b
from tests.web.reading_list import Paper, arxiv_api

PAGE = b.page("<title>Plane irons and their care</title><h1>Plane irons</h1><p>" + "Words of a page about irons. " * 5)
OTHER = b.page("<title>Casino of the north</title><h1>Slots</h1><p>" + "Quite another text stands here now. " * 5)


def listed(folder: Path, *urls: str, title: str = "Plane irons and their care", name: str = "l.md") -> Path:
    path = folder / name
    path.write_text("".join(f"- [{title}]({url}) - words\n" for url in urls), encoding="utf-8")
    return path


def test_what_is_not_surely_the_same_is_left_alone(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    ends = {
        "https://a.test/old": ("https://other.test/page/x", PAGE), "https://a.test/doc": ("https://a.test/en/stable/doc", PAGE),
        "https://a.test/deep/x": ("https://a.test/", PAGE), "https://a.test/in": ("https://a.test/login?next=/in", PAGE),
        "https://a.test/s": ("https://a.test/t?sid=81723", PAGE), "https://a.test/utm": ("https://a.test/u?utm_source=x", PAGE),
        "https://a.test/down": ("http://a.test/down/now", PAGE), "https://a.test/sold": ("https://a.test/new/page", OTHER),
    }  # fmt: skip
    for old, (new, page) in ends.items():
        web.on("a.test", urlsplit(old).path, b.redirect(301, new))
        web.on(urlsplit(new).hostname or "", urlsplit(new).path, page)
    web.on("a.test", "/temporary", b.redirect(302, "/new/place"))
    web.on("a.test", "/new/place", PAGE)
    web.on("a.test", "/once", b.in_turn(b.redirect(301, "/new/place"), PAGE))
    path = listed(tmp_path, *ends, "https://a.test/temporary", "https://a.test/once")
    before = path.read_bytes()
    done = linkcheck("fix", "l.md", "--write")
    assert (done.returncode, done.stdout, path.read_bytes()) == (0, "", before), done.stderr
    assert "nothing to mend" in done.stderr


def test_a_link_follows_its_permanent_redirect_and_a_second_run_has_nothing_to_do(
    web: Web, linkcheck: Program, tmp_path: Path
) -> None:
    web.on("a.test", "/old", b.redirect(301, "/new/place"))
    web.on("a.test", "/new/place", PAGE)
    path = listed(tmp_path, "https://a.test/old#part", "https://a.test/old")
    shown = linkcheck("fix", "l.md")
    assert shown.returncode == 1, shown.stderr
    assert shown.stdout == (
        "--- a/l.md\n+++ b/l.md\n@@ -1,2 +1,2 @@\n"
        "-- [Plane irons and their care](https://a.test/old#part) - words\n"
        "-- [Plane irons and their care](https://a.test/old) - words\n"
        "+- [Plane irons and their care](https://a.test/new/place#part) - words\n"
        "+- [Plane irons and their care](https://a.test/new/place) - words\n"
    )
    assert len(web.asked("a.test", "/old")) == 2
    done = linkcheck("fix", "l.md", "--write")
    assert done.returncode == 0, done.stderr
    assert "https://a.test/new/place#part" in path.read_text()
    again = linkcheck("fix", "l.md", "--write")
    assert (again.returncode, again.stdout) == (0, "")


# -- the Wayback Machine ---------------------------------------------------------------------


def wayback(web: Web, copies: dict[str, list[str]], *, cdx_status: int = 200) -> None:
    """Stand-ins of archive.org's two services, which know copies of pages by their times."""

    async def cdx(request: b.Received, wire: b.Wire) -> None:
        if cdx_status != 200:
            return await wire.respond(cdx_status, b"busy")
        query = {name: value for name, (value,) in parse_qs(urlsplit(request.target).query).items()}
        assert (query["filter"], query["limit"], query["output"]) == ("statuscode:200", "-1", "json")
        found = [one for one in copies.get(query["url"], []) if one <= query["to"]][-1:]
        rows = [query["fl"].split(","), *([one, "200"] for one in found)] if found else []
        return await wire.respond(200, json.dumps(rows).encode(), ("Content-Type", "application/json"))

    async def available(request: b.Received, wire: b.Wire) -> None:
        query = {name: value for name, (value,) in parse_qs(urlsplit(request.target).query).items()}
        known = copies.get(query["url"], [])
        closest: dict[str, object] = {}
        if known:
            wanted = _time(query["timestamp"])
            stamp = min(known, key=lambda one: abs(_time(one) - wanted))
            address = f"http://web.archive.org/web/{stamp}/{query['url']}"
            closest = {"closest": {"status": "200", "available": True, "url": address, "timestamp": stamp}}
        body = json.dumps({"url": query["url"], "archived_snapshots": closest, "timestamp": query["timestamp"]})
        await wire.respond(200, body.encode(), ("Content-Type", "application/json"))

    web.on("web.archive.org", "/cdx/search/cdx", cdx)
    web.on("web.archive.org", "*", PAGE)
    web.on("archive.org", "/wayback/available", available)


def _time(stamp: str) -> datetime:
    return datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def committed(folder: Path, text: str, day: str, name: str = "l.md") -> Repository:
    repository = Repository(folder)
    repository.write({name: text})
    done = subprocess.run(
        ["git", "commit", "-qm", "c"], cwd=folder, check=False, capture_output=True,
        env=os.environ | ENVIRONMENT | {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return repository


DEAD = "https://a.test/dead"
COPIES = {DEAD: ["20150102030405", "20180203040506", "20190301000000", "20220101000000"]}


def test_a_dead_link_is_kept_unless_a_copy_is_wanted(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    web.on("a.test", "/dead", b.page(status=404))
    web.on("a.test", "/", PAGE)
    wayback(web, COPIES)
    committed(tmp_path, f"[T]({DEAD}), <https://a.test/>\n", "2019-03-01")
    assert linkcheck("fix", "l.md").returncode == 0
    assert web.asked("web.archive.org") == web.asked("archive.org") == []


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("archive", f"[T](https://web.archive.org/web/20180203040506/{DEAD}) - x\n"),
        ("note", f"[T]({DEAD}) ([archived](https://web.archive.org/web/20180203040506/{DEAD})) - x\n"),
    ],
)
def test_the_copy_is_the_last_from_before_the_line_was_added(
    web: Web, linkcheck: Program, tmp_path: Path, how: str, expected: str
) -> None:
    web.on("a.test", "/dead", b.page(status=410))
    web.on("a.test", "/", PAGE)
    wayback(web, COPIES)
    text = f"<https://a.test/>\n\n[T]({DEAD}) - x\n"
    repository = committed(tmp_path, text, "2019-03-01")
    repository.commit({"l.md": f"# Later\n\n{text}"})
    done = linkcheck("fix", "l.md", "--dead", how, "--write")
    assert (done.returncode, (tmp_path / "l.md").read_text()) == (0, f"# Later\n\n<https://a.test/>\n\n{expected}"), (
        done.stderr
    )
    repository.git("add", "l.md")
    again = linkcheck("fix", "l.md", "--dead", how, "--write")
    assert (again.returncode, again.stdout) == (0, ""), again.stderr


def test_where_one_service_is_busy_the_other_is_asked_and_a_later_copy_is_not_taken(
    web: Web, linkcheck: Program, tmp_path: Path
) -> None:
    web.on("a.test", "/dead", b.page(status=410))
    web.on("a.test", "/", PAGE)
    wayback(web, COPIES, cdx_status=503)
    committed(tmp_path, f"[T]({DEAD}) <https://a.test/>\n", "2019-01-01")
    late = linkcheck("fix", "l.md", "--dead", "archive", "--attempts", "1")
    assert late.returncode == 0
    assert f"l.md:1:5: not mended: {DEAD}: the Wayback Machine names no copy from before 2019-01-01" in late.stderr
    text = f"[T2]({DEAD}) <https://a.test/>\n"
    committed(tmp_path, text, "2018-03-01")
    found = linkcheck("fix", "l.md", "--dead", "archive", "--attempts", "1")
    assert f"+[T2](https://web.archive.org/web/20180203040506/{DEAD})" in found.stdout, found.stderr


def test_without_git_history_or_a_copy_that_is_said(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    web.on("a.test", "/dead", b.page(status=410))
    web.on("a.test", "/", PAGE)
    wayback(web, {})
    (tmp_path / "l.md").write_text(f"[T]({DEAD}) <https://a.test/>\n")
    done = linkcheck("fix", "l.md", "--dead", "note")
    assert done.returncode == 0
    assert f"l.md:1:5: not mended: {DEAD}: when it was added is not known\n" in done.stderr
    assert "warning: l.md: when its lines were added is not known: git rev-parse: fatal: not a git repo" in done.stderr
    committed(tmp_path, f"[T]({DEAD}) <https://a.test/>\n", "2019-01-01")
    done = linkcheck("fix", "l.md", "--dead", "note")
    assert f"{DEAD}: no copy from before 2019-01-01" in done.stderr


def test_a_secret_in_an_address_is_told_to_nobody_else(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    web.on("a.test", "*", b.page(status=410))
    web.on("a.test", "/", PAGE)
    wayback(web, {})
    url = "https://a.test/dead?access_token=0123456789abcdef0123"
    committed(tmp_path, f"[T]({url}) <https://a.test/>\n", "2019-01-01")
    done = linkcheck("fix", "l.md", "--dead", "note")
    assert done.returncode == 0
    assert "its address holds a secret, which the Wayback Machine is not told" in done.stderr
    assert "0123456789abcdef0123" not in done.stderr
    assert web.asked("web.archive.org") == web.asked("archive.org") == []


# -- all kinds, all places -------------------------------------------------------------------


def arxiv(web: Web) -> None:
    paper = Paper("1706.03762", 7, "2017-06-12", "2023-08-02", "Attention Is All You Need", ("A B",), "cs.CL")
    web.on("export.arxiv.org", "/api/query", arxiv_api((paper,)))


LIST = """\
---
url: "https://a.test/old"
---
# List

- [Plane irons and their care](https://a.test/old "a title") and <https://a.test/old>, https://a.test/old.
- [Plane irons and their care][r] and [Plane irons][r]
- <a href="http://a.test/plain?a=1&amp;b=2">Plane irons</a>
- [Planes](https://github.com/old/name/blob/main/x.md#part), [Slots](http://a.test/other)
- [Planes](https://a.test/page?utm_source=news&id=7), [Slots](https://a.test/page?ref=x)
- [t] (https://a.test/ok) and [Attention](https://arxiv.org/pdf/1706.03762)

[r]: https://a.test/old 'title'
"""
MENDED = """\
---
url: "https://a.test/new"
---
# List

- [Plane irons and their care](https://a.test/new "a title") and <https://a.test/new>, https://a.test/new.
- [Plane irons and their care][r] and [Plane irons][r]
- <a href="https://a.test/plain?a=1&amp;b=2">Plane irons</a>
- [Planes](https://github.com/new/name/blob/main/x.md#part), [Slots](http://a.test/other)
- [Planes](https://a.test/page?id=7), [Slots](https://a.test/page?ref=x)
- [t](https://a.test/ok) and [Attention](https://arxiv.org/abs/1706.03762)

[r]: https://a.test/new 'title'
"""


def everything(web: Web) -> None:
    def by_scheme(plain: b.Behaviour, secure: b.Behaviour) -> b.Behaviour:
        async def behave(request: b.Received, wire: b.Wire) -> None:
            is_secure = wire.writer.get_extra_info("ssl_object") is not None
            await (secure if is_secure else plain)(request, wire)

        return behave

    def by_query(text: str, then: b.Behaviour, otherwise: b.Behaviour) -> b.Behaviour:
        async def behave(request: b.Received, wire: b.Wire) -> None:
            await (then if text in request.target else otherwise)(request, wire)

        return behave

    arxiv(web)
    web.on("a.test", "/old", b.redirect(308, "/new"))
    for path in ("/new", "/plain", "/ok"):
        web.on("a.test", path, PAGE)
    web.on("a.test", "/other", by_scheme(PAGE, OTHER))
    web.on("a.test", "/page", by_query("ref=x", OTHER, PAGE))
    web.on("github.com", "/old/name/blob/main/x.md", b.redirect(301, "https://github.com/new/name/blob/main/x.md"))
    web.on("github.com", "/new/name/blob/main/x.md", b.page("<title>new/name</title>"))


@pytest.mark.parametrize(("encoding", "end"), [("utf-8", "\n"), ("utf-16", "\r\n")])
def test_every_kind_in_every_place_and_byte_for_byte(
    web: Web, linkcheck: Program, tmp_path: Path, encoding: str, end: str
) -> None:
    everything(web)
    path = tmp_path / "l.md"
    path.write_bytes(LIST.removesuffix("\n").replace("\n", end).encode(encoding))
    path.chmod(0o640)
    done = linkcheck("fix", "l.md", "--write", "--arxiv", "abs")
    assert path.read_bytes() == MENDED.removesuffix("\n").replace("\n", end).encode(encoding), done.stderr
    assert (done.returncode, path.stat().st_mode & 0o777) == (0, 0o640)
    assert "l.md:9: mended[rename] https://github.com/old/name/blob/main/x.md#part -> https://" in done.stdout
    again = linkcheck("fix", "l.md", "--write", "--arxiv", "abs")
    assert (again.returncode, again.stdout) == (0, ""), again.stderr


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_git_applies_the_diff(web: Web, linkcheck: Program, tmp_path: Path, end: str) -> None:
    everything(web)
    (tmp_path / "a folder").mkdir()
    path = tmp_path / "a folder" / "é l.md"
    path.write_bytes(LIST.removesuffix("\n").replace("\n", end).encode())
    done = subprocess.run(
        [LINKCHECK, "fix", "a folder", "--arxiv", "abs", *web.flags], cwd=tmp_path, env=environment(web),
        capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, b"in 1 file to mend" in done.stderr) == (1, True), done.stderr
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    for tool in (["git", "apply", "-R", "-"], ["git", "apply", "-"]):
        if tool[2] == "-R":
            path.write_bytes(MENDED.removesuffix("\n").replace("\n", end).encode())
        applied = subprocess.run(
            tool, cwd=tmp_path, env=clean | ENVIRONMENT, input=done.stdout, capture_output=True, check=False
        )
        assert applied.returncode == 0, applied.stderr
        expected = LIST if tool[2] == "-R" else MENDED
        assert path.read_bytes() == expected.removesuffix("\n").replace("\n", end).encode()


def test_what_a_terminal_would_obey_is_not_printed(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    everything(web)
    text = "\x1b]0;owned\x07 ##[error]x\n\n[Plane irons and their care](https://a.test/old)\n"
    (tmp_path / "l.md").write_text(text)
    odd = b"\xff\xfd\n[Plane irons and their care](https://a.test/old)\n"
    (tmp_path / "m.md").write_bytes(odd)
    assert linkcheck("fix", "m.md").stdout.startswith("# m.md: no diff can be shown")
    done = linkcheck("fix", "l.md")
    assert done.returncode == 1
    assert "\x1b" not in done.stdout
    assert "##[" not in done.stdout
    assert done.stdout.splitlines() == [
        "# l.md: no diff can be shown of this file; its changes:",
        "# l.md:3: mended[redirect] https://a.test/old -> https://a.test/new: redirects there for good",
    ]
    assert linkcheck("fix", "l.md", "m.md", "--write").returncode == 0
    assert (tmp_path / "l.md").read_text() == text.replace("/old", "/new")
    assert (tmp_path / "m.md").read_bytes() == odd.replace(b"/old", b"/new")


# -- which files are written to --------------------------------------------------------------


def test_a_file_with_changes_that_are_not_staged_is_left_alone(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    everything(web)
    path = listed(tmp_path, "https://a.test/old")
    other = listed(tmp_path, "https://a.test/old", name="m.md")
    repository = Repository(tmp_path)
    repository.git("add", "m.md")
    before = path.read_bytes()
    done = linkcheck("fix", "l.md", "m.md", "--write")
    assert (done.returncode, path.read_bytes()) == (2, before)
    assert "error: the file has changes that are not staged" in done.stderr
    assert "https://a.test/new" in other.read_text()
    assert linkcheck("fix", "l.md", "--write", "--force").returncode == 0
    assert "https://a.test/new" in path.read_text()


def test_a_link_within_the_repository_stays_one_and_its_file_is_changed_once(
    web: Web, linkcheck: Program, tmp_path: Path
) -> None:
    everything(web)
    path = listed(tmp_path, "https://a.test/old", name="real.md")
    (tmp_path / "l.md").symlink_to("real.md")
    done = linkcheck("fix", "l.md", "real.md", "--write")
    assert (done.returncode, done.stdout.count("mended[")) == (0, 1), done.stderr
    assert (tmp_path / "l.md").is_symlink()
    assert "https://a.test/new" in path.read_text()


def test_a_link_out_of_the_repository_is_not_followed(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    everything(web)
    outside = listed(tmp_path, "https://a.test/old", name="outside.md")
    inside = tmp_path / "repository"
    inside.mkdir()
    Repository(inside)
    (inside / "l.md").symlink_to(outside)
    before = outside.read_bytes()
    assert linkcheck("fix", "repository/l.md", "--write", "--force").returncode == 2
    assert outside.read_bytes() == before


def test_what_cannot_be_mended_is_refused_at_once(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    listed(tmp_path, "https://a.test/old")
    for arguments, words in (
        (("-",), "standard input cannot be mended"),
        (("l.md", "--only", "redirects"), "'redirects' is no kind of mending"),
        (("l.md", "--dead", "bury"), "invalid choice"),
        (("none.md",), "no such file"),
    ):
        done = linkcheck("fix", *arguments)
        assert (done.returncode, words in done.stderr) == (2, True), done.stderr
    assert web.log == []


def test_a_repository_does_not_say_where_the_history_of_others_is(linkcheck: Program, tmp_path: Path) -> None:
    Repository(tmp_path)
    listed(tmp_path, "https://a.test/old")
    (tmp_path / "linkcheck.toml").write_text("reports = '..'\n")
    done = linkcheck("fix", "l.md")
    assert (done.returncode, "leads out of the repository" in done.stderr) == (2, True)
    (tmp_path / "linkcheck.toml").write_text("write = true\n")
    done = linkcheck("fix", "l.md")
    assert (done.returncode, "may not set 'write'" in done.stderr) == (2, True)


def test_a_repaired_link_is_looked_at_too_so_that_a_second_run_has_nothing_to_do(
    web: Web, linkcheck: Program, tmp_path: Path
) -> None:
    web.on("a.test", "/old", b.redirect(301, "/new/place"))
    web.on("a.test", "/new/place", PAGE)
    path = tmp_path / "l.md"
    path.write_text("[Plane irons and their care] (https://a.test/old)\n")
    done = linkcheck("fix", "l.md", "--write")
    assert (done.returncode, path.read_text()) == (0, "[Plane irons and their care](https://a.test/new/place)\n"), (
        done.stderr
    )
    again = linkcheck("fix", "l.md", "--write")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "nothing to mend\n")


def test_without_a_network_only_what_is_malformed_is_mended(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    web.names["example.com"] = "servfail"
    path = tmp_path / "l.md"
    path.write_text("[t] (https://a.test/x) and [u](https://b.test/)\n")
    done = linkcheck("fix", "l.md", "--write", "--attempts", "1", "--timeout", "1")
    assert (done.returncode, "only malformed links can be mended" in done.stderr) == (3, True)
    assert path.read_text() == "[t](https://a.test/x) and [u](https://b.test/)\n"


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_an_interrupted_run_changes_nothing(web: Web, tmp_path: Path) -> None:
    everything(web)
    web.on("a.test", "/slow", b.slow(60, PAGE))
    path = listed(tmp_path, "https://a.test/old", "https://a.test/slow")
    before = path.read_bytes()
    command = [LINKCHECK, "fix", "l.md", "--write", "--dead", "note", *web.flags]
    with subprocess.Popen(command, cwd=tmp_path, env=environment(web), stderr=subprocess.PIPE) as process:
        until = time.monotonic() + 30
        while not web.asked("a.test", "/slow") and time.monotonic() < until:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=20)
    assert (process.returncode, path.read_bytes()) == (130, before)
    assert b"interrupted: nothing was changed" in stderr


# -- what the other commands say -------------------------------------------------------------


def test_run_offers_the_same_edits_and_names_the_command(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    everything(web)
    path = tmp_path / "l.md"
    path.write_text(LIST)
    memory = {"LINKCHECK_NO_MEMORY": "false", "LINKCHECK_MEMORY": str(tmp_path / "memory")}
    first = linkcheck("run", "l.md", "--reports", "r", **memory)
    assert "help: linkcheck fix can mend 4 links" in first.stdout
    assert "`linkcheck fix` can mend 4 links." in (tmp_path / "r" / "l.md").read_text()
    done = linkcheck("run", "l.md", "--no-files", "--format", "json", "--max-age", "0", **memory)
    report = json.loads(done.stdout)
    jsonschema.validate(report, SCHEMA)
    edits = [edit for one in report["links"] for edit in one["edits"]]
    assert {edit["rule"] for edit in edits} == {"redirect", "rename", "tracking", "repair"}
    data = path.read_bytes()
    for edit in sorted(edits, key=lambda one: one["span"], reverse=True):
        start, end = edit["span"]
        assert data[start:end] == edit["old"].encode()
        data = data[:start] + edit["new"].encode() + data[end:]
    expected = MENDED.replace("https://a.test/plain", "http://a.test/plain").replace("/abs/", "/pdf/")
    assert data.decode() == expected
    asked = len(web.asked("a.test", "/old"))
    linkcheck("fix", "l.md", "--only", "redirect", "--max-age", "0", **memory)
    assert len(web.asked("a.test", "/old")) == asked + 1  # two runs agree: no look more
