"""Is our own network sick? What must not be believed first: who writes a page must not speak for the network."""

from __future__ import annotations

import pytest

from linkcheck.health import CanaryAnswer, Health, describe_outage, is_alive
from linkcheck.model import Fault, Url
from tests.answers import hops, sighting

LOGIN = b"please log in"
FINE = CanaryAnswer(sighting(200), b"Example Domain", "192.0.2.1")
ASKS_FOR_LOGIN = CanaryAnswer(sighting(511), peer="192.0.2.1")
SILENT = CanaryAnswer(sighting(Fault.NO_ROUTE))


def met(*found: tuple[str, int | Fault]) -> Health:
    health = Health()
    for host, outcome in found:
        health.note_sighting(host, sighting(outcome))
    return health


def logins(*found: tuple[str, str]) -> Health:
    """(domain, address) of hosts that answer 511."""
    health = Health()
    for domain, peer in found:
        health.note_sighting(f"www.{domain}", sighting(511), domain=domain, peer=peer)
    return health


def echoing(number: int, others: int = 0, peers: tuple[str, ...] = ("",)) -> Health:
    """`number` sites that all send the same page, from `peers` in turn, and `others` that send their own."""
    health = Health()
    for n in range(number):
        health.note_sighting(f"a{n}", sighting(200, f"https://a{n}/"))
        health.note_body(f"a{n}", LOGIN, peer=peers[n % len(peers)])
    for n in range(others):
        health.note_sighting(f"b{n}", sighting(200, f"https://b{n}/"))
        health.note_body(f"b{n}", b"page %d" % n)
    return health


@pytest.mark.parametrize(
    "found",
    [
        [], [("a", 200)], [("a", 503)], [("a", Fault.CONNECT_REFUSED)], [("a", Fault.TLS_EXPIRED)], [("a", Fault.RESET)],
        [("a", Fault.READ_TIMEOUT)], [("a", Fault.ADDRESS_NOT_PUBLIC)], [("a", Fault.HELD_BACK)], [("a", Fault.OWN_LIMIT)],
        [("a", Fault.INTERNAL_ERROR)],
        [("a", 200), *((f"b{n}", Fault.DNS_NXDOMAIN) for n in range(9))],
        [("a", Fault.DNS_TIMEOUT), ("a", 200)],
        [*((f"a{n}", 200) for n in range(90)), *((f"b{n}", Fault.CONNECT_TIMEOUT) for n in range(15))],
    ],
)  # fmt: skip
def test_a_network_that_works(found: list[tuple[str, int | Fault]]) -> None:
    assert not met(*found).is_suspicious()


@pytest.mark.parametrize(
    "found",
    [
        [("a", Fault.DNS_NXDOMAIN)], [("a", Fault.NO_ROUTE), ("b", Fault.DNS_TIMEOUT)], [("a", Fault.PROXY)], [("a", 511)],
        [("a", 200), *((f"b{n}", Fault.DNS_SERVFAIL) for n in range(10))],
    ],
)  # fmt: skip
def test_a_network_to_be_asked_about(found: list[tuple[str, int | Fault]]) -> None:
    assert met(*found).is_suspicious()


@pytest.mark.parametrize(
    ("silent", "answering", "is_suspicious"),
    [(9, 0, True), (9, 1, False), (10, 1, True), (10, 39, True), (10, 40, False), (11, 43, True), (11, 44, False)],
)
def test_the_share_of_hosts_that_fail(silent: int, answering: int, is_suspicious: bool) -> None:
    faults = [(f"b{n}", Fault.CONNECT_TIMEOUT) for n in range(silent)]
    health = met(*((f"a{n}", 200) for n in range(answering)), *faults)
    assert health.is_suspicious() is is_suspicious
    assert not health.is_suspicious(is_network_confirmed=True)


def test_many_hosts_of_one_domain_are_one() -> None:
    health = met(("fine", 200))
    for n in range(50):
        health.note_sighting(f"s{n}.evil", sighting(Fault.DNS_NXDOMAIN), domain="evil")
    assert not health.is_suspicious()


def test_what_the_canary_shows() -> None:
    assert all(map(is_alive, (sighting(503), sighting(429), sighting(Fault.HELD_BACK))))
    assert not any(is_alive(seen) for seen in (sighting(511), sighting(Fault.NO_ROUTE)))


# -- hosts that could not be reached -----------------------------------------------------------


def test_description_of_a_network_outage() -> None:
    assert describe_outage(met(("a", Fault.NO_ROUTE)), "x") == "1 host could not be reached, nor could x"
    assert "511" in describe_outage(met(("a", 511)), "x")
    assert "1 host of 2 " in describe_outage(met(("a", Fault.CONNECT_REFUSED), ("b", Fault.NO_ROUTE)), "x")
    assert "1 host of 2 " in describe_outage(met(("a", 200), ("a", Fault.RESET), ("b", Fault.NO_ROUTE)), "x")
    assert "2 hosts of 3" in describe_outage(met(("a", 200), ("b", Fault.NO_ROUTE), ("c", Fault.NO_ROUTE)), "x")


def test_silence_is_ours_where_the_canary_is_silent_too() -> None:
    health = met(("a", Fault.NO_ROUTE))
    assert health.diagnosis(FINE, "x") == ""
    assert health.diagnosis(SILENT, "x", is_network_confirmed=True) == ""
    assert health.diagnosis(SILENT, "x") == health.diagnosis(None, "x") == "1 host could not be reached, nor could x"


