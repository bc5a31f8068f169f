"""Mutation testing: `python scripts/mutants.py [PATH...]` changes one thing of a module at a time and runs its tests.

A module's tests are found by its path: linkcheck/a/b.py has tests/a/test_b.py, or all of tests/a/ where that is not
there. What is mutated when no path is given, further tests of a module or folder, and tests that are too slow are in
`[tool.mutants]` of pyproject.toml. Each mutant runs in a process of its own, forked from one that has loaded the
libraries, in a copy of the repository. Exit code 1 when fewer than `least_percent` of all mutants are killed.
(docs/mutants.md)
"""

from __future__ import annotations

import ast
import os
import resource
import shutil
import signal
import sys
import time
import tomllib
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
_COPIED = ("linkcheck", "tests", "scripts", "docs", "bench", "lists", "pyproject.toml", "README.md", "CONTRIBUTING.md")
_IMPORTS = "asyncio pytest hypothesis httpx ada_url msgspec tenacity yaml selectolax httptools publicsuffixlist tomllib"
_PRELOADED = "ignore:Module already imported:pytest.PytestAssertRewriteWarning"
_TIMEOUT_S, _TIMEOUT_FACTOR = 5.0, 4.0  # on top of, and by, what the tests take without a mutation
_MOST_BYTES = 4 * 2**30  # of a mutant's memory
_TESTS_PASSED = 0

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.Pow: ast.Mult,
}
_REMOVED = (ast.AugAssign, ast.Raise, ast.Delete, ast.Break, ast.Continue, ast.Assert)


@dataclass(frozen=True)
class Mutant:
    """One change of a module: `before` at `line` becomes `after`; `source` is the whole module with it."""

    line: int
    before: str
    after: str
    source: bytes


# -- mutants -----------------------------------------------------------------------------------


def mutants(source: bytes) -> list[Mutant]:
    """All changes of a module, by line."""
    tree = ast.parse(source)
    found = [_spliced(source, place, after) for place, after in _changes(tree)]
    return sorted((one for one in found if one), key=lambda one: one.line)


def _changes(node: ast.AST, place: ast.AST | None = None) -> Iterator[tuple[ast.AST, str]]:
    """(what is replaced, its new text). `place` is the f-string around `node`: the places in it are not known."""
    for child in _mutable_children(node):
        here = place or child
        for restore in _altered(child):
            yield here, _text(here)
            restore()
        for test in _tests_in(child) if place is None else ():
            yield test, _text(_negated(test))
        yield from _changes(child, place or (child if isinstance(child, ast.JoinedStr) else None))


def _text(node: ast.AST) -> str:
    text = ast.unparse(node)
    return text if isinstance(node, ast.stmt) else f"({text})"


