from __future__ import annotations

import pytest

from linkcheck import extract
from linkcheck.contracts import Site
from linkcheck.model import Answer, Fault, Finding, Observation, Presence, Purpose, Request, Url
from tests.answers import observation, sighting

PAGE = Url("https://a.example/x")
LOOKUP = Request(PAGE, Purpose.LOOKUP, "s", ("a", "b"))


def site_that(read: object) -> Site:
    return Site("s", lambda _: None, lambda _: (), read, {})  # type: ignore[arg-type]


def test_a_page_gives_its_sighting_and_what_it_says() -> None:
    seen = observation(PAGE, 200, "<title>A title</title><p id=here>")
    found = extract.page(seen, ["here", "there"])
    assert found.sighting is seen.sighting
    assert found.finding.metadata
    assert (found.finding.metadata.title, found.finding.lost) == ("A title", ("there",))


def test_a_page_that_cannot_be_read_is_an_internal_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Finding:
        raise RecursionError("deep")

    monkeypatch.setattr("linkcheck.page.read", fail)
    found = extract.page(observation(PAGE, 200, "<p>", etag='"1"', modified="x"))
    assert found.finding == Finding()
    assert found.sighting.fault is Fault.INTERNAL_ERROR
    assert found.sighting.detail.startswith("HTTP 200, RecursionError: deep")
    assert (found.sighting.etag, found.sighting.modified) == ("", "")


def test_an_internal_error_without_an_answer_names_no_status() -> None:
    assert extract.internal_error(sighting(Fault.RESET), "KeyError").detail == "KeyError"


def test_a_site_reads_its_own_answer() -> None:
    said = Answer({"a": Finding(Presence.PRESENT)})
    assert extract.answer(site_that(lambda _: said), observation(LOOKUP)) is said


def test_a_reader_that_fails_has_its_pages_asked() -> None:
    def fail(_: Observation) -> Answer:
        raise KeyError("changed")

    answer = extract.answer(site_that(fail), observation(LOOKUP))
    assert answer.more == ()
    assert [(name, one.ask_page, one.presence) for name, one in answer.findings.items()] == [
        ("a", True, None),
        ("b", True, None),
    ]
    assert "the reader of s failed on https://a.example/x: KeyError: 'changed'" in answer.findings["a"].trouble
