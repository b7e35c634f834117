"""Data goes one way: a stage imports only earlier stages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter

import pytest
from conftest import ROOT

# The way of the data, as folders of assistant/ and modules beside them: each builds on earlier ones alone.
ROOMS = (
    "errors", "audit", "markup", "notebook", "english", "articles", "database_address", "settings_file", "settings", "loaders", "speech", "adding", "question", "networks",
    "library", "collection", "finding", "answer", "answering", "chain", "langchain", "assistant", "async_assistant", "folders", "archive", "doctor",
    "evaluation", "ui", "api", "agents", "server", "commands", "cli", "__main__",
)  # fmt: skip
MAX_LINES = 300
MAX_BESIDE = 18
OUTSIDE = ("assistant.ui", "assistant.evaluation", "assistant.api", "assistant.agents", "assistant.server")
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in (ROOT / "assistant").rglob("*.py")
}


@cache
def imports_of(name: str, inside_functions: bool) -> tuple[tuple[str, str], ...]:
    """Returns (module, name) of what a module imports."""
    return tuple(imported(parsed(name), inside_functions))


@cache
def parsed(name: str) -> ast.Module:
    """Returns a module's syntax tree, which every test here looks at."""
    return ast.parse(MODULES[name].read_text(encoding="utf-8"))


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


@cache
def graph(inside_functions: bool) -> dict[str, set[str]]:
    edges: dict[str, set[str]] = {}
    for name in MODULES:
        found = imports_of(name, inside_functions)
        targets = {f"{module}.{what}" if f"{module}.{what}" in MODULES else module for module, what in found}
        edges[name] = (targets & set(MODULES)) - {name}
    return edges


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


def room_of(module: str) -> str:
    """Returns the folder of assistant/ that a module is in, or the module itself, where it stands beside them."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def test_every_module_is_in_a_room_that_has_its_place_and_none_is_deep_or_long() -> None:
    modules = {name: path for name, path in MODULES.items() if name != "assistant"}
    assert {room_of(name) for name in modules} == set(ROOMS)
    assert [name for name in modules if name.count(".") > 2] == []
    assert [name for name, path in modules.items() if len(path.read_text("utf-8").splitlines()) > MAX_LINES] == []
    assert len([path for path in modules.values() if path.parent == ROOT / "assistant"]) <= MAX_BESIDE


@cache
def all_imports() -> dict[str, set[str]]:
    """Returns what each module imports, inside functions and for type checkers too."""
    edges: dict[str, set[str]] = {}
    for name in MODULES:
        found = (node for node in ast.walk(parsed(name)) if isinstance(node, ast.ImportFrom))
        targets = {
            f"{node.module}.{alias.name}" if f"{node.module}.{alias.name}" in MODULES else str(node.module)
            for node in found
            for alias in node.names
        }
        edges[name] = (targets & set(MODULES)) - {name, "assistant"}
    edges["assistant"] = set()  # gives the public names, each when it is asked for
    return edges


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_builds_on_earlier_ones_alone(room: str) -> None:
    later = set(ROOMS[ROOMS.index(room) + 1 :])
    wrong = {
        f"{name} -> {target}"
        for name, targets in all_imports().items()
        if room_of(name) == room
        for target in targets
        if room_of(target) in later
    }
    assert wrong == set()


def test_nothing_imports_in_a_circle_for_type_checkers_either() -> None:
    try:
        TopologicalSorter(all_imports()).prepare()
    except CycleError as error:
        pytest.fail(f"imports go round: {' -> '.join(error.args[1])}")


def test_only_the_outside_imports_the_page_the_server_and_the_evaluation() -> None:
    edges = graph(inside_functions=True)
    for name, targets in edges.items():
        if not name.startswith(OUTSIDE) and name != "assistant.cli":
            public = {t for t in targets if t.startswith(OUTSIDE)}
            assert name == "assistant" or public == set(), name


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        ("faiss", ("assistant.library.vector_index", "assistant.library.vector_lists")),
        ("gradio", ("assistant.ui", "assistant.server")),
        ("onnxruntime", ("assistant.networks.onnx_model",)),
        ("sentence_transformers", ("assistant.networks.embeddings", "assistant.evaluation")),
        ("torch", ()),
        ("sqlite3", ("assistant.library",)),
        ("mcp", ("assistant.agents",)),
        ("pypdfium2", ("assistant.loaders",)),
        ("langchain_community", ()),
        ("pickle", ()),
    ],
)
def test_a_heavy_library_stays_behind_its_stage(library: str, homes: tuple[str, ...]) -> None:
    users = {
        name
        for name in MODULES
        for module, _ in imports_of(name, inside_functions=True)
        if module.partition(".")[0] == library
    }
    assert {name for name in users if not name.startswith(homes)} == set() if homes else users == set()
