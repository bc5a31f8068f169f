"""Which links are requested again, and of which the memory is believed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zlib import crc32

from linkcheck.memory.records import Looks, Records
from linkcheck.model import ALIVE, FAILING, Record, Url, Value

_JITTER = 0.2


class Freshness(Value, frozen=True):
    """How long a record stands for a request.

    Good links are fresh for `max_age`, give or take a fifth, so that they do not all expire at once. What gave
    this machine no answer within the last `recent`, or was blocked, is fresh too: nobody is blamed for it. What failed
    is not, since it may have been mended. `is_frozen`: everything known is fresh, whatever its age. With
    `refresh_oldest` all but so many URLs are: those that are not known, then those whose
    last look is the oldest; and those that failed, which are always requested.
    """

    max_age: timedelta
    recent: timedelta = timedelta(0)
    is_frozen: bool = False
    refresh_oldest: int | None = None

    def left_out(self, wanted: Sequence[Url], known: Records) -> frozenset[Url]:
        """Which of the `wanted` URLs are not requested, although nothing that is believed is known of them."""
        if self.is_frozen:
            return frozenset(url for url in wanted if url not in known)
        if self.refresh_oldest is None:
            return frozenset()
        unknown = [url for url in wanted if url not in known or url in known.doubted]
        return frozenset(unknown[self.refresh_oldest :])

    def due(self, wanted: Sequence[Url], known: Records) -> frozenset[Url]:
        """Which of the `wanted` URLs are requested by `refresh_oldest`."""
        if self.refresh_oldest is None:
            return frozenset()
        by_age = [(record.at, url) for url in wanted if (record := known.looks(url)) and url not in known.doubted]
        unknown = len(wanted) - len(by_age)
        oldest = sorted(by_age)[: max(0, self.refresh_oldest - unknown)]
        failed = (url for url in wanted if (record := known.looks(url)) and is_failed(record))
        return frozenset([*(url for _, url in oldest), *failed])

    def is_fresh(
        self, url: Url, record: Looks | Record, now: datetime, *, is_due: bool, is_doubted: bool, is_own: bool
    ) -> bool:
        """Whether `url` need not be requested; `is_due` says what `due` said of it."""
        if self.is_frozen:
            return True
        if is_doubted or not record.past or is_due:
            return False
        if self.refresh_oldest is not None:
            return True
        if record.past[-1].state in ALIVE:
            return self._is_young(url, record, now)
        return is_own and record.past[-1].state not in FAILING and now - record.at < self.recent

    def _is_young(self, url: Url, record: Looks | Record, now: datetime) -> bool:
        chance = crc32(f"{url} {record.at}".encode()) / 2**32
        return now - record.at < self.max_age * (1 - _JITTER + 2 * _JITTER * chance)


def is_failed(record: Looks | Record) -> bool:
    """Whether the last look showed a link that fails a run."""
    return bool(record.past) and record.past[-1].state in FAILING
