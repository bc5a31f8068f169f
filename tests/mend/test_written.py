from __future__ import annotations

import pytest

from linkcheck import read
from linkcheck.mend.patch import patched
from linkcheck.mend.written import edit, repair
from linkcheck.model import LinkKind, Repair
from tests.answers import link

OLD = "https://a.example/x"


@pytest.mark.parametrize(
    ("kind", "written", "url"),
    [
        (LinkKind.INLINE, "[t](https://a.example/x)", "https://b.example/"),  # the whole link
        (LinkKind.INLINE, "https://a.example/\ufffd", "https://b.example/"),
        (LinkKind.INLINE, "", "https://b.example/a b"),
        (LinkKind.INLINE, "", "https://b.example/\n"),
        (LinkKind.AUTOLINK, "", "https://b.example/<x>"),
        (LinkKind.FRONT_MATTER, "", "https://b.example/a,b"),
        (LinkKind.FRONT_MATTER, "", "https://b.example/a:"),
        (LinkKind.INLINE, "", OLD),
    ],
)
def test_what_cannot_be_written(kind: LinkKind, written: str, url: str) -> None:
    assert edit(link(OLD, kind=kind, written=written), url, "redirect", "why") is None


@pytest.mark.parametrize(
    ("text", "url", "expected"),
    [
        ("[t](https://a.example/x 'T')", "https://b.example/(y", "[t](https://b.example/\\(y 'T')"),
        ("[t](<https://a.example/x>)", "https://b.example/(y", "[t](<https://b.example/\\(y>)"),
        ("[t](https://a.example/x)", "https://b.example/(y)", "[t](https://b.example/(y))"),
        ("[t](https://a.example/x)", "https://b.example/?a&copy;=1", "[t](https://b.example/?a&amp;copy;=1)"),
        ("[t](https://a.example/x)", "https://b.example/?a\\*b", "[t](https://b.example/?a\\\\*b)"),
        ("[t](https://a.example/x)", "https://b.example/?<a>", "[t](https://b.example/?\\<a\\>)"),
        ("[t](https://a.example/\\*x)", "https://b.example/", "[t](https://b.example/)"),
        ("<https://a.example/x>", "https://b.example/?a&amp;b", "<https://b.example/?a&amp;amp;b>"),
        ("[t][r]\n\n[r]: https://a.example/x 'T'\n", "https://b.example/)y", "[t][r]\n\n[r]: https://b.example/\\)y 'T'\n"),
        ("see https://a.example/x.", "https://b.example/y", "see https://b.example/y."),
        ("(www.a.example/x)", "https://b.example/y", "(https://b.example/y)"),
        ('<a href="https://a.example/?a=1&amp;b=2">t</a>', "https://b.example/?c&d", '<a href="https://b.example/?c&amp;d">t</a>'),
        ("<a href='https://a.example/x'>t</a>", "https://b.example/'y'?c&d", "<a href='https://b.example/&#39;y&#39;?c&d'>t</a>"),
        ("<a href=https://a.example/x>t</a>", "https://b.example/`", "<a href=https://b.example/&#96;>t</a>"),
        ("---\nurl: 'https://a.example/x'\n---\n", "https://b.example/y", "---\nurl: 'https://b.example/y'\n---\n"),
    ],
)  # fmt: skip
def test_a_url_is_escaped_for_its_place(text: str, url: str, expected: str) -> None:
    document = read.read(text.encode(), "l.md")
    made = edit(document.links[0], url, "redirect", "why")
    assert made is not None
    found = patched(text.encode(), document, [made], read.read)
    assert (found.data.decode(), found.left_out) == (expected, ())
    assert read.read(found.data, "l.md").links[0].url == url


def test_a_repair() -> None:
    place = link("http:/a.example", span=(4, 19))
    assert repair(place, Repair((4, 19), "x"), "x", "repair", "why") is None
    made = repair(place, Repair((4, 19), "http://a.example"), "http:/a.example", "repair", "why")
    assert made is not None
    assert (made.span, made.old, made.new, made.url) == ((4, 19), "http:/a.example", "http://a.example", "")
