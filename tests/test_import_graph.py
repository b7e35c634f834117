"""Data goes one way: a stage imports only earlier stages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

import pytest
from conftest import ROOT

# The way of the data; a later stage may build on an earlier one, never the other way round.
STAGES = (
    "errors", "article", "sentences", "speakers", "embeddings", "store", "sqlite_store", "retrieval", "reader", "answer",
    "compose", "chain", "assistant", "cli",
)  # fmt: skip
OUTSIDE = ("assistant.ui", "assistant.evaluation", "assistant.server")
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in (ROOT / "assistant").rglob("*.py")
}


def imported(node: ast.AST, inside_functions: bool) -> Iterator[tuple[str, str]]:
    """Yields (module, name) of what a file imports at run time; what only type checkers see is left out."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and not inside_functions:
            continue
        if isinstance(child, ast.ImportFrom) and child.module:
            yield from ((child.module, alias.name) for alias in child.names)
        elif isinstance(child, ast.Import):
            yield from ((alias.name, "") for alias in child.names)
        yield from imported(child, inside_functions)


def graph(inside_functions: bool) -> dict[str, set[str]]:
    edges: dict[str, set[str]] = {}
    for name, path in MODULES.items():
        found = imported(ast.parse(path.read_text(encoding="utf-8")), inside_functions)
        targets = {f"{module}.{what}" if f"{module}.{what}" in MODULES else module for module, what in found}
        edges[name] = (targets & set(MODULES)) - {name}
    return edges


def reached(edges: dict[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for target in edges[waiting.pop()] - seen:
            seen.add(target)
            waiting.append(target)
    return seen


def test_no_module_imports_one_that_imports_it() -> None:
    try:
        order = tuple(TopologicalSorter(graph(inside_functions=False)).static_order())
    except CycleError as error:
        pytest.fail(f"imports go round: {' -> '.join(error.args[1])}")
    assert set(order) == set(MODULES)


def test_the_core_has_no_round_trip_through_imports_inside_functions() -> None:
    # The package's own names are imported lazily from everywhere, which is no stage.
    edges = graph(inside_functions=True)
    core = {name for name in MODULES if name != "assistant" and not name.startswith(OUTSIDE)}
    try:
        TopologicalSorter({name: edges[name] & core for name in core}).prepare()
    except CycleError as error:
        pytest.fail(f"imports go round: {' -> '.join(error.args[1])}")


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_builds_on_earlier_ones_alone(stage: str) -> None:
    edges = graph(inside_functions=True)
    edges["assistant"] = set()
    later = {f"assistant.{name}" for name in STAGES[STAGES.index(stage) + 1 :]}
    assert reached(edges, f"assistant.{stage}") & later == set()


def test_only_the_outside_imports_the_page_the_server_and_the_evaluation() -> None:
    edges = graph(inside_functions=True)
    for name, targets in edges.items():
        if not name.startswith(OUTSIDE) and name != "assistant.cli":
            public = {t for t in targets if t.startswith(OUTSIDE)}
            assert name == "assistant" or public == set(), name


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        ("faiss", ("assistant.vector_index",)),
        ("gradio", ("assistant.ui", "assistant.server")),
        ("onnxruntime", ("assistant.onnx_model",)),
        ("sentence_transformers", ("assistant.embeddings", "assistant.evaluation")),
        ("torch", ()),
        ("sqlite3", ("assistant.sqlite", "assistant.chat")),
        ("langchain_community", ()),
        ("pickle", ()),
    ],
)
def test_a_heavy_library_stays_behind_its_stage(library: str, homes: tuple[str, ...]) -> None:
    users = {
        name
        for name, path in MODULES.items()
        for module, _ in imported(ast.parse(path.read_text(encoding="utf-8")), inside_functions=True)
        if module.partition(".")[0] == library
    }
    assert {name for name in users if not name.startswith(homes)} == set() if homes else users == set()