def _mutable_children(node: ast.AST) -> Iterator[ast.AST]:
    """Not what has no effect or no test should hold: annotations, decorators, docstrings, what only mypy runs."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "format_spec"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_inert(child):
                yield child


def _is_inert(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
    return False


def _altered(node: ast.AST) -> Iterator[Callable[[], None]]:
    """Alters `node` in place in each way there is, and gives what takes that back."""
    match node:
        case ast.Compare():
            for at, operator in enumerate(node.ops):
                yield _put(node.ops, at, _COMPARISONS[type(operator)]())
            for child in (node.left, *node.comparators):
                if isinstance(child, ast.Constant) and isinstance(child.value, str) and child.value:
                    yield _set(child, "value", f"{child.value}?")
        case ast.BoolOp():
            yield _set(node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
        case ast.BinOp() | ast.AugAssign() if type(node.op) in _OPERATORS:
            yield _set(node, "op", _OPERATORS[type(node.op)]())
        case ast.Constant(value=bool()):
            yield _set(node, "value", not node.value)
        case ast.Constant(value=int() | float() as number):
            yield _set(node, "value", number + 1)
            yield _set(node, "value", number - 1)
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            yield _set(node, "value", ast.Constant(None))
    if isinstance(node, ast.stmt) and _is_removable(node):
        yield _removed(node)


def _tests_in(node: ast.AST) -> list[ast.expr]:
    """The conditions that `node` has; what a comparison turns into stands elsewhere."""
    match node:
        case ast.IfExp() | ast.If() | ast.While():
            tests = [node.test]
        case ast.comprehension():
            tests = node.ifs
        case _:
            tests = []
    return [test for test in tests if not isinstance(test, ast.Compare | ast.Constant)]


def _negated(test: ast.expr) -> ast.expr:
    return (
        test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else ast.UnaryOp(ast.Not(), test)
    )


def _is_removable(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets)
    return isinstance(node, _REMOVED) or (isinstance(node, ast.Expr) and not isinstance(node.value, ast.Yield))


def _set(node: ast.AST, name: str, value: object) -> Callable[[], None]:
    old = getattr(node, name)
    setattr(node, name, value)
    return lambda: setattr(node, name, old)


def _put(operators: list[ast.cmpop], at: int, value: ast.cmpop) -> Callable[[], None]:
    old, operators[at] = operators[at], value
    return lambda: operators.__setitem__(at, old)


def _removed(node: ast.stmt) -> Callable[[], None]:
    """`node` made a `pass`."""
    kind, fields = type(node), dict(node.__dict__)
    node.__class__ = ast.Pass

    def restore() -> None:
        node.__class__ = kind
        node.__dict__.update(fields)

    return restore


def _spliced(source: bytes, place: ast.AST, after: str) -> Mutant | None:
    """`after` in the place of a node. None where a node has no place of its own."""
    if not isinstance(place, ast.expr | ast.stmt) or place.end_lineno is None or place.end_col_offset is None:
        return None
    starts = [0, *(at + 1 for at, byte in enumerate(source) if byte == ord("\n"))]
    start, end = starts[place.lineno - 1] + place.col_offset, starts[place.end_lineno - 1] + place.end_col_offset
    text = after.replace("\n", "\n" + " " * place.col_offset)
    mutated = source[:start] + text.encode() + source[end:]
    return Mutant(place.lineno, source[start:end].decode(), after, mutated)


# -- tests -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Config:
    paths: tuple[str, ...]
    least_percent: float
    more_tests: dict[str, list[str]]
    left_out: tuple[str, ...]


def _config() -> Config:
    found = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutants"]
    return Config(tuple(found["paths"]), found["least_percent"], found["more_tests"], tuple(found["left_out"]))


def tests_of(module: Path, config: Config) -> list[str]:
    """The tests of a module (both relative to the repository), its own first; without any, those of its folder."""
    inner = module.relative_to("linkcheck").with_suffix("")
    name = inner.parent.name if inner.name == "__init__" else inner.name
    own = Path("tests", *inner.parent.parts, f"test_{name}.py")
    more = [one for place in (module, *module.parents) for one in config.more_tests.get(place.as_posix(), ())]
    wanted = [own] if (ROOT / own).is_file() else [] if own.parent.name == "tests" else [own.parent]
    found = [path for one in (*wanted, *map(Path, more)) for path in _test_files(one)]
    return [path for path in dict.fromkeys(found) if path not in config.left_out]


def _test_files(path: Path) -> list[str]:
    files = sorted((ROOT / path).rglob("test_*.py")) if (ROOT / path).is_dir() else [ROOT / path]
    return [file.relative_to(ROOT).as_posix() for file in files]


def modules(paths: tuple[str, ...]) -> list[Path]:
    """The modules at and below some paths. A path that is not there ends the program."""
    found = list[Path]()
    for text in paths:
        path = ROOT / text
        if not path.exists():
            sys.exit(f"error: no {text} here")
        found += sorted(path.rglob("*.py")) if path.is_dir() else [path]
    return [path.relative_to(ROOT) for path in dict.fromkeys(found)]


# -- runs --------------------------------------------------------------------------------------


@dataclass
class Run:
    """A process that runs the tests of a module in one of the copies."""

    process: int
    copy: Path
    started: float
    mutant: Mutant | None = None


def _begin(copy: Path, tests: list[str], *, writes_bytecode: bool = False) -> Run:
    process = os.fork()
    if process == 0:
        os.setpgid(0, 0)
        code = 2
        try:
            code = _child(copy, tests, writes_bytecode=writes_bytecode)
        except BaseException:  # whatever it is, a mutant's process does not go on as this program
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    return Run(process, copy, time.monotonic())


def _child(copy: Path, tests: list[str], *, writes_bytecode: bool) -> int:
    import hypothesis
    import pytest

    os.chdir(copy)
    sys.path[:] = [str(copy), *(path for path in sys.path if path != str(ROOT))]
    os.environ["PYTHONPATH"] = str(copy)
    os.environ["LINKCHECK_SHARED"] = os.environ.get("LINKCHECK_SHARED", str(ROOT.parent / "shared"))
    sys.dont_write_bytecode = not writes_bytecode
    if not writes_bytecode:
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, _MOST_BYTES))
    output = os.open(copy / "output", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    hypothesis.settings.register_profile("mutants", database=None, derandomize=True, max_examples=30, deadline=None)
    hypothesis.settings.load_profile("mutants")
    return int(pytest.main(["-x", "-q", "--tb=line", "-p", "no:cacheprovider", "-W", _PRELOADED, *tests]))


def _end(run: Run, timeout_s: float) -> int | None:
    """The exit code of a run; None while it goes on. One that takes too long is killed, which counts as a failure."""
    done, status = os.waitpid(run.process, os.WNOHANG)
    if not done and time.monotonic() - run.started < timeout_s:
        return None
    with suppress(ProcessLookupError):
        os.killpg(run.process, signal.SIGKILL)  # and what the tests started
    if not done:
        _, status = os.waitpid(run.process, 0)
    return os.waitstatus_to_exitcode(status)


def _waited(run: Run, timeout_s: float) -> int:
    while (code := _end(run, timeout_s)) is None:
        time.sleep(0.005)
    return code


def survivors(module: Path, found: list[Mutant], tests: list[str], copies: list[Path]) -> list[Mutant]:
    """The mutants of `module` that none of `tests` fails for. Ends the program where the tests fail without any."""
    slowest = 0.0
    for copy in copies:
        run = _begin(copy, tests, writes_bytecode=True)
        if _waited(run, 600) != _TESTS_PASSED:
            sys.exit(f"error: the tests of {module} fail without a mutation:\n{(copy / 'output').read_text()}")
        slowest = max(slowest, time.monotonic() - run.started)
        for cached in (copy / module).parent.glob(f"__pycache__/{module.stem}.*"):
            cached.unlink()
    timeout_s = _TIMEOUT_S + _TIMEOUT_FACTOR * slowest * len(copies)
    survived, waiting, running, free = list[Mutant](), found[::-1], list[Run](), copies[:]
    while waiting or running:
        while waiting and free:
            mutant, copy = waiting.pop(), free.pop()
            (copy / module).write_bytes(mutant.source)
            running.append(replace(_begin(copy, tests), mutant=mutant))
        for run in running[:]:
            code = _end(run, timeout_s)
            if code is None:
                continue
            running.remove(run)
            free.append(run.copy)
            if code == _TESTS_PASSED and run.mutant:
                survived.append(run.mutant)
                print(_shown(module, run.mutant), flush=True)
        time.sleep(0.005)
    for copy in copies:
        shutil.copyfile(ROOT / module, copy / module)
    return sorted(survived, key=lambda one: one.line)


def _copied(folder: Path) -> Path:
    folder.mkdir()
    for name in _COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (ROOT / name).is_file():
            shutil.copyfile(ROOT / name, folder / name)
    return folder


def _shown(module: Path, mutant: Mutant) -> str:
    before, after = (" ".join(text.split()) for text in (mutant.before, mutant.after))
    return f"  {module}:{mutant.line}: {before[:150]}  ->  {after[:150]}"


def main(arguments: list[str]) -> int:
    config = _config()
    for name in _IMPORTS.split():
        __import__(name)
    jobs = int(os.environ.get("MUTANTS_JOBS", "1"))
    total, killed = 0, 0
    with TemporaryDirectory(prefix="mutants-") as folder:
        copies = [_copied(Path(folder, str(number))) for number in range(jobs)]
        for module in modules(tuple(arguments) or config.paths):
            found, tests = mutants((ROOT / module).read_bytes()), tests_of(module, config)
            if not found:
                continue
            survived = survivors(module, found, tests, copies) if tests else found
            if not tests:
                print(f"  {module}: no tests")
            total, killed = total + len(found), killed + len(found) - len(survived)
            share = 100 * (1 - len(survived) / len(found))
            print(f"{module}: {len(found) - len(survived)} of {len(found)} killed, {share:.1f} %", flush=True)
    percent = 100 * killed / total if total else 0.0
    print(f"all: {killed} of {total} killed, {percent:.1f} % (at least {config.least_percent} % are wanted)")
    return 0 if percent >= config.least_percent else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
