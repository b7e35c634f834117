"""The wheel holds the package and nothing else, and answers from any directory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_package_and_what_it_needs(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names} == {"assistant", "article_assistant-0.1.0.dist-info"}
    needed = {
        "assistant/py.typed",
        "assistant/data/prompts/answer.md",
        "assistant/data/articles/russias-102nd-base-in-armenia.txt",
        "assistant/models/embedder.onnx",
        "assistant/models/embedder.json",
        "assistant/models/reader.onnx",
        "assistant/models/reader.json",
        "assistant/models/tokenizer.json",
        "assistant/models/scores.json",
        "article_assistant-0.1.0.dist-info/licenses/LICENSE",
    }
    assert needed <= set(names)
    code = {path.relative_to(ROOT).as_posix() for path in (ROOT / "assistant").rglob("*.py")}
    assert code <= set(names)
    unwanted = [n for n in names if n.endswith((".pyc", ".sqlite3", ".faiss", ".pt", ".tmp", ".pickle", ".pkl"))]
    assert unwanted == []


def test_the_wheel_answers_from_any_directory(wheel: Path, tmp_path: Path) -> None:
    target, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    elsewhere.mkdir()
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(target), str(wheel)],
        check=True, capture_output=True,
    )  # fmt: skip
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ASSISTANT_")}
    environment |= {"PYTHONPATH": str(target), "XDG_DATA_HOME": str(tmp_path / "data"), "HOME": str(tmp_path)}

    def run(*arguments: str) -> str:
        # -P: the directory that the tests run in must not be found before the installed package.
        command = [sys.executable, "-P", "-m", "assistant.cli", *arguments]
        done = subprocess.run(command, cwd=elsewhere, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    where = [sys.executable, "-P", "-c", "import assistant; print(assistant.__file__)"]
    found = subprocess.run(where, cwd=elsewhere, env=environment, capture_output=True, text=True, check=True).stdout
    assert Path(found.strip()) == target / "assistant" / "__init__.py"
    answer = json.loads(run("ask", "What did Mirzoyan say?", "--json"))
    assert "has no intention of raising the issue" in answer["text"]
    (entry,) = json.loads(run("list", "--json"))
    assert entry["sentences"] == 19
    assert list((tmp_path / "data").rglob("library.sqlite3")) != []
    assert list(elsewhere.iterdir()) == []
    doctor = {f["what"]: f["ok"] for f in json.loads(run("doctor", "--json"))}
    assert doctor["embedder"]
    assert doctor["reader"]
    assert doctor["prompts"]
