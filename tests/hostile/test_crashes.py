"""What fuzzing has found once stays found: every kept input is given to its target again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.__main__ import CRASHES, failure
from tests.fuzz.targets import TARGETS

FILES = sorted(path for path in CRASHES.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_was_found_once_is_mended(path: Path) -> None:
    error = failure(TARGETS[path.parent.name].run, path.read_bytes())
    if error is not None:
        raise error
