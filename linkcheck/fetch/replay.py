"""Replay a recorded run instead of the network: each answer once, in recorded order, without waits.

A recording is validated to hold only what a live answer could (warc.py); the state of the network in the recorded run,
and the hosts it gave up, are reproduced.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from linkcheck.common import secret
from linkcheck.fetch import body as bodies
from linkcheck.fetch import warc
from linkcheck.fetch.exchange import Reply, Session, wants_body
from linkcheck.fetch.host import GivenUp, Host, Refusal, RefusalCount
from linkcheck.fetch.lanes import Lanes
from linkcheck.fetch.network.local import LocalNetwork
from linkcheck.fetch.network.pulse import NAME_FAULTS, Canary, is_doubtful
from linkcheck.fetch.retry import SLOW_FAULTS, retry_after_s
from linkcheck.fetch.source import seen_leniently, wants_lenient
from linkcheck.fetch.throttle import Requeue
from linkcheck.model import Exchange, Fault, Outage, Request, Url


class RecordedAnswer(NamedTuple):
    """An answer's time, outcome, and offset in the file in bytes."""

    at: datetime
    outcome: int | Fault
    elapsed_s: float
    place: int


@dataclass(slots=True)
class Replay:
    """The answers of a recorded run, each returned once, in recorded order.

    URLs are looked up with their secrets masked, as recordings hold them.
    """

    run: warc.Run
    path: Path
    answers: dict[tuple[str, bool], list[RecordedAnswer]] = field(default_factory=lambda: defaultdict(list))

    def has(self, url: str, *, is_lenient: bool = False) -> bool:
        return bool(self.answers.get((secret.masked(url), is_lenient)))

    def is_cut_off(self, url: str) -> bool:
        """Whether the run lost its network before `url` was requested."""
        return bool(self.run.outages) and self.run.outages[-1].end is None and not self.has(url)

    def next(self, url: Url, *, is_lenient: bool = False) -> Exchange:
        """The next answer of `url`."""
        if self.has(url, is_lenient=is_lenient):
            place = self.answers[secret.masked(url), is_lenient].pop(0).place
            if found := warc.exchange_at(self.path, place):  # None if the file has changed since
                return found
        return Exchange(self.run.started, url, Fault.CLOSED, detail="the recording holds no answer for it")


def load(path: Path) -> Replay:
    """The recording in `path`. Raises SettingsError if it is none."""
    recording = warc.read(path)
    replay = Replay(recording.run, path)
    for one, place in sorted(recording.exchanges, key=lambda entry: entry[0].is_canary):  # a canary's is no link's
        kept = RecordedAnswer(one.at, one.outcome, one.elapsed_s, place)
        replay.answers[secret.masked(one.url), one.is_lenient].append(kept)
    for answers in replay.answers.values():
        _drop_invalidated(answers, recording.run.outages)
    return replay


def _drop_invalidated(answers: list[RecordedAnswer], outages: tuple[Outage, ...]) -> None:
    """Remove answers that were retracted and repeated: failed look-ups, and failures while the local network was
    down."""
    answers[:] = [one for at, one in enumerate(answers) if not _is_invalidated(one, at + 1 < len(answers), outages)]


def _is_invalidated(one: RecordedAnswer, is_followed: bool, outages: tuple[Outage, ...]) -> bool:  # noqa: FBT001
    if one.outcome in NAME_FAULTS and is_followed:
        return True
    if not is_doubtful(one.outcome):
        return False
    ended = one.at + timedelta(seconds=one.elapsed_s)
    away = [outage for outage in outages if outage.start <= ended and (outage.end is None or one.at <= outage.end)]
    return any(is_followed or outage.end is None for outage in away)


class RecordedNetwork(LocalNetwork):
    """The local network as it was in the recorded run: neither monitored nor tested."""

    def __init__(self, run: warc.Run) -> None:
        super().__init__(_no_way, timeout_s=0.0, away_s=0.0, canary=None)
        self._run = run

    def start(self, now: float, *, is_watched: bool) -> None:  # noqa: ARG002
        super().start(now, is_watched=False)

    @property
    def outages(self) -> tuple[Outage, ...]:
        return self._run.outages

    @property
    def asked_again(self) -> int:
        return self._run.asked_again


async def _no_way(_: Canary) -> bool:
    return False


class ReplaySource:
    """Replies from a recording (see source.ExchangeSource), without a clock: no waits, no rate limits."""

    def __init__(self, replay: Replay) -> None:
        self.started = replay.run.started
        self.network: LocalNetwork = RecordedNetwork(replay.run)
        self.requests = 0
        self._replay = replay

    @property
    def is_resolver_working(self) -> bool:
        return self._replay.run.resolver_works

    def leaves_out(self, url: Url) -> bool:
        return self._replay.is_cut_off(url)

    def wait_s(self, _: float) -> float:
        return 0.0

    def note_start(self, host: str) -> None:
        """No probe is in flight."""

    async def exchange(self, session: Session, url: Url, host: Host, lanes: Lanes[Any]) -> Reply:  # noqa: ARG002
        reply = self._ask(session, url)
        if not host.is_open and reply.outcome in SLOW_FAULTS and self._replay.has(url):  # a probe has two requests
            session.attempts += 1
            reply = self._ask(session, url)
        if not wants_lenient(session, reply):
            return reply
        return seen_leniently(reply, self._ask(session, url, is_lenient=True))

    def note_refusal(self, lanes: Lanes[Any], url: Url, one: Refusal, before: RefusalCount) -> Requeue | None:  # noqa: ARG002
        return Requeue(one.now) if self._replay.has(url) else None

    def forget_failed_names(self) -> None:
        """No name is looked up."""

    def start_afresh(self) -> None:
        """No network comes back."""

    async def close(self) -> None:
        """Nothing is open."""

    def _ask(self, session: Session, url: Url, *, is_lenient: bool = False) -> Reply:
        """The next recorded reply. Raises GivenUp if the run sent no more requests."""
        recorded = self._replay.next(url, is_lenient=is_lenient)
        if recorded.outcome is Fault.HELD_BACK:
            session.attempts -= 1
            raise GivenUp(Fault.HELD_BACK, recorded.detail, recorded.at)
        self.requests += 1
        return reply_of(recorded, session.request)


def reply_of(one: Exchange, request: Request) -> Reply:
    """The reply of a recorded exchange, truncated to what `request` would have read of a live one."""
    if isinstance(one.outcome, Fault):
        return Reply(one.outcome, detail=one.detail, at=one.at)
    headers = dict(httpx.Headers([(name.encode(), value.encode()) for name, value in one.headers]).items())
    is_read = wants_body(request, one.outcome, headers.get("content-type", ""))
    data = one.body[: request.max_bytes] if is_read else b""
    body = bodies.Body(data, one.complete and len(data) == len(one.body), one.detail)
    asked_s = retry_after_s(headers.get("retry-after"), one.at)
    return Reply(one.outcome, headers, body=body, retry_after_s=asked_s, at=one.at)
