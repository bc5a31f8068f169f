"""LocalNetwork: whether the local network works in a run, when an outage is suspected, and which requests to repeat.

Pulse tracks answers and failures, Watch decides a suspicion, Doubts keeps the observations that an outage may explain.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass

from linkcheck.fetch.network.doubts import LATE_S, Doubts, is_name_fault
from linkcheck.fetch.network.outage import Diagnosis, Watch
from linkcheck.fetch.network.pulse import NAME_FAULTS, Canary, Pulse, is_doubtful, is_failure
from linkcheck.model import Fault, Observation, Outage, Request

AWAY = "the local network was down"
_ALONE = "nothing else answered any more"
# Faults without an exchange, or with an unknown answer.
_NO_EXCHANGE = frozenset({Fault.OWN_LIMIT, Fault.INTERNAL_ERROR})


class CutOff(Exception):
    """The local network is down, and waiting for it has ended."""


@dataclass(frozen=True, slots=True)
class Aftermath:
    """The result of a suspicion: observations to repeat (`again`), and those to retract without repeating them
    (`unknown`, with the `reason`). `is_back`: the network was down, and may be another one now."""

    again: Sequence[Observation] = ()
    unknown: Sequence[Observation] = ()
    reason: str = ""
    is_back: bool = False


class LocalNetwork:
    """The local network of the machine. `poll` requests a page to test it (see Watch.ask); `canary` is requested if
    no page that has answered before does. Outages are waited for at most `away_s` in all. All times are of the
    loop's clock."""

    def __init__(
        self,
        poll: Callable[[Canary], Coroutine[None, None, bool]],
        *,
        timeout_s: float,
        away_s: float,
        canary: Canary | None,
    ) -> None:
        self.pulse = Pulse(quiet_s=max(1.0, 0.15 * timeout_s))
        self.is_watched = False
        self._watch = Watch(self.pulse, poll, timeout_s, away_s)
        self._doubts = Doubts()
        self._silences: list[tuple[float, bool]] = []  # when each began; whether more than names is in doubt
        self._canary = canary

    def start(self, now: float, *, is_watched: bool) -> None:
        self.pulse.answered_at, self.is_watched = now, is_watched

    # -- what is known -----------------------------------------------------------------------

    @property
    def outages(self) -> tuple[Outage, ...]:
        """The intervals in which it was down."""
        return tuple(self._watch.outages)

    @property
    def is_cut_off(self) -> bool:
        """Whether it went down and did not come back."""
        return bool(self.outages) and self.outages[-1].end is None and not self.is_examining

    @property
    def is_examining(self) -> bool:
        return self._watch.is_examining

    @property
    def is_well(self) -> bool:
        """Whether the last suspected outage was disproved."""
        return self._watch.is_well

    @property
    def asked_again(self) -> int:
        """Number of links that were requested again after outages."""
        return self._doubts.asked_again if self._watch.outages else 0

    @property
    def has_silences(self) -> bool:
        """Whether a silence has ended that `ended_silences` has not handled yet."""
        return bool(self._silences)

    def suspicious_at(self, *, is_busy: bool) -> float | None:
        """When an outage is suspected, if nothing answers until then; `is_busy`: more requests wait."""
        return self.pulse.wakes_at(is_busy=is_busy) if self.is_watched else None

    def is_suspicious(self, now: float, *, is_busy: bool) -> bool:
        at = self.suspicious_at(is_busy=is_busy)
        return at is not None and now >= at

    def is_unsure(self) -> bool:
        """Whether recent failures have had no later answer."""
        return self.is_watched and self._doubts.is_unsure(max(self.pulse.answered_at, self._watch.examined_at))

    # -- what happens ------------------------------------------------------------------------

    def note_outcome(
        self, page: Canary, outcome: int | Fault, now: float, *, is_page: bool, is_host_open: bool
    ) -> None:
        """Note the outcome of an exchange of `page` that ends now."""
        if outcome in _NO_EXCHANGE:
            return
        if is_failure(outcome):
            self.pulse.note_failure(page.domain, is_lost_name=outcome in NAME_FAULTS and is_host_open)
        elif not is_doubtful(outcome):
            self._note_answer(now, is_public=page.is_public)
            if outcome == 200 and is_page:
                self.pulse.keep(page)
            elif outcome in (429, 503):
                self.pulse.drop(page.domain)

    def note_poll(self, outcome: int | Fault, now: float, *, is_public: bool) -> None:
        """Note the outcome of a request that only tests the network."""
        if not is_doubtful(outcome) and outcome not in _NO_EXCHANGE:
            self._note_answer(now, is_public=is_public)

    def _note_answer(self, now: float, *, is_public: bool) -> None:
        """Note an answer: the network works, unless the host is a private one on this side of the outage."""
        pulse = self.pulse
        silence = pulse.answered_at, not pulse.has_answered
        is_in_doubt = pulse.have_many_failed or pulse.has_lost_name
        if not pulse.note_answer(now, is_public=is_public):
            return
        if is_in_doubt and self.is_watched:
            self._silences.append(silence)
        self._watch.note_answer()

    def note_observation(self, seen: Observation, now: float) -> None:
        """Keep an observation that an outage may explain."""
        if self.is_watched:
            self._doubts.add(seen, now, self.pulse.answered_at)

    async def was_away(self, started: float) -> bool:
        """Whether it was down during an exchange that `started` then, and has come back since."""
        await self._watch.settled()
        return self._watch.back_at >= started

    def may_ask_again(self, request: Request) -> bool:
        return self._doubts.may_ask(request)

    # -- what follows ------------------------------------------------------------------------

    def ended_silences(self) -> Iterator[Aftermath]:
        """For each silence that has ended: observations it may have affected, to be repeated once in a run."""
        while self._silences:
            since, is_all = self._silences.pop()
            yield self._recheck(since, is_all=is_all)

    def begin(self) -> None:
        """Suspect an outage; `examine` has to follow."""
        self._watch.begin()

    async def examine(self) -> Aftermath:
        """Decide whether it is down, and wait for its return. Raises CutOff if it does not return."""
        since = self.pulse.answered_at
        match await self._watch.examine(self._canary):
            case Diagnosis.LOST:
                raise CutOff
            case Diagnosis.BACK:
                return self._back(since - LATE_S)
            case Diagnosis.UNCLEAR:
                return Aftermath(unknown=self._doubts.take(since, is_name_fault), reason=_ALONE)
            case diagnosis:
                return self._recheck(since, is_all=diagnosis is Diagnosis.LATE)

    def _back(self, since: float) -> Aftermath:
        again, enough = list[Observation](), list[Observation]()
        for one in self._doubts.take(since):
            (again if self._doubts.may_ask(one.request) else enough).append(one)
        return Aftermath(again, enough, AWAY, is_back=True)

    def _recheck(self, since: float, *, is_all: bool) -> Aftermath:
        """Failed look-ups, or (`is_all`) all failures, since nothing answered any more."""
        return Aftermath(again=self._doubts.take_for_recheck(since, is_all=is_all))

    def unbelieved(self) -> list[Observation]:
        """Observations to retract when the run ends during a silence: failures since the last answer."""
        if self.is_cut_off:
            return self._doubts.take(self.pulse.answered_at - LATE_S)
        if self.is_unsure():
            return self._doubts.take(self.pulse.answered_at, lambda one: not self._doubts.has_recheck(one))
        return []
