"""arXiv papers, by the export API: up to 200 in one request, 3 s apart.

Rules: arXiv "Understanding the arXiv identifier" and
"API Terms of Use" (https://info.arxiv.org/help, read 2026-11-23). An item that the API lists exists. For one
that it does not list the page is requested, since the API's answers are sometimes incomplete.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from linkcheck.common.lazy import lazy
from linkcheck.contracts import Site
from linkcheck.model import (
    Answer,
    Author,
    Csl,
    Finding,
    Flag,
    Metadata,
    Observation,
    Pace,
    Presence,
    Purpose,
    Request,
    Url,
    Value,
    replace,
)

if TYPE_CHECKING:
    from xml.etree import ElementTree

BATCH = 200
_API = "https://export.arxiv.org/api/query?id_list="
_MAX_BYTES = 8_000_000
_MOST_TAGS = 300_000  # 200 papers have some 15,000; each takes half a kilobyte
_COMMENT_CHARS = 5_000

_NEW = lazy(r"(?P<id>(?P<yy>\d\d)(?P<mm>0[1-9]|1[0-2])\.(?P<n>\d{4,5}))(?:v(?P<v>[1-9]\d?))?")
_OLD = lazy(r"(?P<archive>[a-z]+(?:-[a-z]+)?)(?:\.[A-Za-z]{2})?/(?P<n>\d{7})(?:v(?P<v>[1-9]\d?))?")
_OLD_ARCHIVES = frozenset(
    """acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas cond-mat cs
    dg-ga funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex nucl-th patt-sol physics
    plasm-ph q-alg q-bio quant-ph solv-int supr-con""".split()
)
_ARXIV_HOST = lazy(r"(?:[a-z]{2}\.|www\.|export\.|browse\.)?arxiv\.org|xxx\.lanl\.gov")
_MAY_BE_OURS = lazy(r"arxiv|lanl\.gov", re.IGNORECASE)
_VIEWS = frozenset("abs pdf html format src e-print ps dvi tb bibtex".split())
# Other views of the same paper: the part of their paths before the id. ar5iv and Hugging Face have
# separate pages (which can be gone while the paper is not), so they are not included.
_DOI = lazy(r"/10\.48550/arxiv\.(.+)", re.IGNORECASE)

_WITHDRAWN = lazy(
    r"\b(?:paper|article|manuscript|submission|work|preprint|note|version|it)\b.{0,60}\b(?:withdrawn|retracted)\b"
    r"|^\W*(?:withdrawn|retracted)\b|\bwithdrawn\s+(?:by|due|because|as|since)\b",
    re.IGNORECASE,
)
_ATOM = "{http://www.w3.org/2005/Atom}"
_OWN = "{http://arxiv.org/schemas/atom}"
_PARTICLES = frozenset("al bin da de del della den der des di dos du el la le ten ter van von zu zur".split())
_GROUP = lazy(r"\b(?:collaboration|consortium|team|group|project|institute|university|lab)\b", re.IGNORECASE)


class _Paper(Value, frozen=True):
    """One entry of the API's answer; `key` is the id without a version."""

    key: str
    latest: int
    metadata: Metadata
    is_withdrawn: bool


# -- URLs of papers --------------------------------------------------------------------------


def item(url: Url) -> str | None:
    """The id, with the version if the URL names one: `1706.03762v2`, `hep-th/9901001`."""
    if not _MAY_BE_OURS.search(url):  # fast path for most URLs of a list
        return None
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host in ("doi.org", "dx.doi.org"):
        found = _DOI.fullmatch(unquote(parts.path))
        return _id(found[1]) if found else None
    if not _ARXIV_HOST.fullmatch(host):
        return None
    view, _, rest = unquote(parts.path).lstrip("/").partition("/")
    if view not in _VIEWS:
        return None
    return _id(_named(rest, parts.query))


def _named(rest: str, query: str) -> str:
    """The text of the id: the path, or a query (`/abs?id=…`, `/abs/hep-th?papernum=…`, `/abs/hep-th?9901001`)."""
    rest = rest.partition("/anc/")[0].strip("/")
    if rest and "/" not in rest and rest in _OLD_ARCHIVES:
        number = parse_qs(query).get("papernum", [query])[0]
        return f"{rest}/{number}"
    if not rest:
        return parse_qs(query).get("id", [query])[0]
    return re.sub(r"\.(?:pdf|ps|ps\.gz)$", "", rest, flags=re.IGNORECASE)


