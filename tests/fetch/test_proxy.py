"""Proxies: which are used for what, and that they are asked for nothing that we would not connect to."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from linkcheck.errors import SettingsError
from linkcheck.fetch.faults import ConnectionFailed, fault_of
from linkcheck.fetch.resolve import LookupFailed, Resolver
from linkcheck.fetch.transport import ConnectTo, DirectTransport, ProxyTransport, Route, Transports
from linkcheck.model import Fault
from tests.fetch.origin import OK, Origin
from tests.web.names import NameServer


class Names(Resolver):
    """A resolver that knows these names; others do not exist, and `deaf` ones say nothing at all."""

    def __init__(self, *, deaf: bool = False, fault: Fault = Fault.DNS_NXDOMAIN, **names: str) -> None:
        super().__init__()
        self.names, self.deaf, self.fault = names, deaf, fault
        self.asked: list[str] = []

    async def lookup(self, host: str, *, bypass_cache: bool = False) -> tuple[str, ...]:
        self.asked.append(host)
        if host.replace(".", "").isdigit() or ":" in host:
            return (host,)
        if host.partition(".")[0] not in self.names:
            raise LookupFailed(self.fault, "why")
        return tuple(self.names[host.partition(".")[0]].split())

    async def are_servers_silent(self) -> bool:
        return self.deaf


def vetted(host: str, port: int = 443, names: Names | None = None, **more: object) -> str:
    """'' where a proxy may be asked for it, else why not."""
    try:
        asyncio.run(Route(names or Names(), **more).vet(host, port))  # type: ignore[arg-type]
    except ConnectionFailed as error:
        return f"{error.fault}: {error}"
    return ""


# -- which proxy -----------------------------------------------------------------------------


@pytest.fixture
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> str:
    text = "inside.test, .corp.test,ported.test:8443, 10.0.0.0/8,fd00::/8 ,[::1],192.0.2.7"
    monkeypatch.setenv("NO_PROXY", text)
    monkeypatch.setenv("no_proxy", text)
    return text


@pytest.mark.parametrize(
    ("url", "direct"),
    [
        ("https://a.test/", False), ("https://notinside.test/", False), ("https://ported.test/", False),
        ("https://ported.test:8443/", True), ("https://inside.test/", True), ("https://a.inside.test:81/", True),
        ("https://inside.test./", True), ("https://x.corp.test/", True), ("https://10.1.2.3/", True),
        ("https://11.1.2.3/", False), ("https://[fd00::5]/", True), ("https://[::1]:81/", True), ("https://192.0.2.7/", True),
    ],
)  # fmt: skip
def test_what_no_proxy_names_is_asked_directly(no_proxy: str, url: str, direct: bool) -> None:
    used = Transports(Route(Resolver()), proxies={"https": "http://proxy.test:1", "no": no_proxy})
    assert isinstance(used.pick(httpx.URL(url)), DirectTransport if direct else ProxyTransport)


def test_a_proxy_is_taken_from_the_environment(no_proxy: str) -> None:
    used = Transports(Route(Resolver()), proxies={"https": "proxy.test:3128", "all": "http://all.test:1"})
    assert used._proxy(httpx.URL("https://a.test/")) == "http://proxy.test:3128"
    assert used._proxy(httpx.URL("http://a.test/")) == "http://all.test:1"
    assert used._proxy(httpx.URL("https://inside.test/")) == ""
    assert used.pick(httpx.URL("https://a.test/")) is used.pick(httpx.URL("https://a.test/"))
    assert isinstance(used.pick(httpx.URL("https://inside.test/"), is_lenient=True), DirectTransport)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "[::1]"])
def test_this_machine_is_asked_directly(host: str) -> None:
    """To it the user's own header fields go without encryption."""
    used = Transports(Route(Resolver(), allow_private=True), proxies={"all": "http://p.test:1"})
    assert used._proxy(httpx.URL(f"http://{host}:8000/")) == ""


def test_a_star_asks_for_no_proxy_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("no_proxy", "*")
    assert Transports(Route(Resolver()), proxies={"all": "http://p.test:1"})._proxy(httpx.URL("https://a.test/")) == ""


def test_a_proxy_that_cannot_be_used_is_the_users_to_mend() -> None:
    used = Transports(Route(Resolver()), proxies={"https": "gopher://proxy.test:1"})
    with pytest.raises(SettingsError, match="cannot be used"):
        used.pick(httpx.URL("https://a.test/"))


@pytest.mark.parametrize("file", ["none.pem", ".", "text.pem"])
def test_certificates_that_cannot_be_read_are_the_users_to_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    (tmp_path / "text.pem").write_text("text")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / file))
    with pytest.raises(SettingsError, match="the certificates cannot be read"):
        Transports(Route(Resolver()), proxies={}).pick(httpx.URL("https://a.test/"))


def test_a_variable_that_is_empty_names_no_certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "")
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    assert isinstance(Transports(Route(Resolver()), proxies={}).pick(httpx.URL("https://a.test/")), DirectTransport)


# -- what it is asked for --------------------------------------------------------------------


def test_what_is_public_goes_to_the_proxy() -> None:
    assert vetted("a.test", names=Names(a="93.184.216.34 2606:2800:220:1::1")) == ""
    assert vetted("93.184.216.34") == ""


