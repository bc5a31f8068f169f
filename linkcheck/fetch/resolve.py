"""Host names to addresses: one look-up a name and run, with distinct faults, without threads.

c-ares through aiodns was chosen by trying the failures (docs/decisions.md): it distinguishes NXDOMAIN, no
data, SERVFAIL, REFUSED and a time-out, reads the hosts file, and costs a third of dnspython.
`getaddrinfo` in threads distinguishes none of them, and ten dead names block it for all others.
"""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field, replace

import aiodns
import pycares

from linkcheck import urls
from linkcheck.fetch import room
from linkcheck.fetch.guard import is_address
from linkcheck.model import Fault

_FAULTS = {
    pycares.errno.ARES_ENOTFOUND: Fault.DNS_NXDOMAIN,
    pycares.errno.ARES_ENODATA: Fault.DNS_NODATA,
    pycares.errno.ARES_ESERVFAIL: Fault.DNS_SERVFAIL,
    pycares.errno.ARES_EREFUSED: Fault.DNS_SERVFAIL,
    pycares.errno.ARES_ETIMEOUT: Fault.DNS_TIMEOUT,
    pycares.errno.ARES_ECONNREFUSED: Fault.DNS_FAILED,
}
_ASKED_AGAIN = frozenset(
    {Fault.DNS_NXDOMAIN, Fault.DNS_NODATA, Fault.DNS_SERVFAIL, Fault.DNS_FAILED, Fault.DNS_TIMEOUT}
)
_PAUSE_S = 0.5
_PARALLEL = 64
_MOST_TRIES = 5
_MOST_ADDRESSES = 64  # kept of one name; an answer of 64 KB holds 4,000


class LookupFailed(Exception):
    """A name has no address, or could not be looked up; `fault` says which."""

    def __init__(self, fault: Fault, detail: str) -> None:
        super().__init__(detail)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class _Lookup:
    addresses: tuple[str, ...] = ()
    fault: Fault | None = None
    detail: str = ""


