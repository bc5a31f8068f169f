from __future__ import annotations

import pytest

from linkcheck import read
from linkcheck.mend.notes import note
from linkcheck.mend.patch import patched

URL = "https://web.archive.org/web/20180203040506/https://a.example/(x"


def noted(data: bytes) -> bytes | None:
    document = read.read(data, "l.md")
    made = note(data, document, document.links[0], URL, "archive", "why")
    if made is None:
        return None
    found = patched(data, document, [made], read.read)
    assert found.left_out == ()
    return found.data


@pytest.mark.parametrize(
    "data",
    [
        b"[a][r]\n\n[r]: https://a.example/x\n", b"![a](https://a.example/x)", "[a](https://a.example/x)".encode("utf-16"),
        b"---\nurl: https://a.example/x\n---\n", b"<a href='https://a.example/x'>",
        b"## [a](https://a.example/x)\n", b"> - 1. # [a](https://a.example/x) #\n", b"[a](https://a.example/x)\r\n===\r\n",
        b"> see https://a.example/x\n> ---", b"<h2 id='a'><a href='https://a.example/x'>a</a></h2>",
    ],
)  # fmt: skip
def test_where_there_is_no_place(data: bytes) -> None:
    assert noted(data) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- [a](https://a.example/x) - x", "- [a](https://a.example/x) ([archived](URL)) - x"),
        ("[a](https://a.example/x 'T (y)'), b", "[a](https://a.example/x 'T (y)') ([archived](URL)), b"),
        ("[a](<https://a.example/x> \"T\")", "[a](<https://a.example/x> \"T\") ([archived](URL))"),
        ("[a](https://a.example/x\n  (T) )b", "[a](https://a.example/x\n  (T) ) ([archived](URL))b"),
        ("#5 [a](https://a.example/x)\n\n---", "#5 [a](https://a.example/x) ([archived](URL))\n\n---"),
        ("<https://a.example/x>.", "<https://a.example/x> ([archived](URL))."),
        ("see https://a.example/x.", "see https://a.example/x ([archived](URL))."),
        ("<a href='https://a.example/x'>a</a>.", "<a href='https://a.example/x'>a</a> (<a href=\"HTML\">archived</a>)."),
    ],
)  # fmt: skip
def test_a_note_stands_behind_the_whole_link(text: str, expected: str) -> None:
    wanted = expected.replace("URL", URL.replace("(x", "\\(x")).replace("HTML", URL)
    assert noted(text.encode()) == wanted.encode()
