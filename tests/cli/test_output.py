"""Standard output that does not take all at once."""

from __future__ import annotations

import io
import sys

import pytest

from linkcheck.cli import output


class Narrow(io.RawIOBase):
    """A pipe that takes ten bytes at a time."""

    def __init__(self) -> None:
        self.taken = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.taken += bytes(data)[:10]
        return min(10, len(data))


def test_nothing_is_lost_where_output_is_not_buffered(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = Narrow()
    monkeypatch.setattr(sys, "stderr", sys.stderr)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(narrow, write_through=True))  # type: ignore[type-var]
    output.prepare()
    output.show(["one", "x" * 100_000, "two"])
    assert narrow.taken.decode() == f"one{'x' * 100_000}two"
