"""Answering loads and needs none of the heavy libraries."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ("torch", "sentence_transformers", "transformers", "gradio", "sklearn", "pandas", "scipy", "matplotlib")

_ASK = """
import json, sys
{before}
import assistant
quick = sorted(sys.modules)
answer = assistant.ask("What did Mirzoyan say?")
assistant.ask("What is this article about?")
assistant.retrieve("base")
heavy = {heavy!r}
print(json.dumps({{"text": answer.text, "abstained": answer.abstained,
    "loaded": [name for name in heavy if name in sys.modules],
    "at_import": [name for name in ("numpy", "faiss", "langchain_core", "pydantic", "onnxruntime") if name in quick]}}))
"""

_BLOCK = """
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {heavy!r}:
            raise ImportError(f"{{name}} is not installed here")
sys.meta_path.insert(0, Blocker())
"""


def ask(before: str = "") -> dict[str, object]:
    run = subprocess.run(
        [sys.executable, "-c", _ASK.format(before=before, heavy=HEAVY)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    result: dict[str, object] = json.loads(run.stdout)
    return result


@pytest.mark.usefixtures("with_sample")
def test_asking_loads_nothing_heavy_and_importing_loads_next_to_nothing() -> None:
    found = ask()
    assert found["loaded"] == []
    assert found["at_import"] == []
    assert not found["abstained"]


@pytest.mark.usefixtures("with_sample")
def test_the_answer_is_the_same_where_the_heavy_libraries_cannot_be_imported() -> None:
    blocked = ask(_BLOCK.format(heavy=HEAVY))
    assert not blocked["abstained"]
    assert "has no intention of raising the issue" in str(blocked["text"])
