"""The baseline's file: what is written is read, and what others put there costs only its own line."""

from __future__ import annotations

import json
from datetime import date

import pytest

from linkcheck.ignores import baseline
from linkcheck.ignores.baseline import Accepted, UnsupportedError, lines, read
from linkcheck.model import State

DAY = date(2026, 12, 1)
A = Accepted("https://a.example/", State.DEAD, "http-not-found", DAY, ("a.md", "b.md"))
B = Accepted('https://b.example/\u202e\n"', State.INVALID, "malformed-link", DAY)


def entry(**more: object) -> str:
    table = {
        "url": "https://a.example/",
        "state": "dead",
        "rule": "http-gone",
        "since": "2026-12-01",
        "lists": ["l.md"],
    }
    return json.dumps({key: value for key, value in (table | more).items() if value is not None})


def test_what_is_written_is_read_with_its_place() -> None:
    text = "".join(lines([B, A]))
    assert text == "".join(lines([A, B]))
    assert text.isascii()
    assert text.splitlines()[0] == '{"schema": "linkcheck-baseline/1"}'
    found, notices = read(text.encode(), "r/baseline.jsonl")
    assert found == [A._replace(place="r/baseline.jsonl:2"), B._replace(place="r/baseline.jsonl:3")]
    assert notices == []
    assert "".join(lines(found)) == text


@pytest.mark.parametrize(
    "line",
    [
        "x", "[]", "1", "null", '"a"', "{", "<<<<<<< HEAD", "{}", entry(url=None), entry(url=""), entry(url=1),
        entry(url="x" * 4_001), entry(state="ok"), entry(state="unreachable"), entry(state=[]), entry(rule="A b"),
        entry(rule=""), entry(rule=None), entry(since="today"), entry(since="2026-02-30"), entry(since=20261201),
        entry(lists="l.md"), entry(lists=[1]), entry(lists=["a"] * 21), "[" * 20_000, "9" * 5_000, entry(more="x" * 2**15),
    ],
)  # fmt: skip
def test_an_invalid_line_costs_itself_and_is_named(line: str) -> None:
    found, notices = read(f"{entry(url='b')}\n{line}\n\n{entry()}\n".encode(), "b")
    assert [one.url for one in found] == ["b", "https://a.example/"]
    assert [(one.path, one.line, one.text[:24]) for one in notices] == [("b", 2, "no entry of a baseline (")]
    assert len(notices[0].text) < 120


def test_both_sides_of_a_merge_conflict_count_and_each_url_once() -> None:
    text = f"<<<<<<< a\n{entry()}\n=======\r\n{entry(rule='x')}\r\n{entry(url='b')}\n>>>>>>> b"
    found, notices = read(text.encode(), "b")
    assert [(one.url, one.rule) for one in found] == [("https://a.example/", "http-gone"), ("b", "http-gone")]
    assert [one.line for one in notices] == [1, 3, 6]


def test_bytes_that_are_no_text_and_fields_of_later_versions() -> None:
    found, notices = read(b"\xff\xfe\n" + entry(new={"a": 1}).encode(), "b")
    assert len(found) == len(notices) == 1
    assert read(b"", "b") == ([], [])


def test_few_of_many_invalid_lines_are_named() -> None:
    _, notices = read(b"x\n" * 50, "b")
    assert len(notices) == 11
    assert notices[-1].text == "more invalid lines: 40"


def test_another_version_is_not_read() -> None:
    with pytest.raises(UnsupportedError, match="unsupported schema version 'linkcheck-baseline/2', not"):
        read(f'{entry()}\n{{"schema": "linkcheck-baseline/2"}}'.encode(), "b")


def test_a_file_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baseline, "_MOST_LINES", 10)
    assert len(read(b"x\n" * 10, "b")[1]) == 10
    with pytest.raises(UnsupportedError, match="more than 10 lines"):
        read(b"x\n" * 12, "b")
    monkeypatch.setattr(baseline, "MOST_BYTES", 10)
    with pytest.raises(UnsupportedError, match="or 10 bytes"):
        read(b"x" * 11, "b")


def test_which_lists_had_a_link() -> None:
    assert A.is_of({"a.md", "b.md", "c.md"})
    assert not A.is_of({"a.md"})
    assert B.is_of(())
    assert A.can_be_written
    assert not A._replace(url="x" * 4_001).can_be_written
    assert "".join(lines([A._replace(lists=tuple(f"{n:02}" for n in range(30)))])).count('"19"') == 1
