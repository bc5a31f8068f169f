from __future__ import annotations

import time

import pytest

from linkcheck import urls
from linkcheck.model import Url


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("HTTP://ExAmple.org:80/%7ea/../b?#x", "http://example.org/b"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org/?", "https://example.org/"),
        ("https://example.org/??", "https://example.org/??"),
        ("https://example.org/?a?", "https://example.org/?a?"),
        ("https://example.org/%7Ea%2fb", "https://example.org/~a%2Fb"),
        ("https://example.org/a%%32e%2%65", "https://example.org/a%%32e%2%65"),  # undone, these would be other escapes
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        (" https://example.org/a ", "https://example.org/a"),
        ("https://u:p@example.org/", "https://u:p@example.org/"),
        ("mailto:a@b.example", None),
        ("docs/a.md", None),
        ("https://[::1", None),
        ("https://a b/", None),
    ],
)
def test_normal_form(text: str, normal: str | None) -> None:
    assert urls.normalise(text) == normal
    assert normal is None or urls.normalise(normal) == normal


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/a(b)", "HTTPS://EXAMPLE.ORG", "http://localhost:8080/x", "docs/a.md", "README.md", "a.py",
        "main.rs/foo", "img/a.png", "../x", "#top", "mailto:a@b.example", "ftp://a.example", "httpd.conf", "http.html",
        "https://x.example/https://y.example", "https://web.archive.org/web/2020/http://a.example/", "tel:+1", "", "h:foo",
    ],
)  # fmt: skip
def test_not_malformed(text: str) -> None:
    assert urls.malformed_url(text) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("http://https://a.example/x", "https://a.example/x"),
        ("https://https//a.example/x", "https://a.example/x"),
        ("http:/a.example/x", "http://a.example/x"),
        ("http:///a.example/x", "http://a.example/x"),
        ("https:a.example/x", "https://a.example/x"),
        ("htps://a.example", "https://a.example"),
        ("https//a.example", "https://a.example"),
        ("hhttp://a.example", "http://a.example"),
        ("ttps://a.example", "https://a.example"),
        ("http;//a.example", "http://a.example"),
        ("github.com/x/y", "https://github.com/x/y"),
        ("arxiv.org/abs/1", "https://arxiv.org/abs/1"),
        ("www.example.com", "https://www.example.com"),
        ("example.com", "https://example.com"),
        ("https://a.example/a b", "https://a.example/a%20b"),
        ("https://a.example:99999/", ""),
        ("http:", ""),
        ("http://.", ""),
        ("http://http://", ""),
        ("http://a.exa mple/x y", ""),
    ],
)
def test_malformed_and_what_was_meant(text: str, meant: str) -> None:
    found = urls.malformed_url(text)
    assert found
    assert found.meant == meant


@pytest.mark.parametrize("text", ["http:" * 40, "http:" * 20_000, "http" * 20_000 + "://a", "https//:" * 10_000 + "x"])
def test_schemes_without_end_take_no_time(text: str) -> None:
    """150 bytes took an hour."""
    started = time.process_time()
    urls.malformed_url(text)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("url", "host", "origin", "domain"),
    [
        ("https://a.b.example.co.uk:8443/x", "a.b.example.co.uk", "a.b.example.co.uk:8443", "example.co.uk"),
        ("https://user.github.io/", "user.github.io", "user.github.io", "user.github.io"),
        ("http://127.0.0.1/", "127.0.0.1", "127.0.0.1", "127.0.0.1"),
        ("http://[::1]:8080/", "::1", "[::1]:8080", "::1"),
        ("http://localhost/", "localhost", "localhost", "localhost"),
    ],
)
def test_hosts(url: str, host: str, origin: str, domain: str) -> None:
    assert (urls.host(Url(url)), urls.origin_host(Url(url))) == (host, origin)
    assert urls.registrable_domain(host) == domain


def test_parts() -> None:
    assert urls.path_of(Url("https://a.example/b/c?d")) == "/b/c"
    assert urls.scheme("HTTPS://x") == "https"
    assert urls.scheme("x/y") == ""
