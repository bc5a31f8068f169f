"""The verdict on one link into the repository."""

from __future__ import annotations

import pytest

from linkcheck.local.answer import FILE_THERE, missing_file, missing_place, skipped, skipped_in_page, unreleased
from linkcheck.model import Repair, State
from tests.answers import link


def test_an_answer_is_given_for_a_link() -> None:
    asked = link("giude.md")
    found = missing_file("docs/giude.md", "docs/guide.md", "guide.md").of(asked)
    assert (found.link, found.state, found.rule) == (asked, State.DEAD, "missing-file")
    assert found.reason == "there is no docs/giude.md; the nearest is docs/guide.md"
    assert (found.repair, found.advice) == (Repair(asked.span, "guide.md"), "")


def test_without_a_certain_repair_there_is_advice() -> None:
    found = missing_place("a.md", "instal", "install").of(link("a.md#instal"))
    assert (found.repair, found.reason) == (None, "a.md has no #instal; the nearest is #install")
    assert found.advice
    assert FILE_THERE.of(link()).advice == ""


@pytest.mark.parametrize(
    ("url", "nearest", "mended"),
    [
        ("a.md?x#progress-view", "progressview", "a.md?x#progressview"),
        ("#-Good", "\ufe0f-good", "#%EF%B8%8F-good"),
        ("#a/b", "ab", "#ab"),
        ("#instal", "install", ""),
        ("#2024", "2025", ""),
        ("#instal", "", ""),
    ],
)
def test_a_place_of_the_same_letters_is_certain(url: str, nearest: str, mended: str) -> None:
    found = missing_place("a.md", url.partition("#")[2], nearest).of(link(url))
    assert (found.repair.text if found.repair else "") == mended
    assert "\ufe0f" not in found.reason


def test_a_repair_keeps_what_is_escaped_before_it() -> None:
    found = missing_place("a.md", "A", "a").of(link("a.md?b&c#A", written="a.md?b&amp;c#A"))
    assert found.repair is not None
    assert found.repair.text == "a.md?b&amp;c#a"


def test_bytes_that_cannot_be_read_are_not_written_back() -> None:
    asked = link("giude.md?x", written="giude.md?\ufffd")
    found = missing_file("giude.md", "guide.md", "guide.md?\ufffd").of(asked)
    assert found.repair is None
    assert found.advice


def test_the_rules_of_the_others() -> None:
    found = [one.of(link()) for one in (skipped("x"), skipped_in_page("x"), unreleased("v2"))]
    assert [(one.state, one.rule) for one in found] == [
        (State.SKIPPED, "relative-link"), (State.SKIPPED, "in-page-link"), (State.PENDING, "unreleased"),
    ]  # fmt: skip


def test_what_is_shown_is_short_and_readable() -> None:
    assert missing_file("x" * 5_000).reason == f"there is no {'x' * 200}…"
    assert missing_file("ü\udcff").reason == "there is no ü?"
