"""YAML text: whatever is written is read back as it was, by PyYAML, libyaml and readers of YAML 1.2."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from linkcheck.common.yaml_text import Flow, YamlError, dump, load

LOADERS: list[Any] = [yaml.SafeLoader, *([yaml.CSafeLoader] if yaml.__with_libyaml__ else [])]
# The core schema of YAML 1.2.2 §10.3.2: a plain scalar that matches is no string.
CORE = re.compile(
    r"null|Null|NULL|~||true|True|TRUE|false|False|FALSE"
    r"|[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
# What YAML 1.1's types (https://yaml.org/type/) and readers of them take for something else than a string.
RESOLVED = """~ = << null Null NULL nULL true True TRUE false yes Yes YES no No NO on On ON off OFF y Y n N
    0 7 -1 +1 007 08 0b101 0o7 0o17 0x1F 0xdead_beef 1_000 1,000 1,000.5 123456789012345678901234567890
    1. .5 -.5 +.5 1.5 1e3 1E3 1.e5 1e-3 1.5e+10 6.02e23 . .. ._ .inf -.inf +.Inf .INF .nan .NaN
    1:30 -1:30 1:56:20 190:20:30.15 1706.10000 2019-04-25 2019-4-5 2001-12-14t21:59:43.10-05:00 2001-12-14T21:59:43Z
    """.split()
NASTY = [
    "", " ", "  ", " a", "a ", "a: b", "a:", ":a", ": a", "a:b", "a #b", "a#b", "#a", "# a", "-", "- a", "-a", "--", "---",
    "--- a", "...", "... a", "....", "?", "? a", "?a", "[", "]", "{", "}", "[a]", "{a: b}", ",", "a, b", "&a", "*a", "!a", "!!str a",
    "|", ">", "|-", "'", "''", "it's", "'a'", '"', '"a"', 'say "a"', "\\", "\\n", "a\\", "%a", "% a", "@a", "`a`", "<a>", "=a", "~a", "(a)",
    "\t", "\ta", "a\t", "a\tb", "a:\tb", "a\t#b", "\n", "\n\n", "\na", "a\n", "a\n\n", "a\nb", " a\n b", "a\n b\n", "\n a", "\r", "a\r\nb",
    "\x85", "a\x85b", "\u2028", "a\u2028b", "\u2029", "a\u2029b", "\0", "a\0", "\x01", "\x07", "\x1b[31m", "\x7f", "\x80", "\x9f",
    "\ufeff", "a\ufeff", "\ufffe", "\uffff", "\xa0", "\xa0a\xa0", "\u3000a", "\u200b", "\u202eabc", "é", "中文", "\ue000", "\U000e0001",
    "🔵", "🔵: a", "🔵 #1", "a🔵\n", "👩‍👩‍👧", "\U0010ffff", "\U0001fffe", "1\n", "no\n", "2019-04-25 ", " 1e3",
    "2001-12-14 21:59:43.10 -5", "word " * 2_000, "x" * 3_000, "'" * 1_500, '"\n' * 800, "a: " * 500,
]  # fmt: skip
STRINGS = [*RESOLVED, *NASTY]
VALUES = st.recursive(
    st.one_of(st.text(), st.sampled_from(STRINGS), st.integers(), st.floats(allow_nan=False), st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(), inner, max_size=4)),
    max_leaves=12,
)


def read_by_all(text: str) -> list[Any]:
    return [yaml.load(text, Loader=loader) for loader in LOADERS]


def assert_kept(value: Any) -> None:
    text = dump(value)
    assert read_by_all(text) == [value] * len(LOADERS), text


@pytest.mark.parametrize("string", STRINGS, ids=ascii)
def test_a_string_stays_a_string_wherever_it_stands(string: str) -> None:
    assert_kept([string, [string], Flow([string]), {"a": string, "b": [string, Flow([string, 1])]}])
    assert_kept({string: string, f"{string}x": {string: [string]}, f"y{string}": {string: {string: None}}})


@pytest.mark.parametrize("string", STRINGS, ids=ascii)
def test_what_is_plain_is_a_string_in_yaml_1_2(string: str) -> None:
    shown = dump([string]).removeprefix("- ").removesuffix("\n")
    assert shown[0] in "'\"" or not CORE.fullmatch(shown)


@pytest.mark.parametrize("string", RESOLVED)
def test_what_a_reader_may_take_for_no_string_is_quoted(string: str) -> None:
    assert dump([string]) == f"- '{string}'\n"
    assert dump({string: 1}) == f"'{string}': 1\n"


@pytest.mark.parametrize(
    "string",
    ["Attention", "a:b", "a#b", "it's", 'say "a"', "C++", "4 bit(!?) floats", "10.48550/arXiv.1706.03762", "v1.2", "1st",
     "https://a.example/x?y=1#z", "GPT-4 & others, {all} [of] them", "a\\b", "🔵 é 中", "(a)", "~a", "<a>", "/x", "2x4", "no one"],
)  # fmt: skip
def test_ordinary_strings_need_no_quotes(string: str) -> None:
    assert dump({"a": string}) == f"a: {string}\n"
    assert_kept([string])


@given(st.text(alphabet="0123456789_.:,-+eExXobBafTZ yYnNofiIN~=<", max_size=8))
def test_what_looks_like_a_number_or_a_date_stays_a_string(string: str) -> None:
    assert_kept({string: string})
    test_what_is_plain_is_a_string_in_yaml_1_2(string)


@given(st.text(alphabet="ab :#-?,[]{}&*!|>'\"%@`\\\t\n\r\x85\u2028\ufeff\0é🔵.", max_size=12))
def test_marks_of_yaml_stay_text(string: str) -> None:
    assert_kept([{string: string}, [[string]]])


@given(st.one_of(st.lists(VALUES, max_size=5), st.dictionaries(st.text(), VALUES, max_size=5)))
def test_every_value_is_read_back_as_it_was(value: Any) -> None:
    assert_kept(value)


@pytest.mark.parametrize("string", ["\ud800", "a\udfffb", "\ud83d\udd35"])
def test_half_a_surrogate_pair_is_written_as_a_replacement_character(string: str) -> None:
    shown = re.sub("[\ud800-\udfff]", "\ufffd", string)
    assert read_by_all(dump({string: string})) == [{shown: shown}] * len(LOADERS)


@pytest.mark.parametrize("number", [0.0, -0.5, 1e17, 1e-7, 1.5e300, float("inf"), float("-inf"), 10**40, -1, True])
def test_numbers_stay_numbers(number: float) -> None:
    (read, *_) = read_by_all(dump([number]))
    assert (read, type(read)) == ([number], list)
    assert type(read[0]) is type(number)


def test_not_a_number_stays_none() -> None:
    assert dump([float("nan")]) == "- .nan\n"


def test_the_layout_is_that_of_pyyaml() -> None:
    value = {
        "schema": "x/1", "empty": {"list": [], "map": {}, "text": "", "none": None},
        "references": [{"id": "a", "author": [{"family": "Lee", "given": "Ann"}, {"literal": "ATLAS: a"}], "yes": "no"}, ["a", ["b"], [{"c": 1}]], 2],
        "custom": {"flags": {"insecure": "it's: expired"}, "line": 12, "section": ["Papers", "#1"], "withdrawn": False, "f": 0.5},
    }  # fmt: skip
    assert dump(value) == yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=2**20)
    assert dump([value]) == yaml.safe_dump([value], sort_keys=False, allow_unicode=True, width=2**20)
    assert dump({"date-parts": Flow([[2017, 6, 12]])}) == "date-parts: [[2017, 6, 12]]\n"


def test_nothing_is_yaml_too() -> None:
    assert [dump({}), dump([])] == ["{}\n", "[]\n"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [", 1),
        ("a: b\n c: d", 2),
        ("? [a]\n: b", 1),
        ("\0", 0),
        ("- " * 9_999, 0),
        ("a: b\nc: " + "[" * 9_999, 2),
        ("a: b\nc: !!timestamp foo", 2),
        ("a: !!timestamp 2026-13-01", 1),
        ("a: !!int ''", 1),
        ("a: !!int []", 1),
        ("a: !!float 1.2.3", 1),
        ("a: !!bool maybe", 1),
        ("a: !!null x", 1),
        ("a: b\nc: " + "1" * 5_000, 2),
        ('a: "\\UFFFFFFFF"', 0),
        ("%YAML " + "1" * 4_300 + ".1\n---\na: b", 1),
    ],
)
def test_what_is_no_yaml_is_said_with_its_line(text: str, line: int) -> None:
    with pytest.raises(YamlError) as caught:
        load(text)
    assert caught.value.line == line


@pytest.mark.parametrize(
    "value",
    ["!!int 1_000", "!!int '-0x1F'", "!!int 1:59", "!!float 1.5e-3", "!!float .inf", "!!float 12", "!!bool Yes", "!!null ~", "!!null",
     "!!timestamp 2026-11-24", "!!timestamp 2026-11-24T10:00:00Z", "!!str 1", "!own x", "1" * 4_300, "!!python/object:os.system x"],
)  # fmt: skip
def test_what_is_of_its_type_is_text(value: str) -> None:
    assert load(f"a: {value}") == {"a": value.rpartition(" ")[2].strip("'").removeprefix("!!null")}
