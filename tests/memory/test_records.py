from __future__ import annotations

from datetime import timedelta

import pytest

from linkcheck.memory.records import Looks, Records
from linkcheck.model import Record, State, Url
from tests.memory.values import NOW, URL, record

OTHER = Url("https://b.example/")
LATER, EARLIER = NOW + timedelta(seconds=1), NOW - timedelta(seconds=1)


def test_it_is_a_mapping_by_url() -> None:
    one, other = record(), record(url=OTHER)
    records = Records([one, other])
    assert records == {URL: one, OTHER: other}
    assert len(records) == 2
    assert URL in records
    assert list(records) == [URL, OTHER]
    del records[URL]
    assert URL not in records
    assert records.get(URL) is None
    with pytest.raises(KeyError):
        records[URL]


def test_the_last_that_was_asked_for_is_not_kept_too_long() -> None:
    records = Records([record()])
    assert records[URL] == record()
    records[URL] = record(LATER)
    assert records[URL].at == LATER
    assert records[URL] is records[URL]  # made once
    newer = Records([record(LATER + timedelta(1))])
    records.merge(newer)
    assert records[URL].at == LATER + timedelta(1)
    del records[URL]
    with pytest.raises(KeyError):
        records[URL]


def test_the_newest_counts_and_the_first_of_one_time() -> None:
    records = Records()
    assert records.add(record(NOW, State.OK))
    assert not records.add(record(NOW, State.DEAD, outcome=404))
    assert not records.add(record(EARLIER, State.DEAD))
    assert records[URL] == record(NOW, State.OK)
    assert records.add(record(LATER, State.DEAD))
    assert records[URL].at == LATER


def test_what_its_facts_do_not_bear_out_is_doubted() -> None:
    def unsound(_: Record) -> bool:
        return False

    records = Records()
    records.add(record(), unsound)
    assert records.doubted == {URL}
    records.add(record(EARLIER))  # not taken: what is there is doubted as before
    assert records.doubted == {URL}
    records.add(record(LATER))
    assert records.doubted == set()
    records.add(record(LATER), unsound)  # not taken
    assert records.doubted == set()


def test_of_two_collections_the_newer_says_what_is_doubted() -> None:
    def unsound(_: Record) -> bool:
        return False

    old, new, third = Records(), Records(), Url("https://c.example/")
    old.add(record(), unsound)
    old.add(record(url=third), unsound)
    new.add(record(LATER))
    new.add(record(LATER, url=OTHER), unsound)
    old.merge(new)
    assert old.doubted == {third, OTHER}
    assert old[URL].at == LATER
    assert set(old) == {URL, OTHER, third}


def test_when_it_was_looked_at_is_told_without_the_rest() -> None:
    records = Records([record()])
    looks = records.looks(URL)
    assert isinstance(looks, Looks | Record)
    assert (looks.at, looks.past) == (NOW, record().past)
    assert records.looks(OTHER) is None
