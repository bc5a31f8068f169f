"""One exchange over the network: build the request, send it, read the reply in time, and report it to observers.

Errors of a server, a proxy or the network are faults in the reply; only errors that the user or the machine has to
resolve are raised (common/boundary.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import httpx

from linkcheck import HOME_PAGE, __version__, urls
from linkcheck.common.boundary import trouble_of
from linkcheck.fetch import body as bodies
from linkcheck.fetch import cookies, headers
from linkcheck.fetch.faults import fault_of
from linkcheck.fetch.guard import is_public
from linkcheck.fetch.headers import NO_FIELDS, Fields, OwnHeaders
from linkcheck.fetch.host import Host
from linkcheck.fetch.network.local import LocalNetwork
from linkcheck.fetch.network.pulse import NO_WAY, Canary
from linkcheck.fetch.retry import retry_after_s
from linkcheck.fetch.transport import DirectTransport, Transports
from linkcheck.model import Exchange, Fault, Purpose, Request, Url
from linkcheck.model import replace as changed

OnExchange = Callable[[Exchange], None]

USER_AGENT = f"linkcheck/{__version__} (+{HOME_PAGE})"
REDIRECTS = frozenset({301, 302, 303, 307, 308})  # RFC 9110 §15.4
_HEADERS = {
    "user-agent": USER_AGENT,
    "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,application/pdf;q=0.9,*/*;q=0.8",
    "accept-language": "en,*;q=0.5",
    "accept-encoding": bodies.ACCEPT_ENCODING,
}
# Recheck: a browser's navigation headers, with the same identifying User-Agent.
_RECHECK_HEADERS = _HEADERS | {
    "user-agent": f"Mozilla/5.0 (compatible; linkcheck/{__version__}; +{HOME_PAGE})",
    "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "accept-language": "en-US,en;q=0.9",
    "upgrade-insecure-requests": "1",
    "connection": "close",
}
_FIELDS, _RECHECK_FIELDS = (tuple(httpx.Headers(fields).raw) for fields in (_HEADERS, _RECHECK_HEADERS))
_NO_BODY = httpx.ByteStream(b"")
_TEXT_TYPES = ("text/", "application/xhtml", "application/xml", "application/json", "application/atom")
_PROXY = "a proxy"
_LATE_BODY = "the body did not arrive in time"
UNREAD = bodies.Body(b"", is_complete=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """The result of one exchange: a status with headers and body, or a fault.

    `headers` have lower-case names, repeated fields joined (RFC 9110 §5.3); `fields` are the raw ones, for
    observers. `insecure` is the TLS fault that led to a request without verification; `at` is None if the request
    was never sent.
    """

    outcome: int | Fault
    headers: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[tuple[str, str], ...] = ()
    body: bodies.Body = bodies.Body(b"", is_complete=True)
    detail: str = ""
    insecure: Fault | None = None
    retry_after_s: float | None = None
    at: datetime | None = None


@dataclass(slots=True)
class Session:
    """State shared by the exchanges of one request: cookies and counts.

    `peer` is the address that the last one is connected to, '' before that; `attempts` counts exchanges for one
    URL, `asked_s` is the seconds spent on them without waits. `has_left`: a redirect led to another host than that of
    the link, or back from there.
    """

    request: Request
    cookies: httpx.Cookies | None = None
    peer: str = ""
    attempts: int = 0
    asked_s: float = 0.0
    has_left: bool = False

    def note_peer(self, peer: str) -> None:
        self.peer = peer

    def note_host(self, url: Url) -> None:
        """Note that `url` is requested."""
        home = urls.host(self.request.about)
        seen = (url, *(hop.url for hop in self.request.trail))
        self.has_left = self.has_left or any(urls.host(one) != home for one in seen)

    @property
    def is_peer_public(self) -> bool:
        return self.peer == _PROXY or is_public(self.peer)


@dataclass(slots=True)
class Deadlines:
    """Deadlines of the connection and of the answer (times of the loop's clock).

    `is_shared`: a second link of the host uses them too.
    """

    connect: float
    answer: float
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds for one exchange as a whole, and for its connection."""

    exchange_s: float
    connect_s: float

    def deadlines(self, now: float, share: float = 1.0) -> Deadlines:
        """Deadlines of an exchange that starts now and may take a `share` of the time-outs."""
        return Deadlines(now + share * self.connect_s, now + share * self.exchange_s)


def build_request(
    session: Session, url: Url, timeouts: Timeouts, connect_s: float, *, is_lenient: bool, users: Fields = NO_FIELDS
) -> httpx.Request:
    """The request for `url`, with the user's header fields for its host; without cookies if TLS is not verified.
    Raises httpx.InvalidURL, ValueError."""
    fields = _RECHECK_FIELDS if session.request.look > 1 else _FIELDS
    if session.request.headers or users:
        own = {name.lower().encode(): value.encode() for name, value in (*session.request.headers, *users)}
        fields = (*(field for field in fields if field[0] not in own), *own.items())
    target = httpx.URL(url)
    seconds = dict.fromkeys(("read", "write", "pool"), timeouts.exchange_s)
    request = httpx.Request(
        "GET", target, headers=[(b"Host", target.netloc), *fields], stream=_NO_BODY,
        extensions={"timeout": {"connect": connect_s, **seconds}, "connected": session.note_peer},
    )  # fmt: skip
    if session.cookies is not None and not is_lenient:
        session.cookies.set_cookie_header(request)
    return request


class Exchanger:
    """Sends requests over `transports`, and notes each outcome in `network`."""

    def __init__(
        self,
        transports: Transports,
        timeouts: Timeouts,
        network: LocalNetwork,
        on_exchange: OnExchange | None,
        headers: OwnHeaders | None = None,
    ) -> None:
        self._transports = transports
        self._headers = headers
        self._timeouts = timeouts
        self._network = network
        self._on_exchange = on_exchange
        self.requests = 0

    async def ask(
        self,
        session: Session,
        url: Url,
        host: Host,
        *,
        by: Deadlines | None = None,
        is_lenient: bool = False,
        is_fresh: bool = False,
    ) -> Reply:
        """One exchange; `is_lenient` verifies no certificate, `is_fresh` uses no kept connection.

        The values of the user's own header fields are masked in all that comes back, and in what observers get.
        """
        session.peer = ""
        users = NO_FIELDS if is_lenient else self._users_fields(session, url)
        at, started = datetime.now(UTC), asyncio.get_running_loop().time()
        by = by or self._timeouts.deadlines(started)
        connect_s = max(by.connect - started, self._timeouts.connect_s / 2)
        is_fresh = is_fresh or session.request.look > 1
        request: httpx.Request | None = None
        try:
            request = build_request(session, url, self._timeouts, connect_s, is_lenient=is_lenient, users=users)
            transport = self._transports.pick(request.url, is_lenient=is_lenient, is_fresh=is_fresh)
        except (httpx.InvalidURL, ValueError) as error:
            reply = Reply(Fault.PROTOCOL, detail=f"the request cannot be built: {error}")
        except Exception as error:
            reply = Reply(Fault.INTERNAL_ERROR, detail=trouble_of(error))
        else:
            reply = await self._send_watched(session, transport, request, by)
            if not is_lenient:
                self._note(session, url, host, reply, started)
        if users:
            reply = _without_secrets(reply, users)
        if self._on_exchange:
            elapsed_s = asyncio.get_running_loop().time() - started
            self._on_exchange(_exchange(at, url, request, reply, elapsed_s, is_lenient=is_lenient, users=users))
        return replace(reply, at=at)

    def _users_fields(self, session: Session, url: Url) -> Fields:
        if self._headers is None:
            return NO_FIELDS
        session.note_host(url)
        return NO_FIELDS if session.has_left else self._headers.fields_for(url)

    async def poll(self, page: Canary) -> bool:
        """Request a page to test the network, bypassing all caches and limits of its host; False if it is
        unreachable: its name could not be looked up, or there is no route."""
        session, started = Session(Request(page.url, max_bytes=1)), asyncio.get_running_loop().time()
        try:
            request = build_request(session, page.url, self._timeouts, self._timeouts.connect_s, is_lenient=False)
            transport = self._transports.pick(request.url, is_fresh=True)
        except (httpx.InvalidURL, ValueError):
            return True
        request.extensions["bypass_cache"] = True
        at = datetime.now(UTC)
        reply = await self._send(session, transport, request, self._timeouts.deadlines(started))
        now = asyncio.get_running_loop().time()
        if self._on_exchange:
            exchange = _exchange(at, page.url, request, reply, now - started, is_lenient=False)
            self._on_exchange(changed(exchange, is_canary=True))
        self._network.note_poll(reply.outcome, now, is_public=session.is_peer_public)
        return reply.outcome not in NO_WAY

    def _note(self, session: Session, url: Url, host: Host, reply: Reply, started: float) -> None:
        now = asyncio.get_running_loop().time()
        page = Canary(urls.registrable_domain(urls.host(url)), url, now - started, is_public=session.is_peer_public)
        self._network.note_outcome(
            page, reply.outcome, now, is_page=session.request.purpose is Purpose.PAGE, is_host_open=host.is_open
        )

    async def _send_watched(
        self, session: Session, transport: httpx.AsyncBaseTransport, request: httpx.Request, by: Deadlines
    ) -> Reply:
        domain = urls.registrable_domain(request.url.raw_host.decode("ascii"))
        self._network.pulse.ask(domain)
        try:
            return await self._send(session, transport, request, by)
        finally:
            self._network.pulse.end(domain)

    async def _send(
        self, session: Session, transport: httpx.AsyncBaseTransport, request: httpx.Request, by: Deadlines
    ) -> Reply:
        self.requests += 1
        if not isinstance(transport, DirectTransport):
            session.peer = _PROXY
        response: httpx.Response | None = None
        try:
            async with asyncio.timeout_at(by.answer):
                response = await transport.handle_async_request(request)
                return await self._read(session, request, response)
        except httpx.RequestError as error:
            fault, detail = fault_of(error)
            return Reply(fault, detail=detail)
        except TimeoutError:
            if response is not None:
                return self._reply(response, bodies.Body(b"", is_complete=False, trouble=_LATE_BODY))
            return Reply(Fault.READ_TIMEOUT, detail=f"no answer within {self._timeouts.exchange_s:g} s")
        except (httpx.InvalidURL, ValueError) as error:
            return Reply(Fault.PROTOCOL, detail=str(error))
        except Exception as error:
            return Reply(Fault.INTERNAL_ERROR, detail=trouble_of(error))
        finally:
            if response is not None:
                await response.aclose()

    async def _read(self, session: Session, request: httpx.Request, response: httpx.Response) -> Reply:
        """The reply in `response`. An error in the body does not change the status."""
        if "set-cookie" in response.headers:
            session.cookies = cookies.taken(session.cookies, request, response)
        if not wants_body(session.request, response.status_code, response.headers.get("content-type", "")):
            return self._reply(response, UNREAD)
        coding = response.headers.get("content-encoding", "")
        assert isinstance(response.stream, httpx.AsyncByteStream)
        try:
            body = await bodies.read(response.stream.__aiter__(), coding, session.request.max_bytes)
        except httpx.RequestError as error:
            body = bodies.Body(b"", is_complete=False, trouble=f"the body broke off: {fault_of(error)[1]}")
        return self._reply(response, body)

    def _reply(self, response: httpx.Response, body: bodies.Body) -> Reply:
        headers = dict(response.headers.items())
        fields = tuple(response.headers.multi_items()) if self._on_exchange else ()
        asked_s = retry_after_s(headers.get("retry-after"), datetime.now(UTC))
        return Reply(response.status_code, headers, fields, body, retry_after_s=asked_s)


def _without_secrets(reply: Reply, users: Fields) -> Reply:
    """`reply`, masked: a server may repeat in its answer what it was sent."""
    return replace(
        reply,
        headers={name: headers.masked(value, users) for name, value in reply.headers.items()},
        fields=tuple((name, headers.masked(value, users)) for name, value in reply.fields),
        body=replace(reply.body, data=headers.masked_bytes(reply.body.data, users)),
        detail=headers.masked(reply.detail, users),
    )


def wants_body(request: Request, status: int, content_type: str) -> bool:
    """Whether the body is worth reading: text is; redirects, PDFs and disk images are not."""
    if status in REDIRECTS:
        return False
    kind = content_type.strip().lower()
    return request.purpose is Purpose.LOOKUP or not kind or kind.startswith(_TEXT_TYPES)


def _exchange(
    at: datetime,
    url: Url,
    request: httpx.Request | None,
    reply: Reply,
    elapsed_s: float,
    *,
    is_lenient: bool,
    users: Fields = NO_FIELDS,
) -> Exchange:
    return Exchange(
        at,
        url,
        reply.outcome,
        headers.masked_fields(request.headers.multi_items() if request else (), users),
        reply.fields,
        reply.body.data,
        reply.body.is_complete,
        reply.detail or reply.body.trouble,
        elapsed_s,
        is_lenient,
    )
