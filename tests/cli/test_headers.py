from __future__ import annotations

from typing import Any

import pytest

from linkcheck.cli import headers
from linkcheck.errors import SettingsError
from linkcheck.model import Url
from linkcheck.settings import ConfigFile, Settings, Trust, load

URL = Url("https://a.test/")


def settings(*fields: str, **table: Any) -> Settings:
    return load("run", {"header_env": list(fields)}, {}, [ConfigFile("config.toml", table, Trust.USER)])


def test_without_any_there_are_none() -> None:
    assert headers.of(settings(), {"TOKEN": "x"}) is None


def test_the_values_are_those_of_the_variables() -> None:
    table = [{"host": "a.test", "send": {"Authorization": "Bearer $TOKEN", "X-Flag": "$OTHER"}}]
    found = headers.of(settings("a.test:X-Flag=FLAG", headers=table), {"TOKEN": " t0k \n", "FLAG": "f", "OTHER": "o"})
    assert found
    assert set(found.fields_for(URL)) == {("X-Flag", "f"), ("Authorization", "Bearer t0k")}  # the flag goes first


@pytest.mark.parametrize("environment", [{}, {"TOKEN": ""}, {"TOKEN": " \n"}])
def test_a_missing_variable_is_said(environment: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    found = headers.of(settings("a.test:Authorization=Bearer TOKEN"), environment)
    assert found
    assert found.fields_for(URL) == ()
    warning = "warning: Authorization is not sent to a.test: the variable TOKEN is not set (--header-env)\n"
    assert capsys.readouterr().err == warning


@pytest.mark.parametrize("value", ["a\r\nHost: evil", "a\nb", "ä", "a\x00b", "a\x7f", "x" * 9_000])
def test_a_value_that_cannot_be_sent_is_not_shown(value: str) -> None:
    with pytest.raises(SettingsError, match="the value of TOKEN cannot be sent") as caught:
        headers.of(settings("a.test:X=TOKEN"), {"TOKEN": value})
    assert value not in f"{caught.value.what}{caught.value.help}"
