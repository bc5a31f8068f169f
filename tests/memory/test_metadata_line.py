from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcheck.memory import bounds, metadata_line
from linkcheck.memory.line_schema import Line
from linkcheck.memory.metadata_line import fields, metadata
from linkcheck.model import Author, Metadata, replace
from linkcheck.page import metadata as pages
from tests.memory.values import URL


@dataclass
class Written:
    """What is written of some metadata, and what comes back."""

    line: Line
    back: Metadata | None


def written(**values: Any) -> Written:
    line = Line(URL, "2026-11-23", **fields(Metadata(**values), URL))
    return Written(line, metadata(line))


def test_nothing_is_written_of_nothing() -> None:
    found = written()
    assert (found.line, found.back) == (Line(URL, "2026-11-23"), None)
    assert written(kind="article").back == Metadata("article")


@pytest.mark.parametrize(
    ("title", "raw", "kept"),
    [
        ("A", "A | Site", ("", " | Site")),
        ("A", "Site: A", ("Site: ", "")),
        ("A", "Something else", "Something else"),
        ("A", "", ""),
        ("", "raw", "raw"),
    ],
)
def test_a_raw_title_repeats_no_title(title: str, raw: str, kept: object) -> None:
    found = written(title=title, title_raw=raw)
    assert found.line.title_raw == kept
    assert found.back == Metadata(title=title, title_raw=raw)


@pytest.mark.parametrize(
    ("author", "kept"),
    [
        (Author("Ann Lee"), "Ann Lee"),
        (Author("Ann Lee", "Lee", "Ann"), ("Ann", "Lee")),
        (Author("Lee, Ann", "Lee", "Ann"), ("Lee, Ann", "Lee", "Ann")),
        (Author("Lee", "Lee"), ("Lee", "Lee", "")),
    ],
)
def test_a_name_is_written_once(author: Author, kept: object) -> None:
    found = written(authors=(author,))
    assert found.line.authors == (kept,)
    assert found.back == Metadata(authors=(author,))


def test_there_is_room_for_some_authors() -> None:
    many = tuple(Author(f"Ann {n} Lee", "Lee", f"Ann {n}") for n in range(3_000))
    kept = written(authors=many).back
    assert kept
    assert kept.authors == many[: len(kept.authors)]
    assert 10 < len(kept.authors) <= bounds.MOST_AUTHORS


def test_the_pages_own_address_is_not_repeated() -> None:
    assert written(canonical=URL).line.canonical == "="
    assert written(canonical=URL).back == Metadata(canonical=URL)
    assert written(canonical="https://a.example/other").back == Metadata(canonical="https://a.example/other")
    assert written(canonical=f"https://a.example/{'x' * 500}").back is None


PAGE = Metadata(title="T", authors=(Author("A"),), description="D", language="en", doi="10.1/x", duration_s=5)


@pytest.mark.parametrize(
    ("provenance", "kept"),
    [
        ({}, "-,-,-,-,-,-"),
        ({"title": "og:title", "authors": "author", "description": "og:description", "language": "html.lang", "doi": "citation_doi", "duration": "youtube-player"}, ""),
        ({"title": "h1", "authors": "author", "description": "og:description", "language": "html.lang", "doi": "citation_doi", "duration": "youtube-player"}, "h1"),
        (dict.fromkeys(("title", "authors", "description"), "arxiv-api"), "arxiv-api,*,*,-,-,-"),
        ({"title": "a", "authors": "author", "description": "a", "language": "b", "doi": "a"}, "a,,*,b,a,-"),
        ({"title": "a,b"}, {"title": "a,b"}),
        ({"title": "*"}, {"title": "*"}),
        ({"title": ""}, {"title": ""}),
    ],
)  # fmt: skip
def test_where_a_field_came_from_is_written_where_it_is_unusual(provenance: dict[str, str], kept: object) -> None:
    found = written(**{name: getattr(PAGE, name) for name in ("title", "authors", "description", "language", "doi", "duration_s")}, provenance=provenance)  # fmt: skip
    assert found.line.provenance == kept
    assert found.back == replace(PAGE, provenance=provenance)


def test_the_source_of_a_field_that_is_not_there_is_not_kept() -> None:
    assert written(title="T", provenance={"title": "h1", "doi": "x", "other": "y"}).back == Metadata(
        title="T", provenance={"title": "h1"}
    )


@given(
    st.dictionaries(st.sampled_from(["title", "authors", "published", "language", "other"]), st.text(max_size=5)),
)
def test_any_sources_come_back(provenance: dict[str, str]) -> None:
    found = Metadata(title="T", authors=(Author("A"),), published="2020", language="en", provenance=provenance)
    back = metadata(Line(URL, "2026-11-23", **fields(found, URL)))
    assert back
    assert back.provenance == {name: text for name, text in provenance.items() if name != "other"}


@given(st.text(max_size=30))
def test_any_text_for_sources_is_read(text: str) -> None:
    back = metadata(Line(URL, "2026-11-23", title="T", language="en", provenance=text))
    assert back
    assert set(back.provenance) <= {"title", "language"}


def test_the_usual_sources_are_sources() -> None:
    """They are part of the schema, so they stay; but a name that no page has would be a mistake."""
    tables = {
        "title": pages.TITLE, "published": pages.PUBLISHED, "modified": pages.MODIFIED, "doi": pages.DOI, "language": pages.LANGUAGE,
        "description": pages.DESCRIPTION, "site_name": pages.SITE_NAME, "canonical": pages.CANONICAL,
    }  # fmt: skip
    for name, sources in tables.items():
        assert metadata_line._USUAL[name] in {source for source, _ in sources}
