"""Which addresses may be connected to: public ones, unless the user allows others.

A list is written by strangers and redirects by servers; neither may steer us into the network we
run in (server-side request forgery). The check is on the addresses that are then connected to,
not on names. Sources: IANA special-purpose registries (RFC 6890) through `ipaddress.is_global`;
addresses that embed an IPv4 one: RFC 4291 §2.5.5.2, RFC 6052 §2.1, RFC 3056, RFC 4380.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_NAT64 = IPv6Network("64:ff9b::/96")


@lru_cache(maxsize=2048)
def is_public(address: str) -> bool:
    """Whether `address` (a literal, a zone id allowed) is one on the public internet."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        inner = _embedded(parsed)
        return all(_is_public(one) for one in inner) if inner else _is_public(parsed)
    return _is_public(parsed)


@lru_cache(maxsize=2048)
def is_address(text: str) -> bool:
    try:
        ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return True


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved


def _embedded(address: IPv6Address) -> list[IPv4Address]:
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    if address.sixtofour:
        return [address.sixtofour]
    if address.teredo:
        return list(address.teredo)
    return [IPv4Address(int(address) & 0xFFFFFFFF)] if address in _NAT64 else []
