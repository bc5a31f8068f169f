"""Does the local network work? If not, nothing may be judged.

Faults that no answer of a remote host can cause point at the local network: failing look-ups, no route, no
connection. A refused or reset connection, a TLS fault, a slow page came from a host: the network works that far.

The author of a page must not be able to fake an outage (issue 10): one is believed only if unrelated hosts agree, the
canary among them, and no host that has answered in the run still does. Unrelated are hosts of different registrable
domains at different addresses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from operator import itemgetter
from typing import NamedTuple
from zlib import crc32

from linkcheck.model import Fault, Mutable, Sighting, Url, field

NETWORK_AWAY = "the local network was down"
_OUR_FAULTS = frozenset(
    {
        Fault.DNS_NXDOMAIN, Fault.DNS_NODATA, Fault.DNS_SERVFAIL, Fault.DNS_TIMEOUT, Fault.DNS_FAILED,
        Fault.CONNECT_TIMEOUT, Fault.NO_ROUTE, Fault.PROXY,
    }
)  # fmt: skip
_IRRELEVANT = frozenset(
    {Fault.HELD_BACK, Fault.OUT_OF_TIME, Fault.OWN_LIMIT, Fault.ADDRESS_NOT_PUBLIC, Fault.INTERNAL_ERROR}
)
# Faults that are raised only after a host has answered.
_AFTER_AN_ANSWER = frozenset({Fault.HELD_BACK, Fault.TOO_MANY_REDIRECTS, Fault.BAD_REDIRECT, Fault.INTERNAL_ERROR})
_AUTHENTICATION_REQUIRED = 511  # RFC 6585 §6: a captive portal's own status
_PORTAL = "a network login (HTTP 511) answers in place of the web"
_SILENT_SHARE = 0.2
_FEWEST_SILENT = 10
_FEWEST_SENDERS = 5
_SENDERS_SHARE = 0.8
_MOST_BODIES = 5_000
_MOST_PAGES = 500
_MOST_WITNESSES = 8


class CanaryAnswer(NamedTuple):
    """The answer to a request that only tests the network; `peer` is the address that sent it."""

    seen: Sighting
    body: bytes = b""
    peer: str = ""


class Health(Mutable):
    """Observations by host: `answered` (with the URL that did) show a working path, `faulty` may be local faults.

    `portals` are the domains that ask for a network login, `senders` those that sent the same body, by its checksum;
    each with the address that sent it, '' if unknown. All domains are registrable ones.
    """

    answered: dict[str, Url | None] = field(default_factory=dict)
    faulty: dict[str, str] = field(default_factory=dict)
    portals: dict[str, str] = field(default_factory=dict)
    senders: dict[int, dict[str, str]] = field(default_factory=dict)
    _domains: set[str] = field(default_factory=set)
    _bodies: dict[int, tuple[str, str]] = field(default_factory=dict)
    _pages: dict[str, tuple[Url, str]] = field(default_factory=dict)

    def note_sighting(self, host: str, seen: Sighting, *, domain: str = "", peer: str = "") -> None:
        """Record an observation of `host`, of the registrable domain `domain` ('': `host` is it), from `peer`."""
        domain = domain or host
        if seen.fault in _IRRELEVANT:
            return
        if seen.status == _AUTHENTICATION_REQUIRED:
            self.portals[domain] = peer  # a single site may send 511 itself
        elif seen.fault in _OUR_FAULTS:
            self.faulty[host] = domain
        else:
            self._domains.add(domain)
            if seen.status or host not in self.answered:
                self.answered[host] = seen.final_url if seen.status else None
        if seen.status == 200 and not seen.hops and not seen.insecure:
            self._note_witness(domain, seen.final_url, peer)

    def _note_witness(self, domain: str, url: Url, peer: str) -> None:
        """Keep a page to test the network with later, the same one in whatever order pages arrive."""
        if domain in self._pages or len(self._pages) < _MOST_PAGES:
            self._pages[domain] = min(self._pages.get(domain, (url, peer)), (url, peer))

    def note_body(self, domain: str, body: bytes, *, peer: str = "") -> None:
        """Record the body that `domain` sent: a captive portal sends the same for all domains."""
        if not body or len(self._bodies) >= _MOST_BODIES:
            return
        checksum = crc32(body)
        first, its_peer = self._bodies.setdefault(checksum, (domain, peer))
        if first != domain:
            self.senders.setdefault(checksum, {first: its_peer})[domain] = peer

    @property
    def portal_pages(self) -> frozenset[int]:
        """Checksums of bodies that too many unrelated domains sent."""
        fewest = max(_FEWEST_SENDERS, _SENDERS_SHARE * len(self._domains))
        return frozenset(checksum for checksum, domains in self.senders.items() if len(domains) >= fewest)

    @property
    def silent(self) -> set[str]:
        """Unreachable hosts of domains without any answer."""
        return {host for host, domain in self.faulty.items() if domain not in self._domains}

    @property
    def is_silent(self) -> bool:
        """Whether so many hosts are unreachable that the local network is suspected."""
        silent = len({self.faulty[host] for host in self.silent})
        if silent and not self._domains:
            return True
        return silent >= _FEWEST_SILENT and silent > _SILENT_SHARE * (silent + len(self._domains))

    def is_suspicious(self, *, is_network_confirmed: bool = False) -> bool:
        """Whether witnesses must be requested before judging. `is_network_confirmed`: as in `diagnosis`."""
        return bool(self.portals or self.portal_pages) or (self.is_silent and not is_network_confirmed)

    def witnesses(self) -> list[Url]:
        """Good pages of unrelated domains that are not suspected, to be requested again, ordered so that each address
        comes once before any comes twice."""
        suspects = {*self.portals, *(domain for checksum in self.portal_pages for domain in self.senders[checksum])}
        pages = [(crc32(domain.encode()), page) for domain, page in self._pages.items() if domain not in suspects]
        ordered, of_peer = list[tuple[int, Url]](), Counter[str]()
        for _, (url, peer) in sorted(pages):
            ordered.append((of_peer[peer] if peer else 0, url))
            of_peer[peer] += 1
        return [url for _, url in sorted(ordered, key=itemgetter(0))[:_MOST_WITNESSES]]

    def is_well_by(self, answer: CanaryAnswer) -> bool:
        """Whether the answer of a witness or of the canary shows a working network."""
        return is_alive(answer.seen) and crc32(answer.body) not in self.portal_pages

    def diagnosis(self, canary: CanaryAnswer | None, name: str, *, is_network_confirmed: bool = False) -> str:
        """What is wrong with the local network if neither a witness nor the `canary`, called `name`, works; '' if too
        few hosts agree. `is_network_confirmed`: an outage was disproved, so silent hosts have another reason."""
        if canary is not None and self.is_well_by(canary):
            return ""
        if self._is_portal_by_status(canary):
            return _PORTAL
        if number := self._senders_of(canary):
            return f"{number} unrelated sites and {name} all answer with the same page, as a network login does"
        return describe_outage(self, name) if self.is_silent and not is_network_confirmed else ""

    def _is_portal_by_status(self, canary: CanaryAnswer | None) -> bool:
        if canary is not None and canary.seen.status == _AUTHENTICATION_REQUIRED:
            return bool(self.portals)
        return _places(self.portals) > 1 and not any(self.answered.values())

    def _senders_of(self, canary: CanaryAnswer | None) -> int:
        """Number of sites that sent the canary's body, 0 if they may belong to one owner."""
        checksum = crc32(canary.body) if canary else 0
        if canary is None or checksum not in self.portal_pages:
            return 0
        domains = self.senders[checksum]
        is_one_place = set(domains.values()) == {canary.peer}
        return len(domains) if is_one_place or _places(domains) > 1 else 0


def _places(found: Mapping[str, str]) -> int:
    """Number of distinct addresses; a domain of unknown address counts as one of its own."""
    return len({peer or domain for domain, peer in found.items()})


def is_alive(seen: Sighting) -> bool:
    """Whether an answer shows a working network (RFC 6585 §6 for 511)."""
    if seen.status is None:
        return seen.fault in _AFTER_AN_ANSWER
    return seen.status != _AUTHENTICATION_REQUIRED


def describe_outage(health: Health, name: str) -> str:
    """Describe the unreachable hosts and the canary, called `name`."""
    silent, answered = len(health.silent), len(health.answered)
    if not silent:
        return _PORTAL if health.portals else f"nothing answered, nor did {name}"
    hosts = f"{silent} host{'s' if silent != 1 else ''}"
    share = f" of {silent + answered}" if answered else ""
    return f"{hosts}{share} could not be reached, nor could {name}"
