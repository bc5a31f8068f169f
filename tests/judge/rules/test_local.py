from __future__ import annotations

import pytest

from linkcheck.contracts import Rule
from linkcheck.judge.rules import local
from linkcheck.model import Link, Unchecked
from linkcheck.plan import Choice, sort
from tests.answers import link


@pytest.mark.parametrize("rule", local.PLANNED, ids=lambda one: one.name)
def test_what_a_rule_says_of_a_link_into_the_repository_is_its_result(rule: Rule) -> None:
    def judged(one: Link) -> Unchecked:
        return Unchecked(one, rule.states[0], rule.name, "a reason", advice="what to do")

    found = sort(link("docs/a.md"), Choice(local=judged))
    assert isinstance(found, Unchecked)
    assert (found.rule, found.advice) == (rule.name, "what to do")
