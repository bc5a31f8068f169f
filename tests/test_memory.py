"""The memory's parts: plain values and back, what is read, what is put aside, what a full disk costs."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcheck.memory import Memory, history
from linkcheck.memory.plain import from_plain, to_plain
from linkcheck.model import (
    Author,
    Evidence,
    Fault,
    Finding,
    Flag,
    Hop,
    Identity,
    Mark,
    Metadata,
    Past,
    Presence,
    Probe,
    Record,
    Sighting,
    SignKind,
    State,
    Surety,
    Url,
)

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
URL = Url("https://a.example/x")


def record(at: datetime = NOW, state: State = State.OK, url: Url = URL, outcome: int | Fault = 200) -> Record:
    return Record(url, at, Evidence(url, (Sighting(at, outcome, url),)), (Past(at, outcome, state),))


def rich() -> Record:
    """Every field of every value in use."""
    metadata = Metadata(
        "paper", "A “title”", "raw", (Author("Ann Lee", "Lee", "Ann"),), "2020", "2021", "words", "en", "site", "c", "10.1/x",
        61, {"id": "1", "categories": ["a", "b"], "nested": {"n": 1.5, "none": None}}, {"title": "h1"},
    )  # fmt: skip
    mark = Mark(SignKind.PARKED, "x", "why", Surety.LIKELY)
    looks = (
        Sighting(NOW, Fault.RESET, URL, detail="reset", attempts=3, elapsed_s=1.5),
        Sighting(NOW, 200, URL, (Hop(URL, 301),), insecure=Fault.TLS_EXPIRED, retry_after_s=2.0, look=2, etag='"1"'),
    )
    site = Finding(Presence.PRESENT, "listed", certain=True, metadata=metadata, flags={Flag.WITHDRAWN: "so"})
    page = Finding(marks=(mark,), sketch="00ff", media="text/html", lost=("a",), refresh="/x")
    evidence = Evidence(URL, looks, site, page, Probe(looks[0], "00", (mark,)), resolver_works=True)
    return Record(URL, NOW, evidence, (Past(NOW, None, State.DEAD),), Identity(NOW, "t", "en", "a.example", "00ff"))


def test_a_record_comes_back_as_it_was() -> None:
    assert history.load(history.dump(rich())) == rich()
    parts = history.dump(Record(URL, NOW, rich().evidence)), history.dump_past(rich())
    assert history.load(*parts) == rich()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_what_is_no_record_is_refused(value: Any) -> None:
    with pytest.raises(ValueError):
        history.load(json.dumps(value))


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
    value = to_plain(rich()) | change
    with pytest.raises(ValueError, match=r"\S"):
        from_plain(Record, value)


def test_the_newer_fact_wins() -> None:
    old, new = record(NOW - timedelta(days=1)), record(NOW)
    assert history.merged({URL: old}, {URL: new}) == {URL: new}
    assert history.merged({URL: new}, {URL: old}) == {URL: new}
    assert history.newer(None, old) == old


def test_a_history_of_another_make_is_put_aside(tmp_path: Path) -> None:
    path = tmp_path / history.FILE
    path.write_text('{"schema": "linkcheck-history/9"}\n' + history.dump(record()) + "\n\n")
    found, (notice,) = history.read(path)
    assert list(found) == [URL]
    assert (notice.line, "another make" in notice.text) == (1, True)
    assert history.read(tmp_path) == ({}, [history.read(tmp_path)[1][0]])  # a folder is no history, and is said


def memory(folder: Path, **more: Any) -> Memory:
    return Memory(folder, **more)


def test_fresh_is_what_was_good_lately(tmp_path: Path) -> None:
    for at, state, is_fresh in (
        (NOW - timedelta(days=5), State.OK, True), (NOW - timedelta(days=9), State.OK, False),
        (NOW - timedelta(days=1), State.DEAD, False), (NOW - timedelta(days=1), State.UNREACHABLE, False),
        (NOW + timedelta(days=1), State.OK, False),
    ):  # fmt: skip
        with memory(tmp_path, committed={URL: record(at, state)}) as one:
            one.recall([URL], NOW)
            assert one.is_fresh(URL, NOW) is is_fresh
    assert not one.is_fresh(Url("https://b.example/"), NOW)


def test_not_all_come_due_at_once(tmp_path: Path) -> None:
    urls = [Url(f"https://a.example/{n}") for n in range(200)]
    with memory(tmp_path, committed={url: record(NOW - timedelta(days=7), url=url) for url in urls}) as one:
        one.recall(urls, NOW)
        fresh = sum(one.is_fresh(url, NOW) for url in urls)
    assert 60 < fresh < 140


def test_what_is_kept_is_known_to_the_next(tmp_path: Path) -> None:
    with memory(tmp_path) as one:
        one.recall([URL], NOW)
        one.keep(URL, record().evidence, NOW)
        one.remember(record())
        one.finish(is_interrupted=False)
    with memory(tmp_path) as two:
        assert two.recall([URL], NOW) == [record()]
        two.remember(record())  # nothing new
        two.finish(is_interrupted=False)
        assert two.records == {}


@pytest.mark.parametrize(("outcome", "is_resumed"), [(404, True), (Fault.CONNECT_TIMEOUT, False)])
def test_an_interrupted_run_is_taken_up_where_somebody_answered(
    tmp_path: Path, outcome: int | Fault, is_resumed: bool
) -> None:
    with memory(tmp_path) as one:
        one.keep(URL, record(outcome=outcome).evidence, NOW)
        one.finish(is_interrupted=True)
    with memory(tmp_path) as two:
        two.recall([URL], NOW + timedelta(minutes=5))
        assert two.is_fresh(URL, NOW + timedelta(minutes=5)) is is_resumed
    with memory(tmp_path) as three:
        three.recall([URL], NOW + timedelta(minutes=30))
        assert not three.is_fresh(URL, NOW + timedelta(minutes=30))


def test_a_sick_run_leaves_nothing(tmp_path: Path) -> None:
    with memory(tmp_path) as one:
        one.forget_run()
        one.keep(URL, record().evidence, NOW)
        one.forget_run()
    with memory(tmp_path) as two:
        assert two.recall([URL], NOW) == []


def test_a_disk_that_fails_costs_only_the_memory(tmp_path: Path) -> None:
    with memory(tmp_path) as one:
        one.recall([URL], NOW)
        with sqlite3.connect(one.path) as other:
            other.executescript("drop table journal; drop table facts; drop table runs;")
        other.close()
        one.keep(URL, record().evidence, NOW)
        one.commit()
        one.keep(URL, record().evidence, NOW)
        one.remember(record())
        one.finish(is_interrupted=False)
    assert "will not be remembered" in one.notices[0].text


def test_a_memory_of_another_version_is_put_aside(tmp_path: Path) -> None:
    with memory(tmp_path) as one:
        path = one.path
    with sqlite3.connect(path) as base:
        base.execute("pragma user_version = 99")
    base.close()
    with memory(tmp_path) as two:
        assert "another version (99)" in two.notices[0].text
        two.keep(URL, record().evidence, NOW)
    assert len(list(tmp_path.glob("*.corrupt-*"))) == 1


def test_no_memory_at_all() -> None:
    with Memory(None) as none:
        assert none.recall([URL], NOW) == []
        none.keep(URL, record().evidence, NOW)
        none.remember(record())
        none.finish(is_interrupted=False)
        none.forget_run()


def test_a_run_of_hours_keeps_its_journal_while_others_come_and_go(tmp_path: Path) -> None:
    with memory(tmp_path) as long:
        long.recall([URL], NOW)
        long.keep(URL, record().evidence, NOW)
        long.commit()
        with memory(tmp_path) as short:
            short.recall([URL], NOW + timedelta(hours=2))
            short.finish(is_interrupted=False)
        long.remember(record())
        long.finish(is_interrupted=False)
    with memory(tmp_path) as later:
        assert later.recall([URL], NOW + timedelta(hours=3)) == [record()]
