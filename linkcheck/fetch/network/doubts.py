"""Observations that may result from a local outage, kept until a later answer shows that the network works.

Pure: every call gets `now` (seconds of any monotonic clock).
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from linkcheck import urls
from linkcheck.fetch.network.pulse import FAILURES, NAME_FAULTS, UNRELATED, is_doubtful, is_failure
from linkcheck.model import Observation, Purpose, Request, Url

MOST_AGAIN = 2
# Answers are processed late under load: a failure this shortly before one counts as after it.
LATE_S = 1.0
_Key = tuple[Purpose, Url, int]


@dataclass(slots=True)
class Doubts:
    """Observations with their times, the number of repetitions of each request, and the rechecked ones."""

    _made: deque[tuple[float, Observation]] = field(default_factory=deque)
    _again: Counter[_Key] = field(default_factory=Counter)
    _rechecked: set[_Key] = field(default_factory=set)

    @property
    def asked_again(self) -> int:
        """Number of requests repeated after outages of the local network."""
        return len(self._again)

    def add(self, seen: Observation, now: float, answered_at: float) -> None:
        """Keep an observation that may be a local fault; drop those that a later answer has cleared."""
        if not is_doubtful(seen.sighting.outcome, seen.sighting.insecure):
            return
        while self._made and self._made[0][0] < answered_at - LATE_S:
            self._made.popleft()
        self._made.append((now, seen))

    def take(self, since: float, wanted: Callable[[Observation], bool] = lambda _: True) -> list[Observation]:
        """Remove and return the wanted observations since then."""
        taken = [one for at, one in self._made if at >= since and wanted(one)]
        ids = {id(one) for one in taken}
        self._made = deque(entry for entry in self._made if id(entry[1]) not in ids)
        return taken

    def take_for_recheck(self, since: float, *, is_all: bool) -> list[Observation]:
        """Remove and return failed look-ups since then, or (`is_all`) all failures; each once in a run."""
        taken = self.take(since, lambda one: (is_all or is_name_fault(one)) and not self.has_recheck(one))
        self._rechecked.update(_key(one.request) for one in taken)
        return taken

    def has_recheck(self, seen: Observation) -> bool:
        return _key(seen.request) in self._rechecked

    def may_ask(self, request: Request) -> bool:
        """Whether to repeat a request after an outage; counts the repetition."""
        key = _key(request)
        if self._again[key] >= MOST_AGAIN:
            return False
        self._again[key] += 1
        return True

    def is_unsure(self, since: float) -> bool:
        """Whether doubts remain at the end of a run: a look-up failed since then, or more than a few links did.
        A failed recheck is not counted if something answered just before it."""
        late = [one for at, one in self._made if at > since + (LATE_S if self.has_recheck(one) else 0.0)]
        late = [one for one in late if is_failure(one.sighting.outcome)]
        domains = {urls.registrable_domain(urls.host(one.sighting.final_url)) for one in late}
        return len(domains) >= UNRELATED or len(late) >= FAILURES or any(is_name_fault(one) for one in late)


def is_name_fault(seen: Observation) -> bool:
    """Whether the look-up of the name failed immediately."""
    return seen.sighting.fault in NAME_FAULTS


def _key(request: Request) -> _Key:
    return request.purpose, request.url, request.look
