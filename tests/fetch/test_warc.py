"""Recordings by strangers: what is read of them, and what they cannot say."""

from __future__ import annotations

import gzip
import json
import os
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from linkcheck.errors import SettingsError
from linkcheck.fetch import archive, replay, warc
from linkcheck.model import Exchange, Fault, Url
from linkcheck.model import replace as changed

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = Url("https://a.test/")
PAGE = Exchange(NOW, URL, 200, headers=(("Content-Type", "text/html"),), body=b"<title>A</title>", elapsed_s=0.1)
RUN = warc.Run(NOW, NOW, 1, resolver_works=True)


def recorded(path: Path, *exchanges: Exchange) -> bytes:
    recorder = warc.Recorder(path)
    for one in exchanges:
        recorder.on_exchange(one)
    recorder.close(RUN)
    return path.read_bytes()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "run.warc.gz"


def warc_record(
    kind: str = "response", url: str = URL, block: bytes = b"HTTP/1.1 200 OK\r\n\r\nhi", **fields: str
) -> bytes:
    """One record, plain."""
    named = {"WARC-Type": kind, "WARC-Target-URI": url, "WARC-Date": "2026-11-24T12:00:00Z"}
    named |= {name.replace("_", "-"): value for name, value in fields.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in ({"Content-Length": str(len(block))} | named).items())
    return b"WARC/1.1\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n"


def member(kind: str = "response", url: str = URL, block: bytes = b"HTTP/1.1 200 OK\r\n\r\nhi", **fields: str) -> bytes:
    return gzip.compress(warc_record(kind, url, block, **fields))


# -- what must be read -----------------------------------------------------------------------


@pytest.mark.parametrize("plain", [False, True])
def test_answers_are_given_as_they_were_recorded(file: Path, plain: bool) -> None:
    odd = changed(PAGE, url=Url("https://b.test/"), headers=(("Location", "/é"),), outcome=302, body=b"")
    lost = changed(PAGE, url=Url("https://c.test/"), outcome=Fault.RESET, headers=(), body=b"", detail="why")
    content = recorded(
        file, PAGE, changed(PAGE, body=b"again"), odd, lost, changed(PAGE, is_lenient=True, body=b"third")
    )
    if plain:
        file.write_bytes(gzip.decompress(content))
    found = replay.load(file)
    assert found.run == RUN
    assert found.next(URL) == PAGE
    assert found.next(URL).body == b"again"
    assert not found.has(URL)
    assert found.next(URL).outcome is Fault.CLOSED
    assert found.next(URL, is_lenient=True).body == b"third"
    assert found.next(odd.url).headers == (("Location", "/%C3%A9"),)  # warcio escapes it
    assert (found.next(lost.url).outcome, lost.detail) == (Fault.RESET, "why")


