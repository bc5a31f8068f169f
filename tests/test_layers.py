"""Imports point one way, down; each third-party library has one home; nothing knows too much."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest

from tests.shared import ROOT

PACKAGE = ROOT / "linkcheck"
FILES = sorted(PACKAGE.rglob("*.py"))

# What each part may import of the package; a part is a top-level module or folder. (docs/architecture.md)
ALLOWED: dict[str, set[str]] = {
    "__init__": set(),
    "errors": set(),
    "plugins": {"common", "errors"},
    "common": {"common", "errors"},
    "model": {"model"},
    "urls": {"model", "common"},
    "contracts": {"model"},
    "settings": {"errors", "common", "model", "settings"},
    "git": {"errors", "common", "model", "git"},
    "local": {"model", "common", "urls", "contracts", "read", "git", "errors", "local"},
    "read": {"plugins", "model", "common", "contracts", "read"},
    "sites": {"plugins", "model", "common", "contracts", "sites"},
    "page": {"model", "common", "urls", "page"},
    "health": {"model"},
    "judge": {"plugins", "model", "common", "contracts", "judge"},
    "fetch": {"model", "common", "errors", "urls", "contracts", "fetch", "__init__"},
    "plan": {"model", "common", "urls", "contracts"},
    "extract": {"model", "common", "contracts", "page"},
    "case": {"model", "urls"},
    "follow": {"model", "urls", "contracts", "case", "judge"},
    "crawl": {"model", "common", "urls", "contracts", "plan", "extract", "case", "follow", "health", "judge"},
    "ignores": {"model", "common", "urls", "settings", "ignores"},
    "results": {"model", "common", "contracts", "case", "crawl", "health", "judge"},
    "mend": {"model", "common", "urls", "contracts", "judge", "read", "mend"},
    "report": {"plugins", "model", "common", "urls", "contracts", "report", "__init__"},
    "memory": {"model", "common", "memory", "urls", "case"},
    "run": {"model", "contracts", "plan", "crawl", "results"},
    "cli": {
        "plugins",
        "__init__",
        "common",
        "model",
        "errors",
        "settings",
        "contracts",
        "read",
        "plan",
        "report",
        "run",
        "crawl",
        "sites",
        "fetch",
        "memory",
        "cli",
        "judge",
        "urls",
        "git",
        "ignores",
        "mend",
        "local",
    },
    "__main__": {"cli"},
}
# Third-party libraries and the one place each lives in.
HOMES = {
    "ada_url": {"urls.py"},
    "httpx": {
        "fetch/exchange.py",
        "fetch/source.py",
        "fetch/replay.py",
        "fetch/cookies.py",
        "fetch/transport.py",
        "fetch/faults.py",
        "fetch/http1.py",
        "fetch/response.py",
        "fetch/connect.py",
    },
    "httptools": {"fetch/response.py"},
    "msgspec": {"model/base.py", "model/packed.py", "memory/serialization.py"},
    "uvloop": {"cli/event_loop.py"},
    "truststore": {"fetch/transport.py"},
    "aiodns": {"fetch/resolve.py"},
    "pycares": {"fetch/resolve.py"},
    "tenacity": {"fetch/retry.py"},
    "selectolax": {"page/html.py"},
    "brotli": {"fetch/body.py"},
    "backports": {"fetch/body.py"},
    "compression": {"fetch/body.py"},
    "warcio": {"fetch/warc.py"},
    "webencodings": {"page/charset.py"},
    "yaml": {"common/yaml_text.py"},
    "pyromark": {"read/markdown/walk.py"},
    "tqdm": {"cli/progress.py"},
    "defusedxml": {"sites/arxiv.py"},
}
CLOCKS = {"now", "today", "time", "monotonic", "perf_counter"}
# Where whatever our own program raises is told of one link, by `boundary.trouble_of`; the last is where the program ends.
BOUNDARIES = [
    ("extract.py", "page"),  # reading a page
    ("extract.py", "answer"),  # reading a site's answer
    ("judge/judging.py", "is_consistent"),  # whether what is remembered of one link is believed
    ("fetch/fetcher.py", "_put_one"),  # a request that follows from an answer
    ("fetch/fetcher.py", "_run_chain"),  # the way of one request, redirects and all
    ("fetch/exchange.py", "ask"),  # building a request from what a server sent
    ("fetch/exchange.py", "_send"),  # one exchange
    ("memory/history.py", "_dumped"),  # remembering one link
    ("plan.py", "sort"),  # planning one link
    ("plan.py", "_owners"),  # whether one URL is a site's
    ("plan.py", "_asked"),  # a site's look-ups
    ("plugins.py", "loaded"),  # loading what another distribution brings
    ("report/links.py", "_safe"),  # writing one link
    ("report/messages.py", "entry"),  # writing one entry
    ("crawl.py", "_conditional"),  # a request with what was remembered
    ("crawl.py", "sink"),  # learning from one observation
    ("crawl.py", "retract"),  # and taking that back
    ("results.py", "_judged_or_failed"),  # judging and remembering one link
    ("cli/inputs.py", "_read"),  # reading one list
    ("cli/explain.py", "_rules"),  # showing one rule
    ("cli/__init__.py", "main"),
]
PURE = {
    "model",
    "errors",
    "urls",
    "contracts",
    "common",
    "read",
    "sites",
    "page",
    "judge",
    "plan",
    "extract",
    "health",
    "case",
    "follow",
    "ignores",
    "results",
    "run",
    "mend",
    "report",
}
_TOUCH_FILES = {"common/checkout.py", "common/plain_files.py"}


def part(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def imports(path: Path) -> Iterator[str]:
    """Every module imported anywhere in the file, functions included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "linkcheck":
            yield from (f"linkcheck.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_point_down(path: Path) -> None:
    for module in imports(path):
        top, _, rest = module.partition(".")
        if top != "linkcheck":
            continue
        target = rest.partition(".")[0]
        target = target if target in ALLOWED else "__init__"
        assert target in ALLOWED[part(path)], f"{name(path)} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_each_library_has_one_home(path: Path) -> None:
    import sys

    for module in imports(path):
        top = module.partition(".")[0]
        if top in HOMES:
            assert name(path) in HOMES[top], f"{name(path)} imports {module}"
        else:
            assert top in sys.stdlib_module_names or top == "linkcheck", f"{module} has no home"


def test_sites_do_not_know_each_other() -> None:
    for path in (PACKAGE / "sites").rglob("*.py"):
        own = "" if path.parent.name == "sites" else f"linkcheck.sites.{path.parent.name}"
        known = [module for module in imports(path) if module.startswith("linkcheck.sites")]
        assert own or not known, name(path)
        assert all(f"{module}.".startswith(f"{own}.") for module in known), name(path)


@pytest.mark.parametrize("path", [p for p in FILES if part(p) in PURE and name(p) not in _TOUCH_FILES], ids=name)
def test_the_core_reads_no_clock_file_or_socket(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            assert called not in CLOCKS | {"open", "read_text", "read_bytes", "print"}, f"{name(path)} calls {called}"


@pytest.mark.parametrize("path", [p for p in FILES if part(p) != "cli"], ids=name)
def test_only_the_command_line_prints(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"\bprint\(", source)
    assert "sys.std" not in source


def test_every_part_has_its_place() -> None:
    assert {part(path) for path in FILES} == set(ALLOWED)


def broad_excepts(path: Path) -> Iterator[tuple[str, ast.ExceptHandler]]:
    """The functions of a file that catch whatever is raised, and where."""
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from ((function.name, one) for one in ast.walk(function) if _is_broad(one))


def _is_broad(node: ast.AST) -> TypeGuard[ast.ExceptHandler]:
    return isinstance(node, ast.ExceptHandler) and (node.type is None or ast.unparse(node.type) == "Exception")


def test_broad_excepts_stand_at_the_boundaries_only() -> None:
    found = [(name(path), function) for path in FILES for function, _ in broad_excepts(path)]
    assert sorted(found) == sorted(BOUNDARIES)


def test_what_is_caught_there_is_told() -> None:
    """`trouble_of` also lets through what is no link's fault: a run must not go on without memory."""
    for path in FILES:
        for function, handler in broad_excepts(path):
            told = "_print_error" if function == "main" else "trouble_of"
            assert f"{told}({handler.name})" in ast.unparse(handler), f"{name(path)}: {function}"


# -- sizes -----------------------------------------------------------------------------------

_MOST_LINES, _MOST_FUNCTION_LINES, _USUAL_FUNCTION_LINES = 400, 45, 30


def function_lengths() -> Iterator[tuple[int, str]]:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield (node.end_lineno or 0) - node.lineno + 1, f"{name(path)}: {node.name}"


def test_modules_and_functions_can_be_read_at_once() -> None:
    assert [name(path) for path in FILES if path.read_text(encoding="utf-8").count("\n") > _MOST_LINES] == []
    lengths = sorted(function_lengths())
    assert [one for one in lengths if one[0] > _MOST_FUNCTION_LINES] == []
    assert lengths[int(0.95 * len(lengths))][0] <= _USUAL_FUNCTION_LINES


def test_the_pipeline_is_short() -> None:
    assert (PACKAGE / "run.py").read_text(encoding="utf-8").count("\n") <= 60
