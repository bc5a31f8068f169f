from __future__ import annotations

import pytest

from tests.local.anchors.facts import page

WORDS = "word " * 30


def test_ids_and_names_are_anchors() -> None:
    found = page("<h1 id='A b'>x</h1><a name=c><!-- <i id=d> --><p title='id=e'>&lt;i id=f&gt;", "github", "a.html")
    assert not found.is_open
    assert [name for name in ["A b", "A%20b", "c", "", "top", "TOP"] if not found.has(name)] == []
    assert [name for name in ["a b", "x", "d", "e", "f"] if found.has(name)] == []


def test_lines_are_those_of_the_file() -> None:
    found = page("<p>\n</p>\n", "github", "a.htm")
    assert found.has("L2")
    assert not found.has("L3")


@pytest.mark.parametrize(
    "text",
    [
        "{{ a }}", "{% include a %}", "<?php a ?>", "<% a %>", "<!--# include virtual='a' -->", "<script>a</script>",
        f"<div id=\"root\"></div><p>{WORDS}</p><script src=a></script>",
    ],
)  # fmt: skip
def test_what_is_made_of_the_file_may_have_others(text: str) -> None:
    assert page(text, "github", "a.html").is_open


def test_a_page_of_more_tags_than_are_read_may_have_others() -> None:
    assert page(f"{WORDS}{'<p>' * 50_000}", "github", "a.html").is_open
    assert not page(f"{WORDS}{'<p>' * 49_999}", "github", "a.html").is_open


def test_a_page_with_text_and_a_script_has_its_own() -> None:
    assert not page(f"<p id=a>{WORDS}<script>b</script>", "github", "a.html").is_open
