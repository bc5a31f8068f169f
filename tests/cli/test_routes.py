"""The text of --connect-to, --dns and --second-dns."""

from __future__ import annotations

import pytest

from linkcheck.cli.routes import HostRouting, connect_to, name_server, route
from linkcheck.errors import SettingsError
from linkcheck.settings import load


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("A.test:80:b.test:8080", ("a.test", 80, "b.test", 8080)),
        ("::127.0.0.1:8080", ("", 0, "127.0.0.1", 8080)),
        ("a.test::[::1]:443", ("a.test", 0, "::1", 443)),
        (":::", ("", 0, "", 0)),
    ],
)
def test_a_place_for_another(text: str, parts: tuple[str, int, str, int]) -> None:
    assert connect_to(text) == parts


@pytest.mark.parametrize(
    "text", ["", "a:b", "a:1:b:c", "a:1:b:2:3", "a:\u00b2:b:1", "a:1:b:-1", "a:1:b:" + "9" * 5_000]
)
def test_no_place(text: str) -> None:
    with pytest.raises(SettingsError, match="is not HOST1:PORT1:HOST2:PORT2"):
        connect_to(text)


@pytest.mark.parametrize("text", ["", "127.0.0.1", "127.0.0.1:53", "::1", "[::1]:5353"])
def test_a_name_server(text: str) -> None:
    assert name_server(text, "--dns") == text


@pytest.mark.parametrize("text", ["nowhere", "127.0.0.1:x", "127.0.0.1:\u00b2", "[::1]:x", ":53", "1.2.3"])
def test_no_name_server(text: str) -> None:
    with pytest.raises(SettingsError, match="is not an address") as caught:
        name_server(text, "--second-dns")
    assert caught.value.where == "--second-dns"


def test_all_of_them_from_the_settings() -> None:
    found = load("run", {"connect_to": ["a:1:b:2"], "dns": "127.0.0.1"}, {})
    assert route(found) == HostRouting((("a", 1, "b", 2),), "127.0.0.1", "")
