from __future__ import annotations

import re

import pytest

from linkcheck.contracts import Rule
from linkcheck.judge.rules import unchecked
from linkcheck.model import LinkKind, Malformed, State, Unchecked
from linkcheck.plan import Choice, sort
from tests.answers import link
from tests.judge.values import first

LINKS = {
    "excluded": link("https://x.example/"),
    "ignored": link("https://i.example/"),
    "unused-definition": link("https://a.example/", unused=True),
    "not-added": link("https://old.example/"),
    "malformed-link": link("http://https://a.example", malformed=Malformed("two schemes")),
    "empty-link": link(""),
    "in-page-link": link("#place"),
    "mail-address": link("mailto:a@a.example"),
    "other-scheme": link("ftp://a.example/"),
    "relative-link": link("docs/a.md", kind=LinkKind.INLINE),
}


@pytest.mark.parametrize("rule", unchecked.PLANNED, ids=lambda one: one.name)
def test_the_plan_sorts_a_link_out_by_each_of_these(rule: Rule) -> None:
    choice = Choice(
        exclude=(re.compile(r"x\.example"),),
        ignored=lambda one: "ignored by l.md:1" if "//i." in one.url else "",
        is_added=lambda one: "old" not in one.url,
    )
    found = sort(LINKS[rule.name], choice)
    assert isinstance(found, Unchecked)
    assert (found.rule, (found.state,)) == (rule.name, rule.states)


def test_nothing_seen_is_skipped() -> None:
    verdict = first()
    assert (verdict.state, verdict.rule) == (State.SKIPPED, "not-looked-at")
    assert verdict.reason == "the run ended before this link was checked"
