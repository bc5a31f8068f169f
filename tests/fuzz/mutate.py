"""An input made from others: bytes changed, words put in, parts moved, doubled, repeated or taken from another input."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

MOST_BYTES = 8_192  # of an input as a rule; a part that is repeated may come to `PUMPED_BYTES`
PUMPED_BYTES = 65_536
_ODD = (b"\0", b"\xff", b"\x80", b"\r\n", b"\n", b" ", b"\t", b"%", b"&", b"\\", b"<", b">", b'"', b"'", b"[", b"]", b"(", b")", b"{", b"}",
        b"-1", b"0", b"9" * 20, b"9" * 5_000, b"1e999", b"\xe2\x80\xae", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xf4\x8f\xbf\xbf", b"&#0;", b"&#xd800;",
        b"\xcc\x81", b"null", b"true", b"https://", b"://", b"%2e", b"..", b"\xef\xbc\x8f")  # fmt: skip


def mutated(corpus: Sequence[bytes], words: Sequence[bytes], chance: Random, *, pumped: float = 0.02) -> bytes:
    """A new input, of one from `corpus` and some changes; a share of them is `pumped` to what shows growth."""
    data = chance.choice(corpus)
    for _ in range(chance.choice((1, 1, 1, 2, 2, 4, 8))):
        data = chance.choice(_CHANGES)(data, corpus, words, chance)
    return data[:MOST_BYTES] if chance.random() >= pumped else _pumped(data, chance)


def _span(data: bytes, chance: Random) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.choice((1, 1, 2, 3, 4, 8, 16, 64, 256, 1024)))


def _flipped(data: bytes, _: object, __: object, chance: Random) -> bytes:
    if not data:
        return data
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def _replaced(data: bytes, _: object, __: object, chance: Random) -> bytes:
    start, end = _span(data, chance)
    return data[:start] + chance.randbytes(min(8, end - start)) + data[end:]


def _without(data: bytes, _: object, __: object, chance: Random) -> bytes:
    start, end = _span(data, chance)
    return data[:start] + data[end:]


def _cut(data: bytes, _: object, __: object, chance: Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _with_word(data: bytes, _: object, words: Sequence[bytes], chance: Random) -> bytes:
    start, end = _span(data, chance)
    word = chance.choice(words) if words and chance.random() < 0.7 else chance.choice(_ODD)
    return data[:start] + word + data[start if chance.random() < 0.6 else end :]


def _doubled(data: bytes, _: object, __: object, chance: Random) -> bytes:
    start, end = _span(data, chance)
    return data[:end] + data[start:end] * chance.choice((1, 1, 2, 10)) + data[end:]


def _moved(data: bytes, _: object, __: object, chance: Random) -> bytes:
    start, end = _span(data, chance)
    rest = data[:start] + data[end:]
    at = chance.randrange(len(rest) + 1)
    return rest[:at] + data[start:end] + rest[at:]


def _spliced(data: bytes, corpus: Sequence[bytes], _: object, chance: Random) -> bytes:
    other = chance.choice(corpus)
    start, end = _span(data, chance)
    from_, to = _span(other, chance)
    return data[:start] + other[from_:to] + data[end:]


def _pumped(data: bytes, chance: Random) -> bytes:
    """With one short part so often that what is not linear takes long."""
    start, end = _span(data[:MOST_BYTES], chance)
    part = data[start:end] or b"["
    return (data[:start] + part * (PUMPED_BYTES // len(part)) + data[end:])[:PUMPED_BYTES]


Change = Callable[[bytes, Sequence[bytes], Sequence[bytes], Random], bytes]
_CHANGES: tuple[Change, ...] = (_flipped, _replaced, _without, _cut, _with_word, _with_word, _with_word, _doubled, _moved, _spliced, _spliced)  # fmt: skip