@pytest.mark.parametrize("fault", [Fault.DNS_NXDOMAIN, Fault.DNS_NODATA, Fault.DNS_SERVFAIL, Fault.DNS_TIMEOUT])
def test_a_name_that_only_the_proxy_knows_goes_to_it(fault: Fault) -> None:
    assert vetted("a.test", names=Names(fault=fault)) == ""


def test_a_name_is_not_looked_up_where_nobody_answers() -> None:
    names = Names(deaf=True)
    assert vetted("a.test", names=names) == ""
    assert names.asked == []


@pytest.mark.parametrize("host", ["10.0.0.1", "169.254.169.254", "::1", "::ffff:7f00:1", "localhost", "a.localhost."])
@pytest.mark.parametrize("deaf", [False, True])
def test_what_needs_no_look_up_is_refused(host: str, deaf: bool) -> None:
    assert "which is no public address" in vetted(host, names=Names(deaf=deaf))


@pytest.mark.parametrize("addresses", ["10.0.0.1", "93.184.216.34 10.0.0.1", "fec0::1 93.184.216.34"])
def test_a_name_that_may_be_private_is_refused(addresses: str) -> None:
    assert vetted("a.test", names=Names(a=addresses)).startswith(Fault.ADDRESS_NOT_PUBLIC)
    assert vetted("a.test", names=Names(a=addresses), allow_private=True) == ""


def test_our_own_limit_opens_no_way() -> None:
    assert vetted("a.test", names=Names(fault=Fault.OWN_LIMIT)).startswith(Fault.OWN_LIMIT)


@pytest.mark.parametrize("port", [22, 25, 6667])
def test_no_other_protocol_is_spoken_to(port: int) -> None:
    names = Names(a="93.184.216.34")
    assert f"port {port} belongs" in vetted("a.test", port, names)

    def tried(**more: object) -> tuple[list[str], int]:
        return asyncio.run(Route(names, **more).addresses("a.test", port))  # type: ignore[arg-type]

    with pytest.raises(ConnectionFailed, match="belongs to another protocol"):
        tried()
    assert tried(allow_private=True) == (["93.184.216.34"], port)
    assert tried(connect_to=(ConnectTo("a.test", port, "", 8080),)) == (["93.184.216.34"], 8080)


def test_this_machine_is_no_name_to_look_up() -> None:
    names = Names(a="93.184.216.34")
    with pytest.raises(ConnectionFailed, match=r"x\.localhost is 127\.0\.0\.1, which is no public"):
        asyncio.run(Route(names).addresses("x.localhost", 80))
    assert names.asked == []


def test_requests_go_through_the_proxy_or_nowhere() -> None:
    asked: list[bytes] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(OK)
        await writer.drain()

    async def work() -> tuple[int, Fault]:
        async with Origin(proxy) as origin:
            route = Route(Names(a="93.184.216.34", b="10.0.0.1"))
            used = Transports(route, proxies={"http": f"http://127.0.0.1:{origin.port}"})
            request = httpx.Request("GET", "http://a.test/x")
            response = await used.pick(request.url).handle_async_request(request)
            await response.aread()
            request = httpx.Request("GET", "http://b.test/x")
            with pytest.raises(httpx.ConnectError) as refused:
                await used.pick(request.url).handle_async_request(request)
            await used.close()
            return response.status_code, fault_of(refused.value)[0]

    assert asyncio.run(work()) == (200, Fault.ADDRESS_NOT_PUBLIC)
    assert [head.partition(b"\r\n")[0] for head in asked] == [b"GET http://a.test/x HTTP/1.1"]


# -- name servers that do not speak ----------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "deaf"), [("silent", True), ("nxdomain", False), ("refused", False), ("servfail", False)]
)
def test_name_servers_are_deaf_only_where_nothing_comes_back(said: str, deaf: bool) -> None:
    async def work() -> tuple[bool, int]:
        loop, server = asyncio.get_running_loop(), NameServer({"": said})
        transport, _ = await loop.create_datagram_endpoint(lambda: server, ("127.0.0.1", 0))
        resolver = Resolver(f"127.0.0.1:{transport.get_extra_info('sockname')[1]}", timeout_s=0.2)
        found = {await resolver.are_servers_silent() for _ in range(2)}
        asked = len(server.asked)
        resolver.start_afresh()
        found.add(await resolver.are_servers_silent())
        assert len(server.asked) == 2 * asked
        await resolver.close()
        transport.close()
        return found.pop() and not found, asked

    found, asked = asyncio.run(work())
    assert found is deaf
    assert 1 <= asked <= 4


def test_a_name_with_thousands_of_addresses_keeps_a_few() -> None:
    async def work() -> tuple[str, ...]:
        loop, server = asyncio.get_running_loop(), NameServer({"a.test": " ".join(f"10.0.0.{n}" for n in range(200))})
        transport, _ = await loop.create_datagram_endpoint(lambda: server, ("127.0.0.1", 0))
        resolver = Resolver(f"127.0.0.1:{transport.get_extra_info('sockname')[1]}")
        found = await resolver.lookup("a.test")
        await resolver.close()
        transport.close()
        return found

    assert len(asyncio.run(work())) == 64
