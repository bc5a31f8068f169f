"""The outside data in ../shared/data (or $LINKCHECK_SHARED/data): read in place, never copied.

Tests that need it skip with a clear line where it is absent.
"""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("LINKCHECK_SHARED") or ROOT.parent / "shared")
DATA = SHARED / "data"

needs_shared = pytest.mark.skipif(not DATA.is_dir(), reason=f"no outside data at {DATA} (set LINKCHECK_SHARED)")


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of a .json or .jsonl file under data/; none where it is absent."""
    file = DATA / name
    if not file.is_file():
        return []
    text = file.read_text(encoding="utf-8")
    found = [json.loads(line) for line in text.splitlines()] if name.endswith(".jsonl") else json.loads(text)
    return [row for row in found if isinstance(row, dict)]


def table(name: str) -> list[dict[str, str]]:
    file = DATA / name
    if not file.is_file():
        return []
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def lists() -> list[Path]:
    return sorted(p for p in (DATA / "lists").glob("*") if p.suffix in (".md", ".markdown"))
