"""Addresses that no link should be changed to, although a redirect leads there."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from linkcheck import urls
from linkcheck.judge import addresses
from linkcheck.mend.parameters import is_tracking
from linkcheck.model import Url

_LANGUAGES = frozenset(
    """af am ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk km
    kn ko lt lv mk ml mn mr ms mt my nb ne nl nn no pa pl pt ro ru si sk sl sq sr sv sw ta te th tl tr uk ur uz vi
    zh""".split()
)
_LOCALE = re.compile(r"([a-z]{2})(?:[-_](?:[a-z]{2}|[a-z]{4}|419))?", re.IGNORECASE)
_VERSION = re.compile(
    r"v?\d+(?:\.(?:\d+|x))+(?:[-.]?(?:a|b|rc|alpha|beta|dev|final)\d*)?|v\d+|latest|stable|current|main|master|trunk|"
    r"head|dev|devel|development|nightly|next|edge|release",
    re.IGNORECASE,
)
_PINNING = frozenset("lang language locale hl lc setlang uselang version ver branch".split())
_SESSION = re.compile(
    r"(?:j|php|asp|aspx)?_?sess(?:ion)?_?(?:id)?|sid|cfid|cftoken|token|access_token|auth|ticket|nonce|state|code|key|"
    r"signature|sig|expires|x-amz-.*",
    re.IGNORECASE,
)
_PATH_SESSION = re.compile(r";(?:jsessionid|sid|phpsessid)=|/\(S\([a-z0-9]+\)\)/", re.IGNORECASE)
_RETURN = frozenset("next return returnto return_to redirect redirect_uri url continue goto dest destination".split())


def objection(old: Url, new: Url) -> str:
    """Why a link to `old` is not changed to `new`, where a permanent redirect leads; '' if it may be."""
    for is_wrong, why in _OBJECTIONS:
        if is_wrong(old, new):
            return why
    return ""


def is_respelled(old: Url, new: Url) -> bool:
    """Whether two addresses differ only in the scheme, a `www.`, and a slash at the end."""
    return _plain(old) == _plain(new)


def _plain(url: Url) -> tuple[str, str, str]:
    parts = urlsplit(url)
    return urls.origin_host(url).removeprefix("www."), parts.path.rstrip("/"), parts.query


def _is_resolver(old: Url, _: Url) -> bool:
    return addresses.is_resolver(old)


def _is_downgrade(old: Url, new: Url) -> bool:
    return urls.scheme(old) == "https" and urls.scheme(new) != "https"


def _is_elsewhere(old: Url, new: Url) -> bool:
    return urls.registrable_domain(urls.host(old)) != urls.registrable_domain(urls.host(new))


def _is_login(_: Url, new: Url) -> bool:
    return addresses.is_login(new) or addresses.is_error_page(new)


def _is_home(old: Url, new: Url) -> bool:
    is_deep = addresses.depth(old) > 0 or bool(urlsplit(old).query)
    return (is_deep and addresses.depth(new) == 0) or addresses.is_sent_up(old, new)


def _has_session(old: Url, new: Url) -> bool:
    return bool(_PATH_SESSION.search(new)) or any(_SESSION.fullmatch(name) for name in _added(old, new))


def _is_tracked(old: Url, new: Url) -> bool:
    host = urls.host(new)
    return any(is_tracking(name, host) for name in _added(old, new))


def _returns(old: Url, new: Url) -> bool:
    return any(name.casefold() in _RETURN for name in _added(old, new))


def _is_pinned(old: Url, new: Url) -> bool:
    if any(name.casefold() in _PINNING for name in _added(old, new)):
        return True
    was = {part.casefold() for part in _parts(old)}
    return any(_is_pin(part) for part in _parts(new) if part.casefold() not in was)


def _is_pin(part: str) -> bool:
    found = _LOCALE.fullmatch(part)
    return bool((found and found[1].lower() in _LANGUAGES) or _VERSION.fullmatch(part))


def _parts(url: Url) -> list[str]:
    """The names in an address: of its path, and of its host without the registrable domain."""
    host = urls.host(url)
    below = host.removesuffix(urls.registrable_domain(host))
    return [part for part in (*below.split("."), *urlsplit(url).path.split("/")) if part]


def _added(old: Url, new: Url) -> set[str]:
    """The parameters that only the new address has."""
    return _names(new) - _names(old)


def _names(url: Url) -> set[str]:
    return {name for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True, max_num_fields=None)}


_OBJECTIONS = (
    (_is_resolver, "a persistent identifier or a short link"),
    (_is_downgrade, "from https to http"),
    (_is_elsewhere, "to another registrable domain"),
    (_is_login, "to a login or an error page"),
    (_is_home, "from a page to a home page or a section"),
    (_has_session, "to an address with a session in it"),
    (_is_tracked, "to an address with tracking parameters"),
    (_returns, "to an address that sends the reader on"),
    (_is_pinned, "to the address of one language or version"),
)
