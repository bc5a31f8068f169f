"""Choose the connection of a request: an idle one, a new one to a checked address, or a proxy.

`Transports` gives an httpx transport for a URL. Names are looked up by our resolver and the addresses checked by
guard.py right before the connection is made, so the checked address is the one connected to, also after a redirect.
Proxies use httpx's own transport, which gets no request for a name that our resolver knows to be private.
"""

from __future__ import annotations

import asyncio
import os
import ssl
import sys
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast
from urllib.request import getproxies, proxy_bypass

import httpx
import truststore

from linkcheck.errors import SettingsError, reason
from linkcheck.fetch import room
from linkcheck.fetch.connect import connect
from linkcheck.fetch.faults import ConnectionFailed, fault_of
from linkcheck.fetch.guard import BAD_PORTS, is_address, is_own_name, is_public, is_within
from linkcheck.fetch.headers import is_loopback
from linkcheck.fetch.http1 import Connection
from linkcheck.fetch.resolve import LookupFailed, Resolver
from linkcheck.model import Fault

_TRIED_ADDRESSES = 4
_KEPT = 100
_KEPT_S = 15.0
_LOOPBACK = "127.0.0.1"
_STALE = frozenset({Fault.CLOSED, Fault.RESET})


@dataclass(frozen=True, slots=True)
class ConnectTo:
    """curl's `--connect-to HOST1:PORT1:HOST2:PORT2`; '' and 0 match or keep anything."""

    host: str
    port: int
    to_host: str
    to_port: int

    def fits(self, host: str, port: int) -> bool:
        return self.host in ("", host) and self.port in (0, port)


@dataclass(frozen=True, slots=True)
class Route:
    """How hosts are reached. `connect_to` is given by the user, so its addresses are exempt from the public check."""

    resolver: Resolver
    connect_to: tuple[ConnectTo, ...] = ()
    allow_private: bool = False

    async def addresses(self, host: str, port: int, *, bypass_cache: bool = False) -> tuple[list[str], int]:
        """The addresses to try for `host`, and the port; `bypass_cache`: look up again. Raises ConnectionFailed."""
        rule = next((r for r in self.connect_to if r.fits(host, port)), None)
        is_open = self.allow_private or (rule is not None and bool(rule.to_host))
        if not (is_open or (rule and rule.to_port)):
            _refuse_bad_port(port)
        host = (rule.to_host or host) if rule else host
        port = (rule.to_port or port) if rule else port
        try:
            found = await self._look_up(host, bypass_cache=bypass_cache, is_open=is_open)
        except LookupFailed as error:
            raise ConnectionFailed(error.fault, str(error)) from error
        allowed = [a for a in found if is_open or is_public(a)]
        if not allowed:
            raise _not_public(host, found[0])
        return allowed[:_TRIED_ADDRESSES], port

    async def vet(self, host: str, port: int) -> None:
        """Refuse requests over a proxy to hosts that may not be connected to directly. Raises ConnectionFailed.

        A name that only the proxy can look up is left to it: many company networks resolve only internal names. If
        the name servers do not answer at all, no time is spent on them.
        """
        if self.allow_private:
            return
        _refuse_bad_port(port)
        is_name = not (is_address(host) or is_own_name(host))
        if is_name and await self.resolver.are_servers_silent():
            return
        try:
            found = await self._look_up(host)
        except LookupFailed as error:
            if error.fault is Fault.OWN_LIMIT:
                raise ConnectionFailed(error.fault, str(error)) from error
            return
        hidden = [a for a in found if not is_public(a)]  # any private one counts: the proxy may use any of them
        if hidden:
            raise _not_public(host, hidden[0])

    async def _look_up(self, host: str, *, bypass_cache: bool = False, is_open: bool = False) -> tuple[str, ...]:
        if is_own_name(host) and not is_open:
            return (_LOOPBACK,)
        return await self.resolver.lookup(host, bypass_cache=bypass_cache)


def _not_public(host: str, address: str) -> ConnectionFailed:
    shown = address if is_address(host) else f"{host} is {address}"
    return ConnectionFailed(Fault.ADDRESS_NOT_PUBLIC, f"{shown}, which is no public address")


