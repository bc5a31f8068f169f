"""Signs that a page is not what the link promises: screens, walls, parking, suspension, absence.

The rows are data (`signatures.tsv`, `not_found.tsv`), each with its source; here is only how they are
looked for. A word alone never decides: "captcha" stands in 11 % of ordinary pages, so a row says how
little text the page may have beside it. Text is the *main* text: without scripts, navigation, links
and the page's head and foot.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pkgutil import get_data

from selectolax.lexbor import LexborHTMLParser, LexborNode

from linkcheck.common import patterns
from linkcheck.common.secret import masked
from linkcheck.model import Confidence, Match, SignatureKind

NO_PAGE = frozenset(SignatureKind) - {SignatureKind.LOGIN, SignatureKind.SHELL}
"""Marks of pages whose title and text are not the link's own."""

# How many words of main text a page may have at most, by the row's `length`; in rising order.
_LENGTHS: Mapping[str, float] = {"empty": 20, "short": 200, "medium": 280, "any": float("inf")}
# Those that hold much come first: the tree is walked once for each.
_NO_TEXT = "nav header footer aside script style noscript template select svg iframe button a".split()
_TEXT_CHARS = 6_000
_TEXT_WORDS = 300  # more than any row looks at
_HEADING_WORDS = 14
_TINY_WORDS = 70
_SHELL_WORDS = 20
_LARGE = 5_000
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
    """A row of signatures.tsv. `matches` looks at the text of its part; `header` names the field of a header row."""

    kind: SignatureKind
    name: str
    confidence: Confidence
    most_words: float
    part: str
    header: str
    pattern: str
    source: str
    matches: Callable[[str], bool]


class Source:
    """A page as the signs see it; what is dear is made when it is asked for, and only as far as it is needed.

    `html` is the decoded body, `tree` its parse where it is HTML, and this takes it over; `heads` are the
    tree's headings of the first two ranks, `headers` have lower-case names. `shares_title` says that the
    page names itself for sharing (og:title), as screens never do.
    """

    def __init__(
        self,
        html: str,
        tree: LexborHTMLParser | None,
        url: str,
        headers: Mapping[str, str],
        *,
        title: str = "",
        heads: Sequence[LexborNode] = (),
        shares_title: bool = False,
        is_article: bool = False,
    ) -> None:
        self.html, self.tree, self.url, self.headers = html, tree, url, headers
        self.title, self.shares_title, self.is_article = title, shares_title, is_article
        self._heads = heads

    @cached_property
    def headings(self) -> list[str]:
        return [text for node in self._heads[:4] if (text := " ".join(node.text(separator=" ").split())[:200])]

    @cached_property
    def text(self) -> str:
        """How the main text begins; of what is not HTML, its first 6,000 characters."""
        if self.tree is None:
            return " ".join(self.html[:_TEXT_CHARS].split())
        _ = self.headings  # they may stand in what goes now
        self.tree.strip_tags(_NO_TEXT)
        shown = self.tree.body.text(separator=" ") if self.tree.body else ""
        return " ".join(shown.split(maxsplit=_TEXT_WORDS)[:_TEXT_WORDS])[:_TEXT_CHARS]

    @cached_property
    def said(self) -> str:
        """Title, headings and main text: what a reader sees."""
        return f"{self.title} . {' . '.join(self.headings)} . {self.text}"

    @cached_property
    def words(self) -> int:
        """How many words `text` has; of scripts without blanks, two characters count as one."""
        without_blanks = 0 if self.text.isascii() else len(_NO_BLANKS.findall(self.text))
        return self.text.count(" ") + bool(self.text) + without_blanks // 2


def find(source: Source, *, status: int) -> tuple[Match, ...]:
    """Every sign on the page, the surest first."""
    found = [
        Match(signature.kind, signature.name, _words(signature, source), signature.confidence)
        for signature in _fired(source)
    ]
    if status < 400 and (absent := _not_found(source)):
        found.append(absent)
    if not found and _is_shell(source):
        found.append(
            Match(SignatureKind.SHELL, "script", "a script draws the page; its text cannot be read", Confidence.LIKELY)
        )
    order = list(Confidence)
    return tuple(sorted(found, key=lambda match: order.index(match.confidence)))


def _is_shell(source: Source) -> bool:
    return source.tree is not None and source.words < _SHELL_WORDS and "<script" in source.html


def _fired(source: Source) -> Iterator[Signature]:
    is_large = source.shares_title and len(source.html) > _LARGE
    most_words = next(most for most in _LENGTHS.values() if source.words <= most)
    for part, header, signatures in _asked(most_words):
        if is_large and part in ("html", "text"):
            continue
        if text := _part(part, header, source):
            yield from (signature for signature in signatures if signature.matches(text))


