from __future__ import annotations

from pathlib import Path

import pytest

from tests.git.repository import ENVIRONMENT, Repository


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository in the current folder, for git that is run by a test and by the program alike."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return Repository(tmp_path)
