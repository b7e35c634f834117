"""The README's Python examples run as they stand, and the commands of all documents exist."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"^```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"^(?:\$ |    )(?:[A-Z_]+=\S+ )*(assistant [a-z].*)$", re.MULTILINE)
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS = sorted({line for path in DOCUMENTS for line in _COMMAND.findall(path.read_text(encoding="utf-8"))})


@pytest.mark.usefixtures("with_sample")
def test_the_python_examples_run_one_after_another(tmp_path: Path) -> None:
    assert PYTHON
    path = tmp_path / "examples.py"
    path.write_text("\n\n".join(PYTHON), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", str(path)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "Mirzoyan" in run.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_are_those_of_the_parser(command: str) -> None:
    from assistant.cli import parser

    words = shlex.split(command.split("#")[0])
    for stop in ("|", ">", "&&"):
        words = words[: words.index(stop)] if stop in words else words
    assert parser().parse_args(words[1:]).command == words[1]
