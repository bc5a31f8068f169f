"""What the URL of a link within a repository names."""

from __future__ import annotations

import pytest

from linkcheck.local.destination import Destination, generator_syntax, parse, relative, resolved, tail, written


@pytest.mark.parametrize(
    ("url", "path", "query", "fragment"),
    [
        ("a.md", "a.md", None, None),
        ("a.md#x?y", "a.md", None, "x?y"),
        ("a.md?raw=true#L1", "a.md", "raw=true", "L1"),
        ("a%20b.md#caf%C3%A9", "a b.md", None, "café"),
        ("a%2fb.md", "a/b.md", None, None),
        ("100%.md", "100%.md", None, None),
        ("#", "", None, ""),
        ("#x", "", None, "x"),
        ("?tab=x", "", "tab=x", None),
        ("%ff.md", "\udcff.md", None, None),  # the name of a file need not be UTF-8
    ],
)
def test_the_parts_of_a_link(url: str, path: str, query: str | None, fragment: str | None) -> None:
    assert parse(url) == Destination(path, query, fragment)


@pytest.mark.parametrize(
    ("path", "is_absolute", "names_folder"),
    [("/a/", True, True), ("a/b", False, False), (".", False, True), ("..", False, True), ("a/..", False, True)],
)
def test_folders_and_absolute_paths(path: str, is_absolute: bool, names_folder: bool) -> None:
    found = parse(path)
    assert (found.is_absolute, found.names_folder) == (is_absolute, names_folder)


@pytest.mark.parametrize(
    ("path", "parts", "above"),
    [
        ("b.md", ("docs", "b.md"), 0),
        ("./x//b.md", ("docs", "x", "b.md"), 0),
        ("../b.md", ("b.md",), 0),
        ("/b.md", ("b.md",), 0),
        ("../../../issues", ("issues",), 2),
        ("x/../../docs/./a", ("docs", "a"), 0),
    ],
)
def test_a_path_seen_from_a_folder(path: str, parts: tuple[str, ...], above: int) -> None:
    assert resolved(("docs",), path) == (parts, above)


def test_a_path_of_thousands_of_parts_is_cut() -> None:
    assert len(resolved((), "a/" * 100_000)[0]) == 256


@pytest.mark.parametrize(
    "path",
    [
        "{{ site.baseurl }}/x", "{% link a.md %}", "[[x]]", "${x}/y", "<%= x %>", "@site/docs/a.md", "~/x", "~@/x",
        "<name>/a.md", "docs/{version}/a.md", "*.md", "!include",
    ],
)  # fmt: skip
def test_the_syntax_of_generators_and_placeholders(path: str) -> None:
    assert generator_syntax(path)


@pytest.mark.parametrize("path", ["a.md", "../a b/[x].md", "a@2x.png", "x~1.md", "(a).md", "a&b.md"])
def test_ordinary_names_are_none(path: str) -> None:
    assert not generator_syntax(path)


def test_what_stands_behind_the_path() -> None:
    assert [tail(url) for url in ("a", "a?b#c", "a#b?c", "#b")] == ["", "?b#c", "#b?c", "#b"]


def test_a_path_is_escaped_for_markdown_and_html() -> None:
    assert written("a b/(c)/d\"e'f&g<h>.md", "?x#y") == "a%20b/%28c%29/d%22e%27f%26g%3Ch%3E.md?x#y"
    assert written("\ufe0f-x") == "%EF%B8%8F-x"
    assert written("Größe/ü\u200b\udcff") == "Größe/ü%E2%80%8B%FF"


@pytest.mark.parametrize(
    ("path", "folder", "shown"),
    [
        (("docs", "a.md"), (), "docs/a.md"),
        (("docs", "a.md"), ("docs",), "a.md"),
        (("a.md",), ("docs", "x"), "../../a.md"),
        (("docs", "b", "a.md"), ("docs", "x"), "../b/a.md"),
        (("docs",), ("docs",), "../docs"),
        (("a:b.md",), (), "./a:b.md"),  # else `a` would be a scheme
    ],
)
def test_a_path_as_seen_from_a_folder(path: tuple[str, ...], folder: tuple[str, ...], shown: str) -> None:
    assert relative(path, folder) == shown
    assert resolved(folder, shown) == (path, 0)
