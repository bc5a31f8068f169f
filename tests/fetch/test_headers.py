from __future__ import annotations

import pytest

from linkcheck.fetch.headers import HostHeader, OwnHeaders, is_loopback, masked, masked_bytes, masked_fields
from linkcheck.model import Url

TOKEN = "Bearer s3cr3t-t0ken"
FIELDS = (("Authorization", TOKEN),)
OWN = OwnHeaders(
    [
        HostHeader("a.test", None, "Authorization", TOKEN),
        HostHeader("a.test", None, "authorization", "later"),
        HostHeader("a.test", None, "X-Key", "k"),
        HostHeader("b.test", 8443, "X-Key", "b"),
        HostHeader("127.0.0.1", 8080, "X-Key", "local"),
        HostHeader("::1", None, "X-Key", "six"),
    ]
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.test/x", (("Authorization", TOKEN), ("X-Key", "k"))),
        ("https://a.test/", (("Authorization", TOKEN), ("X-Key", "k"))),
        ("http://a.test/", ()),  # in clear
        ("https://a.test:8443/", ()),  # another service
        ("https://sub.a.test/", ()),
        ("https://ea.test/", ()),
        ("https://a.test.evil.test/", ()),
        ("https://a.test@evil.test/", ()),
        ("https://evil.test/a.test", ()),
        ("https://b.test:8443/", (("X-Key", "b"),)),
        ("https://b.test/", ()),
        ("http://127.0.0.1:8080/", (("X-Key", "local"),)),
        ("https://127.0.0.1:8080/", (("X-Key", "local"),)),
        ("http://127.0.0.1/", ()),
        ("http://[::1]/", (("X-Key", "six"),)),
        ("http://[::1]:81/", ()),
    ],
)
def test_a_field_goes_to_its_own_host_and_port(url: str, expected: tuple[tuple[str, str], ...]) -> None:
    assert OWN.fields_for(Url(url)) == expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [("localhost", True), ("127.9.9.9", True), ("::1", True), ("a.test", False), ("10.0.0.1", False),
     ("localhost.evil.test", False), ("127.0.0.1.evil.test", False)],
)  # fmt: skip
def test_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_sent_values_are_masked_by_name() -> None:
    sent = (("Host", "a.test"), ("authorization", TOKEN), ("accept", "*/*"))
    assert masked_fields(sent, FIELDS) == (("Host", "a.test"), ("authorization", "***"), ("accept", "*/*"))
    assert masked_fields(iter(sent), ()) == sent


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("you sent Bearer s3cr3t-t0ken!", "you sent ***!"),
        ("token=s3cr3t-t0ken&x", "token=***&x"),
        ("?h=Bearer%20s3cr3t-t0ken", "?h=***"),
        ("Bearer of news", "Bearer of news"),
        ("", ""),
    ],
)
def test_what_a_server_repeats_is_masked(text: str, expected: str) -> None:
    assert masked(text, FIELDS) == expected
    assert masked_bytes(text.encode(), FIELDS) == expected.encode()


def test_a_short_credential_is_masked_whole_only() -> None:
    assert masked("ab Bearer ab", (("X", "Bearer ab"),)) == "ab ***"
    assert masked("ab", (("X", "ab"),)) == "***"
