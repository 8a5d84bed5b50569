"""What a mutant is, and all that a file can have: one small change at one place of the source.

Every change is of the kinds that people make: a wrong comparison, a condition the wrong way round,
a bound off by one, a value that is not given back, a step that is left out. Imports the standard
library alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

OTHER = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==",
    "in": "not in", "not in": "in", "is": "is not", "is not": "is",
    "and": "or", "or": "and", "+": "-", "-": "+", "*": "+", "//": "*",
}  # fmt: skip
"""What an operator is mistaken for."""


@dataclass(frozen=True, slots=True, order=True)
class Mutant:
    """`before` stands at a line and at bytes of the file, and becomes `after`."""

    path: str
    line: int
    start: int
    before: str
    after: str
    function: str

    def made(self, source: bytes) -> bytes:
        end = self.start + len(self.before.encode())
        assert source[self.start : end] == self.before.encode(), "the file has changed"
        return source[: self.start] + self.after.encode() + source[end:]


class _Finder(ast.NodeVisitor):
    """Walks what runs: no annotations, decorators, docstrings or imports for types."""

    def __init__(self, path: str, source: bytes) -> None:
        self.path = path
        self.source = source
        self.starts = [0]
        for line in source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.found: list[Mutant] = []
        self.function = ""

    def _at(self, line: int, column: int) -> int:
        return self.starts[line - 1] + column

    def _span(self, node: ast.expr) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return (
            self._at(node.lineno, node.col_offset),
            self._at(node.end_lineno, node.end_col_offset),
        )

    def _add(self, line: int, start: int, end: int, after: str) -> None:
        before = self.source[start:end].decode()
        if before != after:
            self.found.append(Mutant(self.path, line, start, before, after, self.function))

    def _operators(self, operands: list[ast.expr]) -> None:
        """What stands between operands, where that is an operator and no parenthesis."""
        for left, right in pairwise(operands):
            start, end = self._span(left)[1], self._span(right)[0]
            between = self.source[start:end].decode()
            if other := OTHER.get(between.strip()):
                self._add(left.end_lineno or 0, start, end, between.replace(between.strip(), other))

    def _negated(self, test: ast.expr) -> None:
        start, end = self._span(test)
        if not (isinstance(test, ast.NamedExpr) or b"\n" in self.source[start:end]):
            self._add(test.lineno, start, end, f"(not ({self.source[start:end].decode()}))")

    def _in_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        outer, self.function = self.function, f"{self.function}.{node.name}".strip(".")
        for each in node.body:
            self.visit(each)
        self.function = outer

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._in_function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._in_function(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._in_function(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_If(self, node: ast.If) -> None:
        if not (isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"):
            self._negated(node.test)
            self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._negated(node.test)
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        self._operators([node.left, *node.comparators])
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        self._operators(node.values)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        self._operators([node.left, node.right])
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            self._add(node.lineno, self._span(node)[0], self._span(node.operand)[0], "")
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        start, end = self._span(node)
        if isinstance(node.value, bool):
            self._add(node.lineno, start, end, str(not node.value))
        elif isinstance(node.value, int):
            self._add(node.lineno, start, end, str(node.value + 1))

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is not None and not isinstance(node.value, ast.Constant):
            self._add(node.lineno, *self._span(node.value), "None")
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call):
            self._add(node.lineno, *self._span(node.value), "None")
        self.generic_visit(node)


def mutants_of(root: Path, path: Path) -> Iterator[Mutant]:
    """All mutants of a file, in its order; those that are no Python left out."""
    source = path.read_bytes()
    finder = _Finder(path.relative_to(root).as_posix(), source)
    finder.visit(ast.parse(source))
    for mutant in sorted(finder.found):
        try:
            compile(mutant.made(source), mutant.path, "exec", dont_inherit=True)
        except SyntaxError:
            continue
        yield mutant
