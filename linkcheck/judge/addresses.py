"""Classify URLs by their form: home page, login, error page, resolver."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from linkcheck.common.lazy import lazy

# Hosts of persistent identifiers and short links: redirecting is their purpose.
_RESOLVERS = lazy(
    r"(?:dx\.)?doi\.org|hdl\.handle\.net|purl\.(?:org|oclc\.org)|w3id\.org|n2t\.net|arxiv\.org|bit\.ly|t\.co|goo\.gl"
    r"|git\.io|tinyurl\.com|amzn\.to|youtu\.be|aka\.ms|fb\.me|is\.gd|ow\.ly|lnkd\.in|g\.co|goo\.gle|forms\.gle|a\.co"
)
_ERROR_PATH = lazy(
    r"/(?:(?:error|errors|status|http)[/_-]?)?(?:404|not[-_]?found|page[-_]?not[-_]?found|error[-_]?404|404[-_]?error|"
    r"closed|expired|system/error|errors?/notfound|no[-_]longer[-_]available|removed)(?:\.\w{2,5})?/?$",
    re.IGNORECASE,
)
_INDEX = lazy(r"/(?:index|default|home)\.\w{2,5}$")
_LOGIN = lazy(
    r"/(?:log-?in|sign-?in|signon|sso|oauth2?|auth|authwall|session/new|users/sign_in|accounts?/login|wp-login\.php)"
    r"(?:[/.?]|$)",
    re.IGNORECASE,
)
_LOGIN_HOST = lazy(r"(?:accounts?|login|signin|sso|auth|idp)\.")


def host(url: str) -> str:
    return urlsplit(url).hostname or ""


def is_resolver(url: str) -> bool:
    return _RESOLVERS.fullmatch(host(url)) is not None


def is_error_page(url: str) -> bool:
    """Whether the path is that of an error page (`/404`, `/closed`)."""
    return _ERROR_PATH.search(urlsplit(url).path) is not None


def is_login(url: str) -> bool:
    return bool(_LOGIN.search(urlsplit(url).path) or _LOGIN_HOST.match(host(url)))


def is_pdf(url: str) -> bool:
    return ".pdf" in url.lower() and urlsplit(url).path.lower().endswith(".pdf")


def is_root(url: str) -> bool:
    return depth(url) == 0 and not urlsplit(url).query


def depth(url: str) -> int:
    """Number of path segments, 0 for a home page in any spelling."""
    path = _INDEX.sub("/", urlsplit(url).path)
    return len([part for part in path.split("/") if part])


def is_sent_up(url: str, final_url: str) -> bool:
    """Whether a deep link that redirects to `final_url` ends at the root of a site, or at a prefix of its own path
    without its last name."""
    if depth(url) == 0 or urlsplit(final_url).query or is_resolver(url):
        return False
    if is_root(final_url):
        return True
    here, there = urlsplit(url), urlsplit(final_url)
    name = here.path.rstrip("/").rpartition("/")[2].partition(".")[0].casefold()
    is_shorter = depth(final_url) < depth(url) and name not in there.path.casefold()
    return is_shorter and here.hostname == there.hostname
