"""One exchange over transports of our own: what is sent, what is read, and which fault is which."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx
import pytest

from linkcheck.fetch import cookies
from linkcheck.fetch.exchange import Exchanger, Reply, Session, Timeouts, build_request, wants_body
from linkcheck.fetch.host import Host
from linkcheck.fetch.network.local import LocalNetwork
from linkcheck.fetch.network.pulse import Canary
from linkcheck.model import Exchange, Fault, Pace, Purpose, Request, Url

URL = Url("https://a.test/page")
TOO_LONG = Url(f"https://a.test/{'x' * 70_000}")  # of which httpx makes no request
TIMEOUTS = Timeouts(exchange_s=1.0, connect_s=0.5)
HTML = {"content-type": "text/html"}
Answer = Callable[[httpx.Request], httpx.Response]


class Web:
    """Transports that all lead to one function; `asked` notes what was picked."""

    def __init__(self, answer: Answer) -> None:
        self.transport = httpx.MockTransport(answer)
        self.asked: list[tuple[bool, bool]] = []

    def pick(self, _: httpx.URL, *, is_lenient: bool = False, is_fresh: bool = False) -> httpx.AsyncBaseTransport:
        self.asked.append((is_lenient, is_fresh))
        return self.transport


class World:
    def __init__(self, answer: Answer) -> None:
        self.web, self.told = Web(answer), list[Exchange]()
        self.network = LocalNetwork(self.poll, timeout_s=1.0, away_s=0.0, canary=None)
        self.exchanger = Exchanger(self.web, TIMEOUTS, self.network, self.told.append)  # type: ignore[arg-type]

    async def poll(self, page: Canary) -> bool:
        return await self.exchanger.poll(page)

    def ask(self, session: Session | None = None, url: Url = URL, **more: bool) -> Reply:
        session = session or Session(Request(url))
        return asyncio.run(self.exchanger.ask(session, url, Host(Pace(8), 60.0), **more))  # type: ignore[arg-type]


def page(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, headers=HTML, content=b"<title>A</title>")


# -- what is sent ------------------------------------------------------------------------------


def built(session: Session, *, is_lenient: bool = False, url: Url = URL) -> httpx.Headers:
    return build_request(session, url, TIMEOUTS, 0.5, is_lenient=is_lenient).headers


def test_no_cookie_is_sent_where_tls_is_not_verified() -> None:
    session = Session(Request(URL))
    answer = httpx.Response(200, headers={"set-cookie": "session=secret"})
    session.cookies = cookies.taken(None, httpx.Request("GET", URL), answer)
    assert built(session)["cookie"] == "session=secret"
    assert "cookie" not in built(session, is_lenient=True)


def test_a_cookie_goes_to_no_other_host() -> None:
    session = Session(Request(URL))
    answer = httpx.Response(200, headers={"set-cookie": "session=secret"})
    session.cookies = cookies.taken(None, httpx.Request("GET", URL), answer)
    assert "cookie" not in built(session, url=Url("https://b.test/"))


def test_a_cookie_of_an_answer_is_sent_with_the_next_request() -> None:
    seen: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("cookie"))
        return httpx.Response(302, headers={"set-cookie": "a=1", "location": "/there"})

    world, session = World(answer), Session(Request(URL))
    for _ in range(2):
        world.ask(session)
    world.ask(session, is_lenient=True)
    assert seen == [None, "a=1", None]


def test_a_recheck_has_other_headers_and_a_connection_of_its_own() -> None:
    session = Session(Request(URL, look=2))
    assert built(session)["user-agent"].startswith("Mozilla/5.0 (compatible; linkcheck/")
    assert built(Session(Request(URL)))["user-agent"].startswith("linkcheck/")
    world = World(page)
    world.ask(session)
    world.ask()
    assert world.web.asked == [(False, True), (False, False)]


def test_a_requests_own_headers_take_the_place_of_ours() -> None:
    found = built(Session(Request(URL, headers=(("accept", "text/plain"), ("if-none-match", '"1"')))))
    assert (found.get_list("accept"), found["if-none-match"]) == (["text/plain"], '"1"')
    assert found["host"] == "a.test"


# -- what is read ------------------------------------------------------------------------------


def test_a_page_is_read_as_far_as_wanted() -> None:
    reply = World(page).ask(Session(Request(URL, max_bytes=4)))
    assert (reply.outcome, reply.body.data, reply.body.is_complete) == (200, b"<tit", False)
    assert reply.at is not None


@pytest.mark.parametrize(
    ("status", "content_type", "purpose", "expected"),
    [
        (200, "text/html; charset=utf-8", Purpose.PAGE, True), (200, " TEXT/HTML", Purpose.PAGE, True),
        (200, "", Purpose.PAGE, True), (404, "application/json", Purpose.PAGE, True),
        (200, "application/pdf", Purpose.PAGE, False), (200, "application/pdf", Purpose.LOOKUP, True),
        (302, "text/html", Purpose.PAGE, False), (302, "text/html", Purpose.LOOKUP, False),
        (304, "text/html", Purpose.PAGE, True),
    ],
)  # fmt: skip
def test_whose_body_is_wanted(status: int, content_type: str, purpose: Purpose, expected: bool) -> None:
    assert wants_body(Request(URL, purpose), status, content_type) is expected


def test_the_servers_wait_is_read() -> None:
    reply = World(lambda _: httpx.Response(429, headers={"retry-after": "7"})).ask()
    assert (reply.outcome, reply.retry_after_s) == (429, 7.0)


# -- what goes wrong ---------------------------------------------------------------------------


def failing(error: Exception) -> Answer:
    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    return answer


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (httpx.ReadError("reset"), Fault.RESET), (httpx.ConnectTimeout("late"), Fault.CONNECT_TIMEOUT),
        (ValueError("odd"), Fault.PROTOCOL), (KeyError("ours"), Fault.INTERNAL_ERROR),
    ],
)  # fmt: skip
def test_a_failure_is_a_fault(error: Exception, fault: Fault) -> None:
    world = World(failing(error))
    assert world.ask().outcome is fault
    assert [one.outcome for one in world.told] == [fault]
    assert world.exchanger.requests == 1


def test_a_url_that_no_request_can_be_made_of_is_never_sent() -> None:
    world = World(page)
    reply = world.ask(url=TOO_LONG)
    assert reply.outcome is Fault.PROTOCOL
    assert reply.detail.startswith("the request cannot be built: ")
    assert world.exchanger.requests == 0


class Slow(httpx.AsyncByteStream):
    async def __aiter__(self):  # type: ignore[no-untyped-def]
        yield b"<title>A</title>"
        await asyncio.sleep(5)


def test_a_body_that_does_not_come_in_time_does_not_undo_the_status() -> None:
    reply = World(lambda _: httpx.Response(200, headers=HTML, stream=Slow())).ask()
    assert (reply.outcome, reply.body.data, reply.body.is_complete) == (200, b"", False)
    assert reply.body.trouble == "the body did not arrive in time"


class Broken(httpx.AsyncByteStream):
    async def __aiter__(self):  # type: ignore[no-untyped-def]
        yield b"<title>"
        raise httpx.ReadError("reset")


def test_a_body_that_breaks_off_does_not_undo_the_status() -> None:
    reply = World(lambda _: httpx.Response(404, headers=HTML, stream=Broken())).ask()
    assert (reply.outcome, reply.body.trouble) == (404, "the body broke off: reset")


# -- who is told -------------------------------------------------------------------------------


def test_an_exchange_is_told_with_what_was_sent_and_read() -> None:
    world = World(page)
    world.ask()
    world.ask(is_lenient=True)
    first, second = world.told
    assert (first.url, first.outcome, first.body, first.complete) == (URL, 200, b"<title>A</title>", True)
    assert dict(first.request_headers)["host"] == "a.test"
    assert dict(first.headers)["content-type"] == "text/html"
    assert (first.is_lenient, second.is_lenient) == (False, True)


def test_only_what_was_verified_is_a_sign_of_life() -> None:
    world = World(page)
    has_answered = []
    for is_lenient in (True, False):
        world.ask(is_lenient=is_lenient)
        has_answered.append(world.network.pulse.has_answered)
    assert (has_answered, world.network.pulse.in_flight) == ([False, True], 0)


def test_a_canary_is_told_as_one_and_is_a_sign_of_life() -> None:
    world = World(page)
    assert asyncio.run(world.poll(Canary("a.test", URL)))
    assert [one.is_canary for one in world.told] == [True]
    assert world.network.pulse.has_answered
    assert world.web.asked == [(False, True)]


@pytest.mark.parametrize(("error", "has_way"), [(httpx.ReadError("reset"), True), (OSError(), False)])
def test_a_canary_to_which_there_is_no_way(error: Exception, has_way: bool) -> None:
    cause = OSError(113, "No route to host")
    raised = error if has_way else httpx.ConnectError("no way")
    if not has_way:
        raised.__cause__ = cause
    world = World(failing(raised))
    assert asyncio.run(world.poll(Canary("a.test", URL))) is has_way
    assert not world.network.pulse.has_answered


def test_a_canary_that_cannot_be_asked_proves_nothing() -> None:
    world = World(page)
    assert asyncio.run(world.poll(Canary("a.test", TOO_LONG)))
    assert world.told == []
