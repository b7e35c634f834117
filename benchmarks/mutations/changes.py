"""What is changed in which kind of code: the slips that people make and reviewers overlook."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

_COMPARISONS: dict[type[ast.cmpop], tuple[str, tuple[str, ...]]] = {
    ast.Lt: ("<", ("<=", ">=")),
    ast.LtE: ("<=", ("<", ">")),
    ast.Gt: (">", (">=", "<=")),
    ast.GtE: (">=", (">", "<")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: (r"not\s+in", ("in",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: (r"is\s+not", ("is",)),
}
_ARITHMETIC: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: (r"\+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: (r"\*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Pow: (r"\*\*", "*"),
    ast.BitOr: (r"\|", "&"),
    ast.BitAnd: ("&", "|"),
}
_OTHER_NAMES = {
    "max": "min",
    "min": "max",
    "any": "all",
    "all": "any",
    "bisect_left": "bisect_right",
    "bisect_right": "bisect_left",
    "search": "match",
    "fullmatch": "match",
    "startswith": "endswith",
    "endswith": "startswith",
}
_ORDERING = frozenset(("max", "min", "sorted", "reversed"))
_TIDYING = frozenset(("strip", "lstrip", "rstrip", "lower", "upper", "casefold", "title"))
_OF_PATTERNS = frozenset(("compile", "search", "match", "fullmatch", "finditer", "findall", "sub", "split"))
_SMALL = 10
_NEVER = 'r"(?!)"'  # the pattern that matches nothing


class Change(NamedTuple):
    """What stands between two offsets of the source's bytes becomes other code."""

    start: int
    end: int
    after: str


class Source:
    """A module's code, and where its nodes stand in it."""

    def __init__(self, code: str) -> None:
        self.content = code.encode()
        self.lines = code.splitlines()
        self._starts = [0]
        for line in self.content.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def span(self, node: Any) -> tuple[int, int]:
        """Returns a node's byte offsets."""
        return self._starts[node.lineno - 1] + node.col_offset, self._starts[node.end_lineno - 1] + node.end_col_offset

    def text(self, node: Any) -> str:
        """Returns a node's code."""
        start, end = self.span(node)
        return self.content[start:end].decode()

    def replace(self, node: Any, after: str) -> Change:
        """Returns the change of a whole node."""
        return Change(*self.span(node), after)

    def between(self, left: ast.AST, right: ast.AST, pattern: str, after: str) -> Iterator[Change]:
        """Yields the change of what stands between two nodes."""
        start, end = self.span(left)[1], self.span(right)[0]
        found = re.search(pattern, self.content[start:end].decode())
        if found:
            yield Change(start + found.start(), start + found.end(), after)


def _enclosed(source: Source, node: ast.AST) -> str:
    return f"({source.text(node)})"


def _compare(source: Source, node: ast.Compare) -> Iterator[Change]:
    for (left, right), operator in zip(pairwise([node.left, *node.comparators]), node.ops, strict=True):
        pattern, others = _COMPARISONS[type(operator)]
        for other in others:
            yield from source.between(left, right, pattern, other)


def _bool_op(source: Source, node: ast.BoolOp) -> Iterator[Change]:
    """Swaps "and" and "or", and takes one condition out."""
    here, there = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
    yield source.replace(node, f" {there} ".join(_enclosed(source, value) for value in node.values))
    for left_out in node.values:
        kept = [_enclosed(source, value) for value in node.values if value is not left_out]
        yield source.replace(node, f" {here} ".join(kept))


def _unary_op(source: Source, node: ast.UnaryOp) -> Iterator[Change]:
    if isinstance(node.op, ast.Not | ast.USub):
        yield source.replace(node, _enclosed(source, node.operand))


def _bin_op(source: Source, node: ast.BinOp) -> Iterator[Change]:
    texts = [isinstance(side, ast.JoinedStr) or _is_text(side) for side in (node.left, node.right)]
    if type(node.op) in _ARITHMETIC and not any(texts):
        yield from source.between(node.left, node.right, *_ARITHMETIC[type(node.op)])
    for side in (node.left, node.right):
        yield source.replace(node, _enclosed(source, side))


