"""Signatures of pages that are not what the link promises: challenge, login, parked, suspended, missing.

The rows are data (`signatures.tsv`, `not_found.tsv`), each with its source; this module matches them. A word alone
never decides: "captcha" occurs in 11 % of ordinary pages, so each row limits the amount of text that the page may
have. Text is the *main* text: without scripts, navigation, links, header and footer.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pkgutil import get_data

from linkcheck.common import patterns
from linkcheck.common.secret import masked
from linkcheck.model import Confidence, Match, SignatureKind
from linkcheck.page.html import MAIN_TEXT_CHARS, ParsedPage

NO_PAGE = frozenset(SignatureKind) - {SignatureKind.LOGIN, SignatureKind.SHELL}
"""Kinds of pages whose title and text do not belong to the link."""

# Largest number of words of main text, by the row's `length`; in ascending order.
_LENGTHS: Mapping[str, float] = {"empty": 20, "short": 200, "medium": 280, "any": float("inf")}
_TITLE_CHARS = 1_000
_HEADING_WORDS = 14
_TINY_WORDS = 70
_SHELL_WORDS = 20
_LARGE = 5_000  # characters of HTML: a larger page with og:title is an ordinary page, whatever its text says
_CODE = re.compile(r"(?<!\d)([45]\d\d)(?!\d)")
_PARTS = re.compile(r"\s+(?:\||-|–|—|·|•|::|»|«|@)\s+|\s*[|·•«»]\s*")
_ABSENT_CODES = ("404", "410")
_ONLY_CODE = re.compile(
    r"\W*(?:this is (?:a|an|the)\W*)?(?:(?:http|errors?|page|status|code|oops)\W*+)*(?:404|410)"
    r"(?:\W*(?:errors?|page|gone|oops))*\W*",
    re.IGNORECASE,
)
_NO_BLANKS = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Signature:
    """A row of signatures.tsv. `matches` tests the text of its part; `header` names the field of a header row."""

    kind: SignatureKind
    name: str
    confidence: Confidence
    most_words: float
    part: str
    header: str
    pattern: str
    source: str
    matches: Callable[[str], bool]


class SignatureInput:
    """A page as the signatures see it; expensive parts are computed lazily.

    `html` is the decoded body, `page` its parse if it is HTML; `headers` have lower-case names, `url` is the final URL
    after redirects. `shares_title`: the page has an og:title, as challenge pages never do.
    """

    def __init__(
        self, html: str, page: ParsedPage | None, url: str, headers: Mapping[str, str], *, is_article: bool = False
    ) -> None:
        self.html, self.page, self.url, self.headers, self.is_article = html, page, url, headers, is_article

    @cached_property
    def title(self) -> str:
        return self.page.text("title")[:_TITLE_CHARS] if self.page else ""

    @cached_property
    def shares_title(self) -> bool:
        return self.page is not None and bool(self.page.meta("og:title"))

    @cached_property
    def headings(self) -> list[str]:
        return self.page.headings() if self.page else []

    @cached_property
    def text(self) -> str:
        """The beginning of the main text; if it is not HTML, the first 6,000 characters."""
        return self.page.main_text() if self.page else " ".join(self.html[:MAIN_TEXT_CHARS].split())

    @cached_property
    def visible_text(self) -> str:
        """Title, headings and main text."""
        return f"{self.title} . {' . '.join(self.headings)} . {self.text}"

    @cached_property
    def words(self) -> int:
        """Number of words in `text`; in scripts without blanks, two characters count as one."""
        without_blanks = 0 if self.text.isascii() else len(_NO_BLANKS.findall(self.text))
        return self.text.count(" ") + bool(self.text) + without_blanks // 2


def find(seen: SignatureInput, *, status: int) -> tuple[Match, ...]:
    """Every signature that matches the page, highest confidence first."""
    found = [
        Match(signature.kind, signature.name, _evidence(signature, seen), signature.confidence)
        for signature in _fired(seen)
    ]
    if status < 400 and (absent := _not_found(seen)):
        found.append(absent)
    if not found and _is_shell(seen):
        found.append(
            Match(SignatureKind.SHELL, "script", "a script draws the page; its text cannot be read", Confidence.LIKELY)
        )
    order = list(Confidence)
    return tuple(sorted(found, key=lambda match: order.index(match.confidence)))


def _is_shell(seen: SignatureInput) -> bool:
    return seen.page is not None and seen.words < _SHELL_WORDS and "<script" in seen.html


def _fired(seen: SignatureInput) -> Iterator[Signature]:
    is_large = seen.shares_title and len(seen.html) > _LARGE
    most_words = next(most for most in _LENGTHS.values() if seen.words <= most)
    for part, header, signatures in _asked(most_words):
        if is_large and part in ("html", "text"):
            continue
        if text := _part(part, header, seen):
            yield from (signature for signature in signatures if signature.matches(text))


@lru_cache(maxsize=len(_LENGTHS))
def _asked(words: float) -> tuple[tuple[str, str, tuple[Signature, ...]], ...]:
    """The rows for a page of that many words, grouped by (part, header)."""
    found: dict[tuple[str, str], list[Signature]] = {}
    for signature in load():
        if words <= signature.most_words:
            found.setdefault((signature.part, signature.header), []).append(signature)
    return tuple((*key, tuple(signatures)) for key, signatures in found.items())


def _part(part: str, header: str, seen: SignatureInput) -> str:
    """The text that rows of a part are matched against."""
    match part:
        case "html":
            return seen.html
        case "data":
            return seen.html if seen.page is None else ""
        case "title":
            return seen.title
        case "text":
            return seen.visible_text
        case "url":
            return seen.url
        case _:
            return seen.headers.get(header, "")


def _evidence(signature: Signature, seen: SignatureInput) -> str:
    """The line of evidence, deterministic."""
    name = f"{signature.name} {signature.kind.value} page"
    match signature.part:
        case "title":
            return f"{name}: its title is {seen.title[:80]!r}"
        case "url":
            return f"{name}: it ends at {masked(seen.url)[:200]}"
        case "header":
            return f"{name}: {signature.header}: {seen.headers.get(signature.header, '')[:80]}"
        case "text":
            return f"{name}: it says {seen.text[:80]!r}"
        case _:
            return f"{name}: it has {signature.pattern[:60]!r} and hardly any text"


# -- "not found" texts -------------------------------------------------------------------------


def _not_found(seen: SignatureInput) -> Match | None:
    """A match if title or heading says not found, the main text is short, and the page is no article.

    Likely at most: prose alone never proves it. (docs/verdicts.md, Soft 404)
    """
    if seen.is_article or seen.words > _LENGTHS["short"]:
        return None
    if seen.page is None or "<" not in seen.html:
        return _data_not_found(seen)
    heads = [part for text in (seen.title, *seen.headings) for part in (text, *_PARTS.split(text)) if part]
    phrase = next((head for head in heads if _is_absence(head)), "")
    if not phrase and not seen.shares_title and seen.words <= _TINY_WORDS:
        phrase = next((part for part in _sentences(seen.text) if _is_absence(part)), "")
    if not phrase or _names_other_status(seen):
        return None
    return Match(SignatureKind.NOT_FOUND, "words", f"the page says {phrase[:80]!r} and little else", Confidence.LIKELY)


def _data_not_found(seen: SignatureInput) -> Match | None:
    """A match for a short plain answer: `404 Not Found`, or JSON that holds only an error."""
    text = seen.html.strip()
    if len(text) > 1_000:
        return None
    if text.startswith("{"):
        try:
            found = json.loads(text)
        except ValueError:
            return None
        is_error = isinstance(found, dict) and 0 < len(found) <= 3 and "error" in text[:60].lower()
        is_absent = bool(re.search(r"not found|does not (?:exist|match)|\b404\b", text, re.IGNORECASE))
    else:
        is_error = True
        is_absent = bool(re.match(r"(?:error\W*)?404\b|not found\W*$", text, re.IGNORECASE))
    return (
        Match(SignatureKind.NOT_FOUND, "words", f"it answers {text[:80]!r}", Confidence.LIKELY)
        if is_error and is_absent
        else None
    )


@lru_cache(maxsize=4096)
def _is_absence(text: str) -> bool:
    if len(text.split()) > _HEADING_WORDS or len(text) > 160:
        return False
    if text.isascii() and not any(map(text.lower().__contains__, _absence_words())):
        return bool(_ONLY_CODE.fullmatch(text))
    return bool(_ONLY_CODE.fullmatch(text)) or any(p.search(text) for p in absences())


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=[.!?…。！])\s+|\s{2,}", text)[:8]]


def _names_other_status(seen: SignatureInput) -> bool:
    """Whether title, heading or a short text names another status code: `~4~0~3~`, `401 Unauthorized`."""
    shown = " ".join((seen.title, *seen.headings, seen.text[:200] if seen.words <= _TINY_WORDS else ""))
    codes = set(_CODE.findall(shown)) | set(_CODE.findall(re.sub(r"(?<=\d)\W(?=\d)", "", shown)))
    return bool({code for code in codes if code not in _ABSENT_CODES})


# -- the data ----------------------------------------------------------------------------------


def load_tables() -> None:
    """Load the tables now, so that it does not count as a page's time."""
    load()
    _absence_words()