def _refuse_bad_port(port: int) -> None:
    if port in BAD_PORTS:
        message = f"port {port} belongs to another protocol than HTTP, no browser opens it"
        raise ConnectionFailed(Fault.ADDRESS_NOT_PUBLIC, message)


class ProxyTransport(httpx.AsyncBaseTransport):
    """A proxy that gets only requests for hosts that may be connected to."""

    def __init__(self, proxy: httpx.AsyncBaseTransport, route: Route) -> None:
        self._proxy = proxy
        self._route = route

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        _, host, port = _origin(request.url)
        try:
            await self._route.vet(host, port)
        except ConnectionFailed as error:
            raise httpx.ConnectError(str(error)) from error
        return await self._proxy.handle_async_request(request)

    async def aclose(self) -> None:
        await self._proxy.aclose()


class DirectTransport(httpx.AsyncBaseTransport):
    """Direct connections, kept by origin in O(1); a stale one is replaced once.

    The function in a request's extension `connected` is called with the address that it is sent to; the extension
    `bypass_cache` has the name looked up again.
    """

    def __init__(self, context: ssl.SSLContext, route: Route, *, keep: int = _KEPT) -> None:
        self._context = context
        self._route = route
        self._keep = keep
        self._idle: OrderedDict[Connection, tuple[str, str, int, float]] = OrderedDict()
        self._by_origin: dict[tuple[str, str, int], list[Connection]] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        origin = _origin(request.url)
        kept = self._take(origin)
        if kept is not None:
            try:
                return await self._exchange(kept, request, origin)
            except httpx.TransportError as error:
                if fault_of(error)[0] not in _STALE:
                    raise
        return await self._exchange(await self._connect(origin, request), request, origin)

    async def aclose(self) -> None:
        self.drop_idle()

    def drop_idle(self) -> None:
        """Close idle connections."""
        while self._idle:
            self._idle.popitem()[0].abort()
        self._by_origin.clear()

    async def _exchange(
        self, connection: Connection, request: httpx.Request, origin: tuple[str, str, int]
    ) -> httpx.Response:
        if connected := request.extensions.get("connected"):
            connected(connection.peer)
        return await connection.exchange(request, lambda c: self._put(origin, c))

    async def _connect(self, origin: tuple[str, str, int], request: httpx.Request) -> Connection:
        scheme, host, port = origin
        try:
            addresses, port = await self._route.addresses(host, port, bypass_cache="bypass_cache" in request.extensions)
        except ConnectionFailed as error:
            raise httpx.ConnectError(str(error)) from error
        await self._make_room()
        limits = cast("dict[str, float | None]", request.extensions.get("timeout", {}))
        try:
            async with asyncio.timeout(limits.get("connect")):
                return await connect(addresses, port, self._context if scheme == "https" else None, host)
        except TimeoutError as error:
            raise httpx.ConnectTimeout("no connection in time") from error

    async def _make_room(self) -> None:
        """Make room for one more open file, by closing an idle connection if needed."""
        if self._idle and not room.has_room():
            self._drop_oldest()
        if not await room.wait_for_room():
            raise httpx.ConnectError(room.MESSAGE) from ConnectionFailed(Fault.OWN_LIMIT, room.MESSAGE)

    def _take(self, origin: tuple[str, str, int]) -> Connection | None:
        idle = self._by_origin.get(origin, [])
        now = asyncio.get_running_loop().time()
        while idle:
            connection = idle.pop()
            since = self._idle.pop(connection)[3]
            if connection.is_reusable and now - since < _KEPT_S and connection.is_quiet:
                return connection
            connection.abort()
        return None

    def _put(self, origin: tuple[str, str, int], connection: Connection) -> None:
        if not connection.is_reusable or not self._keep:
            connection.abort()
            return
        self._idle[connection] = (*origin, asyncio.get_running_loop().time())
        self._by_origin.setdefault(origin, []).append(connection)
        if len(self._idle) > self._keep:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        oldest, (*key, _) = self._idle.popitem(last=False)
        self._by_origin[cast("tuple[str, str, int]", tuple(key))].remove(oldest)
        oldest.abort()


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    host = url.raw_host.decode("ascii").strip("[]")
    return url.scheme, host, url.port or (443 if url.scheme == "https" else 80)


