"""A line says all that a later run needs: the verdict is the same, flags and reason too, and it is written the same."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcheck.case import metadata, record_of
from linkcheck.judge import Policy, judge
from linkcheck.memory import lines
from linkcheck.memory.line_schema import Line
from linkcheck.model import (
    ALIVE,
    Author,
    Confidence,
    Evidence,
    Fault,
    Finding,
    Hop,
    Identity,
    Judgement,
    Metadata,
    Past,
    Probe,
    Record,
    Sighting,
    SignatureKind,
    State,
    Url,
    replace,
)
from tests.answers import NOW
from tests.judge.rows import ROWS
from tests.judge.values import NOT_FOUND, earlier, evidence, look, match, redirected, shown, swapped
from tests.memory.values import URL, record, rich

DAY = timedelta(days=1)
WORDS = "The plane iron is set so that it takes a shaving as thin as paper along the grain"


def remembered(e: Evidence, at: datetime = NOW) -> Record:
    """The record of a run that saw `e` at `at`; its past and good page come from earlier runs."""
    known = Record(e.url, NOW, Evidence(e.url), e.past, e.good)
    return record_of(e, judge(e, at).first, at, metadata(e), known)


def judged(known: Record) -> Judgement:
    """What is said of a record that is told from memory."""
    past = tuple(one for one in known.past if one.at < known.at)
    return judge(replace(known.evidence, past=past, good=known.good), known.at, Policy(DAY))


PROBED = Probe(look(404, "https://a.example/no-such"), "00ff00ff")
CASES = {name: e for name, e in ROWS.items() if name not in ("internal-error", "not-looked-at")} | {
    "a probe that was not found": shown(NOT_FOUND, probe=PROBED),
    "a probe that was the same page": shown(NOT_FOUND, probe=replace(PROBED, sighting=look(), matches=(NOT_FOUND,))),
    "a probe with the same words": replace(
        shown(NOT_FOUND), probe=Probe(look(), (shown().page or Finding()).fingerprint, ())
    ),
    "a probe that ended there too": redirected(
        "https://a.example/", probe=Probe(look(200, "https://a.example/", 302), "00ff00ff" * 3)
    ),
    "a probe that failed": shown(NOT_FOUND, probe=replace(PROBED, sighting=look(Fault.RESET))),
    "weak signs": shown(match(SignatureKind.PARKED, Confidence.WEAK)),
    "a script": shown(match(SignatureKind.SHELL)),
    "insecure": evidence(replace(look(), insecure=Fault.TLS_EXPIRED)),
    "a fragment that is not there": evidence(200, page=Finding(lost=("a", "b"))),
    "drifted": swapped("How to plane wood"),
    "an end without a redirect": evidence(look(200, "https://b.example/")),
    "redirects without end": evidence(look(200, "https://b.example/", *[302] * 25)),
    "many redirects": evidence(look(200, "https://b.example/", 301, 302, 308, 301)),
    "moved by several": redirected("https://a.example/b", 301, 308),
    "flaky": evidence(200, past=earlier((9, State.OK), (8, State.DEAD), (7, State.OK), (6, State.DEAD))),
    "missing in two ways": evidence(410, 404),
    "found at last": evidence(404, 200),
    "newly failing": evidence(404, 404, past=earlier((2, State.OK), (1, State.DEAD))),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_line_leads_to_the_same_verdict(name: str) -> None:
    known = remembered(CASES[name])
    told = lines.load(lines.dump(known))
    assert judged(told) == judged(known)
    assert lines.dump(told) == lines.dump(known)
    assert told.past[-1].state is known.past[-1].state


def test_one_look_is_written_in_few_bytes() -> None:
    known = remembered(evidence(200, page=Finding(media="text/html")))
    assert lines.dump(known) == f'{{"url":"{known.url}","at":"2026-11-23"}}'
    known = remembered(evidence(404, 404))
    assert (
        lines.dump(known)
        == f'{{"url":"{known.url}","at":"2026-11-23T06:00Z","state":"dead","status":404,"looks":2,"media":""}}'
    )


def test_every_field_comes_back() -> None:
    told, was = lines.load(lines.dump(rich())), rich().evidence.site
    assert told.evidence.site
    assert was
    assert was.metadata
    assert told.evidence.site == replace(was, metadata=replace(was.metadata, provenance={"title": "h1"}))
    assert told.good == Identity(NOW.replace(hour=0), "t", "en", "", "00ff0000")
    assert told.evidence.last == Sighting(NOW, 200, URL, (Hop(URL, 301),), insecure=Fault.TLS_EXPIRED)


@given(st.text(max_size=400), st.text(max_size=400), st.lists(st.text(max_size=50), max_size=40))
def test_any_words_are_written_the_same_again(title: str, raw: str, names: list[str]) -> None:
    found = Metadata(
        title=title, title_raw=raw, description=raw, authors=tuple(map(Author, names)), details={"a": title}
    )
    line = lines.dump(remembered(evidence(200, page=Finding(metadata=found))))
    assert "\n" not in line
    assert len(line.encode()) < 2_048
    assert lines.dump(lines.load(line)) == line
    again = metadata(lines.load(line).evidence)
    assert again is None or (len(title) > 20 or again.title == title.encode(errors="replace").decode())


def test_a_page_of_a_megabyte_of_everything_has_a_short_line() -> None:
    long = "word 語 🚀 \u202e " * 100_000
    found = Metadata(
        "article", long, long, (Author(long, long, long),) * 5_000, long, long, long, long, long, f"https://a.example/{long}",
        long, 5, {long: long, "a": [long] * 50}, dict.fromkeys(("title", "authors", "description"), long),
    )  # fmt: skip
    signs = tuple(replace(match(SignatureKind.SHELL), evidence=long, name="x") for _ in range(50))
    page = Finding(metadata=found, matches=signs, fingerprint="00ff00ff" * 16, media="text/html", lost=(long,) * 50)
    past = tuple(Past(NOW - n * DAY, 500, state) for n, state in enumerate([State.OK, State.DEAD] * 10))[::-1]
    seen = Evidence(URL, (Sighting(NOW, Fault.RESET, URL, detail=long),), site=Finding(evidence=long), page=page)
    line = lines.dump(Record(URL, NOW, seen, past, Identity(NOW, long, long, long, "ff00ff00" * 16)))
    assert len(line.encode()) < 4_096
    line = lines.dump(remembered(evidence(200, page=replace(page, matches=()))))
    assert len(line.encode()) <= 2_048


def test_strangers_words_are_visible_and_on_one_line() -> None:
    title = "a \ud800 b\u2028c \u202e \x1b[0m \x85 “d” é 語"
    line = lines.dump(remembered(evidence(200, page=Finding(metadata=Metadata(title=title)))))
    assert line.isprintable()
    assert "“d” é 語" in line
    assert "\\u202e" in line
    assert json.loads(line)["title"] == title.replace("\ud800", " ")


def test_a_time_that_is_not_needed_is_not_kept() -> None:
    morning, evening = remembered(evidence(200), NOW), remembered(evidence(200), NOW + timedelta(hours=9))
    assert lines.dump(morning) == lines.dump(evening)
    assert lines.load(lines.dump(evening)).at <= morning.at
    assert lines.time_written(evening) == lines.load(lines.dump(evening)).at
    recovered = remembered(evidence(200, past=(Past(NOW, 404, State.DEAD),)), NOW + timedelta(hours=9))
    told = lines.load(lines.dump(recovered))
    assert [one.state for one in told.past] == [State.DEAD, State.OK]
    assert told.past[0].at < told.past[1].at == told.at


def same(old: Record, new: Record) -> bool:
    return lines.is_same(lines.line_of(old), lines.line_of(new))


def later(known: Record, hours: float, *looks: int) -> Record:
    """The record after another look."""
    at = NOW + timedelta(hours=hours)
    seen = (
        replace(known.evidence, looks=tuple(replace(one, at=at) for one in evidence(*looks).looks))
        if looks
        else known.evidence
    )
    return record_of(seen, judge(seen, at).first, at, metadata(seen), known)


def test_another_look_that_saw_the_same_is_the_same() -> None:
    good = remembered(evidence(200))
    assert same(good, later(good, 1, 200))
    assert same(good, later(good, 900, 200))
    assert not same(good, later(good, 1, 204))
    assert not same(good, later(good, 1, 404, 404))


def test_how_long_it_has_failed_is_a_fact_in_steps() -> None:
    dead = remembered(evidence(404, 404))
    assert same(dead, soon := later(dead, 23, 404, 404))
    assert not same(soon, day := later(soon, 25, 404, 404))
    assert same(day, later(day, 26, 404, 404))
    assert not same(day, later(day, 24 * 8, 404, 404))


def test_whether_it_was_unreachable_on_a_third_day_is_a_fact() -> None:
    first = remembered(evidence(500))
    second = later(first, 24 * 2, 500)
    third = later(second, 24 * 8, 500)
    for known in (first, second, third):
        assert judged(lines.load(lines.dump(known))) == judged(known)
    assert judged(third).verdict.rule == "unreachable-for-long"
    assert same(third, later(third, 24 * 9, 500))


def paged(words: str, title: str = "Planes") -> Record:
    from linkcheck.common.similarity import fingerprint

    page = Finding(fingerprint=fingerprint(words), media="text/html", metadata=Metadata(title=title))
    return remembered(evidence(200, page=page))


def test_a_page_that_changed_a_little_is_the_same() -> None:
    assert same(paged(f"{WORDS} of the board"), paged(f"{WORDS} of the bench"))
    assert not same(paged(f"{WORDS} of the board"), paged("Every match of the league with odds that are better"))
    assert not same(paged(WORDS), paged(WORDS, "Planes and saws"))
    assert not same(paged(WORDS), paged(""))
    assert not same(paged(""), paged(WORDS))


def test_the_good_page_is_written_once() -> None:
    line = json.loads(lines.dump(paged(WORDS)))
    assert "good" not in line
    told = lines.load(lines.dump(paged(WORDS)))
    assert told.good
    assert (told.good.title, told.good.at) == ("Planes", told.at)
    dead = later(paged(WORDS), 5, 404, 404)
    assert json.loads(lines.dump(dead))["good"] == {"at": "2026-11-23", "title": "Planes", "print": "="}


def changed(**fields: Any) -> str:
    return json.dumps(json.loads(lines.dump(rich())) | fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"url": 7}, {"at": "2026-11-23T06:00"}, {"at": "1999-01-01"}, {"state": "fine"}, {"status": "internal-error"},
        {"status": 1_000}, {"looks": 3}, {"looks": 0}, {"to": [[301]]}, {"to": [[301, "javascript:a"]]}, {"to": [[301, "x"]]},
        {"print": "AAAA"}, {"print": "é"}, {"print": "A" * 100}, {"print": "!"}, {"by": [["a"]]}, {"by": [["a"] * 4]},
        {"since": ["x"]}, {"since": ["2027-01-01"]}, {"runs": [[]]}, {"runs": [["fine", "2026-01-01"]]},
        {"runs": [["ok", "x"]]}, {"good": {"at": "x"}}, {"good": {"at": "2027-01-01"}}, {"good": {}}, {"more": []},
        {"probe": -1}, {"probe": {"status": "internal-error"}}, {"api": {"new": "javascript:a"}}, {"from": 7}, {"seconds": -1},
        {"marks": [["parked", "x", "likely"]]}, {"runs": [["ok", *["2026-01-01"] * 200]]}, {"another": 1}, {"raw": ["a"]},
    ],
)  # fmt: skip
def test_what_no_run_has_written_is_refused(fields: dict[str, Any]) -> None:
    lines.load(changed())
    with pytest.raises(ValueError, match=r"."):
        lines.load(changed(**fields))


def test_a_line_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        lines.load(lines.dump(record()) + " " * 2**20)


def test_it_is_found_by_its_first_bytes() -> None:
    assert lines.dump(rich()).startswith(f'{{"url":"{URL}","at":"2026-11-23T06:00Z",')
    assert isinstance(lines.line_of(rich()), Line)
    assert Url(URL) == lines.load(lines.dump(rich())).url
    assert lines.line_of(replace(record(), past=())).state is None
    assert lines.load(lines.dump(replace(record(), past=()))).past == ()
    assert record().past[-1].state in ALIVE


def test_lines_are_the_same_as_texts_too() -> None:
    assert lines.is_same_text(lines.dump(record()), lines.dump(record()).replace(",", " , "))
    assert not lines.is_same_text(lines.dump(record()), lines.dump(rich()))
