"""Bodies: content codings undone, bombs cut, damage told."""

from __future__ import annotations

import asyncio
import gzip
import sys
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable

import brotli
import pytest

from linkcheck.fetch import body

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


async def chunked(data: bytes, size: int) -> AsyncIterator[bytes]:
    for at in range(0, len(data), size):
        yield data[at : at + size]


ENCODE: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress, "deflate": zlib.compress, "br": lambda data: brotli.compress(data, quality=3),
    "zstd": zstd.compress,
}  # fmt: skip


def read(data: bytes, coding: str = "", limit: int = 1000, size: int = 7) -> body.Body:
    return asyncio.run(body.read(chunked(data, size), coding, limit))


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    ("coding", "data"),
    [
        ("", b"hello world"),
        ("identity", b"hello world"),
        ("gzip", gzip.compress(b"hello world", mtime=0)),
        ("x-gzip", gzip.compress(b"hello ", mtime=0) + gzip.compress(b"world", mtime=0)),
        ("GZIP ", gzip.compress(b"hello world", mtime=0) + b"\0\0padding"),
        ("deflate", zlib.compress(b"hello world")),
        ("deflate", zlib.compress(b"hello world")[2:-4]),
        ("br", brotli.compress(b"hello world")),
        ("zstd", zstd.compress(b"hello world")),
        ("zstd", zstd.compress(b"hello ") + zstd.compress(b"world")),
        ("gzip, br", brotli.compress(gzip.compress(b"hello world", mtime=0))),
    ],
)
def test_a_coding_is_undone(coding: str, data: bytes, size: int) -> None:
    assert read(data, coding, size=size) == body.Body(b"hello world", is_complete=True)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
@pytest.mark.parametrize("size", [1, 65_536])
def test_a_long_body_comes_whole(coding: str, size: int) -> None:
    words = b"".join(b"%d words " % n for n in range(40_000)) + b"\0" * 400_000
    assert read(ENCODE[coding](words), coding, limit=1_000_000, size=size) == body.Body(words, is_complete=True)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_is_cut_at_the_limit(coding: str) -> None:
    bomb = ENCODE[coding](b"\0" * 50_000_000)
    tracemalloc.start()
    found = read(bomb, coding, limit=5000, size=65_536)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (len(found.data), found.is_complete) == (5000, False)
    assert peak < 1_000_000


EMPTY_BLOCK = b"\0\0\0\xff\xff"  # of deflate, stored (RFC 1951 §3.2.4)


def emptiness(coding: str, pieces: int) -> bytes:
    """A body that is long and holds nothing."""
    match coding:
        case "deflate":
            return zlib.compress(b"")[:2] + EMPTY_BLOCK * pieces
        case "zstd, skipped":
            return b"\x50\x2a\x4d\x18\0\0\0\0" * pieces
        case _:
            return ENCODE[coding](b"") * pieces


def test_a_bomb_in_a_bomb_is_cut_though_nothing_comes_out() -> None:
    found = read(gzip.compress(emptiness("deflate", 4_000_000)), "deflate, gzip", size=1_000)
    assert "grows without end" in found.trouble


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd", "zstd, skipped"])
def test_a_coding_that_comes_to_nothing_is_not_read_on(coding: str) -> None:
    packets = 0

    async def counted() -> AsyncIterator[bytes]:
        nonlocal packets
        for _ in range(10_000):
            packets += 1
            yield emptiness(coding, 3_000)[2 * (coding == "deflate" and packets > 1) :]

    found = asyncio.run(body.read(counted(), coding.partition(",")[0], 100_000))
    assert "gives no output" in found.trouble or "too many members" in found.trouble
    assert packets < 100


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_hundred_members_are_one_body(coding: str) -> None:
    data = b"".join(ENCODE[coding](b"%d words " % n) for n in range(100))
    assert read(data, coding, limit=100_000).data == b"".join(b"%d words " % n for n in range(100))


def test_a_window_that_no_browser_takes_is_refused() -> None:
    options: dict[int, int] = {
        zstd.CompressionParameter.window_log: 27,
        zstd.CompressionParameter.enable_long_distance_matching: 1,
    }
    compressor = zstd.ZstdCompressor(options=options)  # streaming: the frame does not tell its size
    found = read(compressor.compress(b"x" * 100_000) + compressor.flush(), "zstd", size=65_536)
    assert found.trouble


@pytest.mark.parametrize(
    ("coding", "words"),
    [
        ("lzma", "was not requested"), ("gzip, gzip, gzip", "was not requested"), (", ".join(["gzip"] * 100), "was not requested"), ("gzip", "incorrect header"),
        ("br", "fail"), ("zstd", "Unable"),
    ],
)  # fmt: skip
def test_what_cannot_be_decoded_is_trouble_of_the_body_only(coding: str, words: str) -> None:
    found = read(b"hello world, and more", coding, size=100)
    assert (found.data, found.is_complete) == (b"", False)
    assert words in found.trouble


def test_a_long_body_is_read_no_further() -> None:
    assert read(b"x" * 100, limit=10) == body.Body(b"x" * 10, is_complete=False)
