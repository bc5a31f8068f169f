from __future__ import annotations

import pytest

from linkcheck.mend.parameters import is_tracking, stripped


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/x",
        "https://a.example/x?id=1&page=2",
        "https://a.example/x?utm=1",
        "https://a.example/x?utm_source=b&X-Amz-Signature=1",
        "https://a.example/x?sig=1&fbclid=2",
        "https://a.example/watch?feature=shared",
    ],
)
def test_what_stays(url: str) -> None:
    assert stripped(url, "a.example") is None


def test_the_rest_of_the_query_stays_as_it_is_written() -> None:
    found = stripped("https://a.example/x?b=%7e&utm_source=q&a=1&&Fbclid=z&c", "a.example")
    assert found == ("https://a.example/x?b=%7e&a=1&&c", ("utm_source", "Fbclid"), True)
    assert stripped("https://a.example/x?gclid=1", "a.example") == ("https://a.example/x", ("gclid",), True)


def test_of_some_it_is_not_certain() -> None:
    assert stripped("https://a.example/x?ref=b&utm_id=1", "a.example") == (
        "https://a.example/x",
        ("ref", "utm_id"),
        False,
    )


def test_a_sites_own_marks() -> None:
    assert stripped("https://youtu.be/x?si=1&t=5", "youtu.be") == ("https://youtu.be/x?t=5", ("si",), True)
    assert is_tracking("si", "www.youtube.com")
    assert not is_tracking("si", "youtube.com.evil.example")
