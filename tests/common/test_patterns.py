"""No regular expression of the package takes more than linear time, whatever it is given."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from importlib import import_module

import pytest

from linkcheck.common.lazy import LazyPattern
from linkcheck.errors import SettingsError
from linkcheck.page import signatures
from linkcheck.settings import load
from tests import pumped
from tests.shared import ROOT

PACKAGE = ROOT / "linkcheck"
SCANNING = ("search", "finditer", "findall", "sub", "split")
# What is slower than linear, but is only given so many characters.
BOUNDS = {
    "linkcheck.page.dates._ISO": 64,
    "linkcheck.page.authors._NO_AUTHOR": 120,
    "linkcheck.page.signatures._PARTS": 1_000,
    "linkcheck.page.titles._BARS": 1_000,
    "linkcheck.read.html_attributes._MARKUP": 2_000,
    **{f"not_found.tsv:{number}": 160 for number in range(2, 40)},
}
LINEAR = 9.0  # times as long for four times the text: 4 is linear, 16 quadratic

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a search that never ends is stopped by a signal")


def searching(pattern: re.Pattern[str] | re.Pattern[bytes], method: str) -> Callable[[str], object]:
    call = getattr(pattern, "search" if method in SCANNING else method)
    return call if isinstance(pattern.pattern, str) else lambda text: call(text.encode("latin-1", "replace"))


def methods(source: str, name: str) -> list[str]:
    """The ways in which a module uses its pattern `name`; search where nobody can tell."""
    used = set(re.findall(rf"\b{re.escape(name)}\.(\w+)\(", source))
    return sorted(used & {"match", "fullmatch", *SCANNING}) or ["search"]


def patterns() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes], str]]:
    """(name, pattern, method) of every regular expression of the package."""
    for path in sorted(PACKAGE.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if not ("re." in source or "lazy(" in source) or module.endswith("__main__"):
            continue
        for name, value in vars(import_module(module.removesuffix(".__init__"))).items():
            if f"\n{name} = " in source:
                for place, pattern in enumerate(held(value)):
                    full = f"{module}.{name}" + (f"[{place}]" if place else "")
                    yield from ((full, pattern, method) for method in methods(source, name))
        yield from inline(module, source)
    for row in signatures.load():
        if row.part != "html":
            method = "fullmatch" if row.part == "title" else "search"
            yield f"signatures.tsv {row.part} {row.name}", re.compile(row.pattern, re.IGNORECASE), method
    for number, absence in enumerate(signatures.absences(), 2):
        yield f"not_found.tsv:{number}", absence, "search"


def held(value: object) -> list[re.Pattern[str] | re.Pattern[bytes]]:
    """The patterns in a module's value."""
    if isinstance(value, LazyPattern):
        return [value.compiled()]
    if isinstance(value, re.Pattern):
        return [value]
    values = value.values() if isinstance(value, dict) else value if isinstance(value, tuple | list) else ()
    return [pattern for one in values for pattern in held(one)]


def inline(module: str, source: str) -> Iterator[tuple[str, re.Pattern[str], str]]:
    """Patterns that stand in a call: `re.sub("…", …)`."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
            continue
        is_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
        first = node.args[0]
        if is_re and node.func.attr != "compile" and isinstance(first, ast.Constant) and isinstance(first.value, str):
            flags = re.IGNORECASE if "IGNORECASE" in ast.unparse(node) else re.NOFLAG
            yield f"{module}:{node.lineno}", re.compile(first.value, flags), node.func.attr


ALL = list(patterns())


@pytest.mark.parametrize(("name", "pattern", "method"), ALL, ids=[f"{name} {method}" for name, _, method in ALL])
def test_a_pattern_is_linear(name: str, pattern: re.Pattern[str] | re.Pattern[bytes], method: str) -> None:
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    growth, attack = pumped.worst(
        searching(pattern, method),
        text,
        pattern.flags & (re.VERBOSE | re.DOTALL),
        BOUNDS.get(name, 20_000),
        0.1 if name in BOUNDS else pumped.LEAST_S,
    )
    assert growth < LINEAR, attack


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        ("(a+)+$", "search"), (r"\s*x\s*$", "search"), ("(a|a)*b", "match"), (".*?x.*?y", "search"), (r"a.*b.*c", "match"),
        (r"(?:(?:error|errors?)\W*)*404", "fullmatch"), (r"L\d+(?:[-,]?\d+)*", "fullmatch"), (r"/\*.*?\*/", "search"),
        (r"(?m)^\s*//", "search"), (r"(?:\s|.re\s| are )+the", "search"), (r"if you(?:\s|.re\s| are )+the", "search"),
    ],
)  # fmt: skip
def test_what_is_slow_is_found(pattern: str, method: str) -> None:
    growth, _ = pumped.worst(getattr(re.compile(pattern), method), pattern)
    assert growth > LINEAR


@pytest.mark.parametrize("pattern", ["a+b", r"\w+\s+\w+$", "(?:ab|cd)*e", r"[^<]*<", r"\s*+x"])
def test_what_is_linear_is_not(pattern: str) -> None:
    growth, attack = pumped.worst(re.compile(pattern).match, pattern)
    assert growth < LINEAR, attack


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+$", "(.*,?)*", r"(?:\w+\s?)*$", "([^/]+/?)+$", "((ab)*c*)*d", "(x+x+)+y", r"(\d+)*-", "(?:a|b+)*c"],
)
def test_a_pattern_of_a_user_that_explodes_is_refused(pattern: str) -> None:
    with pytest.raises(SettingsError, match="may take for ever"):
        load("run", {"exclude": [pattern]}, {}, ())


@pytest.mark.parametrize(
    "pattern",
    [
        r"^https://([a-z0-9-]+\.)+example\.com", r".*\.pdf$", "(foo|bar)+", r"/(\d+/)*x", "(?:[^/]+/)*", "a.*b.*c", "(?i)x",
        r"github\.com/[^/]+/[^/]+$", "(?:%[0-9A-F]{2})+", "^(?!https://a)", r"(\w+-)*\d+$", "([a-z]|\\d)+", "(a|a)*b", "(?>a+)+", "(?:a++)+",
    ],
)  # fmt: skip
def test_an_honest_pattern_of_a_user_is_taken(pattern: str) -> None:
    assert load("run", {"exclude": [pattern]}, {}, ()).exclude[0].pattern == pattern


def test_every_pattern_is_looked_at() -> None:
    written = sum(path.read_text(encoding="utf-8").count("re.compile(") for path in PACKAGE.rglob("*.py"))
    assert len({name for name, _, _ in ALL if name.startswith("linkcheck") and ":" not in name}) >= written - 5
