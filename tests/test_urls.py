from __future__ import annotations

import time

import pytest

from linkcheck import urls
from linkcheck.common import suffixes
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


@pytest.mark.parametrize(
    ("text", "base", "normal"),
    [
        ("b?c#d", "https://a.example/x/y", "https://a.example/x/b?c"),
        ("//b.example", "https://a.example/x", "https://b.example/"),
        ("", "https://a.example/x", "https://a.example/x"),
        ("https://[", "https://a.example/x", None),
        ("x", "mailto:a@b.example", None),
        ("\ud800", None, None),
    ],
)
def test_normal_form_against_a_base(text: str, base: str | None, normal: str | None) -> None:
    assert urls.normalise(text, base) == normal


def test_escapes_of_reserved_characters_stay_in_upper_case() -> None:
    assert urls.normalise("https://a.example/%2f%3a%41%5A%5f%7e%2d%2e%25%e9") == "https://a.example/%2F%3AAZ_~-.%25%E9"


@pytest.mark.parametrize(
    ("text", "reason", "repair"),
    [
        (" http://https://a.example/x ", "the scheme is written twice", "https://a.example/x"),
        ("http://http:///", "the scheme is written twice", ""),
        ("HTTP:a.example", "http: is not followed by two slashes", "http://a.example"),
        ("https:\\\\a.example", "https: is not followed by two slashes", "https://a.example"),
        ("http://:80/", "this is not a valid URL", ""),
        ("https://a.example:99999/", "this is not a valid URL", ""),
        ("http://.", "the URL has no host", ""),
        ("https://a.example/a\t b\n\nc", "the URL holds a blank", "https://a.example/a%20b%20c"),
        ("https://a.example/a\nb", "the URL holds a blank", "https://a.example/a%20b"),
        ("htps://a.example/a", "the scheme is misspelt", "https://a.example/a"),
        ("HTTTPS://a.example", "the scheme is misspelt", "https://a.example"),
        ("ttp://a.example", "the scheme is misspelt", "http://a.example"),
        (" www.zip", "the scheme is missing", "https://www.zip"),
    ],
)
def test_why_it_is_malformed(text: str, reason: str, repair: str) -> None:
    found = urls.malformed_url(text)
    assert found
    assert (found.reason, found.meant) == (reason, repair)


@pytest.mark.parametrize(
    ("text", "is_bare"),
    [
        ("a.com", True),
        ("a.COM/x", True),
        ("WWW.a.py", True),
        ("a.de", False),  # alone it may be a file
        ("a.de/x", True),
        ("a.de#x", True),
        ("a.md/x", False),
        ("a.notasuffix/x", False),
        ("a.com,b", False),
        ("-a.com", False),
        ("a-.com", False),
        ("a.b-c.com", True),
        ("www", False),
    ],
)
def test_a_host_alone_has_lost_its_scheme(text: str, is_bare: bool) -> None:
    found = urls.malformed_url(text)
    assert (found is not None) == is_bare
    assert found is None or found.meant == f"https://{text}"


@pytest.mark.parametrize(
    ("url", "start", "end"),
    [
        ("https://a.example/dir/page.html?x", "https://a.example/dir/", ".html"),
        ("https://a.example/dir/page", "https://a.example/dir/", ""),
        ("https://a.example/dir/page/", "https://a.example/dir/", "/"),
        ("https://a.example:8443/", "https://a.example:8443/", "/"),
        ("https://a.example/dir/.hidden", "https://a.example/dir/", ""),
        ("https://a.example/v1.2-x", "https://a.example/", ""),
        ("https://a.example/a.12345", "https://a.example/", ".12345"),
        ("https://a.example/a.123456", "https://a.example/", ""),
        ("https://a.example/a.", "https://a.example/", ""),
        ("https://a.example/a.b/", "https://a.example/", ".b"),
    ],
)
def test_a_sibling_has_the_place_and_the_ending(url: str, start: str, end: str) -> None:
    found = urls.sibling(Url(url))
    name = found.removeprefix(start).removesuffix(end)
    assert found == f"{start}{name}{end}"
    assert len(name) == 16
    assert name.isascii()
    assert name.isalpha()
    assert name.islower()
    assert urls.normalise(found) == found


def test_a_directory_has_one_sibling_and_others_another() -> None:
    def of(url: str) -> str:
        return urls.sibling(Url(url))

    assert of("https://a.example/x/1") == of("https://a.example/x/2?q") == "https://a.example/x/fctgjhurtdkfvxno"
    names = {of(f"https://{place}/1").rpartition("/")[2] for place in ("a.example/x", "a.example/y", "b.example/x")}
    assert len(names) == 3


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://a.example/", "/"),
        ("https://a.example/?b/c", "/"),
        ("https://a.example/b/c/?d?e", "/b/c/"),
        ("https://a.example/http://b.example/x", "/http://b.example/x"),
    ],
)
def test_the_path_ends_before_the_query(url: str, path: str) -> None:
    assert urls.path_of(Url(url)) == path


@pytest.mark.parametrize(
    ("url", "host", "origin"),
    [
        ("https://u:p@a.example/x@y", "a.example", "a.example"),
        ("https://a.example/x//y:80/@z", "a.example", "a.example"),
        ("https://[2001:db8::1]/", "2001:db8::1", "[2001:db8::1]"),
    ],
)
def test_a_host_without_user_and_path(url: str, host: str, origin: str) -> None:
    assert (urls.host(Url(url)), urls.origin_host(Url(url))) == (host, origin)


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("A.Example.CO.UK.", "example.co.uk"),
        ("co.uk", "co.uk"),
        ("10.0.0.1", "10.0.0.1"),
        ("fe80::1", "fe80::1"),
        ("1.2.example.com", "example.com"),
        ("a.b.unknown", "b.unknown"),
        ("", ""),
    ],
)
def test_registrable_domains(name: str, domain: str) -> None:
    assert urls.registrable_domain(name) == domain


@pytest.mark.parametrize(
    ("text", "name"),
    [("  Mailto:x", "mailto"), ("a+b-c.d1:x", "a+b-c.d1"), ("1a:x", ""), (":x", ""), ("a b:c", ""), ("", "")],
)
def test_schemes(text: str, name: str) -> None:
    assert urls.scheme(text) == name


def test_the_suffixes_are_parsed_once() -> None:
    suffixes.packaged.cache_clear()
    urls.load_suffixes()
    assert suffixes.packaged.cache_info().misses == 1
    urls.registrable_domain("never.asked.before.example.org")
    assert suffixes.packaged.cache_info().misses == 1
