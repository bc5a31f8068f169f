"""A recorded run in place of the network: what it answers, and what it cannot."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from linkcheck.fetch import replay, warc
from linkcheck.fetch.exchange import Reply, Session
from linkcheck.fetch.host import GivenUp, Host, Hosts, Refusal, RefusalCount
from linkcheck.fetch.lanes import Lanes
from linkcheck.fetch.network.pulse import Canary
from linkcheck.model import Exchange, Fault, Outage, Pace, Request, Url
from linkcheck.model import replace as changed

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = Url("https://a.test/")
PAGE = Exchange(NOW, URL, 200, headers=(("Content-Type", "text/html"),), body=b"<title>A</title>", elapsed_s=0.1)
RUN = warc.Run(NOW, NOW, 1, resolver_works=True)


def loaded(folder: Path, *exchanges: Exchange, run: warc.Run = RUN) -> replay.Replay:
    recorder = warc.Recorder(folder / "run.warc.gz")
    for one in exchanges:
        recorder.on_exchange(one)
    recorder.close(run)
    return replay.load(folder / "run.warc.gz")


def asked(source: replay.ReplaySource, session: Session | None = None, *, is_open: bool = True) -> Reply:
    host = Host(Pace(8), 60.0)
    host.is_open = is_open
    lanes: Lanes[str] = Lanes(total=1, hosts=Hosts(Pace(8)))
    return asyncio.run(source.exchange(session or Session(Request(URL)), URL, host, lanes))


# -- the source --------------------------------------------------------------------------------


def test_each_answer_is_given_once_and_counted(tmp_path: Path) -> None:
    source = replay.ReplaySource(loaded(tmp_path, PAGE, changed(PAGE, outcome=404)))
    assert [asked(source).outcome for _ in range(3)] == [200, 404, Fault.CLOSED]
    assert source.requests == 3
    assert (source.started, source.is_resolver_working) == (NOW, True)


def test_where_tls_was_at_fault_the_lenient_answer_follows(tmp_path: Path) -> None:
    expired = changed(PAGE, outcome=Fault.TLS_EXPIRED, headers=(), body=b"", detail="expired")
    source = replay.ReplaySource(loaded(tmp_path, expired, changed(PAGE, is_lenient=True)))
    reply = asked(source)
    assert (reply.outcome, reply.insecure, reply.detail) == (200, Fault.TLS_EXPIRED, "expired")


@pytest.mark.parametrize(("is_open", "attempts"), [(False, 2), (True, 1)])
def test_a_silent_host_was_asked_twice_at_once(tmp_path: Path, is_open: bool, attempts: int) -> None:
    silent = changed(PAGE, outcome=Fault.READ_TIMEOUT, headers=(), body=b"")
    source, session = replay.ReplaySource(loaded(tmp_path, silent, silent)), Session(Request(URL), attempts=1)
    assert asked(source, session, is_open=is_open).outcome is Fault.READ_TIMEOUT
    assert (session.attempts, source.requests) == (attempts, attempts)


def test_what_the_run_gave_up_is_given_up(tmp_path: Path) -> None:
    held_back = changed(PAGE, outcome=Fault.HELD_BACK, headers=(), body=b"", detail="the host asked to wait 99 s")
    source, session = replay.ReplaySource(loaded(tmp_path, held_back)), Session(Request(URL), attempts=1)
    with pytest.raises(GivenUp, match="asked to wait 99 s") as caught:
        asked(source, session)
    assert (caught.value.fault, caught.value.at, session.attempts) == (Fault.HELD_BACK, NOW, 0)


def test_a_refused_url_comes_again_at_once_as_often_as_it_did(tmp_path: Path) -> None:
    source = replay.ReplaySource(loaded(tmp_path, PAGE))
    lanes: Lanes[str] = Lanes(total=1, hosts=Hosts(Pace(8)))
    refusal = source.note_refusal(lanes, URL, Refusal(429, 1.0, 2.0, 60.0), RefusalCount())
    assert refusal is not None
    assert refusal.until == 2.0
    asked(source)
    assert source.note_refusal(lanes, URL, Refusal(429, 1.0, 2.0, 60.0), RefusalCount()) is None


def test_nothing_waits_and_nothing_is_watched(tmp_path: Path) -> None:
    outage = Outage(NOW, NOW + timedelta(seconds=5))
    source = replay.ReplaySource(loaded(tmp_path, PAGE, run=changed_run(outages=(outage,), asked_again=7)))
    assert source.wait_s(60.0) == 0.0
    source.network.start(0.0, is_watched=True)
    assert not source.network.is_watched
    assert (source.network.outages, source.network.asked_again, source.network.is_cut_off) == ((outage,), 7, False)
    assert not asyncio.run(replay._no_way(Canary("a.test", URL)))


def test_what_was_not_asked_before_the_network_was_lost_is_left_out(tmp_path: Path) -> None:
    run = changed_run(outages=(Outage(NOW + timedelta(seconds=5)),))
    source = replay.ReplaySource(loaded(tmp_path, PAGE, run=run))
    assert source.network.is_cut_off
    assert not source.leaves_out(URL)
    assert source.leaves_out(Url("https://b.test/"))


def changed_run(outages: tuple[Outage, ...] = (), asked_again: int = 0) -> warc.Run:
    return warc.Run(NOW, NOW, 1, resolver_works=True, outages=outages, asked_again=asked_again)


# -- what an outage has spoilt -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcomes", "left"),
    [
        ((Fault.DNS_NXDOMAIN, 200), [200]), ((Fault.DNS_NXDOMAIN, Fault.DNS_NXDOMAIN), [Fault.DNS_NXDOMAIN]),
        ((Fault.RESET, 200), [Fault.RESET, 200]), ((404, 200), [404, 200]),
    ],
)  # fmt: skip
def test_a_name_that_was_asked_for_again_is_what_it_was_last(
    tmp_path: Path, outcomes: tuple[int | Fault, ...], left: list[int | Fault]
) -> None:
    found = loaded(tmp_path, *(changed(PAGE, outcome=one) for one in outcomes))
    assert [one.outcome for one in found.answers[URL, False]] == left


@pytest.mark.parametrize(("seconds", "left"), [(2, [200]), (20, [Fault.RESET, 200])])
def test_what_failed_in_an_outage_and_was_asked_again_is_left_out(
    tmp_path: Path, seconds: int, left: list[int | Fault]
) -> None:
    lost = changed(PAGE, at=NOW + timedelta(seconds=seconds), outcome=Fault.RESET)
    run = changed_run(outages=(Outage(NOW, NOW + timedelta(seconds=10)),))
    found = loaded(tmp_path, lost, changed(PAGE, at=NOW + timedelta(seconds=30)), run=run)
    assert [one.outcome for one in found.answers[URL, False]] == left


def test_what_failed_in_an_outage_that_never_ended_is_left_out(tmp_path: Path) -> None:
    lost = changed(PAGE, at=NOW + timedelta(seconds=2), outcome=Fault.RESET)
    found = loaded(tmp_path, lost, run=changed_run(outages=(Outage(NOW),)))
    assert found.answers[URL, False] == []


# -- no more than a live answer ----------------------------------------------------------------


def test_no_more_is_read_of_a_recorded_answer_than_of_a_live_one() -> None:
    request = Request(URL, max_bytes=4)
    assert replay.reply_of(PAGE, request).body.data == b"<tit"
    assert not replay.reply_of(PAGE, request).body.is_complete
    assert replay.reply_of(PAGE, Request(URL)).body.is_complete
    assert replay.reply_of(changed(PAGE, outcome=302), Request(URL)).body.data == b""
    assert replay.reply_of(changed(PAGE, headers=(("content-type", "application/pdf"),)), Request(URL)).body.data == b""
    assert replay.reply_of(changed(PAGE, headers=(("location", "/é"),)), Request(URL)).headers["location"] == "/é"
