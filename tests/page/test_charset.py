"""Bytes of a page to text."""

from __future__ import annotations

import pytest

from linkcheck.page import charset


@pytest.mark.parametrize(
    ("body", "header", "text", "name"),
    [
        ("é".encode(), "", "é", "utf-8"),
        ("é".encode("cp1252"), "", "é", "windows-1252"),
        ("é".encode("cp1252"), "text/html; charset=latin1", "é", "windows-1252"),
        ("é".encode(), "text/html; charset=latin1", "é", "utf-8"),
        ("中".encode("gb18030"), "text/html; charset=gb2312", "中", "gbk"),
        ("①".encode("cp932"), "text/html; charset=shift_jis", "①", "shift_jis"),
        ("é".encode("utf-16"), "text/html; charset=utf-8", "é", "utf-16"),
        (b'<meta charset="utf-16">' + "é".encode(), "", '<meta charset="utf-16">é', "utf-8"),
        (b'<?xml version="1.0" encoding="iso-8859-2"?>\xb1', "", '<?xml version="1.0" encoding="iso-8859-2"?>ą', "iso-8859-2"),
        (b'<?xml version="1.0" encoding="utf-16"?>x', "", '<?xml version="1.0" encoding="utf-16"?>x', "utf-8"),
        (b"\xff", "text/html; charset=utf-8", "\ufffd", "utf-8"),
        (b"x", "text/html; charset=nonsense", "x", "utf-8"),
        ("xé".encode()[:-1], "", "x", "utf-8"),
        (b"", "", "", "utf-8"),
        (b"<meta", "", "<meta", "utf-8"), (b"<!-- x", "", "<!-- x", "utf-8"), (b"<! x", "", "<! x", "utf-8"),
        (b"<meta charset=koi8-r", "", "<meta charset=koi8-r", "utf-8"), (b"<a =b>", "", "<a =b>", "utf-8"),
    ],
)  # fmt: skip
def test_charset(body: bytes, header: str, text: str, name: str) -> None:
    assert charset.decode(body, header) == (text, name)
