"""`--record` and `--replay`: the same report, byte for byte, without a network."""

from __future__ import annotations

import gzip
import subprocess
from pathlib import Path

import pytest

from tests.cli.test_run import write
from tests.conftest import LINKCHECK, Program
from tests.web import Web, environment
from tests.web import behaviours as b
from tests.web.reading_list import stand_in


def everything(web: Web) -> list[str]:
    """One link of most kinds."""
    web.tls["expired.test"] = "expired"
    web.names["unknown.test"] = "nxdomain"
    web.on("deep.test", "/", b.page())
    web.on("deep.test", "*", b.redirect(302, "/"))
    soft = "<title>Page not found</title><p>Sorry."
    web.on("soft.test", "*", b.page(soft))
    return [
        web.on("a.test", "/ok", b.page()),
        web.on("a.test", "/404", b.answer(404)),
        web.on("a.test", "/410", b.answer(410)),
        web.on("a.test", "/500", b.answer(500)),
        web.on("a.test", "/403", b.page("<title>Just a moment...</title>", status=403)),
        web.on("a.test", "/moved", b.redirect(301, "/ok")),
        web.on("a.test", "/gzip", b.gzipped()),
        web.on("a.test", "/cut", b.cut()),
        web.on("a.test", "/reset", b.reset),
        web.on("c.test", "/limited", b.rate_limited(1, "1", b.page())),
        web.on("d.test", "/later", b.answer(429, b"", ("Retry-After", "500"))),
        web.on("expired.test", "/", b.page()),
        "https://unknown.test/",
        "https://deep.test/a/b",
        "https://soft.test/x/y",
        "https://arxiv.org/abs/1706.03762",
        "https://youtu.be/kCc8FmEb1nY",
    ]


def test_a_replay_gives_the_same_reports(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    stand_in(web)
    write(tmp_path, *everything(web))
    recorded = linkcheck("run", "l.md", "--format", "json", "--record", "run.warc.gz", "--attempts", "2")
    assert recorded.returncode == 1, recorded.stderr
    first = {path.name: path.read_bytes() for path in (tmp_path / "reports").iterdir()}
    command = [LINKCHECK, "run", "l.md", "--format", "json", "--replay", "run.warc.gz", "--attempts", "2"]
    asked = len(web.log)
    # No flag that leads into the small internet: there is no network at all here.
    replayed = subprocess.run(command, cwd=tmp_path, env=environment(web), capture_output=True, text=True, check=False)
    assert len(web.log) == asked
    assert replayed.returncode == 1, replayed.stderr
    assert {path.name: path.read_bytes() for path in (tmp_path / "reports").iterdir()} == first
    assert replayed.stdout == recorded.stdout


def test_a_recording_is_a_warc_file_that_others_read(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    from warcio.archiveiterator import ArchiveIterator

    write(tmp_path, web.on("a.test", "/x", b.gzipped()), web.on("a.test", "/y", b.reset))
    linkcheck("run", "l.md", "--record", "run.warc.gz", "--no-files")
    with (tmp_path / "run.warc.gz").open("rb") as file:
        records = [(r.rec_type, r.rec_headers.get_header("WARC-Target-URI")) for r in ArchiveIterator(file)]
    assert records[0] == ("warcinfo", None)
    assert ("response", "https://a.test/x") in records
    assert ("metadata", "https://a.test/y") in records
    assert records[-1] == ("metadata", "urn:linkcheck:run")


def test_what_the_recording_does_not_hold_is_not_judged(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, web.on("a.test", "/x", b.page()))
    linkcheck("run", "l.md", "--record", "run.warc.gz", "--no-files")
    write(tmp_path, "https://a.test/x", "https://b.test/y")
    done = linkcheck("run", "l.md", "--replay", "run.warc.gz", "--no-files")
    assert done.returncode == 0
    assert "the recording holds no answer for it" in done.stdout


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot read the recording"),
        (b"text", "no recording of linkcheck"),
        (gzip.compress(b"", mtime=0), "no recording"),
    ],
)
def test_a_file_that_is_no_recording(
    web: Web, linkcheck: Program, tmp_path: Path, content: bytes | None, words: str
) -> None:
    write(tmp_path, "https://a.test/x")
    if content is not None:
        (tmp_path / "run.warc.gz").write_bytes(content)
    done = linkcheck("run", "l.md", "--replay", "run.warc.gz", "--no-files")
    assert done.returncode == 2
    assert words in done.stderr


def test_a_recording_that_cannot_be_written(linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, "https://a.test/x")
    done = linkcheck("run", "l.md", "--record", "no/such/folder.warc.gz", "--no-files")
    assert done.returncode == 2
    assert "cannot write the recording" in done.stderr