@lru_cache(maxsize=len(_LENGTHS))
def _asked(words: float) -> tuple[tuple[str, str, tuple[Signature, ...]], ...]:
    """The rows for a page of that many words, by (part, header)."""
    found: dict[tuple[str, str], list[Signature]] = {}
    for signature in load():
        if words <= signature.most_words:
            found.setdefault((signature.part, signature.header), []).append(signature)
    return tuple((*key, tuple(signatures)) for key, signatures in found.items())


def _part(part: str, header: str, source: Source) -> str:
    """What the rows of a part look at."""
    match part:
        case "html":
            return source.html
        case "data":
            return source.html if source.tree is None else ""
        case "title":
            return source.title
        case "text":
            return source.said
        case "url":
            return source.url
        case _:
            return source.headers.get(header, "")


def _words(signature: Signature, source: Source) -> str:
    """The line of evidence; the same in every run."""
    name = f"{signature.name} {signature.kind.value} page"
    match signature.part:
        case "title":
            return f"{name}: its title is {source.title[:80]!r}"
        case "url":
            return f"{name}: it ends at {masked(source.url)[:200]}"
        case "header":
            return f"{name}: {signature.header}: {source.headers.get(signature.header, '')[:80]}"
        case "text":
            return f"{name}: it says {source.text[:80]!r}"
        case _:
            return f"{name}: it has {signature.pattern[:60]!r} and hardly any text"


# -- words that say "not found" ----------------------------------------------------------------


def _not_found(source: Source) -> Match | None:
    """Title or heading says not found, the main text is short, and nothing marks an article.

    Likely at most: words alone never prove it. (design/verdicts.md 7c)
    """
    if source.is_article or source.words > _LENGTHS["short"]:
        return None
    if source.tree is None or "<" not in source.html:
        return _data_not_found(source)
    heads = [part for text in (source.title, *source.headings) for part in (text, *_PARTS.split(text)) if part]
    said = next((head for head in heads if _is_absence(head)), "")
    if not said and not source.shares_title and source.words <= _TINY_WORDS:
        said = next((part for part in _sentences(source.text) if _is_absence(part)), "")
    if not said or _says_otherwise(source):
        return None
    return Match(SignatureKind.NOT_FOUND, "words", f"the page says {said[:80]!r} and little else", Confidence.LIKELY)


def _data_not_found(source: Source) -> Match | None:
    """A short answer of a program: `404 Not Found`, or JSON that is an error and nothing else."""
    text = source.html.strip()
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


def _says_otherwise(source: Source) -> bool:
    """Whether a heading or a short text has another status code in it: `~4~0~3~`, `401 Unauthorized`."""
    shown = " ".join((source.title, *source.headings, source.text[:200] if source.words <= _TINY_WORDS else ""))
    codes = set(_CODE.findall(shown)) | set(_CODE.findall(re.sub(r"(?<=\d)\W(?=\d)", "", shown)))
    return bool({code for code in codes if code not in _ABSENT_CODES})


# -- the data ----------------------------------------------------------------------------------


def load_tables() -> None:
    """So that no page waits for them later."""
    load()
    _absence_words()


@lru_cache(maxsize=1)
def load() -> tuple[Signature, ...]:
    """The rows of signatures.tsv, in order."""
    return tuple(_signature(row) for row in _rows("signatures.tsv"))


@lru_cache(maxsize=1)
def absences() -> tuple[re.Pattern[str], ...]:
    """What "not found" is called, one pattern a language."""
    return tuple(re.compile(row["pattern"], re.IGNORECASE) for row in _rows("not_found.tsv"))


# Without case, `re` takes these for i, s and k.
_LIKE_ASCII = {0x130: "i", 0x131: "i", 0x17F: "s", 0x212A: "k"}


@lru_cache(maxsize=1)
def _absence_words() -> tuple[str, ...]:
    """Texts, in lower case, of which every ASCII text that one of the `absences` matches has one."""
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
    return Signature(
        SignatureKind(row["kind"]), row["name"], Confidence(row["confidence"]), _LENGTHS[row["length"]], part, header,
        pattern, row["source"], matches,
    )  # fmt: skip


@lru_cache(maxsize=1)
def _lower(text: str) -> str:
    """Every row of a page asks for the same."""
    return text.lower()


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Most runs meet pages that ask for a few of the patterns only."""
    return re.compile(pattern, re.IGNORECASE)
