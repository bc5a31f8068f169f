"""Where the user's own folders lie."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from linkcheck.cli import folders


@pytest.mark.skipif(sys.platform != "linux", reason="each system has its own place")
@pytest.mark.parametrize(
    ("environment", "place"),
    [
        ({"HOME": "/home/a"}, "/home/a/.config/linkcheck/config.toml"),
        ({"HOME": "/home/a", "XDG_CONFIG_HOME": "/c"}, "/c/linkcheck/config.toml"),
        ({"HOME": "/home/a", "XDG_CONFIG_HOME": "."}, "/home/a/.config/linkcheck/config.toml"),
        ({"HOME": "/home/a", "XDG_CONFIG_HOME": ""}, "/home/a/.config/linkcheck/config.toml"),
        ({"HOME": "."}, None),  # in a repository, then
        ({"HOME": ""}, None),
        ({}, None),
    ],
)
def test_where_the_users_own_file_lies(environment: dict[str, str], place: str | None) -> None:
    assert folders.config_file(environment) == (Path(place) if place else None)


@pytest.mark.skipif(sys.platform != "linux", reason="each system has its own place")
@pytest.mark.parametrize(("named", "place"), [("", "home/.cache"), ("cache", "home/.cache"), ("/own", "own")])
def test_where_caches_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str, place: str) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", f"{tmp_path}{named}" if named.startswith("/") else named)
    expected = tmp_path / place if not named.startswith("/") else Path(f"{tmp_path}{named}")
    found = folders.cache()
    assert found == expected / "linkcheck"
    assert found.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(sys.platform != "linux", reason="each system has its own place")
def test_a_home_in_the_current_folder_has_no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", ".")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert folders.cache() is None
    assert list(tmp_path.iterdir()) == []


def test_an_account_without_a_home_has_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", no_home)
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    assert folders.cache() is None
