"""Which branches of linkcheck an input reaches: every branch sets a byte of its own when it is taken.

The bytes are set by statements that are put into the source when a module is loaded, so this costs some 30 ns a branch and
works with every Python; a trace function costs thirty times as much.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any

MOST = 1 << 14
TAKEN = bytearray(MOST)
_NAME = "__branches_taken__"


class Seen:
    """The branches that were taken by any input so far."""

    def __init__(self) -> None:
        self._all = 0

    def adds(self) -> bool:
        """Whether a branch has been taken for the first time since this was last asked."""
        now = int.from_bytes(TAKEN, "little")
        TAKEN[:] = bytes(MOST)
        is_new = bool(now & ~self._all)
        self._all |= now
        return is_new

    def __len__(self) -> int:
        return self._all.bit_count()


def watch() -> None:
    """Count the branches of every module of linkcheck that is imported from here on."""
    assert not any(name.partition(".")[0] == "linkcheck" for name in sys.modules), "too late"
    setattr(builtins, _NAME, TAKEN)
    sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname.partition(".")[0] == "linkcheck" else None
        if spec is None or not isinstance(spec.loader, SourceFileLoader):
            return None
        spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


class _Loader(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        tree = _Marker().visit(ast.parse(self.get_data(path)))
        return compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True)


_numbers: Iterator[int] = iter(range(MOST))


class _Marker(ast.NodeTransformer):
    """Puts a mark at the head of every block, and before the second half of `and`, `or`, `if … else`."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        has_docstring = ast.get_docstring(node) is not None
        node.body.insert(int(has_docstring), _statement())
        return node

    visit_AsyncFunctionDef = visit_FunctionDef  # type: ignore[assignment]  # noqa: N815

    def visit_If(self, node: ast.If) -> ast.AST:
        return self._both(node)

    def visit_While(self, node: ast.While) -> ast.AST:
        return self._both(node)

    def visit_For(self, node: ast.For) -> ast.AST:
        return self._both(node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        return self._body(node)

    def visit_match_case(self, node: ast.match_case) -> ast.AST:
        return self._body(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        node.values[1:] = map(_expression, node.values[1:])
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        node.body, node.orelse = _expression(node.body), _expression(node.orelse)
        return node

    def _both(self, node: Any) -> ast.AST:
        self.generic_visit(node)
        node.body.insert(0, _statement())
        node.orelse.insert(0, _statement())
        return node  # type: ignore[no-any-return]

    def _body(self, node: Any) -> ast.AST:
        self.generic_visit(node)
        node.body.insert(0, _statement())
        return node  # type: ignore[no-any-return]


def _statement() -> ast.stmt:
    return ast.parse(f"{_NAME}[{next(_numbers)}] = 1").body[0]


def _expression(value: ast.expr) -> ast.expr:
    mark = ast.parse(f"{_NAME}.__setitem__({next(_numbers)}, 1)", mode="eval").body
    return ast.BoolOp(ast.Or(), [mark, value])
