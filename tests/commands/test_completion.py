"""Completion: a real bash completes commands, options, choices and files; the scripts for zsh and fish can be read."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from assistant.cli import main, parser
from assistant.commands.completion import SHELLS, script_of


def completed(script: Path, *words: str, folder: Path) -> set[str]:
    """Returns what bash offers for the last word of a line."""
    line = f"""
        source {script}
        COMP_WORDS=({" ".join(f"'{word}'" for word in words)}); COMP_CWORD={len(words) - 1}
        COMP_LINE="${{COMP_WORDS[*]}}"; COMP_POINT=${{#COMP_LINE}}
        _shtab_assistant; printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    command = ["bash", "--norc", "--noprofile", "-c", line]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert run.stderr == ""
    return set(run.stdout.split())


@pytest.fixture
def script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["completion", "bash"]) == 0
    path = tmp_path / "assistant.bash"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    return path


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_completes_commands_options_choices_and_files(script: Path, tmp_path: Path) -> None:
    (tmp_path / "bees.txt").write_text("Bees hum.", encoding="utf-8")
    (tmp_path / "folder").mkdir()

    def offers(*words: str) -> set[str]:
        return completed(script, "assistant", *words, folder=tmp_path)

    assert offers("e") == {"evaluate", "export"}
    assert {"ask", "add", "serve", "completion"} <= offers("")
    assert offers("completion", "") >= set(SHELLS)
    assert offers("ask", "--art") == {"--article"}
    assert offers("tokens", "c") == {"create"}
    assert "--repair" in offers("doctor", "--")
    assert offers("add", "be") == {"bees.txt"}
    assert offers("list", "--library", "fo") == {"folder"} or offers("list", "--library", "fo") == {"folder/"}
    assert offers("list", "--config", "be") == {"bees.txt"}


@pytest.mark.parametrize("shell", SHELLS)
def test_every_command_and_its_options_are_in_the_script(shell: str, tmp_path: Path) -> None:
    text = script_of(parser(), shell)
    for word in ("retrieve", "describe", "questions", "draft", "for-good", "config"):
        assert word in text
    program = shutil.which(shell)
    if program is not None:
        path = tmp_path / "script"
        path.write_text(text, encoding="utf-8")
        assert subprocess.run([program, "-n", str(path)], capture_output=True, check=False).returncode == 0
