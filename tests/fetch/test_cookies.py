"""Cookies of one chain: what its answers set, and what its next request sends."""

from __future__ import annotations

import httpx
import pytest

from linkcheck.fetch import cookies

URL = "https://a.test/"


def sent(jar: httpx.Cookies, url: str) -> str:
    request = httpx.Request("GET", url)
    jar.set_cookie_header(request)
    return str(request.headers.get("cookie", ""))


def taken(*fields: str, jar: httpx.Cookies | None = None) -> httpx.Cookies:
    headers = [("set-cookie", field) for field in fields]
    return cookies.taken(jar, httpx.Request("GET", URL), httpx.Response(200, headers=headers))


def test_a_cookie_goes_back_to_who_set_it() -> None:
    jar = taken("a=1")
    assert sent(jar, URL) == "a=1"
    assert sent(jar, "https://b.test/") == ""


def test_one_jar_is_filled_on() -> None:
    first = taken("a=1")
    assert taken("b=2", jar=first) is first
    assert sent(first, URL) == "a=1; b=2"


@pytest.mark.parametrize("field", [f"a=1; expires=Wed, 01 Jan {'9' * 400} 00:00:00 GMT", "", ";;;", "=" * 10_000])
def test_a_cookie_that_cannot_be_read_is_none(field: str, capfd: pytest.CaptureFixture[str]) -> None:
    sent(taken(field), URL)
    assert capfd.readouterr() == ("", "")
