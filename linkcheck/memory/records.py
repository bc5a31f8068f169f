"""Records by URL, held as bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping
from datetime import datetime

from linkcheck.model import Past, Record, Url, Value
from linkcheck.packed import pack, unpack


class Looks(Value, frozen=True, forbid_unknown_fields=False):
    """When a URL was looked at last, and before: a part of its record, made in a tenth of the time."""

    at: datetime
    past: tuple[Past, ...] = ()


class Records(MutableMapping[Url, Record]):
    """A record is made anew when it is asked for, save the last: it is often asked for again."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self._packed: dict[Url, bytes | Record] = {record.url: pack(record) for record in records}
        self._last: tuple[Url, Record] | None = None

    def add(self, record: Record) -> None:
        """Take `record`, unless a newer one of its URL is there."""
        known = self.looks(record.url)
        if known is None or known.at < record.at:
            self[record.url] = record

    def looks(self, url: Url) -> Looks | Record | None:
        packed = self._packed.get(url)
        return unpack(Looks, packed) if isinstance(packed, bytes) else packed

    def times(self) -> dict[Url, datetime]:
        """When each was looked at last."""
        return {url: looks.at for url in self if (looks := self.looks(url))}

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
