"""A small internet on loopback: names, plain and TLS hosts, each behaviour a few lines.

    with Web() as web:
        web.on("good.example", "/", page("<title>Good</title>"))
        web.names["gone.example"] = "nxdomain"
        subprocess.run(["linkcheck", "run", "list.md", *web.flags], env=os.environ | web.environment)

It listens on 127.0.0.1 only, in a thread of its own. Certificates come from a CA made for the run.
"""

from __future__ import annotations

import asyncio
import os
import ssl
import tempfile
import threading
import time
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import trustme

from tests.web.behaviours import Behaviour, Host, Received, Wire, page
from tests.web.cable import Cable
from tests.web.cable import Outage as Outage
from tests.web.names import NameServer

LOOPBACK = "127.0.0.1"


class Web:
    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.hosts: dict[str, Host] = {}
        self.tls: dict[str, str] = {}
        self.log: list[Received] = []
        self.in_flight: dict[str, int] = {}
        self.most_in_flight: dict[str, int] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._ca, self._other_ca = trustme.CA(), trustme.CA()
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._folder = tempfile.TemporaryDirectory(prefix="linkcheck-web-")
        self._connections = 0
        self._servers: list[asyncio.Server] = []
        self._name_transport: asyncio.BaseTransport | None = None
        self.name_server = NameServer(self.names)
        self.http_port = self.https_port = self.dns_port = 0
        self._cable: Cable | None = None
        self._spared: list[str] = []
        self.on("example.com", "/", page("<title>Example Domain</title>"))

    # -- what the web is like ----------------------------------------------------------------

    def on(self, host: str, path: str, behaviour: Behaviour) -> str:
        """Let `path` of `host` behave so; returns its https URL. A path of '*' is any other path."""
        self.names.setdefault(host, LOOPBACK)
        found = self.hosts.setdefault(host, Host())
        if path == "*":
            found.otherwise = behaviour
        else:
            found.paths[path] = behaviour
        return f"https://{host}{path}"

    def asked(self, host: str, path: str | None = None) -> list[Received]:
        return [r for r in self.log if r.host == host and path in (None, r.path, r.target)]

    def outages(self, *outages: Outage) -> None:
        """Let the network of linkcheck be away at these times, one after the other."""

        async def lay() -> None:
            self._cable = Cable(outages, self.name_server.suffer)
            for host in dict.fromkeys(name for outage in outages for name in outage.spared):
                self._spared += ["--connect-to", f"{host}:443::{self.https_port}"]
            self.http_port, self.https_port = (
                await self._cable.lay(self.http_port),
                await self._cable.lay(self.https_port),
            )

        self._wait(lay())

    @property
    def is_away(self) -> bool:
        """Whether the network of linkcheck is away right now."""
        return self._cable is not None and self._cable.is_out

    @property
    def flags(self) -> list[str]:
        """What makes linkcheck live in this web."""
        return [
            "--dns", f"{LOOPBACK}:{self.dns_port}", "--allow-private", *self._spared,
            "--connect-to", f":80::{self.http_port}", "--connect-to", f":443::{self.https_port}",
        ]  # fmt: skip

    @property
    def environment(self) -> dict[str, str]:
        return {"SSL_CERT_FILE": str(self.ca_file), "NO_PROXY": "*"}

    @property
    def ca_file(self) -> Path:
        return Path(self._folder.name) / "ca.pem"

    # -- its life ----------------------------------------------------------------------------

    def __enter__(self) -> Self:
        self._ca.cert_pem.write_to_path(str(self.ca_file))
        self._thread.start()
        self._wait(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self._wait(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._folder.cleanup()

    def _wait(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=20)

    async def _start(self) -> None:
        self._loop.set_exception_handler(lambda *_: None)  # clients that hang up are part of the tests
        transport, _ = await self._loop.create_datagram_endpoint(lambda: self.name_server, (LOOPBACK, 0))
        self._name_transport = transport
        self.dns_port = transport.get_extra_info("sockname")[1]
        plain = await asyncio.start_server(self._serve, LOOPBACK, 0, limit=2**20)
        secure = await asyncio.start_server(self._serve, LOOPBACK, 0, ssl=self._tls_context(), limit=2**20)
        self._servers = [plain, secure]
        self.http_port, self.https_port = (s.sockets[0].getsockname()[1] for s in self._servers)

    async def _stop(self) -> None:
        for server in self._servers:
            server.close()
        if self._cable:
            self._cable.cut()
        if self._name_transport:
            self._name_transport.close()
        tasks = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # -- serving -----------------------------------------------------------------------------

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections += 1
        number, wire = self._connections, Wire(writer)
        try:
            while not wire.is_done and (request := await self._receive(reader, number)):
                self.log.append(request)
                if self._cable:
                    self._cable.count(len(self.log))
                now = self.in_flight[request.host] = self.in_flight.get(request.host, 0) + 1
                self.most_in_flight[request.host] = max(now, self.most_in_flight.get(request.host, 0))
                try:
                    await self.hosts.get(request.host, Host()).find(request)(request, wire)
                finally:
                    self.in_flight[request.host] -= 1
                if request.headers.get("connection", "").lower() == "close":
                    break
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, TimeoutError):
            pass
        finally:
            writer.close()

    async def _receive(self, reader: asyncio.StreamReader, number: int) -> Received | None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return None
        first, *lines = head.decode("latin-1").split("\r\n")[:-2]
        method, target, _ = first.split(" ", 2)
        headers = {n.strip().lower(): v.strip() for n, _, v in (line.partition(":") for line in lines)}
        host = headers.get("host", "").rpartition(":")[0] or headers.get("host", "")
        host = headers.get("host", "") if not headers.get("host", "").rpartition(":")[2].isdigit() else host
        return Received(time.monotonic(), host, method, target, headers, number)

    # -- certificates ------------------------------------------------------------------------

    def _tls_context(self) -> ssl.SSLContext:
        context = self._certified("localhost")

        def choose(sock: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> int | None:
            host = name or "localhost"
            kind = self.tls.get(host, "good")
            if kind == "refuses":
                return ssl.ALERT_DESCRIPTION_HANDSHAKE_FAILURE
            if host not in self._contexts:
                self._contexts[host] = self._certified(host, kind)
            sock.context = self._contexts[host]
            return None

        context.sni_callback = choose
        return context

    def _certified(self, host: str, kind: str = "good") -> ssl.SSLContext:
        """`kind` is good, expired, wrong-host, unknown-issuer or self-signed."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if kind == "self-signed":
            self._self_signed(context, host)
            return context
        ca = self._other_ca if kind == "unknown-issuer" else self._ca
        name = "somebody-else.example" if kind == "wrong-host" else host
        until = datetime.now(UTC) - timedelta(days=3) if kind == "expired" else None
        ca.issue_cert(name, not_after=until).configure_cert(context)
        return context

    def _self_signed(self, context: ssl.SSLContext, host: str) -> None:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec

        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .sign(key, hashes.SHA256())
        )  # fmt: skip
        file = Path(self._folder.name) / f"{host}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
        context.load_cert_chain(file)


def environment(web: Web, **more: str) -> dict[str, str]:
    """The process environment inside `web`, without the user's proxies and settings."""
    kept = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy") and not k.startswith("LINKCHECK_")}
    own = {"XDG_CONFIG_HOME": str(web.ca_file.parent), "APPDATA": str(web.ca_file.parent)}
    return kept | web.environment | own | {"LINKCHECK_NO_MEMORY": "true"} | more
