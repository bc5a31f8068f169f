from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcheck.memory import facts, history_file, lines
from linkcheck.memory.history_file import HEADER, HistoryLines, Parsed, UnusableError, opened, parsed
from tests.memory.values import record, rich

GOOD = lines.dump(record()).encode()


def texts(content: bytes) -> tuple[list[tuple[int, bytes, bool]], int]:
    found = HistoryLines(BytesIO(content))
    return [(line.number, line.text.strip(), line.is_ancestor) for line in found], found.conflict


def test_conflict_marks_are_no_lines() -> None:
    content = b"a\n<<<<<<< HEAD\nb\n||||||| 1234567\nc\n=======\nd\n>>>>>>> other\ne\n"
    assert texts(content) == (
        [(1, b"a", False), (3, b"b", False), (5, b"c", True), (7, b"d", False), (9, b"e", False)],
        2,
    )
    assert texts(content.replace(b"\n", b"\r\n"))[0] == texts(content)[0]
    assert texts(b"<<<<<<<<<<<<<<<\na\n>>>>>>>>>>>>>>>") == ([(2, b"a", False)], 1)


@pytest.mark.parametrize("text", [b"<<<<<< a", b"=======x", b"<" * 200, b">>>", b"|", b"======="[:6]])
def test_what_is_no_mark_is_a_line(text: bytes) -> None:
    assert texts(text) == ([(1, text, False)], 0)


def test_an_ancestor_without_an_end_is_told_to_the_end() -> None:
    assert texts(b"|||||||\na\nb\n")[0] == [(2, b"a", True), (3, b"b", True)]


def test_both_versions_are_read() -> None:
    assert parsed(GOOD) == Parsed(lines.load(GOOD), is_older_form=False)
    assert parsed(facts.dump(rich()).encode()) == Parsed(rich(), is_older_form=True)
    for text in (b"", b" \r\n", HEADER.encode(), b'{"schema": "linkcheck-history/1"}'):
        assert parsed(text) is None
    assert isinstance(parsed(b'{"url":"https://a.example/","at":"2026-11-23","evidence":{}}'), str)
    assert parsed(b"x" * (facts.MOST_BYTES + 2)) == "too long"


@pytest.mark.parametrize("schema", [b'"linkcheck-history/3"', b"7", b'"other"'])
def test_another_schema_is_not_read(schema: bytes) -> None:
    with pytest.raises(UnusableError, match="unsupported schema version"):
        parsed(b'{"schema": ' + schema + b"}")


def test_a_file_that_is_not_there_is_empty(tmp_path: Path) -> None:
    with opened(tmp_path / "x") as file:
        assert file.read() == b""


def test_too_many_invalid_lines_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_file, "MOST_REJECTED", 2)
    found = HistoryLines(BytesIO())
    for _ in range(2):
        assert isinstance(found.parse(b"x"), str)
    with pytest.raises(UnusableError, match="more than 2 of its lines are invalid"):
        found.parse(b"x")


@given(st.lists(st.binary(max_size=40).filter(lambda one: b"\n" not in one)), st.integers(1, 9), st.integers(1, 30))
def test_any_file_is_read_line_by_line(content: list[bytes], part: int, most: int) -> None:
    file = BytesIO(b"\n".join(content))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history_file, "_PART_BYTES", part)
        patch.setattr(history_file, "MOST_LINE_BYTES", most)
        found = list(history_file.raw_lines(file))
    whole = content if content and content[-1] else content[:-1]
    assert [text for _, text in found] == [text[: most + 2] for text in whole]
    assert all(file.getvalue()[offset:].startswith(text) for offset, text in found)
    assert [offset for offset, _ in found] == [sum(len(one) + 1 for one in content[:n]) for n in range(len(found))]


def test_lines_on_other_urls_are_passed_by() -> None:
    file = BytesIO(b'{"url":"a","x":1}\n{"url":"b"}\n{"url" :"c"}\nx\n')
    assert [line.text for line in HistoryLines(file, {b"b"})] == [b'{"url":"b"}', b'{"url" :"c"}', b"x"]
