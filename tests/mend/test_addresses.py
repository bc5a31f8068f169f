from __future__ import annotations

import pytest

from linkcheck.mend.addresses import is_respelled, objection
from linkcheck.model import Url


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("https://doi.org/10.1/x", "https://doi.org/10.1/y", "persistent identifier"),
        ("https://a.example/x", "http://a.example/y", "https to http"),
        ("https://a.example/x", "https://b.example/x", "registrable domain"),
        ("https://a.github.io/x", "https://b.github.io/x", "registrable domain"),
        ("https://a.example/x", "https://a.example/login?x=1", "login"),
        ("https://a.example/x", "https://login.a.example/y", "login"),
        ("https://a.example/x", "https://a.example/404", "error page"),
        ("https://a.example/x/y", "https://a.example/", "home page"),
        ("https://a.example/?p=1", "https://a.example/", "home page"),
        ("https://a.example/x/y", "https://a.example/index.html", "home page"),
        ("https://a.example/blog/post", "https://a.example/blog", "section"),
        ("https://a.example/x", "https://a.example/y;jsessionid=1F", "session"),
        ("https://a.example/x", "https://a.example/y?PHPSESSID=1", "session"),
        ("https://a.example/x", "https://a.example/y?sid=1", "session"),
        ("https://a.example/x", "https://a.example/y?X-Amz-Signature=1", "session"),
        ("https://a.example/x", "https://a.example/y?utm_source=b", "tracking"),
        ("https://a.example/x", "https://a.example/y?continue=https://a.example/x", "sends the reader on"),
        ("https://a.example/x", "https://a.example/y?lang=en", "language"),
        ("https://a.example/x", "https://a.example/en/x", "language"),
        ("https://a.example/x", "https://a.example/pt-BR/x", "language"),
        ("https://a.example/x", "https://fr.a.example/x", "language"),
        ("https://a.example/x", "https://a.example/en/stable/x", "version"),
        ("https://a.example/x", "https://a.example/stable/x", "version"),
        ("https://a.example/x", "https://a.example/latest/x", "version"),
        ("https://a.example/x", "https://a.example/v2/x", "version"),
        ("https://a.example/x", "https://a.example/3.14/x", "version"),
        ("https://a.example/1.0/x", "https://a.example/1.1/x", "version"),
    ],
)  # fmt: skip
def test_where_no_link_is_led(old: str, new: str, why: str) -> None:
    assert why in objection(Url(old), Url(new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("http://a.example/x", "https://a.example/x"),
        ("http://a.example/", "https://www.a.example/"),
        ("https://a.example/en/x", "https://docs.a.example/en/y"),
        ("https://a.example/x?utm_source=b", "https://a.example/y?utm_source=b"),
        ("https://a.example/?p=1", "https://a.example/2019/05/a-post"),
        ("https://a.example/v2/x", "https://a.example/v2/y"),
        ("https://a.example/login", "https://a.example/account"),
    ],
)
def test_where_a_link_may_be_led(old: str, new: str) -> None:
    assert objection(Url(old), Url(new)) == ""


def test_another_spelling() -> None:
    assert is_respelled(Url("http://a.example/x"), Url("https://www.a.example/x/"))
    assert not is_respelled(Url("http://a.example/x"), Url("https://a.example/x?y=1"))
    assert not is_respelled(Url("http://a.example/x"), Url("https://docs.a.example/x"))
