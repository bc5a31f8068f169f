"""Reported false verdicts of other tools, as scenarios for the installed program."""

from __future__ import annotations

from pathlib import Path

from tests.lies import lies


def test_reported_false_verdicts(tmp_path: Path) -> None:
    found = lies(tmp_path)
    assert [one.name for one in found if one.is_alive and one.is_failing] == []
    dead = [one for one in found if not one.is_alive]
    assert sum(one.state != "ok" for one in dead) >= 0.8 * len(dead)
