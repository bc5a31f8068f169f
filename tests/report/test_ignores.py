"""What is said of ignored links and of ignores, in every format."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import jsonschema
import pytest

from linkcheck.model import Checked, Document, Ignore, IgnoreNote, IgnoreState, Link, Report, State
from linkcheck.report import by_document, groups, ignores, named
from tests.answers import checked, link, report
from tests.report.test_formats import HOSTILE, SCHEMA

URL = "https://a.example/x"
ENTRY = Ignore("linkcheck.toml, ignore 2", URL, "it is old", date(2027, 3, 1))
COMMENT = Ignore("l.md:7", "line 7", "seen")
ACCEPTED = Ignore("reports/baseline.jsonl:3", URL, "accepted as dead[http-gone] on 2026-12-01", is_baseline=True)


def ignored(ignore: Ignore | None = ENTRY, state: State = State.DEAD, **more: Any) -> Checked:
    return checked(state, links=(link(URL, ignored=ignore, **more),))


def text(found: Report) -> list[str]:
    return named("text").render(found).splitlines()


def note(state: IgnoreState, ignore: Ignore = ENTRY, *links: Link) -> str:
    (line,) = map(ignores.as_text, ignores.lines(report(ignore_notes=(IgnoreNote(ignore, state, links),))))
    return line


@pytest.mark.parametrize(
    ("found", "line"),
    [
        ((), ""),
        ((checked(State.DEAD),), ""),
        ((ignored(state=State.OK),), ""),
        ((ignored(),), "1 link fails and is ignored"),
        (
            (ignored(), ignored(COMMENT, State.GONE), ignored(ACCEPTED)),
            "3 links fail and are ignored, 1 of them by the baseline",
        ),
        ((ignored(ACCEPTED),), "1 link fails and is ignored by the baseline"),
    ],
)
def test_the_line_of_count(found: tuple[Checked, ...], line: str) -> None:
    assert ignores.counted(report(*found)) == line


def test_ignored_links_are_counted_in_text_and_listed_in_markdown_and_json() -> None:
    found = report(ignored())
    assert text(found) == ["1 link fails and is ignored", "1 link: 1 dead"]
    page = named("markdown").render(found)
    assert "**No link fails**" not in page
    assert "No link fails, 1 in all" in page
    assert (
        "## Ignored\n\n1 link fails and is ignored.\n\n- **dead** [A](https://a.example/x), `l.md:1`: it is old (`linkcheck.toml, ignore 2`, until 2027-03-01)\n"
        in page
    )
    assert "no reason is given (`l.md:1`)" in named("markdown").render(report(ignored(Ignore("l.md:1", "line 1"))))
    document = json.loads(named("json").render(found))
    jsonschema.validate(document, SCHEMA)
    (one,) = document["links"]
    expected = {"reason": "it is old", "until": "2027-03-01", "where": "linkcheck.toml, ignore 2", "baseline": False}
    assert (one["ignored"], one["locations"][0]["ignored"]) == (expected, True)
    assert (document["summary"]["failing"], document["summary"]["ignored"]) == (0, 1)


def test_a_link_that_is_ignored_at_one_of_two_places_fails_at_the_other() -> None:
    places = (link(URL, line=1, ignored=COMMENT), link(URL, line=2))
    found = report(checked(State.DEAD, links=places))
    assert [line.partition(" ")[0] for line in text(found)] == ["l.md:2:5:", "1", "help:", "1"]
    assert [[place.line for place in one.links] for one in (*groups.failing(found), *groups.ignored(found))] == [
        [2],
        [1],
    ]
    (one,) = json.loads(named("json").render(found))["links"]
    assert one["ignored"] is None
    assert ["ignored" in place for place in one["locations"]] == [True, False]


def test_what_is_said_of_each_ignore() -> None:
    here, there = link(URL, line=7), link("https://b.example/", line=9)
    assert note(IgnoreState.ALIVE, ENTRY, here) == (
        "linkcheck.toml, ignore 2: note[ignore-alive] https://a.example/x (l.md:7): works again: this ignore can go"
    )
    assert note(IgnoreState.ALIVE, COMMENT, here, there) == (
        "l.md:7: note[ignore-alive] https://a.example/x and 1 more: all work again: this ignore can go"
    )
    assert note(IgnoreState.EXPIRED, ENTRY, here) == (
        "linkcheck.toml, ignore 2: note[ignore-expired] https://a.example/x (l.md:7): this ignore expired on 2027-03-01 "
        "(it is old); take it out, or give it a new day"
    )
    assert note(IgnoreState.EXPIRED, Ignore("l.md:1", "line 1", until=date(2027, 3, 1))) == (
        "l.md:1: note[ignore-expired] line 1: this ignore expired on 2027-03-01; no link of these lists uses it: it can go"
    )
    assert note(IgnoreState.UNUSED) == (
        "linkcheck.toml, ignore 2: note[ignore-unused] https://a.example/x: no link of these lists uses it: if no other "
        "does, this ignore can go"
    )
    assert note(IgnoreState.UNUSED, COMMENT) == (
        "l.md:7: note[ignore-unused] line 7: no link of these lists uses it: this ignore can go"
    )


@pytest.mark.parametrize(
    ("alive", "gone", "words"),
    [
        (1, 0, "1 of its links works again: run"),
        (2, 0, "2 of its links work again: run"),
        (0, 1, "1 is in these lists no more: run"),
        (
            2,
            3,
            "2 of its links work again and 3 are in these lists no more: run linkcheck baseline again to take them out",
        ),
    ],
)
def test_the_baseline_is_one_line(alive: int, gone: int, words: str) -> None:
    notes = [IgnoreNote(ACCEPTED, IgnoreState.ALIVE, (link(URL),))] * alive
    notes += [IgnoreNote(ACCEPTED, IgnoreState.UNUSED)] * gone
    (line,) = ignores.lines(report(ignore_notes=tuple(notes)))
    assert words in line.sentence


@pytest.mark.parametrize(("number", "more"), [(5, ""), (6, "(1 more)"), (40, "(35 more, the last)")])
def test_few_of_many_unused_ones_are_named(number: int, more: str) -> None:
    notes = tuple(IgnoreNote(Ignore(f"c, ignore {n}", "u"), IgnoreState.UNUSED) for n in range(number))
    found = [*ignores.lines(report(ignore_notes=notes))]
    assert len(found) == min(number, 6)
    assert more in found[-1].sentence
    assert found[-1].place == f"c, ignore {number - 1}"


def test_each_lists_report_has_the_notes_on_its_own_links() -> None:
    a, b = link(URL, path="a.md"), link(URL, path="b.md")
    notes = (
        IgnoreNote(ENTRY, IgnoreState.ALIVE, (a, b)),
        IgnoreNote(Ignore("b.md:3", "line 3"), IgnoreState.UNUSED),
        IgnoreNote(ENTRY, IgnoreState.UNUSED),
    )
    documents = (Document("a.md", (a,)), Document("b.md", (b,)), Document("c.md", ()))
    parts = {document.path: part for document, part in by_document(report(documents=documents, ignore_notes=notes))}
    assert [[(one.ignore.place, len(one.links)) for one in part.ignore_notes] for part in parts.values()] == [
        [(ENTRY.place, 1)], [(ENTRY.place, 1), ("b.md:3", 0)], [],
    ]  # fmt: skip


def test_notes_are_data_in_json() -> None:
    notes = (IgnoreNote(ENTRY, IgnoreState.ALIVE, (link(URL), link(URL))), IgnoreNote(COMMENT, IgnoreState.UNUSED))
    document = json.loads(named("json").render(report(ignore_notes=notes)))
    jsonschema.validate(document, SCHEMA)
    first, second = document["summary"]["ignores"]
    assert (first["state"], first["where"], first["links"]) == ("alive", ENTRY.place, [URL])
    assert (second["state"], second["subject"], second["links"], second["until"]) == ("unused", "line 7", [], None)


@pytest.mark.parametrize("name", ["text", "markdown", "json"])
def test_hostile_texts_are_harmless(name: str) -> None:
    ignore = Ignore(HOSTILE, HOSTILE, HOSTILE, date(2027, 3, 1))
    notes = tuple(
        IgnoreNote(ignore, state, places) for state in IgnoreState for places in ((), (link(f"{URL}{HOSTILE}"),))
    )
    shown = named(name).render(report(ignored(ignore), ignore_notes=notes))
    assert not any(char in shown for char in "\x1b\x07\u202e\u200b\r")
    assert "\n::" not in shown
