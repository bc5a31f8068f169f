"""What was observed and may be our own network's fault: kept until something answers after it.

Pure: every call gets `now` (seconds of any monotonic clock).
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from linkcheck import urls
from linkcheck.fetch.pulse import NAME_FAULTS, UNRELATED, is_doubtful
from linkcheck.model import Observation, Purpose, Request, Url

MOST_AGAIN = 2
# A busy process hears an answer late: what failed a moment before may belong to the silence after it.
LATE_S = 1.0
_Key = tuple[Purpose, Url, int]


@dataclass(slots=True)
class Doubts:
    """Observations and when they were made; how often each request has been asked again."""

    _made: deque[tuple[float, Observation]] = field(default_factory=deque)
    _again: Counter[_Key] = field(default_factory=Counter)

    @property
    def asked_again(self) -> int:
        """How many requests were asked again."""
        return len(self._again)

    def add(self, seen: Observation, now: float, heard_at: float) -> None:
        """Keep what may be our network's fault; what something answered after goes."""
        if not is_doubtful(seen.sighting.outcome, seen.sighting.insecure):
            return
        while self._made and self._made[0][0] < heard_at - LATE_S:
            self._made.popleft()
        self._made.append((now, seen))

    def take(self, since: float, wanted: Callable[[Observation], bool] = lambda _: True) -> list[Observation]:
        """What was made since then, and is wanted; it is not kept any more."""
        taken = [one for at, one in self._made if at >= since and wanted(one)]
        ids = {id(one) for one in taken}
        self._made = deque(entry for entry in self._made if id(entry[1]) not in ids)
        return taken

    def may_ask(self, request: Request, most: int = MOST_AGAIN) -> bool:
        """Whether to ask again; counts it."""
        key = _key(request)
        if self._again[key] >= most:
            return False
        self._again[key] += 1
        return True

    def is_first(self, seen: Observation) -> bool:
        """Whether its request has never been asked again."""
        return not self._again[_key(seen.request)]

    def is_unsure(self, since: float) -> bool:
        """Whether the end of a run leaves a doubt: a name was said not to exist since then, or unrelated
        hosts failed."""
        late = [one for at, one in self._made if at > since and self.is_first(one)]
        domains = {urls.registrable_domain(urls.host(one.sighting.final_url)) for one in late}
        return len(domains) >= UNRELATED or any(is_name_fault(one) for one in late)


def is_name_fault(seen: Observation) -> bool:
    """Whether it is said that there is no such name, or nothing at it."""
    return seen.sighting.fault in NAME_FAULTS


def _key(request: Request) -> _Key:
    return request.purpose, request.url, request.look
