"""Is the network of the machine we run on sick? Then nothing may be judged.

Faults that an answer of the other side cannot cause point at our own end: no look-up works, no
route, no connection. A refused or reset connection, a TLS fault, a slow page came from a host, so
the network works that far. (design/verdicts.md 5)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from zlib import crc32

from linkcheck.model import Fault, Sighting, Url

_OURS = frozenset(
    {
        Fault.DNS_NXDOMAIN, Fault.DNS_NODATA, Fault.DNS_SERVFAIL, Fault.DNS_TIMEOUT, Fault.DNS_FAILED,
        Fault.CONNECT_TIMEOUT, Fault.NO_ROUTE, Fault.PROXY,
    }
)  # fmt: skip
_NO_WITNESS = frozenset({Fault.HELD_BACK, Fault.OUT_OF_TIME, Fault.OWN_LIMIT, Fault.ADDRESS_NOT_PUBLIC})
AWAY = "our own network was away"
_NETWORK_LOGIN = 511
_SHARE = 0.2
_FEWEST_HOSTS = 10
_FEWEST_ECHOES = 5
_ECHO_SHARE = 0.8
_MOST_BODIES = 5_000


@dataclass(slots=True)
class Health:
    """What was met so far, by host: `answered` gave a sign of life (and where), `faulty` a fault of ours."""

    answered: dict[str, Url | None] = field(default_factory=dict)
    faulty: set[str] = field(default_factory=set)
    logins: int = 0
    echoes: dict[int, set[str]] = field(default_factory=dict)
    _bodies: dict[int, str] = field(default_factory=dict)

    def meet(self, host: str, seen: Sighting) -> None:
        if seen.fault in _NO_WITNESS:
            return
        if seen.status == _NETWORK_LOGIN:
            self.logins += 1  # one site may say so of its own accord
        elif seen.fault in _OURS:
            self.faulty.add(host)
        elif seen.status or host not in self.answered:
            self.answered[host] = seen.final_url if seen.status else None

    def hear(self, domain: str, body: bytes) -> None:
        """Note the page that `domain` sent: a network that wants a login sends the same for all."""
        if not body or len(self._bodies) > _MOST_BODIES:
            return
        digest = crc32(body)
        first = self._bodies.setdefault(digest, domain)
        if first != domain:
            self.echoes.setdefault(digest, {first}).add(domain)

    @property
    def echoed(self) -> frozenset[int]:
        """The pages that too many unrelated domains have sent, by checksum."""
        fewest = max(_FEWEST_ECHOES, _ECHO_SHARE * len(self.answered))
        return frozenset(digest for digest, domains in self.echoes.items() if len(domains) >= fewest)

    @property
    def silent(self) -> set[str]:
        return self.faulty - self.answered.keys()

    @property
    def is_suspicious(self) -> bool:
        """Whether a canary has to be asked before anything is judged."""
        if self.logins:
            return True
        silent = len(self.silent)
        if silent and not self.answered:
            return True
        return silent >= _FEWEST_HOSTS and silent > _SHARE * (silent + len(self.answered))


def is_alive(seen: Sighting | None) -> bool:
    """Whether the canary's answer shows a working network (RFC 6585 §6 for 511)."""
    return seen is not None and seen.status is not None and seen.status != _NETWORK_LOGIN


def is_echo(body: bytes, echoed: frozenset[int]) -> bool:
    """Whether the canary has the page of all: sites that send the same are no proof, they may have one maker."""
    return crc32(body) in echoed


def sick_words(found: Health, canary: str) -> str:
    if found.logins:
        return "a network login (HTTP 511) answers in place of the web"
    if found.echoed:
        number = max(len(found.echoes[digest]) for digest in found.echoed)
        return f"{number} unrelated sites and {canary} all answer with the same page, as a network login does"
    if not found.silent:
        return f"nothing answered, nor did {canary}"
    hosts = f"{len(found.silent)} host{'s' if len(found.silent) != 1 else ''}"
    share = f" of {len(found.silent) + len(found.answered)}" if found.answered else ""
    return f"{hosts}{share} could not be reached, nor could {canary}"
