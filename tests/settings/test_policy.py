from __future__ import annotations

import re
from typing import Any

import pytest

from linkcheck.errors import SettingsError
from linkcheck.model import Override, State, StatusRange
from linkcheck.settings import ConfigFile, Settings, Trust, load
from linkcheck.settings.policy import contradictions

RULES = ("http-gone", "http-not-found", "http-refused")


def loaded(
    table: dict[str, Any], trust: Trust = Trust.REPOSITORY, place: str = "/home/me/list/linkcheck.toml"
) -> Settings:
    return load("run", {}, {}, [ConfigFile(place, table, trust)], {"rule": RULES})


def ranges(found: tuple[StatusRange, ...]) -> list[tuple[int, int]]:
    return [(one.first, one.last) for one in found]


# -- accept ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([429, "200-299"], [(429, 429), (200, 299)]),
        (403, [(403, 403)]),
        ("403", [(403, 403)]),
        ("403, 500-599", [(403, 403), (500, 599)]),
        (["999"], [(999, 999)]),
        ("500-500", [(500, 500)]),
        ([], []),
    ],
)
def test_statuses(value: object, expected: list[tuple[int, int]]) -> None:
    assert ranges(loaded({"accept": value}).accept) == expected


@pytest.mark.parametrize(
    "value",
    [99, 1_000, -403, "", "4", "40x", "4033", "599-500", "200-", "-299", "1-2-3", "200..299", True, 4.03, None, [[403]],
     {"a": 1}, "٤٠٣", pytest.param(10**5_000, id="huge"), "403,"],
)  # fmt: skip
def test_what_is_no_status(value: object) -> None:
    with pytest.raises(SettingsError, match="'accept' cannot be") as caught:
        loaded({"accept": value})
    assert "500-599" in caught.value.help


def test_statuses_of_all_layers_add_up_and_know_their_origin() -> None:
    files = [ConfigFile("/home/me/.config/linkcheck/config.toml", {"accept": 403}, Trust.USER)]
    found = load("run", {"accept": ["429", "999"]}, {"LINKCHECK_ACCEPT": "418"}, files)
    assert [(one.first, one.origin) for one in found.accept] == [
        (403, "config.toml, accept"), (418, "LINKCHECK_ACCEPT"), (429, "--accept"), (999, "--accept"),
    ]  # fmt: skip
    assert found.notices == ("--accept adds to 1 status of config.toml and 1 status of LINKCHECK_ACCEPT",)


def test_a_repository_has_so_many_statuses() -> None:
    assert len(loaded({"accept": [403] * 100}).accept) == 100
    with pytest.raises(SettingsError, match="may set 'accept' to 100 statuses at most"):
        loaded({"accept": [403] * 101})


# -- rules -------------------------------------------------------------------------------------


def test_a_rule_is_read() -> None:
    entry = {
        "host": "*.Docs.Example.COM.", "status": [403, "500-599"], "state": "unreachable", "rule": ["http-refused"],
        "to": "ok", "reason": "the intranet",
    }  # fmt: skip
    place = "linkcheck.toml, rule 2"
    _, found = loaded({"rule": [{"match": "^https://a/", "to": "dead"}, entry]}).rule
    assert found == Override(
        State.OK, place, "the intranet", "docs.example.com", None,
        (StatusRange(403, 403, place), StatusRange(500, 599, place)),
        frozenset({State.UNREACHABLE}), frozenset({"http-refused"}),
    )  # fmt: skip


def test_a_rule_needs_no_condition() -> None:
    (found,) = loaded({"rule": [{"to": "blocked"}]}).rule
    assert found == Override(State.BLOCKED, "linkcheck.toml, rule 1")


def test_a_name_is_compared_in_its_ascii_form() -> None:
    assert loaded({"rule": [{"host": "Bücher.example", "to": "ok"}]}).rule[0].host == "xn--bcher-kva.example"


