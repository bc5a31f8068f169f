"""`linkcheck fix` from the outside: what must not be touched first, then what is mended, and how it is written."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.conftest import Program
from tests.git.repository import ENVIRONMENT, Repository
from tests.web import Web
from tests.web import behaviours as b

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
    assert "when it was added is not known: no git history" in done.stderr
    committed(tmp_path, f"[T]({DEAD}) <https://a.test/>\n", "2019-01-01")
    done = linkcheck("fix", "l.md", "--dead", "note")
    assert f"{DEAD}: no copy from before 2019-01-01" in done.stderr