@dataclass(slots=True)
class Resolver:
    """`server` is ADDR[:PORT], '' for the system's; `second` gets the second query, `server` does if it is ''.

    `timeout_s` is for one try of one server; a look-up as a whole takes at most 5 times as long (`longest_s`), once
    it has started. `answered` counts names that had addresses.
    """

    server: str = ""
    second: str = ""
    timeout_s: float = 2.0
    answered: int = 0
    _pending: dict[str, asyncio.Task[_Lookup]] = field(default_factory=dict)
    _dropped: list[asyncio.Task[_Lookup]] = field(default_factory=list)
    _deafness: asyncio.Task[bool] | None = None
    _channels: list[aiodns.DNSResolver] = field(default_factory=list)
    _is_new: bool = True
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_PARALLEL))

    @property
    def longest_s(self) -> float:
        return _MOST_TRIES * self.timeout_s

    async def lookup(self, host: str, *, bypass_cache: bool = False) -> tuple[str, ...]:
        """The addresses of `host`, IPv6 and IPv4 alternating; `bypass_cache`: query again. Raises LookupFailed."""
        if is_address(host):
            return (host,)
        answer = await (self._resolve_uncached(host) if bypass_cache else self._known(host))
        if answer.fault is Fault.OWN_LIMIT:
            self._pending.pop(host, None)  # not cached: a local limit says nothing about the name
        if answer.fault is not None:
            raise LookupFailed(answer.fault, answer.detail)
        return answer.addresses

    def forget_failures(self) -> None:
        """Remove failed look-ups from the cache."""
        failed = [host for host, task in self._pending.items() if task.done() and not _has_address(task)]
        for host in failed:
            del self._pending[host]

    def start_afresh(self) -> None:
        """Clear the cache, since the network may be another one now. Pending look-ups still get their answer."""
        self._dropped += self._pending.values()
        self._pending.clear()
        self._slots, self._is_new, self._deafness = asyncio.Semaphore(_PARALLEL), True, None

    async def are_servers_silent(self) -> bool:
        """Whether the name servers answer nothing at all, not even for the root. Queried once."""
        if self._deafness is None:
            self._deafness = asyncio.create_task(self._ask_for_root())
        return await asyncio.shield(self._deafness)

    async def close(self) -> None:
        tasks = [*self._pending.values(), *self._dropped, *([self._deafness] if self._deafness else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for channel in self._channels:
            await channel.close()

    async def _ask_for_root(self) -> bool:
        channel = self._open()
        try:
            async with asyncio.timeout(self.timeout_s * 3.5):
                await channel.query_dns(".", "SOA")
        except aiodns.error.DNSError as error:
            return _FAULTS.get(error.args[0]) in (Fault.DNS_TIMEOUT, Fault.DNS_FAILED)
        except TimeoutError:
            return True
        finally:
            await channel.close()
        return False

    async def _known(self, host: str) -> _Lookup:
        task = self._pending.get(host)
        if task is None:
            task = self._pending[host] = asyncio.create_task(self._resolve(host))
        return await asyncio.shield(task)

    async def _resolve_uncached(self, host: str) -> _Lookup:
        try:
            fresh = self._open()
        except pycares.AresError as error:
            return _no_channel(error)
        try:
            answer = await self._ask(fresh, host)
        finally:
            await fresh.close()
        self.answered += bool(answer.addresses)
        return answer

    async def _resolve(self, host: str) -> _Lookup:
        async with self._slots:
            if not await room.wait_for_room():
                return _Lookup(fault=Fault.OWN_LIMIT, detail=room.MESSAGE)
            try:
                answer = await self._ask_twice(host)
            except pycares.AresError as error:
                answer = _no_channel(error)
        if answer.addresses:
            self.answered += 1
        return answer

    async def _ask_twice(self, host: str) -> _Lookup:
        """A second query, past all our caches, if the first finds nothing; NXDOMAIN has to be answered twice."""
        if self._is_new:
            self._channels.append(self._open())
            self._is_new = False
        answer = await self._ask(self._channels[-1], host)
        if answer.fault not in _ASKED_AGAIN:
            return answer
        await asyncio.sleep(0 if answer.fault is Fault.DNS_NXDOMAIN else _PAUSE_S)
        if not await room.wait_for_room():
            return _Lookup(fault=Fault.OWN_LIMIT, detail=room.MESSAGE)
        fresh = self._open(self.second, tries=1 if answer.fault is Fault.DNS_TIMEOUT else 2)
        try:
            answer = await self._ask(fresh, host)
            if answer.fault is Fault.DNS_NXDOMAIN:
                answer = replace(answer, detail=await self._about_domain(fresh, host))
        finally:
            await fresh.close()
        return answer

    async def _about_domain(self, channel: aiodns.DNSResolver, host: str) -> str:
        """A message on whether the domain of a non-existent name exists itself, by its SOA (RFC 8020)."""
        domain = urls.registrable_domain(host)
        if domain == host:
            return "the whole domain is gone"
        try:
            async with asyncio.timeout(self.timeout_s):
                await channel.query_dns(domain, "SOA")
        except aiodns.error.DNSError as error:
            fault = _FAULTS.get(error.args[0])
            if fault is Fault.DNS_NXDOMAIN:
                return f"the whole domain {domain} is gone"
            if fault is not Fault.DNS_NODATA:
                return ""
        except (TimeoutError, ValueError):
            return ""
        return f"the domain {domain} is still there"

    def _open(self, server: str = "", *, tries: int = 2) -> aiodns.DNSResolver:
        chosen = server or self.server
        servers = [chosen] if chosen else None
        return aiodns.DNSResolver(
            nameservers=servers, timeout=self.timeout_s, tries=tries, flags=pycares.ARES_FLAG_NOSEARCH
        )

    async def _ask(self, channel: aiodns.DNSResolver, host: str) -> _Lookup:
        try:
            async with asyncio.timeout(self.timeout_s * 3.5):
                found = await channel.getaddrinfo(host, family=socket.AF_UNSPEC, type=socket.SOCK_STREAM)
        except aiodns.error.DNSError as error:
            code, text = error.args[:2]
            return _Lookup(fault=_FAULTS.get(code, Fault.DNS_FAILED), detail=str(text))
        except TimeoutError:
            return _Lookup(fault=Fault.DNS_TIMEOUT, detail="no answer from the name servers")
        except (UnicodeError, ValueError) as error:
            return _Lookup(fault=Fault.DNS_FAILED, detail=str(error))
        addresses = [_text(node.addr[0]) for node in found.nodes]
        if not addresses:
            return _Lookup(fault=Fault.DNS_NODATA, detail="the name has no address")
        return _Lookup(tuple(dict.fromkeys(_in_turn(addresses)))[:_MOST_ADDRESSES])


def _no_channel(error: pycares.AresError) -> _Lookup:
    """c-ares got no memory or no file: that says nothing about the name."""
    return _Lookup(fault=Fault.OWN_LIMIT, detail=f"the look-up could not be started: {error.args[-1]}")


def _has_address(task: asyncio.Task[_Lookup]) -> bool:
    return not task.cancelled() and task.exception() is None and bool(task.result().addresses)


def _text(address: bytes | str) -> str:
    return address.decode() if isinstance(address, bytes) else address


def _in_turn(addresses: list[str]) -> list[str]:
    """Address families alternating, beginning with that of the first address (RFC 8305 §4)."""
    first = [a for a in addresses if (":" in a) == (":" in addresses[0])]
    second = [a for a in addresses if (":" in a) != (":" in addresses[0])]
    mixed = [a for pair in zip(first, second, strict=False) for a in pair]
    return mixed + first[len(second) :] + second[len(first) :]
