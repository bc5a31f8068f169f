"""Values as bytes: each comes back as it was, also what has no such form."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcheck.memory.records import Records
from linkcheck.model import Author, Evidence, Identity, Metadata, Past, Record, State, Url
from linkcheck.model.packed import pack, unpack
from tests.answers import NOW, sighting

URL, OTHER = Url("https://a.example/x"), Url("https://b.example/y")


def record(url: Url = URL, title: str = "T") -> Record:
    evidence = Evidence(url, (sighting(200, url),), resolver_works=True)
    return Record(url, NOW, evidence, (Past(NOW, 200, State.OK),), Identity(NOW, title))


@given(st.builds(Metadata, title=st.text(), description=st.text(), details=st.dictionaries(st.text(), st.text())))
def test_a_value_comes_back_as_it_was(value: Metadata) -> None:
    assert unpack(Metadata, pack(value)) == value


def test_a_packed_value_is_bytes() -> None:
    assert isinstance(pack(Metadata(title="🔵 é", authors=(Author("Ann"),))), bytes)


def nested(depth: int) -> Any:
    return [nested(depth - 1)] if depth else []


@pytest.mark.parametrize("odd", ["\ud800", 2**70, [nested(30), -(2**80)]])
def test_what_has_no_form_in_bytes_comes_back_too(odd: Any) -> None:
    value = Metadata(details={"odd": odd})
    assert unpack(Metadata, pack(value)) == value


def test_what_is_not_packed_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="object is not packed"):
        pack(Metadata(details={"odd": object()}))


def test_records_are_those_that_were_put_in() -> None:
    records = Records([record(), record(OTHER)])
    assert dict(records) == {URL: record(), OTHER: record(OTHER)}
    assert (len(records), URL in records, Url("https://c.example/") in records) == (2, True, False)
    assert records.get(Url("https://c.example/")) is None


def test_a_record_that_is_asked_for_again_is_not_made_again() -> None:
    records = Records([record(), record(OTHER)])
    assert records[URL] is records[URL]


def test_a_record_that_was_changed_or_taken_out_is_not_the_last_one_any_more() -> None:
    records = Records([record()])
    assert records[URL].good == Identity(NOW, "T")
    records[URL] = record(title="Another")
    assert records[URL].good == Identity(NOW, "Another")
    assert records.pop(URL) == record(title="Another")
    assert URL not in records
    with pytest.raises(KeyError):
        records[URL]
