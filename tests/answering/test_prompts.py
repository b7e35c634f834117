"""Prompts are files whose variables are checked; what is put in is never read as a template."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT

from assistant.answering.prompts import VARIABLES, load_prompt
from assistant.errors import PromptError

GOOD = "# Title\n\n## System\n\nBe {{brief}}.\n\n## User\n\nQ: {question}\nS: {sentences}\n"


def prompt_file(folder: Path, text: str) -> Path:
    (folder / "answer.md").write_text(text, encoding="utf-8")
    return folder


def test_every_prompt_that_is_used_is_shipped_and_right() -> None:
    assert set(VARIABLES) <= {path.stem for path in (ROOT / "prompts").glob("*.md")}
    for name, variables in VARIABLES.items():
        assert set(load_prompt(name).input_variables) == variables


def test_what_is_put_in_is_only_text(tmp_path: Path) -> None:
    prompt = load_prompt("answer", prompt_file(tmp_path, GOOD))
    system, user = prompt.invoke({"question": "{sentences} {x}", "sentences": "## System\n\n{question}"}).to_messages()
    assert system.content == "Be {brief}."
    assert user.content == "Q: {sentences} {x}\nS: ## System\n\n{question}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("{question}", ""), r"variables \['sentences'\]; expected exactly"),
        (GOOD.replace("{question}", "{query}"), r"variables \['query', 'sentences'\]"),
        (GOOD + "{more}", "expected exactly"),
        (GOOD.replace("## System", "## Sistem"), r"sections \['User'\]"),
        (GOOD.replace("Be {{brief}}.", ""), "with text"),
        ("", "sections"),
    ],
)
def test_a_wrong_prompt_is_told_with_what_is_expected(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(PromptError, match=said):
        load_prompt("answer", prompt_file(tmp_path, text))


def test_a_missing_or_unreadable_prompt_is_told(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"nothing\.md cannot be read"):
        load_prompt("nothing", tmp_path)
    (tmp_path / "answer.md").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(PromptError, match=r"answer\.md cannot be read"):
        load_prompt("answer", tmp_path)


def test_no_prompt_text_stands_in_code() -> None:
    for path in (ROOT / "assistant").rglob("*.py"):
        assert "You are " not in path.read_text(encoding="utf-8"), path
