from __future__ import annotations

from datetime import timedelta

from linkcheck.mend import FullLooks, Looks
from linkcheck.mend.looks import have_one_title, titles_of
from linkcheck.model import Evidence, Exchange, Fault, Flag, Identity, Record, Sighting, State, Url, Verdict
from tests.answers import NOW, checked, link
from tests.mend.values import SECOND, TEXT, evidence, moved, result, see

OLD, NEW = "https://a.example/old", "https://a.example/new"


def test_one_look_is_not_two() -> None:
    looks = moved(OLD, NEW, times=1)
    assert not looks.has_moved_twice(Url(OLD))
    looks.on_verdict(evidence(OLD, NEW, 301), None)  # the same look, remembered
    assert not looks.has_moved_twice(Url(OLD))


def test_two_looks_have_to_agree() -> None:
    assert moved(OLD, NEW).has_moved_twice(Url(OLD))
    assert not moved(OLD, NEW, 301, 302).has_moved_twice(Url(OLD))
    looks = moved(OLD, NEW, times=1)
    looks.on_verdict(evidence(OLD, f"{NEW}/2", 301, at=NOW + SECOND), None)
    assert not looks.has_moved_twice(Url(OLD))


def test_a_look_of_an_earlier_run_counts_unless_it_is_the_same() -> None:
    now = evidence(OLD, NEW, 301)
    for age, twice in ((timedelta(0), False), (timedelta(days=3), True)):
        looks = Looks()
        looks.on_verdict(now, Record(Url(OLD), NOW - age, evidence(OLD, NEW, 308, at=NOW - age)))
        assert looks.has_moved_twice(Url(OLD)) is twice


def test_what_did_not_answer_is_no_look() -> None:
    looks = Looks()
    looks.on_verdict(Evidence(Url(OLD), (Sighting(NOW, Fault.RESET, Url(OLD)),)), None)
    looks.on_verdict(Evidence(Url(OLD)), None)
    assert looks.last(Url(OLD)) is None


def test_only_redirects_are_kept_for_a_long_list() -> None:
    looks = Looks(only_redirects=True)
    looks.on_verdict(evidence(NEW), None)
    looks.on_verdict(evidence(OLD, NEW, 301), None)
    assert looks.last(Url(OLD)) is not None
    assert looks.last(Url(NEW)) == looks.last(Url(OLD))


def test_doubts_leave_no_state() -> None:
    looks = Looks()
    looks.note([checked(url=OLD, verdict=Verdict(State.OK, "http-ok", "", flags={Flag.SUSPECT: "sent home"}))])
    assert looks.state(Url(OLD)) is None
    looks.note([checked(url=OLD, verdict=Verdict(State.OK, "http-ok", "", flags={Flag.OPAQUE: "a script"}))])
    assert looks.state(Url(OLD)) is State.OK
    assert looks.state(Url(NEW)) is None


def test_the_end_of_a_redirect_is_an_address_that_works() -> None:
    assert moved(OLD, NEW).state(Url(NEW)) is State.OK


def test_where_a_redirect_leads_no_longer_nothing_is_known() -> None:
    looks = moved(OLD, NEW, times=1)
    looks.on_verdict(evidence(OLD, f"{NEW}/2", 301, at=NOW + SECOND), None)
    assert looks.last(Url(NEW)) is None
    assert looks.last(Url(f"{NEW}/2")) == looks.last(Url(OLD))


def test_the_same_page_has_the_same_text_or_where_there_is_none_the_same_title() -> None:
    other = "Every match of the league with odds that are better than those of any other house in the world"
    for theirs, same in (
        ({}, True),
        ({"text": other}, False),
        ({"text": "", "title": "Other"}, False),
        ({"text": ""}, True),
    ):
        looks = see(see(Looks(), OLD), NEW, **theirs)  # type: ignore[arg-type]
        assert looks.is_same_page(Url(OLD), Url(NEW)) is same, theirs
    assert not see(see(Looks(), OLD), NEW, state=State.BLOCKED).is_same_page(Url(OLD), Url(NEW))
    assert not see(see(Looks(), OLD, title="", text=""), NEW, title="", text="").is_same_page(Url(OLD), Url(NEW))
    assert not see(moved(NEW, f"{NEW}/2"), OLD).is_same_page(Url(OLD), Url(NEW))


def test_one_item_of_a_site_is_the_same_page() -> None:
    looks = Looks()
    looks.note([result(OLD, item="youtube video x"), result(NEW, item="youtube video x")])
    assert looks.is_same_page(Url(OLD), Url(NEW))
    looks.note([result(NEW)])
    assert not looks.is_same_page(Url(OLD), Url(NEW))


def test_fragments_of_redirects() -> None:
    looks = FullLooks()
    for outcome, value in ((200, "/x#a"), (301, "/x"), (Fault.RESET, "/x#b")):
        looks.on_exchange(Exchange(NOW, Url(OLD), outcome, headers=(("location", value),)))
    assert looks.fragments == {}
    looks.on_exchange(Exchange(NOW, Url(OLD), 301, headers=(("server", "x"), ("Location", "/x#part"))))
    assert looks.fragments == {OLD: "part"}


def test_when_it_was_good() -> None:
    looks = Looks()
    looks.on_verdict(Evidence(Url(OLD), good=Identity(NOW, "Old title")), None)
    assert looks.good_at == {OLD: NOW}
    assert looks.titles_before(Url(OLD)) == []


def test_titles() -> None:
    here = Url("https://docs.bench.example/x")
    assert not have_one_title("Casino of the north", ["Plane irons and their care", ""], here)
    assert not have_one_title("", [""], here)
    assert not have_one_title("Bench", ["Bench"], here)
    assert not have_one_title("Bench: the new shop", ["The Bench"], here)
    assert have_one_title("Plane irons and their care - Bench", ["x", "Plane Irons and Their Care"], here)
    places = (link(is_image=True), link(text="T", title="U"), link(text="https://a.example/x", title=TEXT))
    assert titles_of(checked(links=places)) == ["U", "T", TEXT]
