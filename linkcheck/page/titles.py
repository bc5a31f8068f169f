"""Page titles: remove the site's name, and reject texts that are no title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from linkcheck.common import invisible
from linkcheck.common.char_references import unescaped

MOST_CHARS = 20_000
"""Characters of a value that are read; no description of a recorded page has more."""
_MOST_MARKS = 30  # combining marks in a row: UAX #15 §13, the Stream-Safe Text Format
_TAGS = re.compile(r"<[^<>]{1,200}>")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_TAIL = re.compile(r"^(?P<head>.+\S)\s+(?:\||-|–|—|·|•|::|»|«|/|:)\s+(?P<tail>\S.*)$", re.DOTALL)
_HEAD = re.compile(r"^(?P<head>[^|:·»–—]{2,60}?)(?:\s+(?:\||-|–|—|·|•|::|»)|:)\s+(?P<rest>\S.*)$", re.DOTALL)
_ARXIV = re.compile(r"^\[(?:\d{4}\.\d{4,5}|[a-z.-]+/\d{7})(?:v\d+)?\]\s+")
_BARS = re.compile(r"\s+[|–—-]\s+")
_NOT_ALNUM = re.compile(r"[\W_]+")
# Titles of challenge pages, consent pages, error pages and empty shells: whole titles, never parts,
# since articles are written about all of these. (From recorded pages, 2026-11.)
_NO_TITLE = re.compile(
    r"""(?:
      just\ a\ moment\W* | attention\ required!?(?:\ \|\ cloudflare)? | please\ wait\W* | one\ moment,?\ please\W*
    | checking\ (?:your|if\ the\ site).* | verif(?:y|ying|ication)\b.{0,40}\b(?:human|browser|bot|robot).*
    | are\ you\ (?:a\ )?(?:human|robot|bot)\W* | (?:i'?m\ )?not\ a\ robot\W* | robot\ (?:check|challenge).*
    | security\ (?:check(?:point)?|verification)\W* | vercel\ security\ checkpoint | bot\ verification
    | ddos-?guard | making\ sure\ you.{0,3}re\ not\ a\ bot\W* | pardon\ our\ interruption\W* | captcha
    | sucuri\ website\ firewall.* | access\ (?:to\ this\ page\ )?(?:has\ been\ )?(?:denied|blocked|forbidden)\W*
      (?:[|–—-].{0,60})?
    | (?:request|access)\ (?:blocked|rejected|restricted).* | blocked | forbidden | unauthori[sz]ed
    | before\ you\ continue.* | bevor\ sie\ .{0,30}weitergehen.* | antes\ de\ (?:ir|continuar).* | avant\ d.acc.der.*
    | (?:cookie|privacy)\ (?:consent|settings|preferences)\W* | -?\s*youtube | consent(?:\ required)?
    | (?:error\W*)?[45]\d\d(?:\W+(?:error|not\ found|forbidden|unauthori[sz]ed|bad|internal|service|gateway|too\ many
      |gone|access|page|client|server|method)\b.{0,60})? | (?:https?\ )?(?:error|status)\W+[45]\d\d.*
    | (?:page|site|document|file|url|content|resource|seite|página|pagina)?\s*(?:was\ |is\ )?
      (?:not\ found|introuvable|nicht\ gefunden|no\ encontrad[ao]|n[ãa]o\ encontrad[ao]|non\ trovat[ao])\W*
      (?:[|–—-].{0,60})?
    | oops\W* | (?:an\ )?error\ occurr?ed.* | server\ error | service\ unavailable | bad\ (?:gateway|request)
    | temporarily\ unavailable | gateway\ time-?out | too\ many\ requests
    | home(?:page)?|index|untitled(?:\ document)?|loading\W*|document|undefined|null|test|welcome|redirecting\W*
    | log\ ?in|sign\ ?in|login\ .\ instagram|sign\ in\W+google\ accounts
    | javascript\ is\ (?:disabled|not\ available)\W*
    )""",
    re.IGNORECASE | re.VERBOSE,
)


def is_title(text: str) -> bool:
    """Whether `text` can be the title of real content."""
    return any(c.isalnum() for c in text) and not _NO_TITLE.fullmatch(text.strip())


def tidy(text: str) -> str:
    """One line of plain text: entities decoded, markup and invisible characters removed, NFC, truncated."""
    text = unescaped(unescaped(text[:MOST_CHARS]))
    text = _TAGS.sub(" ", text) if "<" in text else text
    text = _composed(text.replace("\t", " ").replace("\n", " "))
    if not invisible.is_seen(text):
        text = invisible.visible(_CONTROLS.sub("", text))
    return " ".join(text.split())


def _composed(text: str) -> str:
    """`text` in NFC. Reordering combining marks is quadratic, so their number per letter is bounded."""
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text
    matches, kept = 0, list[str]()
    for char in text:
        matches = matches + 1 if unicodedata.combining(char) else 0
        if matches <= _MOST_MARKS:
            kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept))


def without_site(title: str, sites: Iterable[str]) -> str:
    """`title` without the site's name at its end or start, and without a repeated half.

    Only a name that the page itself gives is removed: `Node.js – the basics` has no site in it.
    """
    known = set(filter(None, map(key, sites)))
    title = _ARXIV.sub("", title)
    for _ in range(3):
        found = _TAIL.match(title)
        if not found or key(found["tail"]) not in known:
            break
        title = found["head"]
    found = _HEAD.match(title)
    if found and key(found["head"]) in known:
        title = found["rest"]
    halves = _BARS.split(title)
    if len(halves) == 2 and key(halves[0]) == key(halves[1]):
        return halves[0]
    return title


@lru_cache(maxsize=1024)
def key(text: str) -> str:
    """The key to compare titles or names by: letters and digits, without case."""
    return _NOT_ALNUM.sub("", text).casefold()


def is_same(one: str, other: str) -> bool:
    return key(one) == key(other)
