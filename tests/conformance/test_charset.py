"""The prescan against html5lib's tests, and pages against WHATWG's sniffer fixtures."""

from __future__ import annotations

from pathlib import Path

import pytest
import webencodings

from linkcheck.page import charset
from tests import shared

pytestmark = shared.needs_shared


def prescan_rows() -> list[tuple[bytes, str]]:
    found = []
    for file in sorted((shared.DATA / "oracle/encoding/html5lib").glob("*.dat")):
        for block in file.read_bytes().split(b"#data\n")[1:]:
            data, _, encoding = block.partition(b"\n#encoding\n")
            found.append((data, str(webencodings.lookup(encoding.split(b"\n")[0].decode().strip()).name)))
    return found


@pytest.mark.parametrize(("data", "expected"), prescan_rows(), ids=lambda v: str(v)[:50])
def test_prescan(data: bytes, expected: str) -> None:
    if b"multi-script test" in data:
        pytest.skip("a script writes the meta: no prescan sees it")
    if data.startswith(b"\xef\xbb\xbf"):
        assert charset.decode(data)[1] == "utf-8"
    else:
        assert (charset.prescan(data) or "windows-1252") == expected


@pytest.mark.parametrize(
    "path", sorted((shared.DATA / "oracle/encoding/sniffer_fixtures/normal").glob("*.html")), ids=lambda p: p.name
)
def test_a_meta_names_the_encoding_and_a_header_beats_it(path: Path) -> None:
    expected = str(webencodings.lookup(path.stem.rpartition("_")[2]).name)
    data = path.read_bytes()
    assert charset.decode(data)[1] == expected
    assert charset.decode(data, "text/html; charset=windows-1251")[1] == "windows-1251"


@pytest.mark.parametrize(
    "path", sorted((shared.DATA / "oracle/encoding/sniffer_fixtures/bom").glob("*.html")), ids=lambda p: p.name
)
def test_a_byte_order_mark_beats_the_header(path: Path) -> None:
    found = charset.decode(path.read_bytes(), "text/html; charset=windows-1251")[1]
    assert found == path.stem.lower().removesuffix("le").removesuffix("be")


@pytest.mark.parametrize("path", sorted((shared.DATA / "fixtures/charset").rglob("*.*ml")), ids=lambda p: p.name[:50])
def test_no_recorded_page_breaks_it(path: Path) -> None:
    text, name = charset.decode(path.read_bytes())
    assert text
    assert name
