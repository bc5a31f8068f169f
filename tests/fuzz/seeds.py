"""What fuzzing starts from: the tests' own examples, and the outside data where it is there (read in place)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from tests import shared
from tests.fuzz.mutate import MOST_BYTES
from tests.shared import ROOT

_MOST_FILES = 60


@cache
def strings(folder: str, needle: str = "") -> tuple[bytes, ...]:
    """The texts in the source of a folder of tests (or a module of ours) that hold `needle`."""
    found: dict[bytes, None] = {}
    files = sorted((ROOT / folder).rglob("*.py")) if (ROOT / folder).is_dir() else [ROOT / folder]
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
                data = node.value.encode(errors="replace") if isinstance(node.value, str) else node.value
                if needle.encode() in data and len(data) <= MOST_BYTES:
                    found[data] = None
    return tuple(found)


def words(*modules: str) -> list[bytes]:
    """The short texts that modules of ours look for."""
    return [one for module in modules for one in strings(f"linkcheck/{module}") if 1 < len(one) < 40]


def outside(pattern: str, most_bytes: int = MOST_BYTES) -> Iterator[bytes]:
    """Files of the outside data; none where it is absent. Of many a spread, cut to a size."""
    files = sorted(path for path in shared.DATA.glob(pattern) if path.is_file()) if shared.DATA.is_dir() else []
    for path in files[:: max(1, len(files) // _MOST_FILES)]:
        yield path.read_bytes()[:most_bytes]


def rows(name: str, key: str) -> Iterator[bytes]:
    """One field of each row of a table of the outside data."""
    for row in shared.rows(name):
        if isinstance(row.get(key), str):
            yield row[key].encode(errors="replace")
