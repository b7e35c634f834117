"""Finds every regular expression in the package: compiled ones in module globals, and those given to `re` in place."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import assistant

# How a text is gone through: what finds all, finds it in the same way.
METHODS = {
    "match": "match", "fullmatch": "fullmatch", "search": "search",
    "finditer": "finditer", "findall": "finditer", "sub": "finditer", "split": "finditer",
}  # fmt: skip
_ALL = frozenset({"match", "fullmatch", "finditer"})
# Whatever else a pattern made in place is put together from is a word or a name, which has no effect of its own.
_SAMPLE_NAME = "Ada"


@dataclass(frozen=True)
class Used:
    """A pattern, where it stands, and the methods that the code calls on it."""

    place: str
    pattern: re.Pattern[str]
    methods: frozenset[str]


def modules() -> Iterator[ModuleType]:
    """Yields every module of the package."""
    for found in pkgutil.walk_packages(assistant.__path__, "assistant."):
        yield importlib.import_module(found.name)


def every_pattern() -> list[Used]:
    """Returns every pattern of the package once, with all methods that any module calls on it.

    One of which no call is found counts as called in every way.
    """
    found: dict[tuple[str, int], tuple[str, re.Pattern[str], set[str]]] = {}

    def note(place: str, pattern: re.Pattern[str], methods: set[str]) -> None:
        key = (pattern.pattern, pattern.flags)
        found.setdefault(key, (place, pattern, set()))[2].update(methods)

    for module in modules():
        tree = ast.parse(inspect.getsource(module))
        calls = _calls(tree)
        for name, value in vars(module).items():
            for pattern in _inside(value):
                note(f"{module.__name__}.{name}", pattern, calls.get(name, set()))
        for line, pattern, method in _in_place(tree, vars(module)):
            note(f"{module.__name__}:{line}", pattern, {METHODS[method]} if method in METHODS else set(_ALL))
    return [Used(place, pattern, frozenset(methods or _ALL)) for place, pattern, methods in found.values()]


def _inside(value: Any) -> Iterator[re.Pattern[str]]:
    """Yields the patterns of text in a value, nested as they may be."""
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, dict):
        yield from _inside([*value.keys(), *value.values()])
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from _inside(item)


def _calls(tree: ast.Module) -> dict[str, set[str]]:
    """Returns the methods called on each name, on what a loop takes from it, and on either of two names."""
    calls: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in METHODS and isinstance(node.value, (ast.Name, ast.IfExp)):
            for name in _names(node.value):
                calls.setdefault(name, set()).add(METHODS[node.attr])
    for node in ast.walk(tree):
        if isinstance(node, (ast.For, ast.comprehension)):
            for name in _names(node.iter):
                calls.setdefault(name, set()).update(*(calls.get(taken, ()) for taken in _names(node.target)))
    return {name: methods for name, methods in calls.items() if methods}


def _names(node: ast.AST) -> set[str]:
    return {found.id for found in ast.walk(node) if isinstance(found, ast.Name)}


def _in_place(tree: ast.Module, scope: dict[str, Any]) -> Iterator[tuple[int, re.Pattern[str], str]]:
    """Yields line, pattern and method of each `re.method(…)` inside a function."""
    for function in ast.walk(tree):
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        for node in ast.walk(function):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "re"
                and node.func.attr in {*METHODS, "compile"}
            ):
                # A pattern that cannot be evaluated must fail here, not slip through.
                text = _text(node.args[0], scope)
                yield node.lineno, re.compile(text, _flags(node)), node.func.attr


def _text(node: ast.expr, scope: dict[str, Any]) -> str:
    """Returns the pattern that an expression stands for; names of the function itself stand for a word."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part, scope) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return _text(node.value, scope)
    if isinstance(node, ast.Name):
        value = scope.get(node.id, _SAMPLE_NAME)
        return value if isinstance(value, str) else _SAMPLE_NAME
    if isinstance(node, ast.Call):  # re.escape(name)
        return _SAMPLE_NAME
    raise TypeError(f"line {node.lineno}: a pattern that the test cannot read; make it a module's constant")


def _flags(call: ast.Call) -> re.RegexFlag:
    given = [*call.args[1:], *(keyword.value for keyword in call.keywords)]
    names = [node.attr for node in given if isinstance(node, ast.Attribute) and hasattr(re.RegexFlag, node.attr)]
    flags = re.RegexFlag(0)
    for name in names:
        flags |= re.RegexFlag[name]
    return flags
