"""Links whose brackets were written wrong, and that their repairs mend them; must-not-fire rows first."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from linkcheck.model import Document, Link, State, Unchecked
from linkcheck.plan import sort
from linkcheck.read import read
from tests import shared
from tests.read.repairs import mended, repair_of

AROUND = "# Ä\n\n- [One](https://a.example/1) - first\n- {}\n- [Two](https://a.example/2) - 🔵 second\n"
URL = "https://a.example"
SAMPLES = [
    # as written, its URL, the reason, what the repair replaces, and by what
    (f"[t]({URL}/x y) z", f"{URL}/x", "blank", f"[t]({URL}/x y)", f"[t]({URL}/x%20y)"),
    (f"[t]({URL}/x y 'A b') z", f"{URL}/x", "blank", f"[t]({URL}/x y 'A b')", f"[t]({URL}/x%20y 'A b')"),
    (f"[t]({URL}/x_(y z)) z", f"{URL}/x_(y", "blank", f"[t]({URL}/x_(y z))", f"[t]({URL}/x_(y%20z))"),
    (f"[t]({URL}/x. y) z", f"{URL}/x", "blank", f"[t]({URL}/x. y)", f"[t]({URL}/x.%20y)"),
    (f"[t] ({URL})", URL, "there is a blank between", f"[t] ({URL})", f"[t]({URL})"),
    (f"![t]  ({URL})", URL, "there is a blank between", f"[t]  ({URL})", f"[t]({URL})"),
    (f"[*t* `c`] ({URL})", URL, "there is a blank between", f"[*t* `c`] ({URL})", f"[*t* `c`]({URL})"),
    (f"[t]({URL} and so on", URL, "closing )", f"[t]({URL}", f"[t]({URL})"),
    (f"[t]({URL}/x_(y and so on", f"{URL}/x_(y", "closing )", f"[t]({URL}/x_(y", f"[t]({URL}/x_%28y)"),
    (f"[t](<{URL}/x y", f"{URL}/x", "closing )", f"[t](<{URL}/x", f"[t]({URL}/x)"),
    (f"[t][{URL}]", URL, "wrong brackets", f"[t][{URL}]", f"[t]({URL})"),
    (f"[t]{{{URL}}}.", URL, "wrong brackets", f"[t]{{{URL}}}", f"[t]({URL})"),
    (f"[t]([{URL}](https://b.example))", f"[{URL}](https://b.example)", "a link in place",
     f"[t]([{URL}](https://b.example))", "[t](https://b.example)"),
    ("![t]([u](https://b.example) 'T')", "[u](https://b.example)", "a link in place",
     "![t]([u](https://b.example) 'T')", "![t](https://b.example 'T')"),
    ("[my [t]](my file.pdf)", "my file.pdf", "blank", "[my [t]](my file.pdf)", "[my [t]](my%20file.pdf)"),
    ("[x](https://me:pass word@e.test/)", "https://me:pass word@e.test/", "blank",
     "[x](https://me:pass word@e.test/)", "[x](https://me:pass%20word@e.test/)"),
]  # fmt: skip
NO_REPAIR = [
    f"[t] ({URL}, accessed 2020)",  # somebody wrote more there than a URL
    f"[t][{URL} and more]",
    f"[a [b](https://b.example)] ({URL})",  # no link can stand in a link
    f"\\[t] ({URL})",
    f"`[` t] ({URL})",
    f"[^1][{URL}]",
    f"[t]({URL}/\\",
]
WRONG_URLS = [
    "[t](htps://a.example/x)", "[t](http:/a.example/x 'T')", r"[t](htps://a.example/x\_y)", "[t](<https://a.example/x y>)",
    "<a href='htps://a.example/?a&amp;b'>t</a>", "<http:/a.example/>", "[t][r]\n\n  [r]: htps://a.example/x", "https://https://a.example/x",
    "[t](github.com/a/b)", "> [t](\n> http:/a.example/x)",
]  # fmt: skip


def malformed(document: Document) -> list[tuple[Link, Unchecked]]:
    found = [(link, sort(link)) for link in document.links]
    return [(link, one) for link, one in found if isinstance(one, Unchecked) and one.state is State.INVALID]


@pytest.mark.parametrize("text", [f"- [x] ({URL})", f"- [ ] ({URL})", f"text [^1] ({URL})"])
def test_a_task_or_a_footnote_is_not_malformed(text: str) -> None:
    assert [link.malformed for link in read(text.encode(), "l.md").links] == [None]


def test_a_bracket_of_another_paragraph_is_none_of_a_link() -> None:
    found = read(f"- [ a\n- b] ({URL})\n\n| [a | b] ({URL}) |\n|---|---|\n| x | y |\n".encode(), "l.md")
    assert [link.malformed for link in found.links] == [None, None]


@pytest.mark.parametrize(("text", "url", "reason", "replaced", "by"), SAMPLES)
def test_malformed(text: str, url: str, reason: str, replaced: str, by: str) -> None:
    data = AROUND.format(text).encode()
    [(link, found)] = malformed(read(data, "l.md"))
    assert link.malformed
    assert link.url == url
    assert reason in found.reason
    assert found.repair
    assert (data[slice(*found.repair.span)].decode(), found.repair.text) == (replaced, by)


@pytest.mark.parametrize("text", NO_REPAIR)
def test_what_cannot_be_mended_is_only_told(text: str) -> None:
    assert [found.repair for _, found in malformed(read(text.encode(), "l.md"))][-1:] == [None]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("text", [*(sample[0] for sample in SAMPLES), *WRONG_URLS])
def test_a_repair_done_mends_the_link_and_nothing_else(text: str, codec: str) -> None:
    bom = "\ufeff" if codec == "utf-16-be" else ""
    for whole in (text, AROUND.format(text.replace("\n", "\n  "))):
        data = f"{bom}{whole}".encode(codec)
        document = read(data, "l.md")
        [(_, found)] = malformed(document)
        assert found.repair
        again = read(mended(data, document, found.repair), "l.md")
        assert malformed(again) == []
        assert url_in(found.repair.text) in {one.written or one.url for one in again.links}
        assert [link.url for link in again.links if "/1" in link.url or "/2" in link.url] == [
            link.url for link in document.links if "/1" in link.url or "/2" in link.url
        ]


def url_in(text: str) -> str:
    """The URL that a repair writes."""
    inline = re.search(r"\]\(([^ ]+?)(?: '[^']*')?\)\Z", text)
    return inline[1] if inline else text


@pytest.mark.parametrize("path", shared.lists(), ids=lambda p: p.name[:60])
def test_every_repair_of_a_real_list_mends_it(path: Path) -> None:
    data = path.read_bytes()
    document = read(data, path.name)
    wrong = malformed(document)
    for link, found in wrong[:20]:
        if not found.repair:
            continue
        again = read(mended(data, document, found.repair), path.name)
        assert len(malformed(again)) < len(wrong), (link, found)
        assert url_in(found.repair.text) in {one.written or one.url for one in again.links}


def test_bytes_that_cannot_be_read_are_not_lost() -> None:
    data = b"[t] (https://a.example/\xe9) [u](htps://a.example/\xe9) [v] (https://a.example/b)\n"
    document = read(data, "l.md")
    first, second, third = map(repair_of, document.links)
    assert (first, second) == (None, None)
    assert third
    assert mended(data, document, third).startswith(data[:-28])
