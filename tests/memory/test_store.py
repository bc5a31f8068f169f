"""The memory's parts: plain values and back, what is read, what is put aside, what a full disk costs."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcheck.memory import FILE, Freshness, Store, facts, history
from linkcheck.model import Fault, Record, State, Url, replace
from tests.memory.values import NOW, URL, record, rich, write_history


def test_a_record_comes_back_as_it_was() -> None:
    assert facts.load(facts.dump(rich())) == rich()
    parts = facts.dump(Record(URL, NOW, rich().evidence)), facts.dump_past(rich())
    assert facts.load(*parts) == rich()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_what_is_no_record_is_refused(value: Any) -> None:
    with pytest.raises(ValueError):
        facts.load(json.dumps(value))


@pytest.mark.parametrize(
    "change",
    [
        {"url": 7}, {"at": "yesterday"}, {"at": 5}, {"past": {}}, {"past": [{"at": "2026-01-01"}]}, {"extra": 1},
        {"evidence": {"url": "x", "looks": [{"outcome": "no such fault"}]}}, {"good": []},
        {"evidence": {"url": "x", "looks": [{"at": "2026-01-01T00:00:00", "outcome": 1, "final_url": "x", "elapsed_s": True}]}},
        {"evidence": {"url": "x", "site": {"flags": []}}},
    ],
)  # fmt: skip
def test_a_damaged_record_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        facts.load(json.dumps(json.loads(facts.dump(rich())) | change))


def test_fresh_is_what_was_good_lately(tmp_path: Path) -> None:
    for at, state, is_fresh in (
        (NOW - timedelta(days=5), State.OK, True), (NOW - timedelta(days=9), State.OK, False),
        (NOW - timedelta(days=1), State.DEAD, False), (NOW - timedelta(days=1), State.UNREACHABLE, False),
        (NOW + timedelta(days=1), State.OK, False),
    ):  # fmt: skip
        write_history(tmp_path / history.FILE, [record(at, state)])
        with Store(None, history_file=tmp_path / history.FILE) as one:
            one.recall([URL], NOW)
            assert one.is_fresh(URL, NOW) is is_fresh
    assert not one.is_fresh(Url("https://b.example/"), NOW)


def test_not_all_come_due_at_once(tmp_path: Path) -> None:
    urls = [Url(f"https://a.example/{n}") for n in range(200)]
    write_history(tmp_path / history.FILE, [record(NOW - timedelta(days=7), url=url) for url in urls])
    with Store(None, history_file=tmp_path / history.FILE) as one:
        one.recall(urls, NOW)
        fresh = sum(one.is_fresh(url, NOW) for url in urls)
    assert 60 < fresh < 140


def test_what_is_kept_is_known_to_the_next(tmp_path: Path) -> None:
    with Store(tmp_path) as one:
        one.recall([URL], NOW)
        one.keep(URL, record().evidence, NOW)
        one.remember(record())
        one.finish(is_interrupted=False)
    with Store(tmp_path) as two:
        assert two.recall([URL], NOW) == {URL: record()}
        two.remember(record())  # nothing new
        two.finish(is_interrupted=False)
        assert two.records == {}


@pytest.mark.parametrize(("outcome", "is_resumed"), [(404, True), (Fault.CONNECT_TIMEOUT, False)])
def test_an_interrupted_run_is_taken_up_where_somebody_answered(
    tmp_path: Path, outcome: int | Fault, is_resumed: bool
) -> None:
    with Store(tmp_path) as one:
        one.keep(URL, record(outcome=outcome).evidence, NOW)
        one.finish(is_interrupted=True)
    with Store(tmp_path) as two:
        two.recall([URL], NOW + timedelta(minutes=5))
        assert two.is_fresh(URL, NOW + timedelta(minutes=5)) is is_resumed
    with Store(tmp_path) as three:
        three.recall([URL], NOW + timedelta(minutes=30))
        assert not three.is_fresh(URL, NOW + timedelta(minutes=30))


def test_a_sick_run_leaves_nothing(tmp_path: Path) -> None:
    with Store(tmp_path) as one:
        one.forget_run()
        one.keep(URL, record().evidence, NOW)
        one.forget_run()
    with Store(tmp_path) as two:
        assert not two.recall([URL], NOW)


def test_a_disk_that_fails_costs_only_the_memory(tmp_path: Path) -> None:
    with Store(tmp_path) as one:
        one.recall([URL], NOW)
        with closing(sqlite3.connect(tmp_path / FILE)) as other:
            other.executescript("drop table journal; drop table facts;")
        one.keep(URL, record().evidence, NOW)
        one.commit()
        one.keep(URL, record().evidence, NOW)
        one.remember(record())
        one.finish(is_interrupted=False)
    assert "no more observations will be stored" in one.notices[0].text


def test_a_fact_that_would_not_be_read_again_is_not_kept(tmp_path: Path) -> None:
    long = replace(record().evidence, looks=record().evidence.looks * 15_000)
    with Store(tmp_path) as one:
        one.keep(URL, record().evidence, NOW)
        one.keep(URL, long, NOW)
        one.remember(replace(record(), evidence=long))
        one.finish(is_interrupted=False)
    with Store(tmp_path) as two:
        assert not two.recall([URL], NOW)
    assert one.notices == two.notices == []


def test_no_memory_at_all() -> None:
    with Store(None) as none:
        assert not none.recall([URL], NOW)
        none.keep(URL, record().evidence, NOW)
        none.remember(record())
        none.finish(is_interrupted=False)
        none.forget_run()


def test_a_run_of_hours_keeps_its_journal_while_others_come_and_go(tmp_path: Path) -> None:
    with Store(tmp_path) as long:
        long.recall([URL], NOW)
        long.keep(URL, record().evidence, NOW)
        long.commit()
        with Store(tmp_path) as short:
            short.recall([URL], NOW + timedelta(hours=2))
            short.finish(is_interrupted=False)
        long.remember(record())
        long.finish(is_interrupted=False)
    with Store(tmp_path) as later:
        assert later.recall([URL], NOW + timedelta(hours=3)) == {URL: record()}


# -- what is requested ---------------------------------------------------------------------------


def freshness(**how: Any) -> Freshness:
    return Freshness(**{"max_age": timedelta(days=7), **how})


def test_what_was_silent_is_told_from_memory_where_that_is_asked_for(tmp_path: Path) -> None:
    for recent in (timedelta(0), timedelta(minutes=10)):
        with Store(tmp_path, freshness=freshness(recent=recent)) as one:
            one.note_silence(URL)
            one.finish(is_interrupted=False)
        with Store(tmp_path, freshness=freshness(recent=recent)) as two:
            known = two.recall([URL], now := datetime.now(UTC)).get(URL)
            assert (known is not None) is two.is_fresh(URL, now) is bool(recent)
            assert not two.is_fresh(URL, now + timedelta(minutes=11))
    assert known
    assert (known.evidence.looks[0].outcome, known.past[-1].state) == (Fault.OUT_OF_TIME, State.UNREACHABLE)


def test_frozen_nothing_is_requested_whatever_its_age(tmp_path: Path) -> None:
    other = Url("https://b.example/")
    write_history(tmp_path / history.FILE, [record(NOW - timedelta(days=900), State.DEAD, outcome=410)])
    with Store(None, freshness=freshness(is_frozen=True), history_file=tmp_path / history.FILE) as one:
        one.recall([URL, other, Url("https://b.example/?token=s3cret")], NOW)
        assert (one.is_fresh(URL, NOW), one.is_left_out(URL)) == (True, False)
        assert (one.is_fresh(other, NOW), one.is_left_out(other)) == (False, True)
        assert one.is_left_out(Url("https://b.example/?token=s3cret"))  # never remembered


def test_of_the_oldest_as_many_are_requested_as_asked_for(tmp_path: Path) -> None:
    some = [Url(f"https://a.example/{n}") for n in range(6)]
    known = [record(NOW - timedelta(days=n), url=url) for n, url in enumerate(some[:4])]
    write_history(tmp_path / history.FILE, known)
    with Store(None, freshness=freshness(refresh_oldest=3), history_file=tmp_path / history.FILE) as one:
        one.recall(some, NOW)
        assert [url for url in some if not one.is_fresh(url, NOW) and not one.is_left_out(url)] == [some[3], *some[4:]]


def test_the_history_takes_what_is_newer_by_a_day_or_of_this_run(tmp_path: Path) -> None:
    """A record that is told from memory does not replace what somebody else saw later on its day."""
    path = tmp_path / history.FILE
    for at, is_news in ((NOW, False), (NOW + timedelta(days=1), True)):
        with Store(tmp_path) as one:
            one.remember(record(at))
            one.finish(is_interrupted=False)
        write_history(path, [record(NOW + timedelta(hours=3), outcome=204)])
        with Store(tmp_path, history_file=path) as two:
            two.recall([URL], NOW + timedelta(days=2))
            two.remember(record(at))
            assert (URL in two.records) is is_news
            two.remember(record(NOW + timedelta(days=2)))
            assert URL in two.records


def test_a_conflict_is_to_be_written_anew(tmp_path: Path) -> None:
    path = tmp_path / history.FILE
    for content, has_conflict in (("", False), ("<<<<<<< x\n=======\n>>>>>>> y\n", True)):
        path.write_text(content)
        with Store(None, history_file=path) as one:
            one.recall([URL], NOW)
            assert one.has_conflict is has_conflict
