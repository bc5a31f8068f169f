"""Text in, `Url` out: the one place that decides what a URL is.

Parsing follows the WHATWG URL Standard (https://url.spec.whatwg.org, read 2026-11-23) through
ada-url, the parser of Node.js: 891 of 891 of the web-platform tests, against 334 for urllib, 379
for httpx, 369 for yarl and 602 for can-ada (measured, see docs/decisions.md).

The *normal form* for identity is the WHATWG serialisation, with percent-escapes of unreserved
characters undone and the others in upper case (RFC 3986 §6.2.2), without the fragment (RFC 3986
§3.5: it is not sent) and without an empty query. Nothing else is touched: `http` and `https`,
a trailing slash, the order of a query are for the server to say.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import ada_url

from linkcheck.common import suffixes
from linkcheck.common.lazy import lazy
from linkcheck.model import Url

CHECKED_SCHEMES = ("http", "https")
_SAME_SCHEME = "https://list.invalid/"  # base of `//host/path`

# Not behind a `%` that begins no escape: undone, it would become part of a new one (`%%32e`).
_ESCAPE = lazy(r"(?<!%)(?<!%[0-9A-Fa-f])%([0-9A-Fa-f]{2})")
_SCHEME = lazy(r"([A-Za-z][A-Za-z0-9+.-]*):")
_DOUBLED = lazy(r"(?:https?+:?+/{0,2}+:?+/{0,2}+)+(?=https?(?:://|:/|//|/))", re.IGNORECASE)
_MISSPELT = lazy(
    r"(?P<name>(?:ht|h|tt|t)ps?|https?|hh+ttps?|htttp+s?|httpss+|hptts?|hpp?tt?ps?|hppts|htpps?|htts?|htps?|http[a-z]|hxxps?)"
    r"(?:[:;.]/{1,3}|//+)(?=[\w\[])",
    re.IGNORECASE,
)
_BARE_HOST = lazy(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+([A-Za-z]{2,24})(?::\d+)?(?=[/?#]|$)")
_KNOWN_SCHEMES = frozenset(("p", "httpx"))
_FILE_ENDINGS = frozenset(
    "md py rs sh pl ps so zip mov cc java app js ts html htm pdf txt png jpg svg yml json".split()
)
_PLAIN_DOMAINS = frozenset("com org net io dev ai edu gov info co me".split())
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@lru_cache(maxsize=2048)
def normalise(text: str, base: str | None = None) -> Url | None:
    """The normal form of an http(s) URL, or None if `text` is not one.

    >>> normalise("HTTP://ExAmple.org:80/%7ea/../b?#x")
    'http://example.org/b'
    """
    parsed = _serialised(text, base)
    if not parsed.startswith(("http:", "https:")):
        return None
    href, _, _ = parsed.partition("#")
    normal = _ESCAPE.sub(_plain, href)
    return Url(normal[:-1] if normal.find("?") == len(normal) - 1 else normal)


def normal_form(link: str) -> Url | None:
    """The normal form of a link as a list writes it; `//host/path` takes the scheme of the page that shows the list."""
    return normalise(link, _SAME_SCHEME) if link.startswith("//") else normalise(link)


def _serialised(text: str, base: str | None = None) -> str:
    """The WHATWG serialisation of a URL, '' where `text` is none."""
    try:
        return ada_url.join_url(base, text) if base else ada_url.normalize_url(text)
    except (ValueError, UnicodeError):
        return ""


def _plain(escape: re.Match[str]) -> str:
    char = chr(int(escape[1], 16))
    return char if char in _UNRESERVED else escape[0].upper()


def scheme(text: str) -> str:
    """The scheme `text` starts with, in lower case, or ''."""
    found = _SCHEME.match(text.lstrip())
    return found[1].lower() if found else ""


class MalformedUrl(NamedTuple):
    """Why a URL cannot be what its author meant, and the URL that probably was meant ('' if unknown)."""

    reason: str
    meant: str = ""


def malformed_url(text: str) -> MalformedUrl | None:
    """Why an absolute link cannot be what its author meant, and what was meant; None when it can.

    Looks at the URL only, not at the brackets of its format around it (`read/markdown/malformed_syntax.py` does).
    Relative links and schemes that are not checked give None. WHATWG parsers repair some of these silently
    (`http:/x` becomes `http://x`); other programs do not, so the list should be corrected.
    """
    found = _malformed(text)
    return found._replace(meant="") if found and found.meant and _malformed(found.meant) else found


def _malformed(text: str) -> MalformedUrl | None:
    stripped = text.strip()
    if found := _DOUBLED.match(stripped):
        return MalformedUrl("the scheme is written twice", _repaired(stripped[found.end() :]))
    named = scheme(stripped)
    if named in CHECKED_SCHEMES:
        return _malformed_http(stripped, named)
    if (found := _MISSPELT.match(stripped)) and named not in _KNOWN_SCHEMES:
        secure = "s" if found["name"].lower().endswith("s") else ""
        return MalformedUrl("the scheme is misspelt", _without_blanks(f"http{secure}://{stripped[found.end() :]}"))
    if not named and _is_bare_host(stripped):
        return MalformedUrl("the scheme is missing", _without_blanks(f"https://{stripped}"))
    return None


def _malformed_http(text: str, named: str) -> MalformedUrl | None:
    after = text[len(named) + 1 :]
    slashes = len(after) - len(after.lstrip("/\\"))
    if slashes != 2 or after[:2] != "//":
        rest = after.lstrip("/\\:")
        meant = _without_blanks(f"{named}://{rest}") if rest else ""
        return MalformedUrl(f"{named}: is not followed by two slashes", meant)
    normal = normalise(text)
    if normal is None:
        return MalformedUrl("this is not a valid URL", _without_blanks(text))
    if not host(normal).strip("."):
        return MalformedUrl("the URL has no host")
    if " " in text or "\n" in text:
        return MalformedUrl("the URL holds a blank", _without_blanks(text))
    return None


def _without_blanks(text: str) -> str:
    """`text` with its blanks escaped where that makes a URL, else ''."""
    candidate = re.sub(r"\s+", "%20", text)
    return candidate if _serialised(candidate) else ""


def _repaired(text: str) -> str:
    """`text` with two slashes after its scheme where that makes a URL, else ''."""
    found = re.match(r"(https?)[:/]+(?=[^:/])", text, re.IGNORECASE)
    repaired = f"{found[1].lower()}://{text[found.end() :]}" if found else ""
    return repaired if _serialised(repaired) else ""


def _is_bare_host(text: str) -> bool:
    found = _BARE_HOST.match(text)
    if not found:
        return False
    ending = found[1].lower()
    if text.lower().startswith("www.") or ending in _PLAIN_DOMAINS:
        return True
    has_path = len(text) > found.end()
    return has_path and ending not in _FILE_ENDINGS and suffixes.packaged().labels(ending) > 0


def host(url: Url) -> str:
    """The host of `url` in its ASCII form; an IPv6 address without brackets."""
    name = origin_host(url)
    return name[1 : name.index("]")] if name[:1] == "[" else name.partition(":")[0]


def origin_host(url: Url) -> str:
    """The host, with its port if that is not the scheme's default: the identity of a server.

    In normal form that is the text between `//` and the first `/`, after any user name, whose `@`, `/` and `:` are
    escaped (WHATWG URL §4.5).
    """
    return url.partition("://")[2].partition("/")[0].rpartition("@")[2]


def sibling(url: Url) -> Url:
    """A URL that cannot exist beside `url`: its directory and extension, another name.

    The name is the same for all URLs of a directory and in every run, so that one request serves them all.
    """
    from hashlib import sha256  # it loads OpenSSL

    parsed = ada_url.URL(url)
    path = parsed.pathname
    folder, name = path.rstrip("/").rpartition("/")[::2]
    stem, dot, ending = name.rpartition(".")
    digest = sha256(f"{parsed.origin}{folder}".encode()).digest()
    made_up = "".join(chr(ord("a") + byte % 26) for byte in digest[:16])
    tail = f".{ending}" if stem and dot and ending.isalnum() and len(ending) < 6 else "/" if path.endswith("/") else ""
    return Url(f"{parsed.origin}{folder}/{made_up}{tail}")


def path_of(url: Url) -> str:
    return f"/{url.partition('://')[2].partition('/')[2].partition('?')[0]}"


@lru_cache(maxsize=8192)
def registrable_domain(name: str) -> str:
    """The registrable domain of a host name, by the packaged public suffix list.

    An address, or a name that is itself a suffix, is its own. (https://publicsuffix.org/list/)
    """
    if ":" in name or name.replace(".", "").isdigit():
        return name
    return suffixes.packaged().registrable(name.rstrip(".").lower()) or name


def load_suffixes() -> None:
    """Load the public suffix list now (3 ms)."""
    suffixes.packaged()
