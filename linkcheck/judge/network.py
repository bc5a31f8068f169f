"""Is the network of the machine we run on sick? Then nothing may be judged.

Faults that an answer of the other side cannot cause point at our own end: no look-up works, no
route, no connection. A refused or reset connection, a TLS fault, a slow page came from a host, so
the network works that far. (design/verdicts.md 5)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from linkcheck.model import Fault, Sighting

_OURS = frozenset(
    {
        Fault.DNS_NXDOMAIN, Fault.DNS_NODATA, Fault.DNS_SERVFAIL, Fault.DNS_TIMEOUT, Fault.DNS_FAILED,
        Fault.CONNECT_TIMEOUT, Fault.NO_ROUTE, Fault.PROXY,
    }
)  # fmt: skip
_NO_WITNESS = frozenset({Fault.HELD_BACK, Fault.OUT_OF_TIME, Fault.ADDRESS_NOT_PUBLIC})
_NETWORK_LOGIN = 511
_SHARE = 0.2
_FEWEST_HOSTS = 10


@dataclass(frozen=True, slots=True)
class Health:
    """Hosts by how they were met. `answered` gave any sign of life, `silent` only faults of ours."""

    answered: frozenset[str]
    silent: frozenset[str]
    logins: int = 0

    @property
    def is_suspicious(self) -> bool:
        """Whether a canary has to be asked before anything is judged."""
        if self.logins:
            return True
        if self.silent and not self.answered:
            return True
        return len(self.silent) >= _FEWEST_HOSTS and len(self.silent) > _SHARE * len(self.silent | self.answered)


def health(met: Iterable[tuple[str, Sighting]]) -> Health:
    """The health of our network by (host, sighting) of everything that was asked."""
    answered, silent, logins = set[str](), set[str](), 0
    for host, seen in met:
        if seen.fault in _NO_WITNESS:
            continue
        if seen.fault in _OURS:
            silent.add(host)
        else:
            answered.add(host)
            logins += seen.status == _NETWORK_LOGIN
    return Health(frozenset(answered), frozenset(silent - answered), logins)


def is_alive(seen: Sighting | None) -> bool:
    """Whether the canary's answer shows a working network (RFC 6585 §6 for 511)."""
    return seen is not None and seen.status is not None and seen.status != _NETWORK_LOGIN


def sick_words(found: Health, canary: str) -> str:
    if found.logins:
        return "a network login (HTTP 511) answers in place of the web"
    hosts = f"{len(found.silent)} host{'s' if len(found.silent) != 1 else ''}"
    share = "" if not found.answered else f" of {len(found.silent | found.answered)}"
    return f"{hosts}{share} could not be reached, nor could {canary}"
