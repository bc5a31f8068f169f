from __future__ import annotations

from linkcheck.memory.line_schema import Line, lean
from linkcheck.memory.serialization import from_json, to_line
from tests.memory.values import URL


def test_a_field_that_is_equal_to_its_default_is_not_written() -> None:
    line = Line(URL, "2026-11-23", kind="".join(["pa", "ge"]), media="".join(["text/", "html"]), details={})
    assert to_line(lean(line)) == f'{{"url":"{URL}","at":"2026-11-23"}}'
    assert lean(line) == line == from_json(Line, to_line(line))


def test_a_line_begins_with_what_it_is_found_by() -> None:
    assert Line.__struct_encode_fields__[:2] == ("url", "at")
    assert len(set(Line.__struct_encode_fields__)) == len(Line.__struct_encode_fields__)