# -- 511 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "canary"),
    [
        ([("evil", "198.51.100.1")], FINE),
        ([("evil", "198.51.100.1")], SILENT),
        ([("evil", "198.51.100.1")], None),
        ([(f"evil{n}", "198.51.100.1") for n in range(9)], SILENT),  # several domains at one address
        ([(f"evil{n}", f"198.51.100.{n}") for n in range(9)], FINE),
    ],
)
def test_one_host_that_asks_for_a_login_says_nothing_of_the_network(
    found: list[tuple[str, str]], canary: CanaryAnswer | None
) -> None:
    assert logins(*found).diagnosis(canary, "x") == ""


@pytest.mark.parametrize(
    ("found", "canary"),
    [
        ([("one", "198.51.100.1")], ASKS_FOR_LOGIN),
        ([("one", "")], ASKS_FOR_LOGIN),
        ([("one", "198.51.100.1"), ("two", "198.51.100.2")], SILENT),
        ([("one", ""), ("two", "")], None),
    ],
)
def test_unrelated_hosts_that_ask_for_a_login_are_our_network(
    found: list[tuple[str, str]], canary: CanaryAnswer | None
) -> None:
    assert "511" in logins(*found).diagnosis(canary, "x")


def test_what_has_answered_speaks_against_a_login_that_the_canary_does_not_confirm() -> None:
    health = logins(("one", "198.51.100.1"), ("two", "198.51.100.2"))
    health.note_sighting("three", sighting(200))
    assert health.diagnosis(SILENT, "x") == ""


# -- one page for all --------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "others"), [(0, 0), (1, 0), (4, 0), (5, 2), (40, 11)])
def test_a_few_sites_may_send_the_same_page(number: int, others: int) -> None:
    assert not echoing(number, others).portal_pages


@pytest.mark.parametrize(("number", "others"), [(5, 0), (5, 1), (40, 10)])
@pytest.mark.parametrize("peers", [("",), ("192.0.2.1",), ("192.0.2.2", "192.0.2.3")])
def test_unrelated_sites_that_send_the_same_page_are_a_network_login(
    number: int, others: int, peers: tuple[str, ...]
) -> None:
    health = echoing(number, others, peers)
    assert health.is_suspicious()
    assert health.diagnosis(FINE, "x") == health.diagnosis(SILENT, "x") == health.diagnosis(None, "x") == ""
    same = CanaryAnswer(sighting(200), LOGIN, "192.0.2.1")
    assert f"{number} unrelated sites and x" in health.diagnosis(same, "x")


def test_many_domains_at_one_address_that_copy_the_canary_are_one_site() -> None:
    health = echoing(40, peers=("198.51.100.1",))
    assert health.diagnosis(CanaryAnswer(sighting(200), LOGIN, "192.0.2.1"), "x") == ""


def test_one_site_may_send_one_page_for_all_and_nothing_is_no_page() -> None:
    health = Health()
    for n in range(9):
        health.note_body("a.example", b"the same")
        health.note_body(f"b{n}.example", b"")
    assert not health.portal_pages


# -- who is asked ------------------------------------------------------------------------------


def test_who_is_suspected_is_no_witness() -> None:
    health = echoing(40, 2)
    health.note_sighting("login", sighting(200, "https://login/"), domain="login")
    health.note_sighting("login", sighting(511), domain="login")
    assert sorted(health.witnesses()) == ["https://b0/", "https://b1/"]
    assert health.is_well_by(CanaryAnswer(sighting(200), b"page 0"))
    assert not health.is_well_by(CanaryAnswer(sighting(200), LOGIN))


def test_the_witnesses_are_of_many_addresses_and_the_same_whatever_came_first() -> None:
    evil = [(f"evil{n}", "198.51.100.1") for n in range(40)]
    fine = [("fine", "192.0.2.1"), ("good", "192.0.2.2")]
    found = []
    for order in (evil + fine, [*reversed(evil), *reversed(fine)], fine + evil):
        health = Health()
        for domain, peer in order:
            health.note_sighting(domain, sighting(200, f"https://{domain}/"), domain=domain, peer=peer)
        found.append(health.witnesses())
    assert {"https://fine/", "https://good/"} <= set(found[0])
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 8


@pytest.mark.parametrize(
    "seen",
    [sighting(404), sighting(200, hops=hops(301)), sighting(200, insecure=Fault.TLS_EXPIRED), sighting(Fault.RESET)],
)
def test_what_was_not_fine_is_no_witness(seen: object) -> None:
    health = Health()
    health.note_sighting("a", seen)  # type: ignore[arg-type]
    assert health.witnesses() == []


def test_the_witnesses_are_bounded() -> None:
    health = Health()
    for n in range(2_000):
        health.note_sighting(f"a{n}", sighting(200, f"https://a{n}/"))
    assert len(health._pages) == 500
    assert all(Url(url).startswith("https://a") for url in health.witnesses())


def test_the_pages_that_are_compared_are_bounded() -> None:
    health = Health()
    for n in range(6_000):
        health.note_body(f"a{n}", b"page %d" % n)
    assert len(health._bodies) == 5_000


def test_where_a_host_has_answered_is_kept_whatever_comes_after() -> None:
    health = met(("a", Fault.CONNECT_REFUSED))
    assert health.answered == {"a": None}
    health.note_sighting("a", sighting(200, "https://a/1"))
    health.note_sighting("a", sighting(Fault.RESET, "https://a/2"))
    assert health.answered == {"a": "https://a/1"}
    health.note_sighting("a", sighting(200, "https://a/3"))
    assert health.answered == {"a": "https://a/3"}
