"""The guard's table against IANA's registries (both of 2025-10-09), block by block with its neighbours."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest

from linkcheck import urls
from linkcheck.fetch.guard import BAD_PORTS, is_address, is_own_name, is_public, is_within

# Block, whether it is public, and whether the addresses before and after it are (None: there is none).
BLOCKS: list[tuple[str, bool, bool | None, bool | None]] = [
    ("0.0.0.0/8", False, None, True),
    ("0.0.0.0/32", False, None, False),
    ("10.0.0.0/8", False, True, True),
    ("100.64.0.0/10", False, True, True),
    ("100.100.100.200/32", False, False, False),
    ("127.0.0.0/8", False, True, True),
    ("168.63.129.16/32", False, True, True),
    ("169.254.0.0/16", False, True, True),
    ("169.254.169.254/32", False, False, False),
    ("172.16.0.0/12", False, True, True),
    ("192.0.0.0/24", False, True, True),
    ("192.0.0.0/29", False, True, False),
    ("192.0.0.8/32", False, False, True),
    ("192.0.0.9/32", True, False, True),
    ("192.0.0.10/32", True, True, False),
    ("192.0.0.170/31", False, False, False),
    ("192.0.0.192/32", False, False, False),
    ("192.0.2.0/24", False, True, True),
    ("192.31.196.0/24", True, True, True),
    ("192.52.193.0/24", True, True, True),
    ("192.88.99.0/24", False, True, True),
    ("192.88.99.2/32", False, False, False),
    ("192.168.0.0/16", False, True, True),
    ("192.175.48.0/24", True, True, True),
    ("198.18.0.0/15", False, True, True),
    ("198.51.100.0/24", False, True, True),
    ("203.0.113.0/24", False, True, True),
    ("224.0.0.0/4", False, True, False),
    ("240.0.0.0/4", False, False, None),
    ("255.255.255.255/32", False, False, None),
    ("::/128", False, None, False),
    ("::1/128", False, False, False),
    ("::/96", False, None, False),
    ("::ffff:a00:0/104", False, True, True),
    ("64:ff9b::a00:0/104", False, True, True),
    ("64:ff9b:1::/48", False, False, False),
    ("100::/64", False, False, False),
    ("100:0:0:1::/64", False, False, False),
    ("2000::/16", True, False, False),
    ("2001::/23", False, True, True),
    ("2001::/32", False, True, False),
    ("2001:1::1/128", True, False, True),
    ("2001:1::2/128", True, True, True),
    ("2001:1::3/128", True, True, False),
    ("2001:2::/48", False, False, False),
    ("2001:3::/32", True, False, False),
    ("2001:4:112::/48", True, False, False),
    ("2001:10::/28", False, False, True),
    ("2001:20::/28", True, False, True),
    ("2001:30::/28", True, True, False),
    ("2001:db8::/32", False, True, True),
    ("2002:a00::/24", False, True, True),
    ("2002:a9fe:a9fe::/48", False, False, False),
    ("2620:4f:8000::/48", True, True, True),
    ("3fff::/20", False, True, True),
    ("4000::/3", False, True, False),
    ("5f00::/16", False, False, False),
    ("fc00::/7", False, False, False),
    ("fd00:ec2::254/128", False, False, False),
    ("fe80::/10", False, False, False),
    ("fec0::/10", False, False, False),
    ("ff00::/8", False, False, None),
]


@pytest.mark.parametrize(("block", "public", "before", "after"), BLOCKS, ids=[row[0] for row in BLOCKS])
def test_a_block_ends_where_the_registry_says(
    block: str, public: bool, before: bool | None, after: bool | None
) -> None:
    network = ip_network(block)
    assert (is_public(str(network[0])), is_public(str(network[-1]))) == (public, public)
    if before is not None:
        assert is_public(str(network[0] - 1)) is before
    if after is not None:
        assert is_public(str(network[-1] + 1)) is after


def embeddings(address: str) -> list[str]:
    """The IPv6 addresses that lead to an IPv4 one, or hold it for a tunnel."""
    value = int(IPv4Address(address))
    forms = [0xFFFF << 32 | value, 0x64FF9B << 96 | value, 0x2002 << 112 | value << 80 | 1]
    return [str(IPv6Address(form)) for form in forms]


def isatap(address: str) -> list[str]:
    value = int(IPv4Address(address))
    prefix = int(IPv6Address("2606:2800:220:1::"))
    return [str(IPv6Address(prefix | begin << 32 | value)) for begin in (0x5EFE, 0x0200_5EFE)]


@pytest.mark.parametrize(
    "inner", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "168.63.129.16", "100.64.0.1", "0.0.0.0"]
)
def test_an_address_is_no_more_public_than_the_one_in_it(inner: str) -> None:
    assert not any(is_public(address) for address in [inner, *embeddings(inner), *isatap(inner)])
    twice = int(IPv6Address("2002:808:808::")) | 0x5EFE << 32 | int(IPv4Address(inner))
    assert not is_public(str(IPv6Address(twice)))


def test_an_address_is_as_public_as_the_one_in_it() -> None:
    assert all(is_public(address) for address in ["8.8.8.8", *embeddings("8.8.8.8"), *isatap("8.8.8.8")])


@pytest.mark.parametrize(
    "address", ["fe80::1%eth0", "2606:2800:220:1::1%lo", "8.8.8.8%1", "127.1", "0x7f000001", "010.0.0.1", "", "x"]
)
def test_what_is_no_plain_address_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "written",
    [
        "127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "0x7f.1", "0x7f000001", "2130706433", "017700000001", "0177.0.0.01",
        "%31%32%37.0.0.1", "１２７.0.0.1", "127。0。0。1", "①②⑦.0.0.1", "[::1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]",
        "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "user:pass@127.0.0.1", "0", "0.0.0.0", "[::]",
    ],
)  # fmt: skip
def test_no_way_of_writing_an_address_hides_it(written: str) -> None:
    url = urls.normalise(f"http://{written}/")
    assert url
    host = urls.host(url)
    assert is_address(host)
    assert not is_public(host)


@pytest.mark.parametrize(
    "written", ["[fe80::1%25eth0]", "[fe80::1%eth0]", "256.0.0.1", "0x.0x.0.1.1", "127.0.0.1.1", "[::1"]
)
def test_what_is_no_address_is_no_url_either(written: str) -> None:
    assert urls.normalise(f"http://{written}/") is None


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("localhost", True), ("LOCALHOST.", True), ("a.localhost", True), ("a.b.localhost.", True),
        ("notlocalhost", False), ("localhost.example.org", False), ("localhost-a", False), ("", False),
    ],
)  # fmt: skip
def test_this_machine_has_its_own_names(host: str, own: bool) -> None:
    assert is_own_name(host) is own


@pytest.mark.parametrize(
    ("address", "block", "within"),
    [
        ("10.1.2.3", "10.0.0.0/8", True), ("10.1.2.3", "10.9.9.9/8", True), ("11.0.0.1", "10.0.0.0/8", False),
        ("fd00::1", "fd00::/8", True), ("10.0.0.1", "::/0", False), ("a.test", "10.0.0.0/8", False),
        ("10.0.0.1", "a.test", False), ("10.0.0.1", "", False), ("::1", "::1", True),
    ],
)  # fmt: skip
def test_blocks_hold_addresses(address: str, block: str, within: bool) -> None:
    assert is_within(address, block) is within


def test_ports_of_the_web_are_open() -> None:
    assert not BAD_PORTS & {80, 443, 591, 3000, 5000, 8000, 8008, 8080, 8081, 8443, 8888, 9000, 48888}
    assert {22, 25, 6667} < BAD_PORTS


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "not an address", "",
    ],
)  # fmt: skip
def test_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "64:ff9b::808:808", "2002:808:808::"]
)
def test_public(address: str) -> None:
    assert is_public(address)


def test_addresses_are_told_from_names() -> None:
    assert is_address("127.0.0.1")
    assert is_address("::1")
    assert not is_address("localhost")
