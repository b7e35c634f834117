"""The doctor says what is well, what is not, and how to mend it; looking changes nothing."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from conftest import ROOT

from assistant.cli import FAILED, main
from assistant.doctor import Finding, examine
from assistant.settings import Settings


def findings(**changes: object) -> dict[str, Finding]:
    return {f.what: f for f in examine(Settings(**changes))}  # type: ignore[arg-type]


def test_a_good_installation_is_found_good_and_nothing_is_made(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = findings()
    bad = [f for f in found.values() if not f.ok]
    assert bad == []
    assert {"python", "faiss-cpu", "embedder", "reader", "prompts", "language model", "library"} <= set(found)
    assert "dimensions, cosines within" in found["embedder"].detail
    assert found["language model"].detail.startswith("off")
    assert "none yet" in found["library"].detail
    assert not library.exists()
    assert main(["doctor"]) == 0
    assert "BAD" not in capsys.readouterr().out


@pytest.mark.usefixtures("with_sample")
def test_a_whole_library_is_counted(library: Path) -> None:
    assert main(["add", "--text", "Bananas are yellow. Apples are red."]) == 0
    before = {path: path.read_bytes() for path in library.iterdir()}
    assert "2 articles, 21 sentences, all whole; index file there" in findings()["library"].detail
    assert {path: path.read_bytes() for path in library.iterdir()} == before


def test_a_damaged_library_is_bad_with_the_remedy(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    library.mkdir()
    (library / "library.sqlite3").write_bytes(b"no database" * 1000)
    assert main(["doctor", "--json"]) == FAILED
    found = {f["what"]: f for f in json.loads(capsys.readouterr().out)}
    assert not found["library"]["ok"]
    assert "damaged" in found["library"]["detail"]
    assert "Restore it from a backup" in found["library"]["fix"]
    assert found["embedder"]["ok"]


def test_a_language_model_that_cannot_be_opened_is_bad() -> None:
    found = findings(language_model="nobody:nothing")["language model"]
    assert not found.ok
    assert "nobody:nothing" in found.detail
    assert found.fix


@pytest.mark.parametrize(
    "file",
    ["embedder.onnx", *(pytest.param(name, marks=pytest.mark.soak) for name in ("tokenizer.json", "embedder.json"))],
)
def test_truncated_weights_are_bad_and_ask_says_so(tmp_path: Path, file: str) -> None:
    shutil.copytree(ROOT / "assistant", tmp_path / "assistant", ignore=shutil.ignore_patterns("__pycache__", "ui"))
    shutil.copytree(ROOT / "prompts", tmp_path / "prompts")
    broken = tmp_path / "assistant" / "models" / file
    broken.write_bytes(broken.read_bytes()[: broken.stat().st_size // 2])

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-P", "-m", "assistant.cli", *arguments], cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False,
        )  # fmt: skip

    doctor = run("doctor", "--json")
    assert doctor.returncode == FAILED
    found = {f["what"]: f for f in json.loads(doctor.stdout)}
    assert not found["embedder"]["ok"]
    assert file in found["embedder"]["detail"]
    assert "einstall" in found["embedder"]["fix"]
    if file == "embedder.onnx":
        asked = run("ask", "Who?")
        assert asked.returncode == FAILED
        assert asked.stderr.startswith("assistant: The model file")
        assert "Traceback" not in asked.stderr


@pytest.mark.usefixtures("with_sample")
def test_a_damaged_library_is_repaired_and_the_damage_kept(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", "--text", "Bananas are yellow. Apples are red."]) == 0
    with closing(sqlite3.connect(library / "library.sqlite3")) as connection, connection:
        connection.execute("UPDATE sentences SET text = 'Apples are rad.' WHERE text = 'Apples are red.'")
    assert main(["ask", "Which colour are apples?"]) == FAILED
    assert "`assistant doctor --repair`" in capsys.readouterr().err
    assert main(["doctor"]) == FAILED
    assert "1 of 2 sentences of 'Bananas are yellow. Apples are red.'" in capsys.readouterr().out
    assert main(["doctor", "--repair"]) == 0
    told = capsys.readouterr().out
    assert "repair: library.sqlite3 as it was is kept as library.sqlite3.damaged-" in told
    assert "1 sentences were made anew; 1 vectors were made anew" in told
    assert "2 articles, 21 sentences, all whole" in told
    assert main(["ask", "Which colour are apples?"]) == 0
    assert "Apples are red." in capsys.readouterr().out


def test_an_index_that_is_a_folder_is_one_clear_line(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", "--text", "Bananas are yellow. Apples are red."]) == 0
    (library / "vectors.faiss").unlink()
    (library / "vectors.faiss").mkdir()
    capsys.readouterr()
    status = subprocess.run(
        [sys.executable, "-m", "assistant.cli", "ask", "Which colour are apples?"],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=library.parent,
    )  # fmt: skip
    assert status.returncode == 0
    assert "Apples are red." in status.stdout
    assert status.stderr.count("\n") == 1
    assert "cannot be written: Is a directory. What the library holds stays" in status.stderr
    assert main(["doctor", "--repair"]) == 0
    assert (library / "vectors.faiss").is_file()
