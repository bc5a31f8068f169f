"""Secrets in URLs: what is hidden, and what is honest and stays."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcheck import urls
from linkcheck.common import secret

HONEST = [
    "https://a.example/", "https://git@github.com/x", "https://a.example:8080/@user", "https://mastodon.example/@user",
    "https://[2001:db8::1]/x@y", "https://[2001:db8::1]:80/a:b@c", "https://en.example/wiki/User:Foo@bar", "mailto:me@a.example",
    "https://a.example/?sig=1", "https://a.example/?signature=short", "https://a.example/?key=0Aq1", "https://a.example/?page_token=x",
    "https://a.example/?tokens=5", "https://a.example/token=x", "https://a.example/?token=", "https://a.example/?q=token", "a: b@c",
    "https://a.example: then mail x@y", "ssh git@a.example:x/y", "12:30@home", "https://a.example/x?y=https://b.example:80/@z",
    "http://localhost:PORT/x", "https://a.example/?mail=a%40b.example", "https://a.example:80/x%40y", "mailto:me@a.example?subject=x",
    "Contact:me@a.example", "https://a.example/?u=https%3A%2F%2Fb.example%2F%40me", "https://a.example/?u=https%3A%2F%2Fb.example%3A80%2F%40me",
    "https://a.example/?monkey=AIza", "https://a.example/?%74oken=", "xmpp:me@a.example/home", "https://web.example/web/2020/https://b.example/@me",
    "npm:@scope/x@1.2.3", "https://[2001:db8::1]/x@y", "pkg:npm/%40scope/x", "git:me@a.example:x", "https://cdn.example/npm/x@1.2.3/y.js",
]  # fmt: skip


@pytest.mark.parametrize("text", HONEST)
def test_what_is_no_secret_stays(text: str) -> None:
    assert secret.masked(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://user:s3cret@a.example/x", "https://user:***@a.example/x"),
        ("https://:s3cret@a.example/x", "https://:***@a.example/x"),
        ("https://user:@a.example/x", "https://user:***@a.example/x"),
        ("https://user:s3cret@x:80@a.example/", "https://user:***@a.example/"),
        ("https://user:s3/cret@a.example/", "https://user:***@a.example/"),
        ("https://user:s3?c#ret@a.example/", "https://user:***@a.example/"),
        ("https://user:1234@a.example/", "https://user:***@a.example/"),
        ("HTTPS://user:s3cret@a.example/", "HTTPS://user:***@a.example/"),
        ("https:user:s3cret@a.example/", "https:user:***@a.example/"),
        ("https:/user:s3cret@a.example/", "https:/user:***@a.example/"),
        ("https:\\\\user:s3cret@a.example/", "https:\\\\user:***@a.example/"),
        ("//user:s3cret@a.example/", "//user:***@a.example/"),
        ("htps://user:s3cret@a.example/", "htps://user:***@a.example/"),
        ("ftp://user:s3cret@a.example/", "ftp://user:***@a.example/"),
        ("https://user%3As3cret@a.example/", "https://***@a.example/"),
        ("https://ghp_s3cretS3CRETs3cretS3CRET@github.com/x", "https://***@github.com/x"),
        ("see (https://u:s3cret@a.example/) and //v:s3cret@b", "see (https://u:***@a.example/) and //v:***@b"),
        ("https://us\ter:s3\ncret@a.example/", "https://us\ter:***@a.example/"),
        (f"https://user:{'s3cret' * 2_000}@a.example/", "https://user:***@a.example/"),
        (f"https://{'s3cret' * 2_000}@a.example/", "https://***@a.example/"),
        ("https://ghp_s3cretS3CRETs3cret:x-oauth-basic@a.example/", "https://***:***@a.example/"),
        ("https://user:s3cret%40a.example/", "https://user:***%40a.example/"),
        ("https://user:s3%40cret@a.example/", "https://user:***@a.example/"),
        ("https://a.example/?u=https%3A%2F%2Fuser%3As3cret%40b.example%2F", "https://a.example/?u=https%3A%2F%2F***%40b.example%2F"),
        ("https://a.example/?u=https%3A%2F%2Fb.example%3Fa%3D1%26token%3Ds3cret&b=1",
         "https://a.example/?u=https%3A%2F%2Fb.example%3Fa%3D1%26token%3D***&b=1"),
        ("https://a.example/?%74oken=s3cret", "https://a.example/?%74oken=***"),
        ("https://[::1]:80@u:s3cret@a.example/", "https://[:***@a.example/"),
        ("https://a.example/?token = s3cret", "https://a.example/?token = ***"),
        ("https://a.example/?token%20=%20s3cret", "https://a.example/?token%20=***"),
        ("https://a.example/?token=s3cret&a=1", "https://a.example/?token=***&a=1"),
        ("https://a.example/?a=1&amp;TOKEN=s3cret#x", "https://a.example/?a=1&amp;TOKEN=***#x"),
        ("https://a.example/#access_token=s3cret&x=1", "https://a.example/#access_token=***&x=1"),
        ("https://a.example/?X-Amz-Signature=s3cret&X-Amz-Date=1", "https://a.example/?X-Amz-Signature=***&X-Amz-Date=1"),
        ("https://a.example/?sv=1&se=2&sig=s3cretS3CRETs3cretS3CRET%3D", "https://a.example/?sv=1&se=2&sig=***"),
        ("https://a.example/?Expires=1&Signature=s3cretS3CRETs3cretS3CRET&Key-Pair-Id=K",
         "https://a.example/?Expires=1&Signature=***&Key-Pair-Id=K"),
        ("https://a.example/?key=AIzas3cret", "https://a.example/?key=***"),
        ("https://a.example/?password=s3'c\"r<e>t", "https://a.example/?password=***"),
    ],
)  # fmt: skip
def test_a_secret_is_hidden(text: str, shown: str) -> None:
    assert secret.masked(text) == shown
    assert secret.masked(shown) == shown
    assert secret.is_in(text)
    assert not secret.is_in(shown)


def test_a_target_without_a_scheme_hides_its_password_too() -> None:
    assert secret.masked_url("user:s3cret@a.example/x") == "user:***@a.example/x"
    assert secret.masked_url("https://user:s3cret@a.example/x") == "https://user:***@a.example/x"
    for honest in HONEST:
        assert secret.masked_url(honest) == honest


def test_a_target_that_was_written_wrong_hides_its_password_too() -> None:
    assert secret.masked_url("https://user:s3 cr et@a.example/x") == "https://user:***@a.example/x"
    assert secret.masked_url("https://user:s3cret") == "https://user:***"
    assert secret.masked_url("https://a.example:8080") == "https://a.example:8080"


@pytest.fixture
def hidden() -> Iterator[None]:
    secret.hide(["ticket", "x.y", ""])
    yield
    secret.hide(())


@pytest.mark.usefixtures("hidden")
def test_the_user_hides_more() -> None:
    assert secret.masked("https://a.example/?ticket=1&x.y=2&xzy=3") == "https://a.example/?ticket=***&x.y=***&xzy=3"
    assert secret.masked("https://a.example/?token=1") == "https://a.example/?token=***"


def test_every_text_of_a_value_is_masked() -> None:
    value = {"//a:b@c": ["//a:b@c", ("//a:b@c", 1)], "n": None}
    assert secret.all_masked(value) == {"//a:***@c": ["//a:***@c", ["//a:***@c", 1]], "n": None}


PASSWORDS = st.text(alphabet="s3cret@:?#/\\&=%'é", min_size=1)


@given(PASSWORDS, st.sampled_from(["user", "", "u.v-w"]))
def test_a_password_that_is_sent_is_never_shown(password: str, user: str) -> None:
    normal = urls.normalise(f"https://{user}:{password}@a.example/x?y")
    if normal is None or not normal.endswith("@a.example/x?y") or "/" in normal[8:-14]:
        return  # what stands for the password ended the host before
    assert secret.masked(normal) in (
        f"https://{user}:***@a.example/x?y",
        f"https://{user}@a.example/x?y",
        "https://a.example/x?y",
    )
    shown = secret.masked(normal)
    assert urls.normalise(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        "//a:" * 50_000,
        "//a:b" * 50_000 + "@",
        "?token=" * 50_000,
        "https:a:" * 50_000,
        "@" * 100_000,
        "/" * 50_000 + "@",
        "https:@" + "/" * 50_000,
        "http:" * 20_000 + "@x",
        "%2F%2F" * 20_000 + "@",
        "%2F%2Fa%3A" * 20_000 + "@",
        "//%3A" * 20_000 + "@",
        "?" + "%3" * 50_000 + "=",
        "//" + "a:" * 50_000 + "%40x",
        "//" + "%3A" * 50_000 + " @",
    ],
)
def test_hiding_takes_as_long_as_the_text(text: str) -> None:
    import time

    started = time.process_time()
    secret.masked(text)
    assert time.process_time() - started < 5  # 0.1 s on a slow machine


def test_a_run_of_slashes_is_looked_at_once() -> None:
    started = time.process_time()
    assert secret.masked("/" * 50_000) == "/" * 50_000  # took 48 s
    assert time.process_time() - started < 5


def test_a_name_of_twenty_characters_is_a_token() -> None:
    name, token = "n" * 19, "t" * 20
    assert secret.masked(f"https://{name}:x@a.example/") == f"https://{name}:***@a.example/"
    assert secret.masked(f"https://{token}:x@a.example/") == "https://***:***@a.example/"
    assert secret.masked(f"https://{name}@a.example/") == f"https://{name}@a.example/"
    assert secret.masked(f"https://{token}@a.example/") == "https://***@a.example/"


def test_an_escaped_query_alone_is_looked_at_too() -> None:
    assert secret.masked("https://a.example/%3Ftoken%3Ds3cret") == "https://a.example/%3Ftoken%3D***"
