"""The user's own header fields for single hosts: which are sent with a request, and masked in what comes of it.

Their values are secrets. They go to the very host and port that they are for, over https (or on loopback), and only
with a link to that host: never after a redirect from or to another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import quote

from linkcheck import urls
from linkcheck.common.secret import SHOWN
from linkcheck.model import Url

Fields = tuple[tuple[str, str], ...]
"""Names and values."""
NO_FIELDS: Fields = ()
_PORTS = {"https": 443, "http": 80}
_LEAST_CHARS = 6  # of a credential behind its scheme, to be masked where it stands alone


class HostHeader(NamedTuple):
    """A header field for one host; `port` None is that of the scheme."""

    host: str
    port: int | None
    name: str
    value: str


class OwnHeaders:
    """The user's header fields, by host."""

    def __init__(self, entries: Iterable[HostHeader]) -> None:
        self._by_host: dict[str, list[HostHeader]] = {}
        for one in entries:
            self._by_host.setdefault(one.host, []).append(one)

    def fields_for(self, url: Url) -> Fields:
        """What is sent to `url`; of several values for one field the first."""
        found = self._by_host.get(urls.host(url))
        if not found:
            return NO_FIELDS
        scheme, usual = urls.scheme(url), _PORTS[urls.scheme(url)]
        if scheme != "https" and not is_loopback(urls.host(url)):
            return NO_FIELDS
        port = _port(url) or usual
        fields = dict[str, tuple[str, str]]()
        for one in found:
            if (one.port or usual) == port:
                fields.setdefault(one.name.lower(), (one.name, one.value))
        return tuple(fields.values())


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine, by its name alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _port(url: Url) -> int | None:
    """The port of a URL in normal form, None for that of the scheme."""
    port = urls.origin_host(url).rpartition("]")[2].partition(":")[2]
    return int(port) if port else None


# -- masking ---------------------------------------------------------------------------------


def masked_fields(sent: Iterable[tuple[str, str]], fields: Fields) -> tuple[tuple[str, str], ...]:
    """The header fields of a request, with `***` for the values of `fields`."""
    if not fields:
        return tuple(sent)
    names = {name.lower() for name, _ in fields}
    return tuple((name, SHOWN if name.lower() in names else value) for name, value in sent)


def masked(text: str, fields: Fields) -> str:
    """`text` with `***` for each value of `fields`."""
    for secret in _secrets(fields):
        text = text.replace(secret, SHOWN)
    return text


def masked_bytes(data: bytes, fields: Fields) -> bytes:
    for secret in _secrets(fields):
        data = data.replace(secret.encode(), SHOWN.encode())
    return data


def _secrets(fields: Fields) -> Sequence[str]:
    """The texts to mask, the longest first: each value, the credential behind its scheme, and both in a URL's form."""
    found = set[str]()
    for _, value in fields:
        own = value.rpartition(" ")[2]
        found |= {one for one in (value, quote(value, safe="")) if one}
        found |= {one for one in (own, quote(own, safe="")) if len(one) >= _LEAST_CHARS}
    return sorted(found, key=lambda one: (-len(one), one))
