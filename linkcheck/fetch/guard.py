"""Which addresses may be connected to: public ones, unless the user allows others; and on which ports.

Lists and redirects are untrusted; neither may direct requests into the network linkcheck runs in (server-side request
forgery). The check is on the addresses that are then connected to, not on names. The table is our own, since what
`ipaddress` calls global changed in 3.11, 3.12.4 and
3.13. Its sources: IANA's IPv4 and IPv6 Special-Purpose Address Registries, both of 2025-10-09 (a
block is public where they say "Globally Reachable: True"; no word and "N/A" are no True); the IPv6
address space (RFC 4291 §2.4: only 2000::/3 is given out); the multicast registries; and the
addresses under which clouds answer their own machines, read in their manuals in November 2026.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address, ip_network
from typing import TypeVar

Network = TypeVar("Network", IPv4Network, IPv6Network)

# The longest matching prefix decides; an address in none of the blocks is public.
IPV4_BLOCKS: tuple[tuple[str, bool], ...] = (
    ("0.0.0.0/8", False),  # this network, RFC 791 §3.2; 0.0.0.0 is this host, RFC 1122 §3.2.1.3
    ("10.0.0.0/8", False),  # private use, RFC 1918
    ("100.64.0.0/10", False),  # shared by carriers, RFC 6598; Alibaba Cloud's metadata: 100.100.100.200
    ("127.0.0.0/8", False),  # loopback, RFC 1122 §3.2.1.3
    ("168.63.129.16/32", False),  # Azure's own services for its machines ("What is IP address 168.63.129.16?")
    ("169.254.0.0/16", False),  # link-local, RFC 3927; the metadata of most clouds: 169.254.169.254
    ("172.16.0.0/12", False),  # private use, RFC 1918
    ("192.0.0.0/24", False),  # IETF protocol assignments, RFC 6890 §2.1; Oracle's metadata: 192.0.0.192
    ("192.0.0.9/32", True),  # Port Control Protocol anycast, RFC 7723
    ("192.0.0.10/32", True),  # TURN anycast, RFC 8155
    ("192.0.2.0/24", False),  # documentation, RFC 5737
    ("192.31.196.0/24", True),  # AS112, name servers for reverse look-ups, RFC 7535
    ("192.52.193.0/24", True),  # multicast tunnelling, RFC 7450
    ("192.88.99.0/24", False),  # 6to4 relays, given up by RFC 7526; 6a44 relays, RFC 6751
    ("192.168.0.0/16", False),  # private use, RFC 1918
    ("192.175.48.0/24", True),  # AS112, RFC 7534
    ("198.18.0.0/15", False),  # benchmarking, RFC 2544
    ("198.51.100.0/24", False),  # documentation, RFC 5737
    ("203.0.113.0/24", False),  # documentation, RFC 5737
    ("224.0.0.0/4", False),  # multicast, RFC 5771
    ("240.0.0.0/4", False),  # reserved, RFC 1112 §4; 255.255.255.255 is broadcast, RFC 919 §7
)
IPV6_BLOCKS: tuple[tuple[str, bool], ...] = (
    # All but 2000::/3: loopback, unspecified, IPv4-compatible (RFC 4291 §2.5.5.1), IPv4-translated (RFC 2765),
    # 64:ff9b:1::/48 (RFC 8215), 100::/64 (RFC 6666), 100:0:0:1::/64 (RFC 9780), 5f00::/16 (RFC 9602), fc00::/7
    # (RFC 4193; metadata of Amazon at fd00:ec2::254, Google fd20:ce::254, Scaleway fd00:42::42), fe80::/10,
    # fec0::/10 (RFC 3879), ff00::/8.
    ("::/0", False),
    ("2000::/3", True),  # global unicast, RFC 4291 §2.4
    (
        "2001::/23",
        False,
    ),  # IETF protocol assignments, RFC 2928; Teredo, RFC 4380; benchmarking, RFC 5180
    ("2001:1::1/128", True),  # Port Control Protocol anycast, RFC 7723
    ("2001:1::2/128", True),  # TURN anycast, RFC 8155
    ("2001:1::3/128", True),  # DNS-SD service registration anycast, RFC 9665
    ("2001:3::/32", True),  # multicast tunnelling, RFC 7450
    ("2001:4:112::/48", True),  # AS112, RFC 7535
    ("2001:20::/28", True),  # ORCHIDv2, RFC 7343
    ("2001:30::/28", True),  # drones' remote ids, RFC 9374
    ("2001:db8::/32", False),  # documentation, RFC 3849
    ("2620:4f:8000::/48", True),  # AS112, RFC 7534
    ("3fff::/20", False),  # documentation, RFC 9637
)
# Blocks that embed an IPv4 address (bits after it): as public as that address.
EMBEDDING_BLOCKS: tuple[tuple[str, int], ...] = (
    ("::ffff:0:0/96", 0),  # IPv4-mapped, RFC 4291 §2.5.5.2: a connection to it is one to the IPv4 address
    ("64:ff9b::/96", 0),  # NAT64, RFC 6052 §2.1; must not embed a private address (§3.1), which gateways need not check
    ("2002::/16", 80),  # 6to4, RFC 3056 §2
)
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})  # RFC 5214 §6.1: how the last 64 bits begin, before an IPv4 address

# Ports of other protocols, which requests could be abused for: https://fetch.spec.whatwg.org/#port-blocking, read
# 2026-11-24. No browser opens a link to them.
BAD_PORTS = frozenset(
    {
        0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
        110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530,
        531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190,
        5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
    }
)  # fmt: skip


def _longest_first(networks: Iterable[tuple[Network, bool]]) -> list[tuple[Network, bool]]:
    return sorted(networks, key=lambda entry: -entry[0].prefixlen)


_IPV4 = _longest_first((IPv4Network(block), public) for block, public in IPV4_BLOCKS)
_IPV6 = _longest_first((IPv6Network(block), public) for block, public in IPV6_BLOCKS)
_EMBEDDING = [(IPv6Network(block), behind) for block, behind in EMBEDDING_BLOCKS]


@lru_cache(maxsize=2048)
def is_public(address: str) -> bool:
    """Whether `address` (a literal) is public; one with a zone id (RFC 4007 §11) is not."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return _is_public_ipv4(parsed)
    if parsed.scope_id is not None:
        return False
    value = int(parsed)
    if value >> 32 & 0xFFFFFFFF in _ISATAP and not _is_public_ipv4(IPv4Address(value & 0xFFFFFFFF)):
        return False
    behind = next((behind for network, behind in _EMBEDDING if parsed in network), None)
    if behind is not None:
        return _is_public_ipv4(IPv4Address(value >> behind & 0xFFFFFFFF))
    return next(public for network, public in _IPV6 if parsed in network)


@lru_cache(maxsize=2048)
def is_address(text: str) -> bool:
    try:
        ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return True


def is_own_name(host: str) -> bool:
    """Whether `host` names this machine, whatever a name server answers (RFC 6761 §6.3)."""
    name = host.lower().rstrip(".")
    return name == "localhost" or name.endswith(".localhost")


def _is_public_ipv4(address: IPv4Address) -> bool:
    return next((public for network, public in _IPV4 if address in network), True)


def is_within(address: str, network: str) -> bool:
    """Whether `address` is in the block `network` (RFC 4632); False if either is invalid."""
    try:
        parsed, block = ip_address(address), ip_network(network, strict=False)
    except ValueError:
        return False
    return parsed.version == block.version and parsed in block
