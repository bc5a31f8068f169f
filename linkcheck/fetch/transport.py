"""Connections: to vetted addresses only, past the system's own trust store, through proxies.

`Transports` gives an httpx transport for a URL. Names are looked up by our resolver and the
addresses checked by guard.py right before the connection is made, so what was checked is what is
connected to; also after a redirect.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx
import truststore

from linkcheck.fetch.faults import Failed
from linkcheck.fetch.guard import is_address, is_public
from linkcheck.fetch.resolve import LookupFailed, Resolver
from linkcheck.model import Fault

_TRIED_ADDRESSES = 4


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
    """How hosts are reached. `connect_to` is the user's own word, so its literal addresses are let through."""

    resolver: Resolver
    connect_to: tuple[ConnectTo, ...] = ()
    allow_private: bool = False

    async def addresses(self, host: str, port: int) -> tuple[list[str], int]:
        """The addresses to try for `host`, and the port. Raises Failed."""
        rule = next((r for r in self.connect_to if r.fits(host, port)), None)
        host = (rule.to_host or host) if rule else host
        port = (rule.to_port or port) if rule else port
        is_chosen = rule is not None and bool(rule.to_host)
        try:
            found = await self.resolver.lookup(host)
        except LookupFailed as error:
            raise Failed(error.fault, str(error)) from error
        allowed = [a for a in found if self.allow_private or is_chosen or is_public(a)]
        if not allowed:
            shown = found[0] if is_address(host) else f"{host} is {found[0]}"
            raise Failed(Fault.ADDRESS_NOT_PUBLIC, f"{shown}, which is no public address")
        return allowed[:_TRIED_ADDRESSES], port


class _Backend(httpcore.AsyncNetworkBackend):
    """Dials the addresses a Route allows, one after the other."""

    def __init__(self, route: Route) -> None:
        self._route = route
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            addresses, port = await self._route.addresses(host, port)
        except Failed as error:
            raise httpcore.ConnectError(str(error)) from error
        for address in addresses[:-1]:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._inner.connect_tcp(addresses[-1], port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


class DirectTransport(httpx.AsyncHTTPTransport):
    """httpx's transport over our own dialling."""

    def __init__(self, context: ssl.SSLContext, route: Route, *, keep: int) -> None:
        super().__init__(verify=context, trust_env=False)
        # httpx has no argument for httpcore's network backend; may go when it gets one.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=None,
            max_keepalive_connections=keep,
            keepalive_expiry=5.0,
            network_backend=_Backend(route),
        )


def verifying_context() -> ssl.SSLContext:
    """The system's trust store; or only what SSL_CERT_FILE / SSL_CERT_DIR name, as in curl."""
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if file or folder:
        return ssl.create_default_context(cafile=file, capath=folder)
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def lenient_context() -> ssl.SSLContext:
    """Verifies nothing and speaks old TLS: to see whether something is there, never to send secrets."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    return context


@dataclass(slots=True)
class Transports:
    """The transports of a run, made when first needed."""

    route: Route
    proxies: Mapping[str, str] = field(default_factory=getproxies)
    _made: dict[tuple[str, str], httpx.AsyncBaseTransport] = field(default_factory=dict)

    def pick(self, url: httpx.URL, *, is_lenient: bool = False, is_fresh: bool = False) -> httpx.AsyncBaseTransport:
        """The transport for `url`: `is_fresh` shares no connection with earlier requests."""
        proxy = self._proxy(url)
        kind = "lenient" if is_lenient else "fresh" if is_fresh else "usual"
        transport = self._made.get((kind, proxy))
        if transport is None:
            transport = self._made[kind, proxy] = self._make(kind, proxy)
        return transport

    async def close(self) -> None:
        for transport in self._made.values():
            await transport.aclose()

    def _proxy(self, url: httpx.URL) -> str:
        """The proxy that HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY ask for, or ''."""
        proxy = self.proxies.get(url.scheme) or self.proxies.get("all") or ""
        if not proxy or proxy_bypass(url.host):
            return ""
        return proxy if "://" in proxy else f"http://{proxy}"

    def _make(self, kind: str, proxy: str) -> httpx.AsyncBaseTransport:
        context = lenient_context() if kind == "lenient" else verifying_context()
        keep = 0 if kind in ("fresh", "lenient") else 20
        if proxy:
            limits = httpx.Limits(max_connections=None, max_keepalive_connections=keep)
            return httpx.AsyncHTTPTransport(verify=context, proxy=proxy, limits=limits, trust_env=False)
        return DirectTransport(context, self.route, keep=keep)