def verifying_context() -> ssl.SSLContext:
    """A context with the system's trust store, or with that of SSL_CERT_FILE / SSL_CERT_DIR, as in curl.

    Those of macOS and Windows can be read only by truststore. On Linux truststore would read the
    certificates again for every connection, so there OpenSSL reads them once, if it finds any. Raises SettingsError.
    """
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if file or folder:
        return _context_of(file or None, folder or None)
    paths = ssl.get_default_verify_paths()
    if sys.platform not in ("darwin", "win32") and (paths.cafile or paths.capath):
        return ssl.create_default_context()
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _context_of(file: str | None, folder: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=file, capath=folder)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError, ssl.SSLError) as error:
        raise SettingsError(
            f"the certificates cannot be read: {reason(error)}",
            where=" or ".join(filter(None, (file, folder))),
            help="set SSL_CERT_FILE to a file of certificates (PEM) and SSL_CERT_DIR to a folder, or unset both",
        ) from error


def lenient_context() -> ssl.SSLContext:
    """A context without verification that allows old TLS: to see whether a page exists, never to send secrets."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    return context


@dataclass(slots=True)
class Transports:
    """The transports of a run, created lazily."""

    route: Route
    proxies: Mapping[str, str] = field(default_factory=getproxies)
    keep: int = _KEPT
    _made: dict[tuple[str, str], httpx.AsyncBaseTransport] = field(default_factory=dict)

    def pick(self, url: httpx.URL, *, is_lenient: bool = False, is_fresh: bool = False) -> httpx.AsyncBaseTransport:
        """The transport for `url`; `is_fresh`: one that shares no connection with earlier requests."""
        proxy = self._proxy(url)
        kind = "lenient" if is_lenient else "fresh" if is_fresh else "usual"
        transport = self._made.get((kind, proxy))
        if transport is None:
            transport = self._made[kind, proxy] = self._make(kind, proxy)
        return transport

    async def prepare(self, url: httpx.URL) -> None:
        """Look up the name in `url` in advance, if `pick(url)` will need it; errors are ignored.

        It may have to wait for other look-ups, which must not count as time of the request.
        """
        through = self.pick(url)
        look_up = self.route.vet if isinstance(through, ProxyTransport) else self.route.addresses
        with suppress(ConnectionFailed):
            _, host, port = _origin(url)
            await look_up(host, port)

    async def close(self) -> None:
        for transport in self._made.values():
            await transport.aclose()

    def drop_idle(self) -> None:
        """Close idle connections: the network may have changed."""
        for transport in self._made.values():
            if isinstance(transport, DirectTransport):
                transport.drop_idle()

    def _proxy(self, url: httpx.URL) -> str:
        """The proxy by HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, or ''. None for this machine: a proxy would
        take `localhost` for itself, and the user's own header fields go there without encryption."""
        proxy = self.proxies.get(url.scheme) or self.proxies.get("all") or ""
        if not proxy or is_loopback(url.host) or self._is_spared(url):
            return ""
        return proxy if "://" in proxy else f"http://{proxy}"

    def _is_spared(self, url: httpx.URL) -> bool:
        """Whether NO_PROXY (or the system's settings) matches `url`: a host, a domain, `*`, HOST:PORT, a block."""
        _, host, port = _origin(url)
        host = host.rstrip(".")
        blocks = self.proxies.get("no", "").split(",")
        place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        return bool(proxy_bypass(place)) or any(is_within(host, block.strip(" []")) for block in blocks)

    def _make(self, kind: str, proxy: str) -> httpx.AsyncBaseTransport:
        context = lenient_context() if kind == "lenient" else verifying_context()
        keep = self.keep if kind == "usual" else 0
        if proxy:
            limits = httpx.Limits(max_connections=None, max_keepalive_connections=min(keep, 20))
            try:
                through = httpx.AsyncHTTPTransport(verify=context, proxy=proxy, limits=limits, trust_env=False)
            except (ImportError, ValueError, httpx.InvalidURL) as error:
                message = f"the proxy '{proxy}' cannot be used: {error}"
                raise SettingsError(message, where="HTTP_PROXY, HTTPS_PROXY or ALL_PROXY") from error
            return ProxyTransport(through, self.route)
        return DirectTransport(context, self.route, keep=keep)
