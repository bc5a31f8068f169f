from __future__ import annotations

import json
from types import MappingProxyType
from typing import Any

import pytest

from linkcheck.memory.serialization import from_json, size_in_line, to_json, to_line
from linkcheck.model import Record
from tests.memory.values import record, rich


def test_a_value_comes_back_as_it_was() -> None:
    for value in (record(), rich()):
        assert from_json(Record, to_json(value)) == value
        assert from_json(Record, to_json(value).encode()) == value


@pytest.mark.parametrize("text", ["é\u2028\u202e", "line\nbreak\x00", '"\\', "\U0001f600", ""])
def test_any_text_is_one_line_of_ascii(text: str) -> None:
    written = to_json({"a": text})
    assert written.isascii()
    assert "\n" not in written
    assert json.loads(written) == {"a": text}
    assert ": " not in written.replace(text, "")


def test_half_a_surrogate_pair_is_a_blank() -> None:
    assert json.loads(to_json({"a": "x\ud800y", "b": ["\udfff", "é"]})) == {"a": "x y", "b": [" ", "é"]}
    assert to_json({"a": "x\ud800y"}).isascii()


def test_a_mapping_that_cannot_be_changed_is_written_as_one_that_can() -> None:
    assert to_json(MappingProxyType({"a": 1})) == '{"a":1}'


def test_what_is_no_value_is_refused() -> None:
    with pytest.raises(TypeError, match="object is not stored"):
        to_json(object())


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ({"u": "https://u:s3cret@a.example/"}, {"u": "https://u:***@a.example/"}),
        ({"u": "//a.example/?token=s3cret&a=1"}, {"u": "//a.example/?token=***&a=1"}),
        ({"u": ["https://u:s3\\cret@a.example/"]}, {"u": ["https://u:***@a.example/"]}),  # escaped in JSON
        ({"u": "u:s3\"cret@a.example/"}, {"u": "u:***@a.example/"}),
        ({"u": "me@a.example \\ é"}, {"u": "me@a.example \\ é"}),
    ],
)  # fmt: skip
def test_secrets_are_not_kept(value: Any, kept: Any) -> None:
    written = to_json(value)
    assert json.loads(written) == kept
    assert "cret" not in written
    assert written.isascii()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"url": 1}', b"\xff", "[" * 200_000, '{"url":"x","at":"never"}', "9" * 10_000]
)
def test_what_holds_no_value_of_the_kind_is_refused(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"."):  # with a reason
        from_json(Record, text)


def test_a_line_shows_letters_and_escapes_what_cannot_be_seen() -> None:
    for text, shown in (
        ("é語🚀", "é語🚀"), ("a\u202eb", "a\\u202eb"), ("\x7f", "\\u007f"), ("\U000e0041", "\\udb40\\udc41"), ("\ud800", " "),
        ("a\n\u2028", "a\\n\\u2028"), ('"\\', '\\"\\\\'),
    ):  # fmt: skip
        assert to_line(text) == f'"{shown}"'
        assert json.loads(to_line(text)) == text.replace("\ud800", " ")
        assert size_in_line(text) == len(to_line(text).encode())
    assert to_line({"u": "https://u:s3cret@a.example/é"}) == '{"u":"https://u:***@a.example/é"}'
