from __future__ import annotations

from linkcheck.mend import KINDS, Looks
from linkcheck.mend.steps import Kind, Place, Step, course
from linkcheck.model import Url
from tests.answers import link
from tests.mend.values import TITLE, moved, result, see

OLD, NEW = "http://a.example/old?utm_source=x", "https://a.example/new?utm_source=x"


def test_where_nothing_is_to_be_said() -> None:
    one = result("https://a.example/x")
    assert course("https://a.example/x", one, see(Looks(), "https://a.example/x"), KINDS).url == ""
    assert course("mailto:a@a.example", one, Looks(), KINDS) == course("https://a.example/x", one, Looks(), KINDS)


def test_a_course_that_turns_in_a_circle_ends() -> None:
    turning = [Kind("a", lambda p, _: Step(f"https://a.example/{'b' if p.text.endswith('a') else 'a'}"))]
    found = course("https://a.example/a", result("https://a.example/a"), Looks(), turning)
    assert found.url == "https://a.example/b"


def test_a_course_is_no_longer_than_a_few_steps() -> None:
    on = [Kind("a", lambda p, _: Step(f"{p.text}x"))]
    assert course("https://a.example/a", result("https://a.example/a"), Looks(), on).url == "https://a.example/axxxxx"


def test_several_steps_are_one_change() -> None:
    one = result(OLD, NEW, links=(link(OLD, title=TITLE),))
    looks = moved(OLD, NEW)
    looks.can_ask = True
    assert course(f"{OLD}#part", one, looks, KINDS) == ("", "", "", (Url("https://a.example/new"),), "tracking")
    see(looks, "https://a.example/new")
    found = course(f"{OLD}#part", one, looks, KINDS)
    assert (found.url, found.rule) == ("https://a.example/new#part", "redirect")
    assert "utm_source" in found.reason


def test_a_fragment_stays_unless_the_redirect_names_one() -> None:
    old, new = "https://a.example/old", "https://a.example/new"
    looks, one = moved(old, new), result(old, new, links=(link(old, title=TITLE),))
    assert course(f"{old}#a", one, looks, KINDS).url == f"{new}#a"
    looks.fragments[Url(old)] = "b"
    assert course(f"{old}#a", one, looks, KINDS).url == course(old, one, looks, KINDS).url == f"{new}#b"


def test_the_first_place_is_that_of_the_link() -> None:
    one = result("https://a.example/x")
    assert Place("https://a.example/x", Url("https://a.example/x"), one).is_first
    assert not Place("https://a.example/y", Url("https://a.example/y"), one).is_first
