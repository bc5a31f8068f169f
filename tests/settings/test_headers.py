from __future__ import annotations

import re
from typing import Any

import pytest

from linkcheck.errors import SettingsError
from linkcheck.settings import ConfigFile, Settings, Trust, load
from linkcheck.settings.headers import HeaderSource


def tables(*entries: dict[str, Any]) -> tuple[HeaderSource, ...]:
    found = load("run", {}, {}, [ConfigFile("/home/me/config.toml", {"headers": list(entries)}, Trust.USER)])
    return tuple(one for entry in found.headers for one in entry)


def flagged(*texts: str) -> tuple[HeaderSource, ...]:
    return load("run", {"header_env": list(texts)}, {}).header_env


def test_a_table_names_variables() -> None:
    fields = {"Authorization": "Bearer $API_TOKEN", "X-Key": "env:KEY"}
    origin = "config.toml, headers 1"
    assert tables({"host": "API.example.com", "send": fields}) == (
        HeaderSource("api.example.com", None, "Authorization", "Bearer", "API_TOKEN", origin),
        HeaderSource("api.example.com", None, "X-Key", "", "KEY", origin),
    )


def test_a_flag_names_a_variable() -> None:
    assert flagged("api.example.com:Authorization=API_TOKEN", "[::1]:8080:X-Key=Bearer $KEY") == (
        HeaderSource("api.example.com", None, "Authorization", "", "API_TOKEN", "--header-env"),
        HeaderSource("::1", 8080, "X-Key", "Bearer", "KEY", "--header-env"),
    )
    (found,) = load("hook", {}, {"LINKCHECK_HEADER_ENV": "a.test:80:X=Y"}).header_env
    assert found == HeaderSource("a.test", 80, "X", "", "Y", "LINKCHECK_HEADER_ENV")


def test_the_command_line_comes_first() -> None:
    files = [ConfigFile("config.toml", {"header_env": "a.test:X=ONE"}, Trust.USER)]
    assert [one.variable for one in load("run", {"header_env": ["a.test:X=TWO"]}, {}, files).header_env] == [
        "TWO",
        "ONE",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("headers", [{"host": "evil.test", "send": {"X": "$AWS_SECRET_ACCESS_KEY"}}]),
        ("header_env", ["evil.test:X=HOME"]),
    ],
)
def test_a_repository_sends_no_variables(name: str, value: object) -> None:
    for command in ("run", "hook", "explain"):
        with pytest.raises(SettingsError, match=f"a repository's file may not set '{name}'") as caught:
            load(command, {}, {}, [ConfigFile("linkcheck.toml", {name: value}, Trust.REPOSITORY)])
    assert caught.value.help.endswith("your own config file may")


@pytest.mark.parametrize(
    "value", ["hunter2", "Bearer hunter2", "$", "$1A", "$A B", "Basic  ", "$A$B", "x$A", 1, None, ["$A"], ""]
)
def test_a_value_never_stands_in_the_file_and_is_not_shown(value: object) -> None:
    with pytest.raises(SettingsError, match="has to come from a variable") as caught:
        tables({"host": "a.test", "send": {"Authorization": value}})
    assert "hunter2" not in f"{caught.value.what}{caught.value.help}{caught.value.where}"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Host", "is linkcheck's own"), ("content-length", "is linkcheck's own"), ("CONNECTION", "is linkcheck's own"),
        ("Transfer-Encoding", "is linkcheck's own"), ("Proxy-Authorization", "is linkcheck's own"),
        ("User-Agent", "is linkcheck's own"), ("If-None-Match", "is linkcheck's own"), ("", "no name of a header field"),
        ("X Y", "no name"), ("X:", "no name"), ("X\r\nHost", "no name"), ("X\n", "no name"), ("É", "no name"),
        ("x" * 101, "no name"),
    ],
)  # fmt: skip
def test_a_name_that_cannot_be_sent(name: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        tables({"host": "a.test", "send": {name: "$A"}})


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("", "is no host"), ("*.a.test", "one host only|is no host"), ("https://a.test", "is no host"), ("a.test/x", "is no host"),
        ("a.test:0", "no possible port"), ("a.test:70000", "no possible port"), ("u@a.test", "is no host"),
        ("[::1", "is no IPv6 address"), ("[x]", "is no IPv6 address"), ("::1", "is no host"), (1, "'host' must be text"),
    ],
)  # fmt: skip
def test_what_is_no_single_host(host: object, words: str) -> None:
    with pytest.raises(SettingsError, match=words) as caught:
        tables({"host": host, "send": {"X": "$A"}})
    assert caught.value.where == "/home/me/config.toml, headers 1"


@pytest.mark.parametrize(
    "entry", [{"host": "a.test"}, {"host": "a.test", "send": {}}, {"host": "a.test", "send": "$A"}]
)
def test_an_entry_sends_something(entry: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match="needs 'send'") as caught:
        tables(entry)
    assert "Bearer $" in caught.value.help


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(SettingsError, match="unknown key 'sned'") as caught:
        tables({"host": "a.test", "sned": {}})
    assert caught.value.help == "did you mean 'send'?"


@pytest.mark.parametrize(
    "text", ["", "a.test", "a.test:X", "a.test=X", "a.test:X=", "a.test:X=a b", "a.test:X=$", "=X"]
)
def test_a_flag_of_another_form(text: str) -> None:
    with pytest.raises(SettingsError, match=re.escape("it is not HOST:FIELD=VARIABLE")) as caught:
        flagged(text)
    assert caught.value.where == "--header-env"


@pytest.mark.parametrize("host", ["faß.example", "βόλος.example", "a\u200db.example"])
def test_a_name_that_could_be_that_of_another_host_is_refused(host: str) -> None:
    with pytest.raises(SettingsError, match="two ASCII forms"):
        Settings.header_env.parse([f"{host}:Authorization=NAME"], "flag")
