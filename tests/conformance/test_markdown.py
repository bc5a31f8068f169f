"""Extraction against outside data: CommonMark, GFM, tricky lines of real lists, cmark-gfm."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from selectolax.lexbor import LexborHTMLParser

from linkcheck.model import Document, Link, LinkKind
from linkcheck.read import read
from linkcheck.read.html_attributes import attribute_value
from linkcheck.read.markdown.escapes import unescaped
from tests import shared

pytestmark = shared.needs_shared

# The HTML parser that reads the expectation re-opens an unclosed <a> in the next block; links are
# compared as sets for these raw-HTML examples.
REOPENED = {189, 346, 478, 479, 632, 633, 645, 646}


def hrefs(html: str) -> list[str]:
    nodes = LexborHTMLParser(f"<body>{html}").css("[href],[src]")
    found = [n.attributes.get("href") or n.attributes.get("src") or "" for n in nodes]
    return sorted(unquote(url.strip()) for url in found if url)


def urls(document: Document, *, bare: bool) -> list[str]:
    kept = (link for link in document.links if not link.unused and (bare or link.kind is not LinkKind.BARE))
    return sorted(unquote(link.url.strip()) for link in kept if link.url)


@pytest.mark.parametrize("example", shared.rows("oracle/commonmark_spec.json"), ids=lambda e: str(e["example"]))
def test_commonmark_example(example: dict[str, Any]) -> None:
    expected, found = hrefs(example["html"]), urls(read(example["markdown"].encode(), "x.md"), bare=False)
    if example["example"] in REOPENED:
        assert set(found) == set(expected)
    else:
        assert found == expected


@pytest.mark.parametrize("example", shared.rows("oracle/gfm_autolinks.json"), ids=lambda e: str(e["example"]))
def test_gfm_autolink_example(example: dict[str, Any]) -> None:
    found = urls(read(example["markdown"].encode(), "x.md"), bare="autolink" in example["extensions"])
    assert found == hrefs(example["html"])


@pytest.mark.parametrize("row", shared.rows("oracle/tricky.jsonl"), ids=lambda r: f"{r['file'][:30]}:{r['line']}")
def test_tricky_line_of_a_real_list(row: dict[str, Any]) -> None:
    found = [link for link in document(shared.DATA / "lists" / row["file"]).links if link.line == row["line"]]

    assert sorted({link.url for link in found}) == sorted(set(row["expected_urls"]))
    places = {(link.url, link.column, *link.span) for link in found}
    for span in row["spans"]:
        assert (span["url"], span["col"], span["byte_start"], span["byte_end"]) in places


@lru_cache(maxsize=4)
def document(path: Path) -> Document:
    return read(path.read_bytes(), path.name)


# -- the whole corpus ------------------------------------------------------------------------


@pytest.mark.parametrize("path", shared.lists(), ids=lambda p: p.name[:60])
def test_every_span_decodes_to_exactly_its_url(path: Path) -> None:
    data = path.read_bytes()
    for link in document(path).links:
        assert written(link, data) in (link.url, link.url.removeprefix("http://"), link.url.removeprefix("mailto:"))


def written(link: Link, data: bytes) -> str:
    text = data[slice(*link.span)].decode(errors="replace")
    match link.kind:
        case LinkKind.HTML:
            return attribute_value(text)
        case LinkKind.FRONT_MATTER:
            return text
        case _:
            return unescaped(text)


# Where we differ from cmark-gfm and why we are right: (file, only cmark-gfm, only ours).
DIFFERENCES = {
    # GFM glues the unbalanced bracket of a link written wrong to the URL; the URL is without it.
    "adbar__German-NLP__README.md": ({"https://zenodo.org/records/8316079}"}, {"https://zenodo.org/records/8316079"}),
    "obsidian-community__obsidian-hub__01_-_Community__Obsidian_Roundup__2021-04-24_Inline_Dataview__Showcases____a_Markdown_GUI.md": (
        {"https://github.com/blacksmithgu/obsidian-dataview/releases/tag/0.2.10]"},
        {"https://github.com/blacksmithgu/obsidian-dataview/releases/tag/0.2.10"},
    ),
    # `[Jpegli][https://…]`: GFM links nothing there; we say that it is malformed.
    "fffaraz__awesome-cpp__README.md": (set(), {"https://github.com/google/jpegli"}),
}
# A literal <style> in prose makes every HTML parser swallow the rest of the rendered page.
SWALLOWED = {"vuejs__awesome-vue__README.md": 60}


@pytest.mark.parametrize("path", shared.lists(), ids=lambda p: p.name[:60])
def test_the_urls_are_those_of_cmark_gfm(path: Path) -> None:
    data = path.read_bytes()
    html = cmarkgfm.cmark.markdown_to_html_with_extensions(
        data.decode(errors="replace"),
        options=Options.CMARK_OPT_UNSAFE,
        extensions=["table", "autolink", "strikethrough", "tasklist"],
    )
    theirs = {unquote(u) for u in rendered(html) if re.match("https?://", u, re.IGNORECASE)}
    checked = [link for link in document(path).links if not link.unused]  # cmark reads front matter as prose
    ours = {unquote(link.url.strip()) for link in checked if re.match("https?://", link.url.strip(), re.IGNORECASE)}

    missing, extra = DIFFERENCES.get(path.name, (set(), set()))
    assert theirs - ours == missing
    if path.name in SWALLOWED:
        assert len(ours - theirs) == SWALLOWED[path.name]
    else:
        assert ours - theirs == extra


def rendered(html: str) -> list[str]:
    found = []
    for node in LexborHTMLParser(html).css("[href],[src],[srcset]"):
        found += [node.attributes.get("href") or "", node.attributes.get("src") or ""]
        found += [part.split()[0] for part in (node.attributes.get("srcset") or "").split(",") if part.split()]
    return [url.strip() for url in found]
