"""The settings file: where it is looked for, what wins over it, and what is wrong with it in a sentence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant.cli import FAILED, main
from assistant.errors import AssistantError
from assistant.settings import Settings, read_settings
from assistant.settings_file import default_file, settings_file, values_of_file

NAMES = Settings.model_fields


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_chosen_wins_over_the_environment_and_that_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path / "a.toml", 'k = 7\ncarefulness = "high"\nn_threads = 3\nallowed_hosts = "a.example"\n')
    monkeypatch.setenv("ASSISTANT_K", "8")
    monkeypatch.setenv("ASSISTANT_CAREFULNESS", "low")
    with settings_file(path):
        settings = read_settings(k=9)
        assert (settings.k, settings.carefulness, settings.n_threads) == (9, "low", 3)
        assert Settings().host_names == ["a.example"]
    assert read_settings().n_threads == 0
    assert os.environ["ASSISTANT_CONFIG"] == ""


def test_a_file_at_its_place_is_read_unless_the_variable_says_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_CONFIG_HOME", "HOME", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.delenv("ASSISTANT_CONFIG")
    assert default_file().is_relative_to(tmp_path)
    assert values_of_file(NAMES) == (None, {})
    path = written(default_file(), "k = 7\n")
    assert values_of_file(NAMES) == (path, {"k": 7})
    assert Settings().k == 7
    monkeypatch.setenv("ASSISTANT_CONFIG", "")
    assert Settings().k == 5
    monkeypatch.setenv("ASSISTANT_CONFIG", str(written(tmp_path / "b.toml", "k = 6\n")))
    assert Settings().k == 6


def test_a_library_is_beside_the_file_that_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASSISTANT_LIBRARY")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for given, meant in (("bees", tmp_path / "x/bees"), ("~/bees", tmp_path / "home/bees"), (str(tmp_path), tmp_path)):
        with settings_file(written(tmp_path / "x/a.toml", f'library = "{given}"\n')):
            assert Settings().library == meant


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("carefulnes = 'high'\n", "a.toml has `carefulnes`, which is no setting. Is `carefulness` meant?"),
        (
            "K = 5\n[colours]\nred = 1\n",
            "a.toml has `K`, which is no setting. Settings are library, library_replica, embedding_model",
        ),
        ("k = \n", "a.toml is not TOML: Invalid value"),
        ('k = "\\xff"\n', "a.toml is not TOML"),
        ("k = 0\n", r"`k` in .*a.toml is 0: Input should be greater than or equal to 1. Correct it or leave it out."),
        ("carefulness = 3\n", r"`carefulness` in .*a.toml is 3: Input should be 'low', 'normal' or 'high'"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_name(
    tmp_path: Path, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path / "a.toml", text)
    with settings_file(path), pytest.raises(AssistantError, match=said.replace(".toml has", r"\.toml has")):
        read_settings()
    assert main(["--config", str(path), "list"]) == FAILED
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert str(path) in error


def test_a_value_of_the_environment_is_told_by_its_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_K", "none")
    with (
        settings_file(written(tmp_path / "a.toml", "k = 7\n")),
        pytest.raises(AssistantError, match=r"^ASSISTANT_K is 'none'"),
    ):
        read_settings()


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with (
        settings_file(tmp_path / "none.toml"),
        pytest.raises(AssistantError, match=r"none\.toml cannot be read: No such"),
    ):
        Settings()
    with settings_file(tmp_path), pytest.raises(AssistantError, match="cannot be read: Is a directory"):
        Settings()


@pytest.mark.parametrize("before", [True, False])
def test_the_option_stands_before_the_command_or_after_it(
    tmp_path: Path, before: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ASSISTANT_LIBRARY")
    path = written(tmp_path / "a.toml", 'library = "bees"\n')
    option = ["--config", str(path)]
    text = ["add", "--text", "Bees hum."]
    assert main([*option, *text] if before else [*text, *option]) == 0
    assert (tmp_path / "bees" / "library.sqlite3").is_file()
    assert "Bees hum." in capsys.readouterr().out
    assert main([*option, "list", "--library", str(tmp_path / "other")]) == 0
    assert "The library is empty" in capsys.readouterr().out
    assert os.environ["ASSISTANT_CONFIG"] == ""
