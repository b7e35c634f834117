"""`make run-slim` installs all that the package imports, and neither torch nor what needs it."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections import defaultdict
from importlib import metadata

import pytest
from conftest import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

WITHOUT = {"sentence-transformers", "scikit-learn"}
"""Dependencies that are left out: behind an error that names them, and imported by nothing that ships."""

TORCH = {"torch", "transformers", "sentence-transformers", "scikit-learn", "scipy", "sympy", "networkx"}


def listed() -> dict[str, Requirement]:
    lines = (ROOT / "requirements-slim.txt").read_text(encoding="utf-8").splitlines()
    found = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(requirement.name): requirement for requirement in found}


def needed() -> set[str]:
    """Returns the names of all dependencies, and theirs, without those that are left out."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    left = [Requirement(line) for line in project["dependencies"]]
    extras: dict[str, set[str]] = defaultdict(set)
    while left:
        requirement = left.pop()
        name = canonicalize_name(requirement.name)
        new = {"", *requirement.extras} - extras[name]
        if name in WITHOUT or not new:
            continue
        extras[name] |= new
        for line in metadata.requires(name) or []:
            inner = Requirement(line)
            if inner.marker is None or any(inner.marker.evaluate({"extra": extra}) for extra in new):
                left.append(inner)
    return {name for name in extras if name not in WITHOUT}


def imported() -> set[str]:
    """Returns the names of the modules from outside that anything in assistant/ imports, wherever it stands."""
    found: set[str] = set()
    for path in (ROOT / "assistant").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
            found |= {name.partition(".")[0] for name in names}
    return found - set(sys.stdlib_module_names) - {"assistant"}


def test_the_list_is_what_is_needed_without_torch() -> None:
    pins = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line)
    if metadata.version("gradio") != pins["gradio"] or metadata.version("langchain") != pins["langchain"]:
        pytest.skip("the list goes with the versions of constraints.txt; others need other packages")
    names = {name for name, one in listed().items() if one.marker is None or one.marker.evaluate()}
    assert names == needed()
    assert set(listed()) & TORCH == set()


def test_all_that_the_package_imports_is_listed_but_those_that_their_error_names() -> None:
    homes = metadata.packages_distributions()
    missing = {
        module
        for module in imported()
        if not {canonicalize_name(home) for home in homes.get(module, [])} & set(listed())
    }
    assert missing == {"sentence_transformers", "mcp", "mcp_types", "tesserocr", "psycopg"}


def test_every_one_has_a_version_in_the_constraints() -> None:
    pins = re.findall(r"^([\w.-]+)==", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)
    unpinned = set(listed()) - {canonicalize_name(pin) for pin in pins}
    assert unpinned == {"audioop-lts"}  # for Python 3.13 on alone; the versions are those of 3.11


def test_the_target_installs_the_list_and_nothing_with_it() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "$(PIP_INSTALL) --no-deps -r requirements-slim.txt\n" in makefile
    assert "run-slim: $(VENV)/slim-installed" in makefile