def _id(text: str) -> str | None:
    """A valid id in its canonical form, or None.

    The API gives no entry for a well-formed id with the wrong number of digits, so the length is checked
    here: five digits from 1501 on, four before.
    """
    text = re.sub(r"^arxiv:", "", text.strip(), flags=re.IGNORECASE)
    if new := _NEW.fullmatch(text):
        month = int(new["yy"] + new["mm"])
        is_era = month >= 704 and len(new["n"]) == (5 if month >= 1501 else 4)
        return _with_version(new["id"], new["v"]) if is_era else None
    if old := _OLD.fullmatch(text):
        is_month = 1 <= int(old["n"][2:4]) <= 12
        return (
            _with_version(f"{old['archive']}/{old['n']}", old["v"])
            if old["archive"] in _OLD_ARCHIVES and is_month
            else None
        )
    return None


def _with_version(key: str, version: str | None) -> str:
    return f"{key}v{version}" if version else key


def _split(identifier: str) -> tuple[str, int | None]:
    key, letter, version = identifier.rpartition("v")
    return (key, int(version)) if letter and version.isdigit() else (identifier, None)


# -- requests --------------------------------------------------------------------------------


def ask(items: Sequence[str]) -> Sequence[Request]:
    """One request for every 200 papers; versions of one paper are requested as one."""
    by_key: dict[str, list[str]] = {}
    for one in items:
        by_key.setdefault(_split(one)[0], []).append(one)
    keys = list(by_key)
    batches = [keys[at : at + BATCH] for at in range(0, len(keys), BATCH)]
    return [_request(batch, [one for key in batch for one in by_key[key]]) for batch in batches]


def _request(keys: Sequence[str], items: Sequence[str]) -> Request:
    url = Url(f"{_API}{','.join(keys)}&max_results={len(keys)}")
    headers = (("accept", "application/atom+xml"),)
    return Request(url, Purpose.LOOKUP, SITE.name, tuple(items), headers, max_bytes=_MAX_BYTES)


# -- answers ---------------------------------------------------------------------------------


def read(seen: Observation) -> Answer:
    """Findings by item; a refused batch is requested again in halves."""
    status, items = seen.sighting.status, seen.request.items
    if status in (400, 414) and len({_split(one)[0] for one in items}) > 1:
        return Answer(more=tuple(_halves(items)))
    if status != 200 or not seen.complete or seen.body.count(b"<") > _MOST_TAGS:
        return Answer()
    papers = {paper.key: paper for paper in _papers(seen.body)}
    if any(key.startswith("error:") for key in papers):
        return Answer(more=tuple(_halves(items)))
    return Answer({one: _finding(one, papers.get(_split(one)[0])) for one in items} if papers else {})


def _halves(items: Sequence[str]) -> Iterable[Request]:
    keys = list(dict.fromkeys(_split(one)[0] for one in items))
    if len(keys) < 2:
        return []
    middle = len(keys) // 2
    parts = (keys[:middle], keys[middle:])
    return [_request(part, [one for one in items if _split(one)[0] in set(part)]) for part in parts]


def _papers(body: bytes) -> list[_Paper]:
    from defusedxml.ElementTree import fromstring  # loaded lazily

    feed: ElementTree.Element = fromstring(body, forbid_dtd=True)
    if feed.tag != _ATOM + "feed":
        raise ValueError(f"not an Atom feed but <{feed.tag}>")
    return [paper for entry in feed.iter(_ATOM + "entry") if (paper := _paper(entry))]


def _paper(entry: ElementTree.Element) -> _Paper | None:
    where = _text(entry, _ATOM + "id")
    if "/api/errors" in where:
        return _Paper(f"error:{where}", 0, Metadata(), is_withdrawn=False)
    identifier = _id(where.partition("/abs/")[2])
    if identifier is None:
        return None
    key, latest = _split(identifier)
    comment = _text(entry, _OWN + "comment")[:_COMMENT_CHARS]
    is_withdrawn = bool(_WITHDRAWN.search(comment))
    details: dict[str, Any] = {
        "id": key,
        "latest_version": latest,
        "primary_category": _attribute(entry, _OWN + "primary_category", "term"),
        "categories": [c.get("term", "") for c in entry.iter(_ATOM + "category")],
        "updated": _text(entry, _ATOM + "updated")[:10],
        "withdrawn": is_withdrawn,
        "comment": comment,
        "journal_ref": _text(entry, _OWN + "journal_ref"),
        "doi_published": _text(entry, _OWN + "doi"),
        "pdf": f"https://arxiv.org/pdf/{key}",
    }
    metadata = Metadata(
        kind="arxiv",
        title=_text(entry, _ATOM + "title"),
        authors=tuple(_author(_text(a, _ATOM + "name")) for a in entry.iter(_ATOM + "author")),
        published=_text(entry, _ATOM + "published")[:10],
        modified=_text(entry, _ATOM + "updated")[:10],
        description=_text(entry, _ATOM + "summary"),
        site_name="arXiv",
        canonical=f"https://arxiv.org/abs/{key}",
        doi=f"10.48550/arXiv.{key}",
        details={name: value for name, value in details.items() if value not in ("", None, [])},
        provenance=dict.fromkeys(("title", "authors", "published", "modified", "description", "doi"), "arxiv-api"),
    )
    return _Paper(key, latest or 1, metadata, is_withdrawn)


