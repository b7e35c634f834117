"""A module's source -> the small faults that can be planted in it, one place changed each."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.mutations.changes import CHANGES, Change, Source

_IGNORED = (ast.Import, ast.ImportFrom, ast.JoinedStr)  # parts of an f-string have no offsets of their own


@dataclass(frozen=True, slots=True)
class Fault:
    """One change of a module: what stands at an offset is replaced.

    Attributes:
        path: the module, relative to the repository.
        line: where it stands, from 1.
        start, end: offsets in the source's bytes.
        before, after: the code there and the code planted.
        code: the whole line as it is, which tells faults in the same words apart.
    """

    path: str
    line: int
    start: int
    end: int
    before: str
    after: str
    code: str

    def planted(self, source: bytes) -> bytes:
        """Returns the source with the fault in it."""
        return source[: self.start] + self.after.encode() + source[self.end :]


def faults_in(path: str, code: str) -> list[Fault]:
    """Returns every fault that can be planted in a module, in order; each still compiles and differs from the source."""
    source = Source(code)
    found: dict[tuple[int, int, str], Fault] = {}
    for node in _code_of(ast.parse(code)):
        for change in _changes(source, node):
            fault = _fault(path, source, change)
            if fault.before != fault.after and _compiles(fault, source.content):
                found.setdefault((fault.start, fault.end, fault.after), fault)
    return sorted(found.values(), key=lambda fault: (fault.start, fault.end, fault.after))


def _changes(source: Source, node: ast.AST) -> Iterator[Change]:
    for kind, changes in CHANGES:
        if isinstance(node, kind):
            made: Callable[[Source, ast.AST], Iterator[Change]] = changes
            yield from made(source, node)


def _fault(path: str, source: Source, change: Change) -> Fault:
    line = source.content.count(b"\n", 0, change.start) + 1
    before = source.content[change.start : change.end].decode()
    return Fault(path, line, change.start, change.end, before, change.after, source.lines[line - 1].strip())


def _compiles(fault: Fault, content: bytes) -> bool:
    try:
        compile(fault.planted(content), fault.path, "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def _code_of(node: ast.AST) -> Iterator[ast.AST]:
    """Yields the nodes that run: no annotations, decorators, docstrings, aliases of types or names for export."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_comment"):
            continue
        children = value if isinstance(value, list) else [value]
        for child in children:
            if isinstance(child, ast.AST) and not _only_tells(child, node):
                yield child
                if not isinstance(child, _IGNORED):
                    yield from _code_of(child)


def _only_tells(node: ast.AST, parent: ast.AST) -> bool:
    """Returns whether a node says something to the reader or the type checker, and nothing to Python."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return True
    if isinstance(parent, ast.Module) and isinstance(node, ast.Assign):
        return isinstance(node.value, ast.Subscript) or ast.unparse(node.targets[0]) == "__all__"
    return isinstance(parent, ast.arguments | ast.Call) and isinstance(node, ast.Name)
