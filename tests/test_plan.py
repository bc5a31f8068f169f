from __future__ import annotations

import re

import pytest

from linkcheck.model import Document, Malformed, Purpose, Repair, State, Unchecked
from linkcheck.plan import Choice, plan, sort
from linkcheck.sites import discover
from tests.answers import link


def test_each_url_is_looked_at_once_and_in_the_lists_order() -> None:
    links = (link("https://b.example/x#one"), link("https://a.example/"), link("https://b.example/x#two"), link("#top"))
    found = plan([Document("l.md", links)], discover())
    assert [target.url for target in found.targets] == ["https://b.example/x", "https://a.example/"]
    assert [len(target.links) for target in found.targets] == [2, 1]
    assert [request.url for request in found.requests] == ["https://b.example/x", "https://a.example/"]
    assert isinstance(found.in_order[2], Unchecked)


def test_sites_are_asked_in_place_of_pages() -> None:
    links = tuple(link(f"https://arxiv.org/{view}/1706.03762") for view in ("abs", "pdf", "html"))
    found = plan([Document("l.md", links)], discover())
    assert [request.purpose for request in found.requests] == [Purpose.LOOKUP]
    assert len(found.targets) == 3


@pytest.mark.parametrize(
    ("url", "state", "rule"),
    [
        ("#top", State.SKIPPED, "in-page-link"),
        ("mailto:a@b.example", State.SKIPPED, "mail-address"),
        ("ftp://a.example/x", State.SKIPPED, "other-scheme"),
        ("javascript:void(0)", State.SKIPPED, "other-scheme"),
        ("data:text/html,x", State.SKIPPED, "other-scheme"),
        ("docs/a.md", State.SKIPPED, "relative-link"),
        ("/docs/a.md", State.SKIPPED, "relative-link"),
        ("C:\\docs\\a.md", State.SKIPPED, "relative-link"),
        ("", State.SKIPPED, "empty-link"),
        ("http://https://a.example", State.INVALID, "malformed-link"),
    ],
)
def test_what_is_not_looked_at(url: str, state: State, rule: str) -> None:
    found = sort(link(url))
    assert isinstance(found, Unchecked)
    assert (found.state, found.rule) == (state, rule)
    assert found.reason


def test_a_link_without_a_scheme_takes_https() -> None:
    assert sort(link("//a.example/x")) == "https://a.example/x"


def test_what_the_reader_found_malformed_is_invalid() -> None:
    repair = Repair((0, 23), "[t](https://a.example)")
    found = sort(link("https://a.example", malformed=Malformed("a blank", repair)))
    assert isinstance(found, Unchecked)
    assert (found.state, found.repair) == (State.INVALID, repair)


@pytest.mark.parametrize(
    ("url", "written", "repair"),
    [
        ("htps://a.example/b", "", "https://a.example/b"),
        ("htps://a.example/a_b", r"htps://a.example/a\_b", r"https://a.example/a\_b"),
        ("htps://a.example/?a&b", "htps://a.example/?a&amp;b", "https://a.example/?a&amp;b"),
        ("http:/a.example/(", "[x](http:/a.example/\\()", None),  # the URL's place was not found
        ("htps://a.example/?", "htps://a.example/\ufffd", None),  # a byte that would be lost
        ("https://a.example:99999/", "", None),
    ],
)
def test_a_malformed_url_is_mended_as_it_is_written(url: str, written: str, repair: str | None) -> None:
    found = sort(link(url, written=written, span=(4, 30)))
    assert isinstance(found, Unchecked)
    assert (found.state, found.repair) == (State.INVALID, repair and Repair((4, 30), repair))


def test_an_unused_definition_is_skipped() -> None:
    found = sort(link("https://a.example", unused=True))
    assert isinstance(found, Unchecked)
    assert found.rule == "unused-definition"


@pytest.mark.parametrize(
    ("include", "exclude", "url", "is_looked_at"),
    [
        ((), ("b\\.example",), "https://a.example/", True),
        ((), ("a\\.example",), "https://a.example/", False),
        (("a\\.example",), (), "https://a.example/", True),
        (("a\\.example",), (), "https://b.example/", False),
        (("^https://a\\.example/$",), (), "HTTPS://A.example", True),
        (("a\\.example",), ("/x",), "https://a.example/x", False),
        ((), ("malformed",), "http://http://malformed", False),
    ],
)
def test_the_users_choice(include: tuple[str, ...], exclude: tuple[str, ...], url: str, is_looked_at: bool) -> None:
    choice = Choice(tuple(map(re.compile, include)), tuple(map(re.compile, exclude)))
    found = sort(link(url), choice)
    assert isinstance(found, str) is is_looked_at
    if isinstance(found, Unchecked):
        assert (found.state, found.rule) == (State.SKIPPED, "excluded")
