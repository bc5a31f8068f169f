"""Pages that are written to end, stall or fill a run."""

from __future__ import annotations

import pytest

from tests.hostile.conftest import Victim
from tests.web import behaviours as b

SIZE = 500_000
LINKED = '<title>A page</title><script type="application/ld+json">'


def many(text: str) -> str:
    return "<title>A page</title>" + text * (SIZE // len(text))


PAGES = {
    "nothing hostile": ["<title>A page</title>"],
    "deep elements": [many(tag) for tag in ("<div>", "<nav>x", "<ul><li>", "<optgroup>", "<b><div></b>", "<div><h1>x")],
    "marked elements": [many(f"<div {mark}>x") for mark in ("itemprop=name", "itemprop=author", "class=byline")],
    "attributes": [
        "<title>A page</title><p " + " ".join(f"a{n}" for n in range(80_000)) + ">",
        "<title>A page</title><p " + " ".join(f"a{n}='>'" for n in range(50_000)) + ">",
        "<title>A page</title><p " + " ".join(f"a{n}=\"'>\"" for n in range(40_000)) + ">",
        "<title>A page</title><<p " + " ".join(f"a{n}" for n in range(80_000)) + ">",
        "<title>A page</title>" + "".join(f"<body a{n}>" for n in range(40_000)),
        "<title>A page</title><p>" + "".join(f"<b x={n}>" for n in range(3_000)) + "<p>x" * 100_000,
    ],
    "titles": [
        "<title>" + "error " * 25 + "</title>", "<title>" + "error: access 403" * 60 + "</title>",
        "<title>a" + "\u0301\u0323" * 100_000 + "</title>", "<title>x &#" + "9" * 5_000 + ";</title>",
        "<title>A page</title><p>if you" + " are" * 150,
    ],
    "metas": [
        many("<meta name=author content='Ann Lee'>"), "<meta content='Ann Lee' name='" + "author " * 60_000 + "'>",
        "<title>A page</title><meta name=description content='a" + "\u0301\u0323" * 100_000 + "'>",
    ],
    "linked data": [
        LINKED + text for text in (
            "/*" * 200_000, "\n " * 200_000, '{"@type":"Article","headline":' + "[" * 600 + '"x"' + "]" * 600 + "}",
            '{"@type":"Article","headline":"&#' + "9" * 5_000 + ';"}', "[" * 400_000,
        )
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loses_no_more_than_its_own_verdict(victim: Victim, name: str) -> None:
    urls = [victim.web.on(f"evil{n}.test", "/", b.page(html)) for n, html in enumerate(PAGES[name])]
    for n in range(len(urls)):
        victim.web.on(f"evil{n}.test", "*", b.page("<title>404</title>", status=404))
    outcome = victim.run(*(f"{url}#L{'1' * 40}x" for url in urls), files=True, flags=["--fragments"])
    assert {outcome.links[f"{url}#L{'1' * 40}x"][0] for url in urls} <= {"ok", "blocked"}, outcome.links
