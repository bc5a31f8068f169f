"""The terminal's form."""

from __future__ import annotations

from linkcheck.model import Confidence, Flag, State, Verdict
from tests.answers import checked, link, report
from tests.report.test_formats import FORMATS


def test_text_is_one_line_a_place_as_compilers_write_it() -> None:
    verdict = Verdict(State.DEAD, "http-not-found", "HTTP 404 twice", Confidence.LIKELY, "take it out")
    places = (link(line=12, column=3), link(line=15, column=1))
    shown = FORMATS["text"].render(report(checked(verdict=verdict, links=places)))
    assert shown.splitlines() == [
        "l.md:12:3: dead[http-not-found] https://a.example/x: HTTP 404 twice",
        "l.md:15:1: dead[http-not-found] https://a.example/x: HTTP 404 twice",
        "  help: take it out",
        "help: linkcheck fix --dead note looks for archived copies of 1 dead link",
        "1 link: 1 dead",
    ]


def test_what_could_not_be_judged_is_grouped_by_host() -> None:
    found = [checked(State.BLOCKED, f"https://a.example/{n}", rule="http-refused", reason="HTTP 403") for n in range(3)]
    shown = FORMATS["text"].render(report(*found, checked(State.UNREACHABLE, "https://b.example/x")))
    assert "a.example (3 links): HTTP 403" in shown
    assert shown.splitlines()[-1] == "4 links: 3 blocked, 1 unreachable"


def test_flags_and_trouble_are_told() -> None:
    verdict = Verdict(State.OK, "http-ok", "HTTP 200", flags={Flag.INSECURE: "its certificate has expired"})
    shown = FORMATS["text"].render(report(checked(verdict=verdict, trouble="the reader of arxiv failed")))
    assert "note[insecure] https://a.example/x: its certificate has expired" in shown
    assert "warning: the reader of arxiv failed" in shown
