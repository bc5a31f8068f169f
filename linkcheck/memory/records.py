"""Records by URL, held as bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, MutableMapping
from datetime import datetime

from linkcheck.model import Past, Record, Url, Value
from linkcheck.model.packed import pack, unpack

ConsistencyCheck = Callable[[Record], bool]
"""Whether a record's own facts bear out what it says."""


def always(_: Record) -> bool:
    return True


class Looks(Value, frozen=True, forbid_unknown_fields=False):
    """When a URL was looked at last, and before: a part of its record, made in a tenth of the time."""

    at: datetime
    past: tuple[Past, ...] = ()


class Records(MutableMapping[Url, Record]):
    """A record is made anew when it is asked for, save the last: it is often asked for again.

    `doubted` are the URLs whose record says of them what its own facts do not.
    """

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self.doubted = set[Url]()
        self._packed: dict[Url, bytes | Record] = {record.url: pack(record) for record in records}
        self._last: tuple[Url, Record] | None = None

    def add(self, record: Record, is_consistent: ConsistencyCheck = always) -> bool:
        """Take `record`, unless a newer one of its URL is there, or one as new; whether it was taken."""
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
        """Take all of `newer`."""
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
