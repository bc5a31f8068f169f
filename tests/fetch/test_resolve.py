"""Names to addresses, over channels that answer from a table: what is asked twice, and what is remembered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace

import aiodns
import pycares
import pytest

from linkcheck.fetch import resolve
from linkcheck.fetch.resolve import LookupFailed, Resolver
from linkcheck.model import Fault

GONE, NO_DATA = pycares.errno.ARES_ENOTFOUND, pycares.errno.ARES_ENODATA
Found = list[str] | int | Exception


class Names:
    """What the name servers say, in turn; the last for ever. `soa` is what they say of the domain itself."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *found: Found, soa: int | None = None) -> None:
        self.found, self.soa = list(found), soa
        self.asked, self.opened, self.closed = list[str](), list[str](), 0
        monkeypatch.setattr(resolve, "_PAUSE_S", 0.0)
        monkeypatch.setattr(Resolver, "_open", self.open)

    def open(self, server: str = "", *, tries: int = 2) -> Names:
        self.opened.append(server)
        return self

    async def getaddrinfo(self, host: str, *, family: int, type: int) -> SimpleNamespace:
        self.asked.append(host)
        await asyncio.sleep(0)
        found = self.found.pop(0) if len(self.found) > 1 else self.found[0]
        if isinstance(found, int):
            raise aiodns.error.DNSError(found, "said the server")
        if isinstance(found, Exception):
            raise found
        return SimpleNamespace(nodes=[SimpleNamespace(addr=(address.encode(), 0)) for address in found])

    async def query_dns(self, *_: str) -> None:
        if self.soa is not None:
            raise aiodns.error.DNSError(self.soa, "said the server")

    async def close(self) -> None:
        self.closed += 1


def run(work: Callable[[Resolver], Awaitable[object]]) -> object:
    async def all_of_it() -> object:
        resolver = Resolver("192.0.2.1", "192.0.2.2")
        try:
            return await work(resolver)
        finally:
            await resolver.close()

    return asyncio.run(all_of_it())


def failed(host: str = "www.a.test") -> tuple[Fault, str]:
    async def work(resolver: Resolver) -> tuple[Fault, str]:
        with pytest.raises(LookupFailed) as caught:
            await resolver.lookup(host)
        return caught.value.fault, str(caught.value)

    found = run(work)
    assert isinstance(found, tuple)
    return found


def test_an_address_is_not_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names(monkeypatch, GONE)
    assert run(lambda resolver: resolver.lookup("192.0.2.7")) == ("192.0.2.7",)
    assert names.asked == []


def test_the_families_come_in_turn_and_each_address_once(monkeypatch: pytest.MonkeyPatch) -> None:
    Names(monkeypatch, ["::1", "::2", "::1", "192.0.2.1", "::3"])
    assert run(lambda resolver: resolver.lookup("a.test")) == ("::1", "192.0.2.1", "::2", "::3")


def test_the_addresses_of_a_name_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    Names(monkeypatch, [f"192.0.{n // 250}.{n % 250}" for n in range(4_000)])
    found = run(lambda resolver: resolver.lookup("a.test"))
    assert isinstance(found, tuple)
    assert len(found) == 64


def test_a_name_is_looked_up_once_for_all_who_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names(monkeypatch, ["192.0.2.1"])

    async def work(resolver: Resolver) -> int:
        await asyncio.gather(*(resolver.lookup("a.test") for _ in range(5)))
        await resolver.lookup("a.test")
        return resolver.answered

    assert run(work) == 1
    assert names.asked == ["a.test"]


def test_the_second_server_has_the_second_word(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names(monkeypatch, GONE, ["192.0.2.1"])
    assert run(lambda resolver: resolver.lookup("a.test")) == ("192.0.2.1",)
    assert names.opened == ["", "192.0.2.2"]


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        (GONE, Fault.DNS_NXDOMAIN), (NO_DATA, Fault.DNS_NODATA), (pycares.errno.ARES_ESERVFAIL, Fault.DNS_SERVFAIL),
        (pycares.errno.ARES_EREFUSED, Fault.DNS_SERVFAIL), (pycares.errno.ARES_ETIMEOUT, Fault.DNS_TIMEOUT),
        (pycares.errno.ARES_ECONNREFUSED, Fault.DNS_FAILED), (pycares.errno.ARES_EBADNAME, Fault.DNS_FAILED),
        ([], Fault.DNS_NODATA), (UnicodeError("odd"), Fault.DNS_FAILED),
    ],
)  # fmt: skip
def test_faults_are_told_apart_and_said_twice(monkeypatch: pytest.MonkeyPatch, found: Found, fault: Fault) -> None:
    names = Names(monkeypatch, found)
    assert failed()[0] is fault
    assert len(names.asked) == 2