def test_a_recording_whose_run_was_killed_is_read_as_far_as_it_goes(file: Path) -> None:
    content = recorded(file, PAGE, changed(PAGE, url=Url("https://b.test/")))
    for at in range(len(content) // 2, len(content), 37):
        file.write_bytes(content[:at])
        assert replay.load(file).has(URL)
    plain = warc_record() + warc_record(url="https://b.test/")
    file.write_bytes(plain[:-20])
    assert set(replay.load(file).answers) == {(URL, False)}


def test_a_file_that_changes_under_us_holds_no_answer(file: Path) -> None:
    recorded(file, PAGE, PAGE)
    found = replay.load(file)
    file.write_bytes(b"something else, for some reason")
    assert found.next(URL).outcome is Fault.CLOSED
    file.unlink()
    assert found.next(URL).outcome is Fault.CLOSED


# -- bounds ----------------------------------------------------------------------------------


def grown(count: int, size: int) -> bytes:
    return member(block=b"HTTP/1.1 200 OK\r\n\r\n" + b"\0" * size) * count


def peak_mb(work: Callable[[], object]) -> float:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def test_a_record_that_is_too_large_is_left_out(file: Path) -> None:
    file.write_bytes(grown(1, 200_000_000) + member(url="https://b.test/"))
    assert peak_mb(lambda: replay.load(file)) < 60
    assert set(replay.load(file).answers) == {("https://b.test/", False)}
    file.write_bytes(gzip.decompress(grown(1, archive.MOST_RECORD_BYTES)) + warc_record(url="https://b.test/"))
    assert set(replay.load(file).answers) == {("https://b.test/", False)}


def test_a_file_that_grows_without_end_is_refused(file: Path) -> None:
    file.write_bytes(grown(25, 12_000_000))
    assert file.stat().st_size < 1_000_000

    def refused() -> None:
        with pytest.raises(SettingsError, match="grows to more than 50 times its size"):
            replay.load(file)

    assert peak_mb(refused) < 80


def test_bodies_are_not_kept(file: Path) -> None:
    noise = os.urandom(1_000_000)
    recorded(file, *[changed(PAGE, url=Url(f"https://a.test/{n}"), body=noise) for n in range(40)])
    assert peak_mb(lambda: replay.load(file)) < 20


def test_there_are_not_endlessly_many_records(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_RECORDS", 100)
    file.write_bytes(member() * 101)
    with pytest.raises(SettingsError, match="more than 100 records"):
        replay.load(file)


def test_only_a_regular_file_is_read(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="a device, not a regular file"):
        replay.load(Path(os.devnull))
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(SettingsError, match="a pipe, not a regular file"):
            replay.load(tmp_path / "pipe")


# -- damage ----------------------------------------------------------------------------------

DEEP = b"[" * 60_000
RUN_TOLD = {
    "started": "2026-11-24T12:00:00Z",
    "finished": "2026-11-24T12:00:00Z",
    "requests": 1,
    "resolver_works": True,
}


def run_of(**told: object) -> bytes:
    return member("metadata", "urn:linkcheck:run", json.dumps(RUN_TOLD | told).encode())


BROKEN = {
    "a damaged member": member()[:-12] + b"\xff" * 12 + member(),
    "no gzip behind a member": member() + b"text",
    "an endless head": gzip.compress(b"WARC/1.1\r\n" + b"X: y\r\n" * 100_000),
    "one endless line": gzip.compress(b"WARC/1.1\r\nX: " + b"y" * 1_000_000),
    "a plain endless line": b"WARC/1.1\r\nX: " + b"y" * 1_000_000,
    "a plain endless head": b"WARC/1.1\r\n" + b"X: y\r\n" * 100_000,
    "no length": b"WARC/1.1\r\nWARC-Type: response\r\n\r\n",
    "a length of letters": warc_record(Content_Length="many"),
    "a negative length": warc_record(Content_Length="-5"),
    "an endless answer's head": member(block=b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000 + b"\r\n"),
    "many headers": member(block=b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 600 + b"\r\n"),
    "no date": member(WARC_Date=""),
    "a date without a zone": member(WARC_Date="2026-11-24T12:00:00"),
    "a date at the end of time": member(WARC_Date="9999-12-31T23:59:59Z"),
    "seconds that are no number": member(X_Linkcheck_Seconds="nan"),
    "endless seconds": member(X_Linkcheck_Seconds="1e999"),
    "negative seconds": member(X_Linkcheck_Seconds="-1"),
    "status 99999": member(block=b"HTTP/1.1 99999 OK\r\n\r\n"),
    "an interim status": member(block=b"HTTP/1.1 103 OK\r\n\r\n"),
    "a status of other digits": member(block="HTTP/1.1 ２００ OK\r\n\r\n".encode()),
    "not HTTP": member(block=b"SSH-2.0-x\r\n\r\n"),
    "no answer at all": member(block=b""),
    "a fault that is none": member("metadata", URL, b'{"fault": "xyz", "detail": ""}'),
    "a fault that is a list": member("metadata", URL, b'{"fault": [], "detail": ""}'),
    "a reason that is no text": member("metadata", URL, b'{"fault": "reset", "detail": 5}'),
    "deep JSON": member("metadata", URL, DEEP),
    "a list": member("metadata", URL, b"[]"),
    "long JSON": member("metadata", URL, b'{"fault": "reset", "detail": "' + b"x" * 70_000 + b'"}'),
    "a trouble that is no text": member(X_Linkcheck_Trouble="[1]"),
    "a run of text": run_of(requests="many"),
    "a run of -1": run_of(requests=-1),
    "a run without a start": run_of(started=None),
    "outages of text": run_of(outages=["ab"]),
    "outages without a zone": run_of(outages=[["2026-11-24T12:00:00", None]]),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_recording_is_refused_with_words(file: Path, name: str) -> None:
    file.write_bytes(BROKEN[name])
    with pytest.raises(SettingsError, match="this is no recording of linkcheck"):
        replay.load(file)


def test_what_a_recording_says_is_not_repeated(file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file.write_bytes(member(url="https://a.test/ ##[error]"))
    replay.load(file)
    assert capfd.readouterr() == ("", "")


def test_outages_are_bounded(file: Path) -> None:
    file.write_bytes(run_of(outages=[["2026-11-24T12:00:00Z", None]] * 1_500) + member())
    assert len(replay.load(file).run.outages) == 1_000
