from __future__ import annotations

import csv
import time

import pytest

from linkcheck.local.anchors import MOST_BYTES, NAMES, UNKNOWN, anchors, in_any
from tests.local.anchors.facts import page
from tests.shared import DATA, needs_shared

LYCHEE = DATA / "peers" / "lychee"


@pytest.mark.parametrize("flavour", NAMES)
@pytest.mark.parametrize(
    "fragment", ["", "top", "Top", ":~:text=a", ":~:text=a,-b", "!/a", "/a?id=b", "tab=a", "L1", "L1-L2", "L1C1-L2C3"]
)
def test_some_fragments_are_right_on_any_page(flavour: str, fragment: str) -> None:
    assert page("# Title\ntext", flavour).has(fragment)


@pytest.mark.parametrize("flavour", [name for name in NAMES if name != UNKNOWN])
def test_a_heading_is_found_by_any_flavour_and_others_are_not(flavour: str) -> None:
    found = page("# A title\n<a id='own'></a>\n", flavour)
    assert not found.is_open
    assert found.has("a-title")
    assert found.has("own")
    assert not found.has("a-tilte", is_own=False)
    assert not found.has("a-title-1", is_own=False) or flavour == "myst"
    assert not found.has("a-tilte:~:text=a", is_own=False)
    assert found.nearest("a-tilte").lower() == "a-title"
    assert found.nearest("zzzzzz") == ""


@pytest.mark.parametrize("path", ["a.md", "a.py", "a.html", "a.rst", "Makefile", "a.MD"])
def test_a_line_has_to_be_there(path: str) -> None:
    found = page("# a\nb\n", "github", path)
    assert found.has("L2")
    assert not found.has("L3")
    assert not found.has("L1-L3")


def test_a_heading_may_look_like_a_line() -> None:
    assert page("# L99", "github").has("l99")
    assert not page("# L99", "github").has("l98")


@pytest.mark.parametrize("path", ["a.rst", "a.adoc", "a.org", "a.ipynb", "a.py", "a.svg", "a", "a.pdf"])
def test_other_formats_are_open(path: str) -> None:
    found = page("a", "github", path)
    assert found.is_open
    assert found.has("anything")


def test_a_binary_file_has_no_lines() -> None:
    assert anchors(b"%PDF\0", "a.pdf", "github").has("L99")


def test_a_generator_that_is_not_known_is_open() -> None:
    assert page("# a", UNKNOWN).has("anything")


def test_a_file_that_is_too_large_is_open() -> None:
    assert anchors(b"#" * (MOST_BYTES + 1), "a.md", "github").is_open
    assert anchors(b"<" * (MOST_BYTES + 1), "a.html", "github").is_open


def test_a_flavour_that_is_none_is_an_error() -> None:
    with pytest.raises(KeyError):
        anchors(b"# a", "a.md", "os")


def test_what_one_of_several_flavours_has_is_there() -> None:
    found = in_any(b"# A_b \xc3\xa9\n# A_b \xc3\xa9\n", "a.md", ("mkdocs", "github"))
    assert all(map(found.has, ["a_b-e", "a_b-e_1", "a_b-é", "a_b-é-1", "A_B-É"]))
    assert not any(map(found.has, ["A_b-e", "a_b-e-1", "a_b"]))
    assert in_any(b"# a", "a.md", ("github", UNKNOWN)).is_open


def test_a_page_of_mdx_with_components_is_open_whatever_shows_it() -> None:
    assert page("<Part/>", "github", "a.mdx").is_open
    assert not page("<Part/>", "github", "a.md").is_open
    assert not page("# a", "github", "a.mdx").is_open


def test_utf_16_is_read() -> None:
    assert anchors("# Ünï\n".encode("utf-16"), "a.md", "github").has("ünï")


def test_front_matter_has_no_headings() -> None:
    assert not page("---\na: b\n# c\n---\n# d\n", "github").has("c")


SHAPES = [
    "#\n" * 100_000, "# a\n" * 20_000, "".join(f"# a-{n}\n# a\n" for n in range(9_000)), "# a_1\n# a\n" * 9_000, "#" * 2**22,
    "# " + "{#a}" * 50_000, "{#a " * 100_000, "<a id=" * 100_000, "<h1>" * 15_000, "# [" * 50_000, "<h1>" + "a *b* " * 50_000,
    "```{a}\n" * 50_000, "(" * 200_000 + ")=", ":" * 200_000, "[^a]\n\n[^a]: b\n" * 10_000, "# " + ":a" * 100_000,
    "# " + "--" * 100_000, "    # a\n" * 15_000, "{{<" * 100_000, "<!-- @" * 50_000, "<p>\n" + "<i id=a>" * 100_000, "#a\n" * 50_000,
]  # fmt: skip


@pytest.mark.parametrize("text", SHAPES, ids=[f"{number} {text[:9]!r}" for number, text in enumerate(SHAPES)])
def test_the_time_is_that_of_the_length(text: str) -> None:
    names = [name for name in NAMES if name != UNKNOWN]
    started = time.process_time()
    in_any(text.encode(), "a.md", names).nearest("no-such-heading")
    assert time.process_time() - started < 20


def test_more_headings_than_any_page_has_are_not_read() -> None:
    assert page("# a\n" * 30_000, "github").is_open


@needs_shared
def test_the_fragments_of_a_peers_tests() -> None:
    rows = list(
        csv.reader((LYCHEE / "fragments_expected.tsv").read_text(encoding="utf-8").splitlines(), delimiter="\t")
    )
    compared = 0
    for target, verdict, _ in rows[1:]:
        name, mark, fragment = target.partition("#")
        file = LYCHEE / "files" / "fragments" / name
        if mark and file.is_file():
            assert anchors(file.read_bytes(), name, "github").has(fragment) == (verdict == "ok"), target
            compared += 1
    assert compared > 20


def test_what_was_found_in_an_open_page_is_known() -> None:
    found = page("# Set up\n\n<Part/>", "github", "a.mdx")
    assert found.is_found("set-up")
    assert not found.is_found("other")
    assert found.has("other")
