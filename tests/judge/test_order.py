"""All rules together: their names, and those of other distributions among them."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcheck import plugins
from linkcheck.contracts import Needs, Rule
from linkcheck.judge import Policy, broken_plugins, judge, order
from linkcheck.judge.order import rules
from linkcheck.judge.rules import local, unchecked
from linkcheck.model import (
    Confidence,
    Evidence,
    Fault,
    Finding,
    Identity,
    Match,
    Metadata,
    Past,
    Presence,
    Probe,
    SignatureKind,
    State,
    Url,
)
from tests.answers import NOW
from tests.judge.rows import ROWS
from tests.judge.values import DAY, HERE, evidence, look
from tests.shared import ROOT
from tests.test_plugins import install

POLICY = Policy(DAY)
NAMES = [rule.name for rule in order.BUILT_IN]

# -- names -------------------------------------------------------------------------------------


def test_every_rule_has_one_name_and_says_what_it_is() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert all(rule.what and rule.states for rule in order.BUILT_IN)
    assert all(rule.why or rule.source for rule in order.BUILT_IN if rule.check and rule.name != "not-looked-at")


def test_every_rule_of_a_module_is_in_the_order() -> None:
    from linkcheck.judge.rules import history, network, page, redirect, site, status

    modules = (unchecked, local, site, network, status, redirect, page, history)
    values = [value for module in modules for value in vars(module).values()]
    groups = [value for value in values if isinstance(value, tuple)]
    defined = {id(one): one for value in (values, *groups) for one in value if isinstance(one, Rule)}
    assert sorted(rule.name for rule in defined.values()) == sorted(NAMES)


def test_every_rule_is_reached_by_a_row() -> None:
    planned = {rule.name for rule in (*unchecked.PLANNED, *local.PLANNED, unchecked.UNKNOWN_LINK)}
    assert set(ROWS) | planned == set(NAMES)
    assert not set(ROWS) & planned


@pytest.mark.parametrize("name", ROWS)
def test_the_row_of_a_rule_reaches_it(name: str) -> None:
    verdict = judge(ROWS[name], NOW, POLICY).verdict
    assert verdict.rule == name
    assert verdict.state in order.by_name()[name].states


def named(path: Path) -> Iterator[str]:
    """The names of rules that a file gives to verdicts."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Verdict", "Unchecked", "replace"):
            place = {"Verdict": 1, "Unchecked": 2}.get(ast.unparse(node.func), 9)
            values = [*node.args[place : place + 1], *(word.value for word in node.keywords if word.arg == "rule")]
            yield from (one.value for one in values if isinstance(one, ast.Constant) and isinstance(one.value, str))


def test_every_name_in_the_program_is_that_of_a_rule() -> None:
    found = {name for path in (ROOT / "linkcheck").rglob("*.py") for name in named(path)}
    assert len(found) > 30
    assert found <= set(NAMES)


MATCHES = st.lists(st.builds(Match, st.sampled_from(SignatureKind), st.just("x"), st.just("y"), st.sampled_from(Confidence)), max_size=2).map(tuple)  # fmt: skip
FINDINGS = st.none() | st.builds(
    Finding, st.sampled_from([None, *Presence]), is_missing=st.booleans(), matches=MATCHES, ask_page=st.booleans(), media=st.just("text/html"),
    metadata=st.none() | st.builds(Metadata, title=st.sampled_from(["Casino", "A"]), language=st.sampled_from(["", "de"])),
    fingerprint=st.sampled_from(["", "00" * 64, "11" * 64]),
)  # fmt: skip
LOOKS = st.builds(
    look, st.sampled_from([200, 204, 301, 401, 403, 404, 410, 429, 500]) | st.sampled_from(Fault),
    st.sampled_from([HERE, "https://a.example/", "https://a.example/404", "https://a.example/login"]),
)  # fmt: skip
EVIDENCE = st.builds(
    Evidence, st.sampled_from([HERE, Url("https://a.example/x.pdf")]), st.lists(LOOKS, max_size=2).map(tuple), FINDINGS, FINDINGS,
    st.none() | st.builds(Probe, LOOKS), st.booleans(),
    st.lists(st.builds(Past, st.just(NOW - 9 * DAY), st.none(), st.sampled_from(State)), max_size=4).map(tuple),
    st.none() | st.builds(Identity, st.just(NOW), st.just("B"), st.just("en"), st.just(""), st.just("11" * 64)),
)  # fmt: skip


@given(EVIDENCE, st.sampled_from([None, NOW]))
def test_whatever_was_seen_the_verdict_names_a_rule_that_leads_to_its_state(e: Evidence, at: None) -> None:
    judged = judge(e, at, POLICY)
    for verdict in (judged.first, judged.verdict):
        assert verdict.state in order.by_name()[verdict.rule].states


@given(EVIDENCE)
def test_a_rule_is_left_out_only_where_it_is_silent(e: Evidence) -> None:
    speaking = next(rule for rule in rules() if order.is_asked(rule, e) and rule.check and rule.check(e))
    assert speaking.check
    said = speaking.check(e)
    assert said
    assert said.rule == judge(e).first.rule


