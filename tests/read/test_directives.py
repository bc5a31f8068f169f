"""Comments to ignores: which lines they cover, and what is said of those that are wrong."""

from __future__ import annotations

import re
from datetime import date

import pytest

from linkcheck.read.directives import Directives, find
from linkcheck.read.text import Places

_COMMENT = re.compile(rb"<!--(.*?)-->", re.DOTALL)
SAID = 'reason="x"'


def directives(text: str) -> Directives:
    data = text.encode()
    return find("l.md", data, (found.span(1) for found in _COMMENT.finditer(data)), Places(data))


def covered(text: str) -> list[int]:
    """The lines that some ignore covers."""
    found = directives(text)
    return [line for line in range(1, text.count("\n") + 2) if found.covering(line)]


def warnings(text: str) -> list[tuple[int, str]]:
    return [(one.line, one.text) for one in directives(text).notices]


@pytest.mark.parametrize(
    "comment",
    [
        "", "<!-- ignore -->", "<!-- LINKCHECK: ignore -->", "<!-- see linkcheck: ignore -->", "<!-- linkcheck ignore -->",
        "<!-- linkcheckers: ignore -->", "<!-- mlc-disable-lines -->", "<!-- mlc-disable foo -->", "<!-- mlc-enable -->",
        "<!-- markdown-link-check-disable-all -->", "<!-- markdown-link-check-enable -->", "<!-- mlc -->", "<!-->",
        "<!-- xmlc-disable -->",
    ],
)  # fmt: skip
def test_what_is_no_directive_covers_nothing_and_is_not_remarked_on(comment: str) -> None:
    text = f"a\nb {comment}\nc"
    assert (covered(text), warnings(text), directives(text).ignores) == ([], [], [])


@pytest.mark.parametrize(
    ("comment", "lines"),
    [
        (f"<!-- linkcheck: ignore {SAID} -->", [2]),
        (f"<!--linkcheck:ignore {SAID}-->", [2]),
        (f"<!-- linkcheck: ignore\n{SAID}\n-->", [2, 4]),
        (f"<!-- linkcheck: ignore-next-line {SAID} -->", [3]),
        (f"<!-- linkcheck: ignore-next-line\n{SAID} -->", [4]),
        (f"<!-- linkcheck: ignore-start {SAID} -->\n\n<!-- linkcheck: ignore-end -->", [2, 3, 4]),
        ("<!-- mlc-disable-line -->", [2]),
        ("<!-- mlc-disable-next-line -->", [3]),
        ("<!-- mlc-disable -->\n<!-- mlc-enable -->", [2, 3]),
        ("<!-- mlc-disable -->", [2, 3, 4, 5]),
        ("<!-- markdown-link-check-disable-line -->", [2]),
        ("<!-- markdown-link-check-disable-next-line -->", [3]),
        ("<!-- markdown-link-check-disable -->\n<!-- markdown-link-check-enable -->", [2, 3]),
        ("<!-- markdown-link-check-disable -->", [2, 3, 4, 5]),
        ("<!-- mlc-disable -->\n<!-- markdown-link-check-enable -->", [2, 3, 4, 5, 6]),
    ],
)
def test_each_comment_covers_its_lines(comment: str, lines: list[int]) -> None:
    text = f"a\nb {comment}\nc\nd\ne"
    assert (covered(text), warnings(text)) == (lines, [])


def test_blocks_come_one_after_another() -> None:
    text = "1\n<!-- mlc-disable -->\n<!-- mlc-enable -->\n4\n<!-- mlc-disable -->\n6\n<!-- mlc-enable -->\n8"
    assert covered(text) == [2, 3, 5, 6, 7]
    assert covered("<!-- mlc-disable -->\n<!-- mlc-enable --> <!-- mlc-disable -->\n3") == [1, 2, 3]


