"""Records by URL, held as packed bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, MutableMapping
from datetime import datetime

from linkcheck.model import Past, Record, Url, Value
from linkcheck.model.packed import pack, unpack

ConsistencyCheck = Callable[[Record], bool]
"""Whether a record's state agrees with its own facts."""


def always(_: Record) -> bool:
    return True


class Looks(Value, frozen=True, forbid_unknown_fields=False):
    """The times of the looks at a URL: a part of its record that is unpacked in a tenth of the time."""

    at: datetime
    past: tuple[Past, ...] = ()


class Records(MutableMapping[Url, Record]):
    """Records are unpacked on each access; the last one is cached, since it is often accessed again.

    `doubted` are the URLs whose record is not consistent with its own facts.
    """

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self.doubted = set[Url]()
        self._packed: dict[Url, bytes | Record] = {record.url: pack(record) for record in records}
        self._last: tuple[Url, Record] | None = None

    def add(self, record: Record, is_consistent: ConsistencyCheck = always) -> bool:
        """Add `record` unless there is one of its URL of the same time or later; returns whether it was added."""
        known = self.looks(record.url)
        if known is not None and known.at >= record.at:
            return False
        self[record.url] = record
        if is_consistent(record):
            self.doubted.discard(record.url)
        else:
            self.doubted.add(record.url)
        return True

    def merge(self, newer: Records) -> None:
        """Add all of `newer`, replacing records of the same URLs."""
        self._packed |= newer._packed
        self.doubted = self.doubted - newer.keys() | newer.doubted
        self._last = None

    def looks(self, url: Url) -> Looks | Record | None:
        packed = self._packed.get(url)
        return unpack(Looks, packed) if isinstance(packed, bytes) else packed

    def __getitem__(self, url: Url) -> Record:
        if self._last is None or self._last[0] != url:
            self._last = url, unpack(Record, self._packed[url])
        return self._last[1]

    def __setitem__(self, url: Url, record: Record) -> None:
        self._packed[url] = pack(record)
        self._last = None

    def __delitem__(self, url: Url) -> None:
        del self._packed[url]
        self._last = None

    def __contains__(self, url: object) -> bool:
        return url in self._packed

    def __iter__(self) -> Iterator[Url]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)
