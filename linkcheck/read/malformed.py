"""Links that were written wrong, as real lists have them: what was meant, never dropped.

Markdown shows these as text; the reader of the list sees brackets where a link should be. Looked
for where the rest of such a link stands: before a bare URL, and in text that holds `](`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from linkcheck.model import LinkKind, Malformed
from linkcheck.read import bare
from linkcheck.read.entries import Draft, collapse

_BEFORE = re.compile(rb"(?:\](?P<round>\(<?)|\](?P<gap>[ \t]{1,3}\()|\](?P<square>\[)|\](?P<curly>\{))\Z")
_TASK = re.compile(r"[xX]?|\^.*|!.*")
_FILE = re.compile(
    rb"\]\((?P<url>[^()\[\]<>\r\n\"']{0,300}[^()\[\]<>\r\n\"' ][ ][^()\[\]<>\r\n\"']{0,300}\.[A-Za-z0-9]{2,4})\)"
)
_URL_SIGNS = (b"://", b"www.", b"@")
_NESTED = re.compile(r"\[[^\]]*\]\((?P<url>[^)]+)\)?")
_BLANKS = re.compile(r"[ <>]+")
_LABEL_BYTES = 400
_REST_BYTES = 1_000


def of_bare(data: bytes, draft: Draft) -> Malformed | None:
    """Why a bare URL is the rest of a link that was written wrong; None when it is not.

    Gives the draft the title that its brackets hold.
    """
    start, stop = draft.span
    before = _BEFORE.search(data, max(0, start - 8), start)
    if not before or not draft.url.startswith(("http", "ftp")):
        return None
    label = _label_before(data, before.start())
    if label is None:
        return None
    draft.title = label
    repaired = f"[{label}]({draft.url})"
    if before["gap"]:
        return None if _TASK.fullmatch(label) else Malformed("a blank stands between ] and (", repaired)
    if before["square"] or before["curly"]:
        return Malformed("the URL stands in the wrong brackets", repaired)
    rest = data[stop : stop + _REST_BYTES].partition(b"\n")[0]
    closing = rest.find(b")")
    if closing == -1:
        return Malformed("the closing ) is missing", repaired)
    wanted = (data[start:stop] + rest[:closing]).decode(errors="replace")
    return Malformed("the URL holds a blank", f"[{label}]({_BLANKS.sub('%20', wanted)})")


def files(data: bytes, start: int, stop: int) -> Iterator[Draft]:
    """`[text](some file.pdf)`: links to files whose names hold a blank."""
    for hit in _FILE.finditer(data, start, stop):
        if any(sign in hit["url"] for sign in _URL_SIGNS):
            continue
        url = hit["url"].decode(errors="replace")
        label = _label_before(data, hit.start()) or url
        draft = Draft(hit.start("url"), hit.span("url"), url, LinkKind.INLINE, text=label)
        draft.malformed = Malformed("the URL holds a blank", f"[{label}]({url.replace(' ', '%20')})")
        yield draft


def of_destination(draft: Draft) -> Malformed | None:
    """`[text]([url](url2))`: a link where the URL should stand."""
    nested = _NESTED.match(draft.url)
    if not nested:
        return None
    return Malformed("a link stands where the URL should", f"[{collapse(draft.text)}]({nested['url']})")


def _label_before(data: bytes, closing: int) -> str | None:
    """The text in the brackets that `]` at `closing` ends, a few hundred bytes back; None for none."""
    depth = 0
    for at in range(closing - 1, max(0, closing - _LABEL_BYTES) - 1, -1):
        byte = data[at]
        if byte == 0x5D:
            depth += 1
        elif byte == 0x5B and depth:
            depth -= 1
        elif byte == 0x5B:
            return collapse(bare.unescaped(data[at + 1 : closing].decode(errors="replace")))
    return None