def test_reason_and_last_day_are_read() -> None:
    text = """<!-- linkcheck: ignore until='2027-03-01' reason="two
    words" -->
<!-- linkcheck: ignore-next-line reason=one until=2027-03-01 -->
<!-- linkcheck: ignore-start reason='a "b"' -->
"""
    first, second, third = directives(text).ignores
    assert (first.place, first.subject, first.reason, first.until) == (
        "l.md:1",
        "line 1",
        "two words",
        date(2027, 3, 1),
    )
    assert (second.place, second.subject, second.reason) == ("l.md:3", "line 4", "one")
    assert (third.subject, third.reason, third.until) == ("the lines from 4 on", 'a "b"', None)


@pytest.mark.parametrize(
    ("comment", "text", "is_covered"),
    [
        ("ignore", 'this ignore gives no reason: write reason="…"', True),
        ("ignore reason=''", "this ignore gives no reason", True),
        ("ignore-start reason=x", "has no ignore-end: it lasts to the end of the document", True),
        ("ignore-end", "this ignore-end has no ignore-start before it", False),
        ("ignore reason=x until=soon", "'until' has to be a day, as until=2027-03-01, not 'soon'", True),
        ("ignore reason=x until=2027-02-30", "not '2027-02-30'", True),
        ("ignore reason=x because", "'because' is not known here", True),
        ("ignore reason=x what=y", "'what' is not known here", True),
        ('ignore reason=x "', "'\"' is not known here", True),
        ("ingore", "'linkcheck: ingore' is not known: one of ignore, ignore-next-line", False),
        ("disable", "'linkcheck: disable' is not known", False),
        ("", "'linkcheck: ' is not known", False),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_is_no_error(comment: str, text: str, is_covered: bool) -> None:
    whole = f"a\n\nb <!-- linkcheck: {comment} -->"
    ((line, said),) = warnings(whole)
    assert line == 3
    assert text in said
    assert (3 in covered(whole)) is is_covered


def test_a_start_in_a_block_is_said_and_the_first_end_ends_it() -> None:
    start, end = "<!-- linkcheck: ignore-start reason=x -->", "<!-- linkcheck: ignore-end -->"
    text = f"{start}\n{start}\n{end}\n4\n{end}\n6"
    assert covered(text) == [1, 2, 3]
    assert warnings(text) == [
        (2, "lines from 1 on are ignored already"),
        (5, "this ignore-end has no ignore-start before it"),
    ]


def test_a_link_on_several_lines_has_the_ignores_of_all_once() -> None:
    found = directives("<!-- mlc-disable-line -->\n<!-- linkcheck: ignore-start reason=x -->\n3")
    assert [one.place for one in found.covering(3, 1, 3)] == ["l.md:2", "l.md:1"]
    assert [one.place for one in found.covering(2, 3)] == ["l.md:2"]
    assert found.covering(3) is found.covering(3)
    assert Directives().covering(1) == ()


def test_hostile_comments_are_bounded() -> None:
    long = directives(f"<!-- linkcheck: ignore reason='{'x' * 3_000}' -->")
    assert (long.ignores, long.notices) == ([], [])
    many = directives("<!-- mlc-disable-line -->\n" * 10_001)
    assert len(many.ignores) == 10_000
    assert [(one.line, one.text) for one in many.notices] == [
        (10_001, "only the first 10,000 ignores of a document count")
    ]
    one_line = directives("<!-- mlc-disable-line -->" * 30)
    assert len(one_line.covering(1)) == len(one_line.ignores) == 20
    assert one_line.notices[0].text == "only 20 ignores of one line count"
    wrong = directives("<!-- linkcheck: x -->\n" * 50)
    assert len(wrong.notices) == 11
    assert wrong.notices[-1].text == "more such comments: 40"


def test_bytes_that_are_no_text_raise_nothing() -> None:
    data = b'<!-- linkcheck: ignore reason="\xff" \xfe\x00 -->'
    found = find("l.md", data, [(4, len(data) - 3)], Places(data))
    assert [one.reason for one in found.ignores] == ["\ufffd"]
