"""`linkcheck baseline`: today's failures are accepted, new ones fail, and what works again is taken out."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import pytest

from linkcheck.cli.baseline import merged
from linkcheck.ignores.baseline import Accepted
from linkcheck.model import Document, State
from tests.answers import checked, link, report
from tests.cli.test_ignoring import dead
from tests.cli.test_run import write
from tests.conftest import Program
from tests.web import Web
from tests.web import behaviours as b

posix = pytest.mark.skipif(sys.platform == "win32", reason="links are POSIX")
URL, OLD, TODAY = "https://a.example/x", date(2026, 1, 1), date(2026, 11, 23)


def entries(folder: Path) -> list[dict[str, object]]:
    lines = (folder / "reports" / "baseline.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines[1:]]


def test_a_first_run_is_green_and_new_failures_fail(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    fine = web.on("b.test", "/", b.page())
    write(tmp_path, dead(web), fine, "http:/a.test/x")
    done = linkcheck("baseline", "l.md")
    assert (done.returncode, done.stdout) == (0, "reports/baseline.jsonl: 2 links accepted, 2 new, 0 taken out\n"), (
        done.stderr
    )
    found = entries(tmp_path)
    assert [(one["url"], one["state"], one["rule"], one["lists"]) for one in found] == [
        ("http://a.test/x", "invalid", "malformed-link", ["l.md"]),
        ("https://a.test/404", "dead", "http-not-found", ["l.md"]),
    ]
    before = (tmp_path / "reports" / "baseline.jsonl").read_bytes()
    first = linkcheck("run", "l.md")
    assert first.returncode == 0
    assert "2 links fail and are ignored by the baseline\n" in first.stdout
    assert linkcheck("hook", "l.md").returncode == 0
    write(tmp_path, dead(web), fine, "http:/a.test/x", dead(web, "new.test"))
    assert linkcheck("run", "l.md").returncode == 1
    assert linkcheck("baseline", "l.md").stdout.startswith("reports/baseline.jsonl: 3 links accepted, 1 new, 0 taken")
    assert before.splitlines()[0] in (tmp_path / "reports" / "baseline.jsonl").read_bytes()


def test_what_works_again_or_is_gone_from_the_lists_is_taken_out(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, dead(web), dead(web, "b.test"), dead(web, "c.test"))
    write(tmp_path, dead(web, "d.test"), name="m.md")
    linkcheck("baseline", "l.md", "m.md")
    web.on("b.test", "/404", b.page())
    write(tmp_path, dead(web), "https://b.test/404")
    said = linkcheck("run", "l.md").stdout
    assert "1 of its links works again and 1 is in these lists no more: run linkcheck baseline again" in said
    done = linkcheck("baseline", "l.md")
    assert done.stdout == "reports/baseline.jsonl: 2 links accepted, 0 new, 2 taken out\n"
    assert [one["url"] for one in entries(tmp_path)] == ["https://a.test/404", "https://d.test/404"]
    (tmp_path / "m.md").unlink()
    assert linkcheck("baseline", "l.md").stdout.endswith("1 link accepted, 0 new, 1 taken out\n")


def test_nothing_is_written_where_nothing_fails(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, web.on("b.test", "/", b.page()))
    done = linkcheck("baseline", "l.md")
    assert (done.returncode, done.stdout) == (0, "reports/baseline.jsonl: 0 links accepted, 0 new, 0 taken out\n")
    assert not (tmp_path / "reports" / "baseline.jsonl").exists()


def test_without_a_network_nothing_is_accepted(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    web.names["example.com"] = "servfail"
    write(tmp_path, "https://no-such.test/")
    done = linkcheck("baseline", "l.md", "--attempts", "1")
    assert done.returncode == 3
    assert not (tmp_path / "reports" / "baseline.jsonl").exists()


def test_what_is_ignored_already_is_not_accepted_and_no_secret_is_written(
    web: Web, linkcheck: Program, tmp_path: Path
) -> None:
    secret = web.on("s.test", "/x?token=0123456789abcdef0123", b.page(status=404))
    (tmp_path / "linkcheck.toml").write_text('[[ignore]]\nhost = "a.test"\nreason = "x"\n', encoding="utf-8")
    web.on("s.test", "*", b.answer(404))
    write(tmp_path, dead(web), dead(web, "b.test"), secret)
    done = linkcheck("baseline", "l.md")
    assert [one["url"] for one in entries(tmp_path)] == ["https://b.test/404"]
    assert "warning: not accepted, since a secret is in the URL, or it is too long: 1 link" in done.stderr


@pytest.mark.parametrize("text", ['{"schema": "linkcheck-baseline/9"}\n', None])
@posix
def test_a_file_that_is_not_ours_is_not_replaced(
    web: Web, linkcheck: Program, tmp_path: Path, text: str | None
) -> None:
    path = tmp_path / "reports" / "baseline.jsonl"
    path.parent.mkdir()
    (tmp_path / "elsewhere").write_text("", encoding="utf-8")
    if text:
        path.write_text(text, encoding="utf-8")
    else:
        path.symlink_to(tmp_path / "elsewhere")
    write(tmp_path, dead(web))
    done = linkcheck("baseline", "l.md")
    assert (done.returncode, done.stdout) == (2, "")
    assert "error: cannot use the baseline: " in done.stderr
    assert path.is_symlink() or path.read_text(encoding="utf-8") == text
    assert (tmp_path / "elsewhere").read_text(encoding="utf-8") == ""


def test_lines_that_are_no_entries_are_named_and_left_out(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, dead(web))
    linkcheck("baseline", "l.md")
    path = tmp_path / "reports" / "baseline.jsonl"
    kept = path.read_text(encoding="utf-8")
    path.write_text(f"<<<<<<< HEAD\n{kept}=======\n", encoding="utf-8")
    done = linkcheck("baseline", "l.md")
    assert "warning: reports/baseline.jsonl:1: no entry of a baseline" in done.stderr
    assert path.read_text(encoding="utf-8") == kept


# -- which entries stay ----------------------------------------------------------------------


def accepted(*lists: str, **more: object) -> Accepted:
    return Accepted(URL, State.DEAD, "http-not-found", OLD, lists)._replace(**more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "stays"),
    [
        (State.OK, False), (State.MOVED, False), (State.DEAD, False), (State.GONE, False),  # failing, but ignored otherwise
        (State.BLOCKED, True), (State.UNREACHABLE, True), (State.RESTRICTED, True), (State.SKIPPED, True),
    ],
)  # fmt: skip
def test_an_entry_leaves_only_where_it_is_known_that_it_is_not_needed(state: State, stays: bool) -> None:
    found = merged([accepted("l.md")], [], report(checked(state)))
    assert found == ([accepted("l.md")] if stays else [])


def test_an_entry_of_other_lists_stays() -> None:
    result = report(documents=(Document("l.md", (link("https://b.example/"),)),))
    assert merged([accepted("l.md", "m.md")], [], result) == [accepted("l.md", "m.md")]
    assert merged([accepted("l.md")], [], result) == merged([accepted()], [], result) == []


def test_a_link_keeps_its_day_and_is_what_it_fails_as_today() -> None:
    today = Accepted(URL, State.GONE, "soft-404", TODAY, ("m.md",))
    (found,) = merged([accepted("l.md")], [today], report(checked(State.GONE)))
    assert found == today._replace(since=OLD)
