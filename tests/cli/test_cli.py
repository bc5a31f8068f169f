"""The program: its version and usage, and how it ends where our own code fails."""

from __future__ import annotations

import subprocess

import pytest

from tests.conftest import LINKCHECK


def test_the_program_tells_its_version_and_its_usage() -> None:
    def text(*arguments: str) -> tuple[int, str]:
        done = subprocess.run([LINKCHECK, *arguments], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    from linkcheck import __version__

    assert text("--version") == (0, f"linkcheck {__version__}\n")
    assert text("--help")[0] == 0
    assert text()[0] == 2
    assert text("run")[0] == 2


def test_an_internal_error_is_not_a_failing_link(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from linkcheck import cli
    from linkcheck.cli import links

    def broken(*_: object) -> int:
        raise KeyError("ours")

    monkeypatch.setattr(links, "command", broken)
    assert cli.main(["links", "x.md"]) == 2
    assert "please report it" in capsys.readouterr().err
