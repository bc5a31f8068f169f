"""Recordings that are written to fill or end a run."""

from __future__ import annotations

import pytest

from tests.fetch.test_warc import BROKEN, grown, member
from tests.hostile.conftest import Victim


def replayed(victim: Victim, recording: bytes) -> tuple[int, str]:
    """(exit code, standard error); the run has 600 MB of addresses, as much as any run over three links needs."""
    (victim.folder / "run.warc.gz").write_bytes(recording)
    (victim.folder / "l.md").write_text("- [A](https://a.test/)\n", encoding="utf-8")
    done = victim.call("run", "l.md", "--no-files", "--replay", "run.warc.gz", memory_mb=600)
    return done.code, done.stderr


def test_a_recording_that_grows_without_end_is_refused(victim: Victim) -> None:
    code, words = replayed(victim, grown(100, 12_000_000))
    assert (code, "grows to more than 50 times its size" in words) == (2, True)


def test_one_record_that_grows_without_end_is_left_out(victim: Victim) -> None:
    """The rest goes on."""
    assert replayed(victim, grown(1, 250_000_000) + member())[0] == 0


@pytest.mark.parametrize("name", ["a damaged member", "an endless head", "deep JSON", "a date at the end of time"])
def test_a_broken_recording_is_refused_with_words(victim: Victim, name: str) -> None:
    code, words = replayed(victim, BROKEN[name])
    assert (code, "this is no recording of linkcheck" in words) == (2, True)
