from __future__ import annotations

import pytest

from linkcheck.common.toml_text import TomlError, load, quoted


def test_a_table() -> None:
    assert load(b"a = 1\n[b.c]\nd = 'x'\n") == {"a": 1, "b": {"c": {"d": "x"}}}
    assert load(b"a = '\xff'", errors="replace") == {"a": "�"}
    assert load(b"\xef\xbb\xbfa = 1\n") == {"a": 1}


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"a = 1\nb = ?", 2),
        (b"a = 1\nb = '\xff'", 2),
        (b"a = 1\na = 2\n", 2),
        (b"a = 2026-99-99", 1),
        (b"a = " + b"1" * 5_000, 0),
        (b"a = " + b"[" * 9_999, 0),
        (b"a = " + b"{a=" * 9_999, 0),
        (b".".join([b"a"] * 9_999) + b" = 1", 1),
        (b".".join([b'"\\"a"'] * 9_999) + b" = 1", 1),
        (b"x = 1\n[" + b".".join([b"a"] * 900) + b"]\n" + b"".join(b"%x = 1\n" % n for n in range(9_999)), 513),
        (b"[" + b".".join([b"a"] * 900) + b"]\nx = [\n[1],\n" + b"[1],\n" * 9_999 + b"]", 512),
    ],
)
def test_what_is_no_toml_or_takes_too_long_is_said_with_its_line(data: bytes, line: int) -> None:
    with pytest.raises(TomlError) as caught:
        load(data)
    assert caught.value.line == line


def test_dots_in_what_people_write_are_no_keys() -> None:
    text = "Many sentences. " * 2_000
    assert load(f'[front]\na = "{text}"\n'.encode())["front"]["a"] == text
    floats = "\n".join(f"[{', '.join(['1.5'] * 20)}]," for _ in range(1_000))
    assert len(load(f"a = [\n{floats}\n]".encode())["a"]) == 1_000


@pytest.mark.parametrize(
    "text", ["", 'a "b" \\', "\0\x1f\x7f\t\r\n", "é\u2028\u202e\U0001f600", "'''\"\"\"", "[[x]]\n#", "\\u0041"]
)
def test_a_quoted_text_is_read_as_it_was(text: str) -> None:
    shown = quoted(text)
    assert shown.isascii()
    assert shown.isprintable()
    assert load(f"a = {shown}".encode()) == {"a": text}


def test_half_a_surrogate_pair_is_no_character() -> None:
    assert load(f"a = {quoted(chr(0xD800))}".encode()) == {"a": "\ufffd"}
