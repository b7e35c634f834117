"""The tutorial notebook: its cells run in order and give the outputs that are stored."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from notebook_cells import outputs_of, read, write

TUTORIAL = ROOT / "docs" / "tutorial.ipynb"


def code_cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


@pytest.mark.models
def test_the_cells_of_the_tutorial_give_the_outputs_that_it_shows() -> None:
    notebook = read(TUTORIAL)
    shown = [cell["outputs"] for cell in code_cells(notebook)]
    assert sum(map(len, shown)) >= 8
    assert list(outputs_of(notebook)) == shown


def test_it_is_a_notebook_of_the_form_that_jupyter_opens() -> None:
    notebook = read(TUTORIAL)
    assert set(notebook) == {"cells", "metadata", "nbformat", "nbformat_minor"}
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    fields = {"cell_type", "id", "metadata", "source"}
    for cell in notebook["cells"]:
        assert set(cell) == fields | ({"execution_count", "outputs"} if cell["cell_type"] == "code" else set())
    numbers = [cell["execution_count"] for cell in code_cells(notebook)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert os.sep + "tmp" not in TUTORIAL.read_text(encoding="utf-8")


def test_the_outputs_of_a_cell_are_what_it_prints_and_its_last_value(tmp_path: Path) -> None:
    sources = [["x = 2\n", "print(x)\n", "x + 1"], ["x"], ["x = 3"], ["None"]]
    cells = [{"cell_type": "code", "source": source, "outputs": [], "execution_count": None} for source in sources]
    path = tmp_path / "a.ipynb"
    path.write_text('{"cells": []}', encoding="utf-8")
    given = list(outputs_of({"cells": cells}))
    assert [[o.get("text") or o["data"] for o in outputs] for outputs in given] == [
        [["2\n"], {"text/plain": ["3"]}], [{"text/plain": ["2"]}], [], [],
    ]  # fmt: skip
    write(path)
    assert read(path) == {"cells": []}