# -- other distributions -----------------------------------------------------------------------

PLUGIN = """
from linkcheck.contracts import Needs, Rule
from linkcheck.model import Confidence, State, Verdict

def check(e):
    if "slow" in e.url:
        return Verdict(State.OK, "not-extra", "x")
    if "odd" in e.url:
        return Verdict(State.DEAD, "extra", "x")
    if "bad" in e.url:
        raise KeyError("evil")
    return Verdict(State.BLOCKED, "extra", "by a plug-in") if "extra" in e.url else None

RULE = Rule("extra", (State.BLOCKED,), "It is extra.", check=check{more})
"""
Install = Callable[..., None]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs rules, each a module of its own; `more` are further arguments of their Rule."""

    def with_rules(*texts: str) -> None:
        lines = "".join(f"r{at} = extra_rule_{at}\n" for at in range(len(texts)))
        modules = {f"extra_rule_{at}": text for at, text in enumerate(texts)}
        install(tmp_path, f"[linkcheck.rules]\n{lines}", **modules)
        monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
        forget()

    yield with_rules
    monkeypatch.undo()
    forget()
    for at in range(9):
        sys.modules.pop(f"extra_rule_{at}", None)


def forget() -> None:
    for cached in (plugins.are_installed, order.rules, order._others, order.by_name, order.checks, order.weighing):
        cached.cache_clear()


def plugin(more: str = "") -> str:
    return PLUGIN.replace("{more}", f", {more}" if more else "")


def rule_of(url: str, *looks: int) -> str:
    return judge(evidence(*(looks or (200,)), url=f"https://a.example/{url}")).first.rule


@pytest.mark.parametrize("more", ["", "before='http-ok'"])
def test_a_rule_of_another_distribution_is_asked_last_before_all_is_well(installed: Install, more: str) -> None:
    installed(plugin(more))
    assert [rule.name for rule in rules()] == [
        *NAMES[: NAMES.index("http-ok")],
        "extra",
        *NAMES[NAMES.index("http-ok") :],
    ]
    assert broken_plugins() == ()
    assert (rule_of("extra"), rule_of("x"), rule_of("extra", 403)) == ("extra", "http-ok", "http-refused")
    assert order.by_name()["extra"].what == "It is extra."


def test_a_rule_says_where_it_stands(installed: Install) -> None:
    installed(plugin("before='http-refused'"))
    assert rule_of("extra", 403) == "extra"
    assert rule_of("extra", 451) == "http-restricted"


def test_a_rule_says_what_it_needs(installed: Install) -> None:
    installed(plugin("before='site-denies', needs=Needs.FAULT"))
    assert rule_of("extra") == "http-ok"
    assert judge(evidence(Fault.RESET, url="https://a.example/extra")).first.rule == "extra"
    assert order.by_name()["extra"].needs == Needs.FAULT


@pytest.mark.parametrize(("url", "error"), [("slow", ValueError), ("odd", ValueError), ("bad", KeyError)])
def test_a_rule_that_fails_or_speaks_for_others_raises(installed: Install, url: str, error: type[Exception]) -> None:
    installed(plugin())
    with pytest.raises(error):
        rule_of(url)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("RULE = 7", "it is a int, no linkcheck.contracts.Rule"),
        (plugin().replace("check=check", "check=None"), "it has no check, or has a weigh"),
        (plugin("weigh=check"), "it has no check, or has a weigh"),
        (plugin().replace('"extra", (', '"http-ok", ('), "there is a rule 'http-ok' already"),
        (plugin().replace('"extra", (', '"Extra rule", ('), "'Extra rule' is no valid rule name"),
        (plugin("before='nothing'"), "there is no built-in rule 'nothing' to be asked before"),
        (plugin("needs='much'"), "'much' is no linkcheck.contracts.Needs"),
        ("import no_such_module_here", "ModuleNotFoundError"),
        ("1 / 0", "ZeroDivisionError"),
        ("", "AttributeError"),
    ],
)
def test_a_broken_rule_is_named_and_left_out(installed: Install, text: str, reason: str) -> None:
    installed(text)
    (told,) = broken_plugins()
    assert told.startswith("the rule 'r0' of a plug-in is left out: ")
    assert reason in told
    assert rules() == order.BUILT_IN
    assert not order.has_plugins()


def test_of_two_rules_of_one_name_the_first_counts(installed: Install) -> None:
    installed(plugin(), plugin())
    assert len(rules()) == len(NAMES) + 1
    (told,) = broken_plugins()
    assert "'r1'" in told


def test_plug_ins_are_looked_for_once(installed: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(plugin())
    assert rule_of("extra") == "extra"
    monkeypatch.setattr(plugins, "installed", lambda *_: pytest.fail("again"))
    assert rule_of("extra", 404, 404) == "http-not-found"
