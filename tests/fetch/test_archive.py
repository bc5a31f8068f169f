"""Records of a WARC file, one at a time: where they begin, and what is left out."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from time import process_time

import pytest

from linkcheck.fetch import archive

RECORD = b"WARC/1.1\r\nContent-Length: 2\r\n\r\nhi\r\n\r\n"


@pytest.mark.parametrize("is_gzip", [False, True])
def test_each_record_is_found_at_its_place(tmp_path: Path, is_gzip: bool) -> None:
    file, members = tmp_path / "run.warc", [gzip.compress(RECORD) if is_gzip else RECORD] * 3
    file.write_bytes(b"".join(members))
    found = list(archive.records(file))
    assert found == [(n * len(members[0]), RECORD) for n in range(3)]
    assert [archive.record_at(file, place) for place, _ in found] == [RECORD] * 3
    assert archive.record_at(file, 3 * len(members[0])) == b""


@pytest.mark.parametrize("is_gzip", [False, True])
def test_a_last_record_that_was_cut_short_is_left_out(tmp_path: Path, is_gzip: bool) -> None:
    file, member = tmp_path / "run.warc", gzip.compress(RECORD) if is_gzip else RECORD
    file.write_bytes(member + member[:-5])
    assert [place for place, _ in archive.records(file)] == [0]


def test_empty_lines_before_a_record_take_no_square_of_time() -> None:
    head = b"WARC/1.1\r\nContent-Length: 0\r\n\r\n"
    before = process_time()
    assert archive._head(io.BytesIO(b"\r\n" * 250_000 + head)) == head
    assert process_time() - before < 5  # it was a minute
