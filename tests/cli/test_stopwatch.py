"""The time that the user's patterns may take."""

from __future__ import annotations

import re
import sys
import time

import pytest

from linkcheck.cli import stopwatch
from linkcheck.errors import SettingsError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no timer of the CPU's time")


def busy(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        re.search("a", "b" * 100)


def test_a_search_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopwatch, "_left", 5.0)
    with pytest.raises(SettingsError, match="take too long"), stopwatch.stopwatch(0.05):
        busy(5)
    busy(0.1)  # nothing is timed any more


def test_all_of_them_together_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopwatch, "_left", 0.15)
    with stopwatch.stopwatch(1.0):
        busy(0.1)
    with pytest.raises(SettingsError), stopwatch.stopwatch(1.0):
        busy(5)