def test_the_place_in_a_projects_file() -> None:
    found = loaded({"rule": [{"to": "ok"}]}, place="/x/pyproject.toml [tool.linkcheck]").rule
    assert found[0].origin == "pyproject.toml [tool.linkcheck], rule 1"
    assert loaded({"rule": [{"to": "ok"}]}, place="C:\\x\\linkcheck.toml").rule[0].origin == "linkcheck.toml, rule 1"


@pytest.mark.parametrize(
    ("table", "words", "help"),
    [
        ({"to": "okay"}, "'to' cannot be 'okay'", "one of ok, dead, gone"),
        ({"to": "moved"}, "'to' cannot be 'moved'", "a site itself says"),
        ({"to": ["ok"]}, "'to' cannot be a list", "one of"),
        ({"host": "a.test"}, "needs 'to'", "one of ok"),
        ({"to": "ok", "hots": "a.test"}, "unknown key 'hots'", "did you mean 'host'?"),
        ({"to": "ok", "zzzzzz": 1}, "unknown key 'zzzzzz'", "one of to, host, match"),
        ({"to": "ok", "host": "a.test", "match": "x"}, "'host' or 'match', not both", "two entries"),
        ({"to": "ok", "host": 1}, "'host' must be text", ""),
        ({"to": "ok", "host": ""}, "'' is no host", "docs.example.com"),
        ({"to": "ok", "host": "https://a.test/"}, "is no host", "docs.example.com"),
        ({"to": "ok", "host": "a.test:80"}, "is no host", ""),
        ({"to": "ok", "host": "a\nb"}, "is no host", ""),
        ({"to": "ok", "host": "ü" * 99}, "is no host", ""),
        ({"to": "ok", "host": "faß.example"}, "two ASCII forms", "xn--"),
        ({"to": "ok", "host": "FAẞ.example"}, "two ASCII forms", "xn--"),
        ({"to": "ok", "host": "a\u200cb.example"}, "two ASCII forms", "xn--"),
        ({"to": "ok", "match": "("}, "not a regular expression", ""),
        ({"to": "ok", "match": "(a+)+"}, "may take for ever", ""),
        ({"to": "ok", "match": ["a"]}, "'match' must be text", ""),
        ({"to": "ok", "status": 42}, "'status' cannot be 42", "500-599"),
        ({"to": "ok", "state": "daed"}, "'state' cannot be 'daed'", "one of ok, moved"),
        ({"to": "ok", "state": 1}, "'state' must be a text or a list of 100 texts", ""),
        ({"to": "ok", "state": ["dead"] * 101}, "list of 100 texts", ""),
        ({"to": "ok", "rule": [1]}, "'rule' must be a text or a list", ""),
        ({"to": "ok", "rule": "http-gon"}, "'http-gon' is no rule whose verdict can be changed", "did you mean 'http-gone'?"),
        ({"to": "ok", "rule": "xyzzy"}, "'xyzzy' is no rule", "docs/rules.md"),
        ({"to": "ok", "reason": 1}, "'reason' must be text", ""),
        ({"to": "ok", "reason": "a\0"}, "'reason' must be text", ""),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_named_with_its_number(table: dict[str, Any], words: str, help: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(words)) as caught:
        loaded({"rule": [{"to": "ok"}, table]})
    assert caught.value.where == "/home/me/list/linkcheck.toml, rule 2"
    assert help in caught.value.help


@pytest.mark.parametrize("value", ["x", 1, ["x"], [1], [[{"to": "ok"}]]])
def test_what_is_no_table(value: object) -> None:
    with pytest.raises(SettingsError, match=r"'rule' must be tables, each written \[\[rule\]\]"):
        loaded({"rule": value})


def test_a_repository_has_so_many_rules() -> None:
    assert len(loaded({"rule": [{"to": "ok"}] * 200}).rule) == 200
    assert len(loaded({"rule": [{"to": "ok"}] * 201}, Trust.USER).rule) == 201
    with pytest.raises(SettingsError, match="may set 'rule' to 200 entries at most") as caught:
        loaded({"rule": [{"to": "ok"}] * 201})
    assert caught.value.help == "your own config file may set more"


def test_a_long_reason_is_cut() -> None:
    assert loaded({"rule": [{"to": "ok", "reason": "x" * 500}]}).rule[0].reason == "x" * 200


def test_the_rules_of_later_files_come_first() -> None:
    files = [
        ConfigFile("config.toml", {"rule": [{"to": "ok"}, {"to": "gone"}]}, Trust.USER),
        ConfigFile("linkcheck.toml", {"rule": [{"to": "dead", "host": "a.test"}]}, Trust.REPOSITORY),
    ]
    assert [one.to for one in load("run", {}, {}, files).rule] == [State.DEAD, State.OK, State.GONE]


def test_a_command_that_judges_nothing_reads_no_rules() -> None:
    assert load("links", {}, {}, [ConfigFile("x", {"rule": "nonsense", "accept": "x"}, Trust.USER)]).rule == ()


# -- contradictions ----------------------------------------------------------------------------


def found_in(*tables: dict[str, Any]) -> list[str]:
    entries = loaded({"rule": list(tables)}).rule
    return [one.partition(" never")[0].rpartition(", ")[2] for one in contradictions(entries)]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({}, {"host": "a.test"}),
        ({}, {"match": "x"}),
        ({}, {"status": 403}),
        ({}, {"state": "dead"}),
        ({"host": "a.test"}, {"host": "a.test"}),
        ({"host": "a.test"}, {"host": "b.a.test"}),
        ({"match": "x"}, {"match": "x", "status": 403}),
        ({"status": "400-499"}, {"status": 403}),
        ({"status": ["400-499", 500]}, {"status": ["403-410", 500]}),
        ({"state": ["dead", "gone"]}, {"state": "dead"}),
        ({"rule": ["http-gone", "http-refused"]}, {"rule": "http-gone"}),
        ({"rule": "http-gone"}, {"rule": "http-gone", "state": "dead"}),
    ],
)
def test_a_rule_that_never_applies(earlier: dict[str, Any], later: dict[str, Any]) -> None:
    assert found_in({**earlier, "to": "ok"}, {**later, "to": "blocked"}) == ["rule 2 (blocked)"]
    assert found_in({**earlier, "to": "ok"}, {**later, "to": "ok"}) == []  # they agree


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({"host": "a.test"}, {}),
        ({"host": "b.a.test"}, {"host": "a.test"}),
        ({"host": "a.test"}, {"host": "ba.test"}),
        ({"host": "a.test"}, {"match": "a.test"}),
        ({"match": "x"}, {"match": "xy"}),
        ({"match": "x"}, {"host": "x"}),
        ({"status": 403}, {}),
        ({"status": 403}, {"status": "400-499"}),
        ({"status": ["400-403", "404-410"]}, {"status": "400-410"}),  # together they do; each alone does not
        ({"state": "dead"}, {}),
        ({"state": "dead"}, {"state": ["dead", "gone"]}),
        ({"state": "dead"}, {"rule": "http-gone"}),
        ({"rule": "http-gone"}, {"state": "dead"}),
        ({}, {"state": "skipped"}),  # a rule without a condition leaves out what was not judged
        ({}, {"rule": "http-gone"}),
    ],
)
def test_rules_that_both_have_their_links(earlier: dict[str, Any], later: dict[str, Any]) -> None:
    assert found_in({**earlier, "to": "ok"}, {**later, "to": "blocked"}) == []


def test_a_contradiction_is_told_in_words() -> None:
    assert loaded({"rule": [{"to": "ok"}, {"to": "dead", "host": "a.test"}, {"to": "gone"}]}).notices == (
        "linkcheck.toml, rule 2 (dead) never applies: linkcheck.toml, rule 1 (ok) comes first, and is about the same links",
        "linkcheck.toml, rule 3 (gone) never applies: linkcheck.toml, rule 1 (ok) comes first, and is about the same links",
    )
