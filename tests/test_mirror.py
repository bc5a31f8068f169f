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
    "contracts.py": "types only; tests/sites/test_contract.py holds the sites to them",
    "model/__init__.py": "names of others",
    "model/findings.py": "fields only; tests/memory/test_plain.py writes and reads them",
    "model/links.py": "fields only",
}
# Those that are still to be written: the list only gets shorter.
MISSING = frozenset(
    """
    cli/__init__.py cli/arguments.py cli/commands.py cli/interrupts.py cli/progress.py cli/stopwatch.py
    fetch/archive.py fetch/body.py fetch/connect.py fetch/cookies.py fetch/doubts.py fetch/faults.py
    fetch/resolve.py fetch/retry.py fetch/room.py fetch/speed.py fetch/transport.py fetch/trial.py
    judge/catalogue.py judge/past.py page/__init__.py page/budget.py page/charset.py page/dates.py
    page/fragments.py page/json_ld.py page/titles.py read/__init__.py read/bare.py read/destination.py
    read/entries.py read/front_matter.py read/html_attributes.py read/malformed.py read/text.py
    report/__init__.py report/json.py report/markdown.py report/text.py report/yaml.py run.py
    sites/__init__.py
    """.split()
)


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
    if module.as_posix() not in EXCEPTIONS and module.as_posix() not in MISSING:
        assert (ROOT / "tests" / test_file(module)).is_file(), f"no tests/{test_file(module).as_posix()}"


def test_no_exception_is_left_that_is_none() -> None:
    needless = [name for name in EXCEPTIONS if not (PACKAGE / name).is_file()]
    needless += [name for name in MISSING if (ROOT / "tests" / test_file(Path(name))).is_file()]
    assert needless == []
