"""Which links an ignore is for: by URL, its beginning, host, pattern, comment, baseline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from linkcheck.ignores.baseline import Accepted
from linkcheck.ignores.matching import Ignores, counting
from linkcheck.model import Ignore, State
from linkcheck.settings import IgnoreEntry
from tests.answers import link

TODAY = date(2026, 12, 1)


def entry(place: str = "c.toml, ignore 1", **more: Any) -> IgnoreEntry:
    return IgnoreEntry(**{"place": place, "url": "", "host": "", "match": None, "reason": "", "until": None, **more})


def places(ignores: Ignores, url: str) -> list[str]:
    return [one.place for one in ignores.of(link(url))]


@pytest.mark.parametrize(
    ("given", "url", "is_ignored"),
    [
        ({"url": "https://a.example/x"}, "https://a.example/x", True),
        ({"url": "HTTPS://A.example:443/%78"}, "https://a.example/x#part", True),
        ({"url": "https://a.example/x#part"}, "https://a.example/x", True),
        ({"url": "https://a.example/x"}, "//a.example/x", True),
        ({"url": "https://a.example/x"}, "https://a.example/xy", False),
        ({"url": "https://a.example/x"}, "http://a.example/x", False),
        ({"url": "https://a.example/x"}, "https://a.example/x/", False),
        ({"url": "docs/a.md"}, "docs/a.md", True),
        ({"url": "docs/a.md"}, "docs/a.md#x", False),
        ({"url": "http:/a.example"}, "http:/a.example", True),
        ({"url": "https://a.example/d/*"}, "https://a.example/d/e?f", True),
        ({"url": "https://A.example/*"}, "https://a.example", True),
        ({"url": "https://a.example/d*"}, "https://a.example/e", False),
        ({"url": "https://a.example/*/x"}, "https://a.example/b/x", False),
        ({"host": "a.example"}, "https://a.example/x", True),
        ({"host": "A.Example."}, "http://b.a.example:8080/", True),
        ({"host": "bücher.example"}, "https://xn--bcher-kva.example/", True),
        ({"host": "a.example"}, "https://ba.example/", False),
        ({"host": "a.example"}, "https://a.example.com/", False),
        ({"host": "b.a.example"}, "https://a.example/", False),
        ({"host": "a.example"}, "mailto:x@a.example", False),
        ({"host": "example"}, "https://" + "a." * 200 + "example/", False),  # no such name can be looked up
        ({"match": re.compile(r"/wiki/\d+$")}, "https://a.example/wiki/12", True),
        ({"match": re.compile("A[.]")}, "https://A.example/", True),
        ({"match": re.compile("^https://a")}, "https://A.example/", True),
        ({"match": re.compile("x$")}, "https://a.example/" + "a" * 5_000 + "x", False),
        ({"match": re.compile("b")}, "https://a.example/", False),
    ],
)
def test_an_entry_is_for_these_links(given: dict[str, Any], url: str, is_ignored: bool) -> None:
    found = Ignores([entry(**given)])
    assert bool(places(found, url)) is is_ignored
    assert bool(found.why(link(url), TODAY)) is is_ignored


def test_without_entries_there_are_the_comments_alone() -> None:
    comment = Ignore("l.md:1", "line 1")
    assert Ignores().of(link()) == ()
    assert Ignores().of(link(ignores=(comment,))) == (comment,)


def test_the_nearest_counts_and_all_are_known() -> None:
    ignores = Ignores(
        [
            entry("m", match=re.compile("a")),
            entry("h", host="a.example"),
            entry("s", url="https://a.example/*"),
            entry("u", url="https://a.example/x"),
            entry("v", url="https://a.example/x"),
        ],
        [Accepted("https://a.example/x", State.DEAD, "http-gone", TODAY, ("l.md",), "b:1")],
    )
    comment = Ignore("c", "line 1", until=TODAY)
    found = ignores.of(link("https://a.example/x", ignores=(comment,)))
    assert [one.place for one in found] == ["c", "u", "v", "s", "h", "m", "b:1"]
    counts = counting(found, TODAY)
    assert counts
    assert counts.place == "u"
    assert counting([comment], TODAY) is None


def test_what_is_said_of_an_ignore() -> None:
    entries = [entry(url="u"), entry(host="h"), entry(match=re.compile("m"), reason="because")]
    accepted = Accepted("b", State.GONE, "soft-404", date(2026, 11, 1), place="b:2")
    found = Ignores(entries, [accepted])
    assert [one.subject for one in found.all] == ["u", "host h", "match 'm'", "b"]
    assert [one.reason for one in found.all] == ["", "", "because", "accepted as gone[soft-404] on 2026-11-01"]
    assert [one.is_baseline for one in found.all] == [False, False, False, True]
    assert found.accepted[id(found.all[3])] == accepted
    assert found.why(link("u"), TODAY) == "ignored by c.toml, ignore 1"
    assert found.why(link("m"), TODAY) == "ignored by c.toml, ignore 1: because"


def test_an_expired_entry_lets_nothing_fail() -> None:
    found = Ignores([entry(url="u", until=TODAY)])
    assert places(found, "u") == ["c.toml, ignore 1"]
    assert found.why(link("u"), TODAY) == ""
    assert found.why(link("u"), date(2026, 11, 30))


def test_each_search_for_patterns_is_timed() -> None:
    times = 0

    @contextmanager
    def watch() -> Iterator[None]:
        nonlocal times
        times += 1
        yield

    found = Ignores([entry(match=re.compile("a"))], in_time=watch)
    assert [places(found, url) for url in ("a", "b")] == [["c.toml, ignore 1"], []]
    assert times == 2
