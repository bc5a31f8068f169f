"""The links of a report, put together."""

from __future__ import annotations

from linkcheck.model import Document
from linkcheck.report import by_document
from tests.answers import checked, link, report


def test_a_part_of_a_report_has_its_own_places_only() -> None:
    both = checked(links=(link(path="a.md"), link(path="b.md")))
    whole = report(both, checked(links=(link(path="b.md"),)), documents=(Document("a.md", ()), Document("b.md", ())))
    parts = {document.path: part for document, part in by_document(whole)}
    assert [[place.path for place in one.links] for one in parts["a.md"].checked] == [["a.md"]]
    assert [[place.path for place in one.links] for one in parts["b.md"].checked] == [["b.md"], ["b.md"]]
    assert parts["a.md"].documents == whole.documents[:1]
