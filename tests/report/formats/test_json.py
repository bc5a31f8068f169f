"""The JSON report keeps its schema."""

from __future__ import annotations

import json

import jsonschema

from linkcheck.model import Author, Document, Metadata, Notice
from tests.answers import NOW, checked, report
from tests.report.test_formats import FORMATS, SCHEMA, everything


def test_json_keeps_its_schema() -> None:
    document = Document("l.md", (), notices=(Notice("l.md", 1, "not UTF-8"),))
    found = json.loads(FORMATS["json"].render(report(*everything(), documents=(document,))))
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(found, SCHEMA)
    assert found["summary"]["failing"] == 5
    assert found["summary"]["warnings"][0]["text"] == "not UTF-8"


def test_json_tells_what_was_seen() -> None:
    metadata = Metadata(title="T", authors=(Author("Ann Lee"),), duration_s=60)
    one = checked(status=200, final_url="https://b.example/y", metadata=metadata)
    (found,) = json.loads(FORMATS["json"].render(report(one)))["links"]
    assert (found["final_url"], found["status"], found["title"]) == ("https://b.example/y", 200, "T")
    assert found["metadata"] == {"kind": "page", "title": "T", "authors": ["Ann Lee"], "duration_s": 60}
    assert found["locations"][0] | {"span": None} == {
        "path": "l.md", "line": 1, "column": 5, "span": None, "text": "A", "section": [],
    }  # fmt: skip


def test_where_nobody_answered_there_is_no_final_url() -> None:
    (found,) = json.loads(FORMATS["json"].render(report(checked())))["links"]
    assert (found["final_url"], found["status"]) == (None, None)


def test_times_are_utc_and_end_in_z() -> None:
    assert NOW.isoformat().endswith("+00:00")
    assert json.loads(FORMATS["json"].render(report()))["summary"]["started"] == "2026-11-23T06:00:00Z"