def _finding(asked: str, paper: _Paper | None) -> Finding:
    key, version = _split(asked)
    if paper is None:
        return Finding(evidence=f"the arXiv API does not list {key}", is_missing=True, ask_page=True)
    metadata = _with_asked(paper.metadata, version)
    if version is not None and version > paper.latest:
        return Finding(
            evidence=f"the arXiv API knows {key} up to v{paper.latest}, not v{version}",
            is_missing=True,
            metadata=metadata,
            replacement=f"https://arxiv.org/abs/{key}",
            ask_page=True,
        )
    flags: dict[Flag, str] = {}
    if version is not None and version < paper.latest:
        flags[Flag.SUPERSEDED] = f"v{version} is linked, v{paper.latest} is the latest"
    if paper.is_withdrawn:
        flags[Flag.WITHDRAWN] = str(paper.metadata.details.get("comment", ""))
    return Finding(
        Presence.PRESENT,
        evidence=f"the arXiv API lists {key} (v{paper.latest})",
        certain=True,
        metadata=metadata,
        flags=flags,
        replacement=f"https://arxiv.org/abs/{key}" if paper.is_withdrawn else "",
        ask_page=paper.is_withdrawn,
    )


def _with_asked(metadata: Metadata, version: int | None) -> Metadata:
    if version is None:
        return metadata

    details = {"id": metadata.details["id"], "requested_version": version, **metadata.details}
    return replace(metadata, details=details)


def _text(element: ElementTree.Element, tag: str) -> str:
    return " ".join((element.findtext(tag) or "").split())


def _attribute(element: ElementTree.Element, tag: str, name: str) -> str:
    found = element.find(tag)
    return found.get(name, "") if found is not None else ""


def _author(name: str) -> Author:
    """A display name split at its last space, particles kept with the family name.

    Groups and single names stay whole.
    """
    words = name.split()
    if len(words) < 2 or _GROUP.search(name):
        return Author(name)
    at = len(words) - 1
    if words[at].rstrip(".").lower() in ("jr", "sr", "ii", "iii", "iv") and at > 1:
        at -= 1
    while at > 1 and words[at - 1].lower() in _PARTICLES:
        at -= 1
    return Author(name, family=" ".join(words[at:]), given=" ".join(words[:at]))


_EXAMPLES: Mapping[str, str] = {
    "https://arxiv.org/abs/1706.03762": "1706.03762",
    "https://arxiv.org/abs/1706.03762v2": "1706.03762v2",
    "http://arxiv.org/pdf/1706.03762.pdf": "1706.03762",
    "https://www.arxiv.org/pdf/1706.03762v7": "1706.03762v7",
    "https://export.arxiv.org/abs/0704.0615": "0704.0615",
    "https://arxiv.org/html/2403.00001v1": "2403.00001v1",
    "https://arxiv.org/abs/math.CA/0611800v2": "math/0611800v2",
    "https://arxiv.org/pdf/hep-th/9901001.pdf": "hep-th/9901001",
    "https://arxiv.org/abs?id=1706.03762": "1706.03762",
    "https://arxiv.org/abs/hep-th?papernum=9901001": "hep-th/9901001",
    "https://arxiv.org/abs?hep-th/9901001": "hep-th/9901001",
    "https://arxiv.org/abs/hep-th?9303002": "hep-th/9303002",
    "https://arxiv.org/abs/arXiv:1706.03762": "1706.03762",
    "https://de.arxiv.org/abs/1301.3781": "1301.3781",
    "https://xxx.lanl.gov/abs/quant-ph/0201082v1": "quant-ph/0201082v1",
    "https://arxiv.org/src/1706.03762/anc/readme.txt": "1706.03762",
    "https://doi.org/10.48550/arXiv.1706.03762": "1706.03762",
}

_CSL = {
    "arxiv": Csl(
        "article",
        {"number": "arXiv:{id}", "genre": "preprint", "version": "{latest_version}", "keyword": "{categories}"},
    )
}

SITE = Site(
    "arxiv",
    item,
    ask,
    read,
    _EXAMPLES,
    _CSL,
    paces={
        "export.arxiv.org": Pace(slots=1, interval_s=3.1),  # "one request every three seconds", one connection
        "arxiv.org": Pace(slots=2, interval_s=1.0),
        "www.arxiv.org": Pace(slots=2, interval_s=1.0),
    },
)
