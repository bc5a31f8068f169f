"""Which links may lead into the repository."""

from __future__ import annotations

import pytest

from linkcheck.local.candidates import may_be_local


@pytest.mark.parametrize(
    "url",
    [
        "a.md", "#x", "/a/", "mailto:a@b.example", "", "https://github.com/own/name/blob/main/a.md",
        "//git.example/own/name/src/branch/main/a.md", "https://raw.githubusercontent.com/own/name/main/a.md",
        "https://github.com/own/name/releases/tag/v1", "https://own.example/guide/",
    ],
)  # fmt: skip
def test_links_that_are_looked_at(url: str) -> None:
    assert may_be_local(url, "https://own.example")


@pytest.mark.parametrize(
    "url", ["https://example.org/a/b.html", "http://own.example/", "//example.org", "https://github.com/own/name"]
)
def test_links_that_are_passed_on(url: str) -> None:
    assert not may_be_local(url, "https://own.example")
    assert not may_be_local(url)
