"""The documents: their links lead somewhere, and what they name is there."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from conftest import ROOT
from test_import_graph import ROOMS

from assistant.answering.decision import RULES, SEARCHING
from assistant.library import sqlite_file
from assistant.library.sqlite_file import SqliteFile
from assistant.settings import Settings

DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").glob("*.md"),
        ROOT / "assistant/models/README.md",
        ROOT / "training/README.md",
    ]
)
_LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_PYTHON = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
_PATH = re.compile(
    r"`((?:assistant|tests|docs|training|benchmarks|prompts|index)/(?:[\w.-]+/)*[\w.-]*)`|`([A-Z]\w+\.md|Makefile)`"
)
_COMMAND = re.compile(r"\bpython -m ((?:benchmarks|training)\.\w+)")
_TARGET = re.compile(r"\bmake ([a-z]+)\b(?=`|  |$| [A-Z]+=)", re.MULTILINE)
_VARIABLE = re.compile(r"ASSISTANT_[A-Z_]*[A-Z]")
# Written by what is named beside them, and in no checkout.
_MADE = ("training/runs/", "training/cache/", "assistant/data/")


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def runs_as(module: str) -> bool:
    """Returns whether there is a module of that name, or a package that runs."""
    path = ROOT / module.replace(".", "/")
    return path.with_suffix(".py").exists() or (path / "__main__.py").exists()


WITH_PYTHON = [path for path in DOCUMENTS if path.name != "README.md" and _PYTHON.search(text_of(path))]


def anchors(path: Path) -> set[str]:
    """Returns the anchors that GitHub gives the headings of a document."""
    headings = _HEADING.findall(_FENCED.sub("", text_of(path)))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    for link in _LINK.findall(_FENCED.sub("", text_of(document))):
        target, _, anchor = link.partition("#")
        path = document.parent / target if target else document
        assert path.exists(), link
        assert not anchor or anchor in anchors(path), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_files_commands_and_targets_that_a_document_names_are_there(document: Path) -> None:
    text = text_of(document)
    named = [one or other for one, other in _PATH.findall(text)]
    assert [path for path in named if not path.startswith(_MADE) and not (ROOT / path).exists()] == []
    assert {name for name in _COMMAND.findall(text) if not runs_as(name)} == set()
    targets = set(re.findall(r"^([a-z]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    assert set(_TARGET.findall(text)) <= targets


@pytest.mark.usefixtures("with_sample")
@pytest.mark.parametrize("document", WITH_PYTHON, ids=name_of)
def test_the_python_examples_of_a_document_run_one_after_another(document: Path, tmp_path: Path) -> None:
    path = tmp_path / "examples.py"
    path.write_text("\n\n".join(_PYTHON.findall(text_of(document))), encoding="utf-8")
    command = [sys.executable, "-W", "error::ResourceWarning", str(path)]
    # What an example starts in its turn finds this checkout as well.
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_every_setting_is_told_with_its_default_and_no_other_is() -> None:
    text = text_of(ROOT / "docs" / "settings.md")
    rows = re.findall(r"^\| `ASSISTANT_(\w+)` \| .* \| (.*) \|$", text, re.MULTILINE)
    told = {name.lower(): default for name, default in rows}
    assert set(told) == set(Settings.model_fields)
    for name, field in Settings.model_fields.items():
        if field.default is None or field.default == "":
            assert told[name].startswith("none"), name
        elif field.default_factory is None:
            shown = f"{field.default:g}" if isinstance(field.default, float) else str(field.default).lower()
            assert told[name] == f"`{shown}`", name


def test_every_variable_that_the_code_reads_is_told_and_no_document_names_another() -> None:
    read = {f"ASSISTANT_{name.upper()}" for name in Settings.model_fields}
    for path in (ROOT / "assistant").rglob("*.py"):
        read |= set(_VARIABLE.findall(text_of(path)))
    assert set(_VARIABLE.findall(text_of(ROOT / "docs" / "settings.md"))) == read
    assert {name for path in DOCUMENTS for name in _VARIABLE.findall(text_of(path))} <= read


def test_the_rooms_are_told_in_the_order_in_which_they_build_on_each_other() -> None:
    rows = re.findall(r"^\| `(\w+)(?:\.py|/)` \|", text_of(ROOT / "docs" / "architecture.md"), re.MULTILINE)
    assert tuple(rows) == ROOMS


def test_every_table_and_column_of_a_library_is_told_and_the_versions_are_those_of_the_code(tmp_path: Path) -> None:
    text = text_of(ROOT / "docs" / "library-format.md")
    path = tmp_path / "library.sqlite3"
    SqliteFile(path).close()
    with closing(sqlite3.connect(path)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        names = {name for name in tables if not name.startswith(("sqlite_", "sentence_words_"))}
        for table in sorted(names - {"sentence_words", "sentence_vocabulary"}):
            names |= {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
    assert {name for name in names if f"`{name}`" not in text} == set()
    assert f"`PRAGMA user_version` is the format, now {sqlite_file.SCHEMA_VERSION}." in text


def test_every_benchmark_has_its_line() -> None:
    told = set(_COMMAND.findall(text_of(ROOT / "docs" / "benchmarks.md")))
    runs = {path.stem for path in (ROOT / "benchmarks").glob("*.py") if '__name__ == "__main__"' in text_of(path)}
    runs |= {path.parent.name for path in (ROOT / "benchmarks").glob("*/__main__.py")}
    assert {name for name in told if name.startswith("benchmarks.")} == {f"benchmarks.{name}" for name in runs}


def test_every_rule_is_told_with_its_effect_in_the_order_of_the_table() -> None:
    text = text_of(ROOT / "docs" / "architecture.md")
    rows = re.findall(r"^\| `(\w+)` \| (answers|cites|doubts|refuses) \|", text, re.MULTILINE)
    assert rows == [(rule.name, rule.effect) for rule in RULES]
    assert [name for name in SEARCHING if f"`{name}`" not in text] == []