@pytest.mark.parametrize(
    ("host", "soa", "detail"),
    [
        ("a.test", None, "the whole domain is gone"), ("www.a.test", GONE, "the whole domain a.test is gone"),
        ("www.a.test", None, "the domain a.test is still there"),
        ("www.a.test", NO_DATA, "the domain a.test is still there"),
        ("www.a.test", pycares.errno.ARES_ESERVFAIL, ""),
    ],
)  # fmt: skip
def test_of_a_name_that_does_not_exist_the_domain_is_told(
    monkeypatch: pytest.MonkeyPatch, host: str, soa: int | None, detail: str
) -> None:
    Names(monkeypatch, GONE, soa=soa)
    assert failed(host) == (Fault.DNS_NXDOMAIN, detail)


@pytest.mark.parametrize("forget", [Resolver.forget_failures, Resolver.start_afresh])
def test_failures_are_remembered_until_they_are_forgotten(
    monkeypatch: pytest.MonkeyPatch, forget: Callable[[Resolver], None]
) -> None:
    names = Names(monkeypatch, GONE)

    async def work(resolver: Resolver) -> list[int]:
        counts = []
        for at in range(3):
            with pytest.raises(LookupFailed):
                await resolver.lookup("a.test")
            counts.append(len(names.asked))
            if at == 1:
                forget(resolver)
        return counts

    assert run(work) == [2, 2, 4]


def test_what_was_found_is_forgotten_only_with_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names(monkeypatch, ["192.0.2.1"])

    async def work(resolver: Resolver) -> list[int]:
        counts = []
        for forget in (resolver.forget_failures, resolver.start_afresh, resolver.forget_failures):
            await resolver.lookup("a.test")
            counts.append(len(names.asked))
            forget()
        return counts

    assert run(work) == [1, 1, 2]


def test_a_look_up_past_all_that_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names(monkeypatch, GONE, GONE, ["192.0.2.1"])

    async def work(resolver: Resolver) -> tuple[str, ...]:
        with pytest.raises(LookupFailed):
            await resolver.lookup("a.test")
        return await resolver.lookup("a.test", bypass_cache=True)

    assert run(work) == ("192.0.2.1",)
    assert names.closed >= 2


@pytest.mark.parametrize(
    ("soa", "are_servers_silent"), [(None, False), (GONE, False), (pycares.errno.ARES_ETIMEOUT, True)]
)
def test_whether_the_name_servers_speak_is_asked_once(
    monkeypatch: pytest.MonkeyPatch, soa: int | None, are_servers_silent: bool
) -> None:
    names = Names(monkeypatch, GONE, soa=soa)

    async def work(resolver: Resolver) -> list[bool]:
        return [await resolver.are_servers_silent() for _ in range(2)]

    assert run(work) == [are_servers_silent, are_servers_silent]
    assert len(names.opened) == 1


@pytest.mark.parametrize("bypass_cache", [False, True])
def test_a_name_does_not_pay_for_a_channel_that_cannot_be_had(
    monkeypatch: pytest.MonkeyPatch, bypass_cache: bool
) -> None:
    def no_channel(*_: object, **__: object) -> None:
        raise pycares.AresError(pycares.errno.ARES_ENOMEM, "Out of memory")

    async def work() -> Fault:
        resolver = Resolver("127.0.0.1:9")
        with pytest.raises(LookupFailed, match="Out of memory") as caught:
            await resolver.lookup("a.test", bypass_cache=bypass_cache)
        await resolver.close()
        return caught.value.fault

    monkeypatch.setattr(aiodns.DNSResolver, "__init__", no_channel)
    assert asyncio.run(work()) is Fault.OWN_LIMIT