def _constant(source: Source, node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield source.replace(node, str(not value))
    elif isinstance(value, int | float):
        # A limit of 120 that is 121 is nobody's slip and nothing to test; one of 240 is.
        yield source.replace(node, repr(value + 1 if abs(value) < _SMALL else value * 2))
        if value:
            yield source.replace(node, "0")
    elif isinstance(value, str):
        yield source.replace(node, '""' if value else '"XX"')


def _joined(source: Source, node: ast.JoinedStr) -> Iterator[Change]:
    yield source.replace(node, '""')


def _condition(source: Source, node: ast.If | ast.IfExp) -> Iterator[Change]:
    yield source.replace(node.test, "True")
    yield source.replace(node.test, "False")


def _while(source: Source, node: ast.While) -> Iterator[Change]:
    yield source.replace(node.test, "False")


def _comprehension(source: Source, node: ast.comprehension) -> Iterator[Change]:
    for condition in node.ifs:
        yield source.replace(condition, "True")


def _slice(source: Source, node: ast.Subscript) -> Iterator[Change]:
    """Leaves a bound of a slice out; takes the last for the first and the other way round."""
    if isinstance(node.slice, ast.Slice):
        for bound in (node.slice.lower, node.slice.upper):
            if bound is not None:
                yield source.replace(bound, "")
    elif source.text(node.slice) in ("0", "-1"):
        yield source.replace(node.slice, "-1" if source.text(node.slice) == "0" else "0")


def _call(source: Source, node: ast.Call) -> Iterator[Change]:
    function = node.func
    name = (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )
    if name in _OTHER_NAMES:
        end = source.span(function)[1]
        yield Change(end - len(name), end, _OTHER_NAMES[name])
    if name in _ORDERING and isinstance(function, ast.Name):
        if len(node.args) > 1 or name in ("sorted", "reversed"):
            for argument in node.args:
                yield source.replace(
                    node, f"list({source.text(argument)})" if len(node.args) == 1 else source.text(argument)
                )
        for keyword in node.keywords:
            yield source.replace(node, _without(source, node, keyword))
    if name in _TIDYING and isinstance(function, ast.Attribute):
        yield source.replace(node, source.text(function.value))
    if name in _OF_PATTERNS and node.args and isinstance(node.args[0], ast.Constant | ast.JoinedStr):
        yield source.replace(node.args[0], _NEVER)
    if name in _OF_PATTERNS and node.args and ast.unparse(node.args[-1]).startswith("re.I"):
        yield source.replace(node.args[-1], "0")


def _without(source: Source, call: ast.Call, left_out: ast.keyword) -> str:
    kept = [source.text(argument) for argument in (*call.args, *call.keywords) if argument is not left_out]
    return f"{source.text(call.func)}({', '.join(kept)})"


def _statement(source: Source, node: ast.stmt) -> Iterator[Change]:
    """Takes a statement out: a call for what it does, an addition, an error."""
    yield source.replace(node, "pass")


def _expression(source: Source, node: ast.Expr) -> Iterator[Change]:
    if isinstance(node.value, ast.Call):
        yield source.replace(node, "pass")


def _leave(source: Source, node: ast.Continue | ast.Break) -> Iterator[Change]:
    yield source.replace(node, "break" if isinstance(node, ast.Continue) else "continue")


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


CHANGES: tuple[tuple[Any, Callable[[Source, Any], Iterator[Change]]], ...] = (
    (ast.Compare, _compare),
    (ast.BoolOp, _bool_op),
    (ast.UnaryOp, _unary_op),
    (ast.BinOp, _bin_op),
    (ast.Constant, _constant),
    (ast.JoinedStr, _joined),
    (ast.If | ast.IfExp, _condition),
    (ast.While, _while),
    (ast.comprehension, _comprehension),
    (ast.Subscript, _slice),
    (ast.Call, _call),
    (ast.AugAssign | ast.Raise, _statement),
    (ast.Expr, _expression),
    (ast.Continue | ast.Break, _leave),
)
