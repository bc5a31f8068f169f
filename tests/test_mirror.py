"""The tests mirror the package: linkcheck/a/b.py has tests/a/test_b.py, linkcheck/a/__init__.py has tests/a/test_a.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.shared import ROOT

PACKAGE = ROOT / "linkcheck"
_SHORT_LINES = 10  # an `__init__.py` of fewer holds nothing
# Modules without a test file of their own, and why.
EXCEPTIONS = {
    "__main__.py": "tests/cli/test_process.py runs it",
    "errors.py": "names only",
    "model/__init__.py": "names of others",
    "model/findings.py": "fields only; tests/memory/test_serialization.py writes and reads them",
    "model/links.py": "fields only",
    "read/markdown/walk.py": "tests/read/markdown/test_markdown.py reads documents with it",
    "read/markdown/__init__.py": "names a reader",
    "sites/youtube/items.py": "tests/sites/youtube/test_youtube.py",
    "sites/youtube/pages.py": "tests/sites/youtube/test_youtube.py",
}


def test_file(module: Path) -> Path:
    """Where the tests of a module are (both relative to their folders)."""
    name = module.parent.name if module.name == "__init__.py" else module.stem
    return module.parent / f"test_{name}.py"


test_file.__test__ = False  # type: ignore[attr-defined]

MODULES = [
    path.relative_to(PACKAGE)
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.name != "__init__.py" or len(path.read_text(encoding="utf-8").splitlines()) >= _SHORT_LINES
]


@pytest.mark.parametrize("module", MODULES, ids=Path.as_posix)
def test_each_module_has_its_tests(module: Path) -> None:
    if module.as_posix() not in EXCEPTIONS:
        assert (ROOT / "tests" / test_file(module)).is_file(), f"no tests/{test_file(module).as_posix()}"


def test_no_exception_is_left_that_is_none() -> None:
    needless = [name for name in EXCEPTIONS if not (PACKAGE / name).is_file()]
    assert needless == []