@lru_cache(maxsize=1)
def load() -> tuple[Signature, ...]:
    """The rows of signatures.tsv, in order."""
    return tuple(_signature(row) for row in _rows("signatures.tsv"))


@lru_cache(maxsize=1)
def absences() -> tuple[re.Pattern[str], ...]:
    """Patterns for "not found", one a language."""
    return tuple(re.compile(row["pattern"], re.IGNORECASE) for row in _rows("not_found.tsv"))


# Without case, `re` takes these for i, s and k.
_LIKE_ASCII = {0x130: "i", 0x131: "i", 0x17F: "s", 0x212A: "k"}


@lru_cache(maxsize=1)
def _absence_words() -> tuple[str, ...]:
    """Literals in lower case; every ASCII text that one of the `absences` matches contains at least one."""
    needed = {
        text.translate(_LIKE_ASCII).lower() for one in absences() for text in patterns.needed(one.pattern) or ("",)
    }
    return tuple(sorted(filter(str.isascii, needed)))


def _rows(name: str) -> list[dict[str, str]]:
    text = (get_data("linkcheck.page", name) or b"").decode()
    return list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


def _signature(row: Mapping[str, str]) -> Signature:
    part, _, header = row["part"].partition(":")
    pattern = row["pattern"]

    def contains(text: str) -> bool:
        return pattern in text

    def is_whole(text: str) -> bool:
        return _compiled(pattern).fullmatch(text.strip()) is not None

    needed = tuple(map(str.lower, patterns.needed(pattern))) if part == "text" else ()

    def is_found(text: str) -> bool:
        if needed and not any(map(_lower(text).__contains__, needed)):
            return False
        return _compiled(pattern).search(text) is not None

    matches = contains if part == "html" else is_whole if part == "title" else is_found
    kind = SignatureKind[row["kind"].upper().replace("-", "_")]
    confidence, most_words = Confidence(row["confidence"]), _LENGTHS[row["length"]]
    return Signature(kind, row["name"], confidence, most_words, part, header, pattern, row["source"], matches)


@lru_cache(maxsize=1)
def _lower(text: str) -> str:
    """`text` in lower case, cached, since every row of a page needs the same text."""
    return text.lower()


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    """The compiled pattern, lazily: most runs need only a few of them."""
    return re.compile(pattern, re.IGNORECASE)
