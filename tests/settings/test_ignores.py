"""The `[[ignore]]` tables: what they take, what is refused, and whose count."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from linkcheck.errors import SettingsError
from linkcheck.settings import ConfigFile, IgnoreEntry, Settings, Trust, load

DAY = date(2027, 3, 1)


def parsed(*tables: object) -> tuple[IgnoreEntry, ...]:
    return Settings.ignore.parse(list(tables), "linkcheck.toml, ignore")


def test_each_kind_of_table_is_read() -> None:
    assert parsed(
        {"url": "https://a.example/*", "reason": " two\t words ", "until": DAY},
        {"host": "a.example", "until": "2027-03-01"},
        {"match": "a+"},
        {"url": "docs/a.md"},
    ) == (
        IgnoreEntry("linkcheck.toml, ignore 1", "https://a.example/*", "", None, "two words", DAY),
        IgnoreEntry("linkcheck.toml, ignore 2", "", "a.example", None, "", DAY),
        IgnoreEntry("linkcheck.toml, ignore 3", "", "", re.compile("a+"), "", None),
        IgnoreEntry("linkcheck.toml, ignore 4", "docs/a.md", "", None, "", None),
    )


@pytest.mark.parametrize(
    ("table", "what", "help"),
    [
        ({}, "one of url, host, match has to be given, none is", ""),
        ({"reason": "x"}, "one of url, host, match has to be given, none is", ""),
        ({"url": "a", "host": "b"}, "url and host are", ""),
        ({"url": "a", "why": "b"}, "unknown key 'why'", "known keys: url, host, match, reason, until"),
        ({"url": 1}, "'url' must be text, not 1", ""),
        ({"url": ["a"]}, "'url' must be text, not a list", ""),
        ({"url": " "}, "'url' is empty", ""),
        ({"url": "a\nb"}, "'url' must be one line of text", ""),
        ({"host": "a\0"}, "'host' must be one line of text", ""),
        ({"url": "a" * 4_001}, "'url' has more than 4,000 characters", ""),
        ({"url": "a", "reason": "b" * 4_001}, "'reason' has more than 4,000 characters", ""),
        ({"url": "a", "reason": 1}, "'reason' must be text", ""),
        ({"url": "*"}, "a 'url' that ends with * has to name its host", "https://example.org/path/*"),
        ({"url": "https://a.example*"}, "has to name its host", 'host = "example.org"'),
        ({"url": "https://*/x*"}, "has to name its host", ""),
        ({"host": "https://a.example"}, "'host' must be a name, not 'https://a.example'", 'host = "example.org"'),
        ({"host": "*.a.example"}, "'host' must be a name", "its sub-domains belong to"),
        ({"host": "a b"}, "'host' must be a name", ""),
        ({"host": ""}, "'host' is empty", ""),
        ({"match": "("}, "'(' is not a regular expression", ""),
        ({"match": "(a+)+b"}, "'(a+)+b' may take for ever", ""),
        ({"url": "a", "until": "soon"}, "'until' must be a day, not 'soon'", "write it as 2027-03-01"),
        ({"url": "a", "until": "2027-02-30"}, "'until' must be a day", "write it as 2027-03-01"),
        ({"url": "a", "until": 2027}, "'until' must be a day, not 2027", ""),
        ({"url": "a", "until": True}, "'until' must be a day, not True", ""),
        ({"url": "a", "until": time(1)}, "'until' must be a day", ""),
        ({"url": "a", "until": datetime(2027, 3, 1, tzinfo=UTC)}, "not 2027-03-01T00:00:00+00:00", ""),
        ({"url": "a", "until": [1]}, "'until' must be a day, not a list", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(table: dict[str, Any], what: str, help: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parsed({"url": "fine"}, table)
    assert what in caught.value.what
    assert help in caught.value.help
    assert caught.value.where == "linkcheck.toml, ignore 2"


@pytest.mark.parametrize("value", [1, "a", {"url": "a"}, ["a"], [{"url": "a"}, 1]])
def test_what_is_no_table(value: object) -> None:
    with pytest.raises(SettingsError, match="'ignore' must be tables, each written"):
        Settings.ignore.parse(value, "x")


def test_the_tables_of_all_files_count_and_no_variable_does() -> None:
    files = [
        ConfigFile("own.toml", {"ignore": [{"url": "a"}]}, Trust.USER),
        ConfigFile("linkcheck.toml", {"ignore": [{"url": "b"}]}, Trust.REPOSITORY),
    ]
    for command in ("run", "hook", "ignore", "baseline"):
        found = load(command, {}, {"LINKCHECK_IGNORE": "c"}, files)
        assert [(one.url, one.place) for one in found.ignore] == [
            ("b", "linkcheck.toml, ignore 1"),
            ("a", "own.toml, ignore 1"),
        ]
    assert load("links", {}, {}, files).ignore == ()
    assert load("run", {}, {}).ignore == ()


def test_a_repository_has_so_many() -> None:
    tables = [{"url": str(n)} for n in range(1_001)]
    assert len(load("run", {}, {}, [ConfigFile("x", {"ignore": tables}, Trust.USER)]).ignore) == 1_001
    with pytest.raises(SettingsError, match="may set 'ignore' to 1,000 entries at most") as caught:
        load("run", {}, {}, [ConfigFile("x", {"ignore": tables}, Trust.REPOSITORY)])
    assert caught.value.help == "your own config file may set more"


def test_the_day_of_an_option() -> None:
    assert Settings.until.parse("2027-03-01", "--until") == DAY
    with pytest.raises(SettingsError, match="'until' must be a day, not 'x'"):
        load("ignore", {"until": "x"}, {})
