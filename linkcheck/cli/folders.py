"""The user's folders for caches and configuration (XDG Base Directory Specification 0.8 on Linux, *File System Basics*
of Apple's manual on macOS, *KNOWNFOLDERID* of the Win32 manual on Windows)."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from linkcheck.common import plain_files


def config_file(environment: Mapping[str, str]) -> Path | None:
    """The user's config file, which need not exist; None if the account has no home."""
    if sys.platform == "win32":
        folder = environment.get("APPDATA", "")
    elif sys.platform == "darwin":
        folder = _in_home(environment, "Library/Application Support")
    else:
        named = environment.get("XDG_CONFIG_HOME", "")
        folder = named if os.path.isabs(named) else _in_home(environment, ".config")  # noqa: PTH117
    path = Path(folder, "linkcheck", "config.toml")
    return path if path.is_absolute() else None


def cache() -> Path | None:
    """The folder for the memory, private to the user; None if the account has no home."""
    try:
        if sys.platform == "win32":
            return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "linkcheck" / "Cache"
        if sys.platform == "darwin":
            folder = Path.home() / "Library" / "Caches" / "linkcheck"
        else:
            named = Path(os.environ.get("XDG_CACHE_HOME", ""))
            folder = (named if named.is_absolute() else Path.home() / ".cache") / "linkcheck"
    except RuntimeError:
        return None
    if not folder.is_absolute():  # HOME is relative: the current folder may be untrusted
        return None
    plain_files.make_private(folder)
    return folder


def _in_home(environment: Mapping[str, str], folder: str) -> str:
    home = environment.get("HOME", "")
    return f"{home}/{folder}" if home else ""
