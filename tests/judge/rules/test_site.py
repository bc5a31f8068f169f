from __future__ import annotations

import pytest

from linkcheck.model import FAILING, Confidence, Fault, Finding, Flag, Presence, State
from tests.judge.values import HERE, first

PRESENT = Finding(Presence.PRESENT, "listed", certain=True)


def test_a_page_of_404_for_an_item_that_the_site_confirms_does_not_fail() -> None:
    assert first(404, 404, site=PRESENT).state is State.OK


@pytest.mark.parametrize("looks", [(), (200,), (503,), (Fault.READ_TIMEOUT,), (403,), (404,)])
def test_a_site_that_does_not_list_an_item_proves_nothing_alone(looks: tuple[int | Fault, ...]) -> None:
    site = Finding(evidence="not listed", is_missing=True, ask_page=True)
    assert first(*looks, site=site).state not in FAILING


@pytest.mark.parametrize("is_certain", [True, False])
def test_a_denied_item_is_gone_whatever_its_page_answers(is_certain: bool) -> None:
    site = Finding(Presence.ABSENT, "deleted", certain=is_certain, replacement="https://a.example/new")
    verdict = first(200, site=site)
    assert (verdict.state, verdict.rule, verdict.confidence == Confidence.CERTAIN) == (
        State.GONE, "site-denies", is_certain,
    )  # fmt: skip
    assert (verdict.reason, verdict.replacement) == ("deleted", "https://a.example/new")
    assert verdict.advice == "find another copy, or take the link out"


def test_a_restricted_item() -> None:
    verdict = first(site=Finding(Presence.RESTRICTED, "members only"))
    assert (verdict.state, verdict.rule, verdict.reason) == (State.RESTRICTED, "site-restricts", "members only")


WITHDRAWN = Finding(
    Presence.PRESENT, "the API lists it", flags={Flag.WITHDRAWN: "by the author"}, ask_page=True,
    replacement="https://arxiv.org/abs/1",
)  # fmt: skip


@pytest.mark.parametrize("looks", [(404, 404), (410,), (404, 410)])
def test_a_withdrawn_paper_whose_pdf_is_no_longer_served_is_gone(looks: tuple[int, ...]) -> None:
    verdict = first(*looks, site=WITHDRAWN)
    assert (verdict.state, verdict.rule, verdict.replacement) == (State.GONE, "withdrawn", "https://arxiv.org/abs/1")
    assert verdict.advice == "use https://arxiv.org/abs/1"
    assert verdict.reason.endswith("; the API lists it, withdrawn")


@pytest.mark.parametrize("looks", [(), (200,), (503,), (404, 200), (Fault.RESET,)])
def test_a_withdrawn_paper_whose_pdf_is_there_is_ok(looks: tuple[int | Fault, ...]) -> None:
    verdict = first(*looks, site=WITHDRAWN)
    assert (verdict.state, verdict.rule, verdict.flags) == (State.OK, "site-confirms", WITHDRAWN.flags)


def test_one_404_for_a_withdrawn_paper_is_not_enough() -> None:
    assert first(404, site=WITHDRAWN).rule == "unconfirmed"


@pytest.mark.parametrize(
    ("looks", "is_page_asked", "rule"),
    [
        ((), False, "site-confirms"), ((), True, "site-confirms"), ((404, 404), False, "site-confirms"),
        ((404, 404), True, "http-not-found"), ((410,), True, "http-gone"), ((403,), True, "site-confirms"),
    ],
)  # fmt: skip
def test_a_page_that_was_to_be_asked_may_say_that_the_item_is_not_there(
    looks: tuple[int, ...], is_page_asked: bool, rule: str
) -> None:
    assert first(*looks, site=Finding(Presence.PRESENT, "listed", ask_page=is_page_asked)).rule == rule


def test_a_site_without_an_opinion_leaves_it_to_the_page() -> None:
    assert first(200, url=HERE, site=Finding()).rule == "http-ok"
