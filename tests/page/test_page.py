"""A page read: what is one, what is none, and what comes of it."""

from __future__ import annotations

import pytest

from linkcheck import page
from linkcheck.common import suffixes
from linkcheck.model import Finding, Url
from linkcheck.page import budget, signatures
from tests.answers import observation

URL = Url("https://blog.example.org/2019/04/25/a-post/")


@pytest.mark.parametrize("status", [403, 404, 500, 301])
def test_an_error_page_says_nothing_of_itself(status: int) -> None:
    assert page.read(observation(URL, status, "<title>A fine title</title>")).metadata is None


@pytest.mark.parametrize("kind", ["application/pdf", "application/json", "image/png"])
def test_what_is_not_html_says_nothing(kind: str) -> None:
    assert page.read(observation(URL, 200, "<title>x y</title>", headers={"content-type": kind})).metadata is None


def test_a_page_without_a_content_type_is_read_when_it_looks_like_html() -> None:
    found = page.read(observation(URL, 200, " <title>A title</title>", headers={}))
    assert found.metadata
    assert found.metadata.title == "A title"
    assert page.read(observation(URL, 200, "plain words", headers={})) == Finding()


def test_an_empty_page_has_no_metadata() -> None:
    assert page.read(observation(URL, 200, "<p>")).metadata is None


@pytest.mark.parametrize(
    ("content", "target"),
    [
        ("0; url=/new", "/new"),
        ("5;URL='https://b.example/'", "https://b.example/"),
        ("0", ""),
        ("600; url=/x", ""),
        ("x", ""),
    ],
)
def test_a_refresh_is_a_redirect(content: str, target: str) -> None:
    html = f'<meta http-equiv="Refresh" content="{content}"><title>Redirecting...</title>'
    assert page.read(observation(URL, 200, html)).refresh == target


def test_no_table_is_loaded_on_the_budget_of_the_first_page(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = (suffixes.packaged, signatures.load, signatures._absence_words)
    for cached in (page._load_tables, *tables):
        cached.cache_clear()
    loaded = list[int]()

    def begun() -> budget.Budget:
        loaded.extend(one.cache_info().currsize for one in tables)
        return budget.Budget()

    monkeypatch.setattr(page, "Budget", begun)
    page.read(observation(URL, 200, "<title>A page</title>"))
    assert loaded == [1, 1, 1]
