"""Settings: frozen, validated, from arguments before the environment; reading them does no work."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT
from pydantic import ValidationError

from assistant.cli import FAILED, main
from assistant.settings import Settings, default_library, shipped


def test_every_field_has_its_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = {
        "library": str(tmp_path / "x"), "embedding_model": "m", "language_model": "l",
        "language_model_timeout_seconds": "1.5", "carefulness": "high", "k": "7", "n_threads": "3",
        "max_article_megabytes": "2", "max_question_characters": "60", "busy_timeout_seconds": "0",
    }  # fmt: skip
    assert set(given) <= set(Settings.model_fields)
    for name, value in given.items():
        monkeypatch.setenv(f"ASSISTANT_{name.upper()}", value)
    settings = Settings()
    assert (settings.library, settings.carefulness, settings.k, settings.threads) == (tmp_path / "x", "high", 7, 3)
    assert (settings.language_model_timeout_seconds, settings.busy_timeout_seconds) == (1.5, 0)
    assert Settings(k=2).k == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"carefulness": "extreme"}, {"k": 0}, {"k": 1001}, {"n_threads": -1}, {"max_article_megabytes": 0},
        {"language_model_timeout_seconds": 0}, {"busy_timeout_seconds": -1}, {"colour": "red"},
    ],
)  # fmt: skip
def test_what_is_not_allowed_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        Settings(**wrong)  # type: ignore[arg-type]


def test_settings_are_frozen(library: Path) -> None:
    settings = Settings()
    with pytest.raises(ValidationError, match="frozen"):
        settings.k = 3  # type: ignore[misc]
    assert settings.library == library
    assert not library.exists()


def test_the_default_library_of_a_checkout_is_its_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASSISTANT_LIBRARY")
    assert default_library() == ROOT / "index" == Settings().library
    assert Settings().holds_sample
    assert not Settings(library=ROOT / "other").holds_sample


def test_a_library_that_somebody_chose_does_not_hold_the_sample(monkeypatch: pytest.MonkeyPatch, library: Path) -> None:
    assert Settings().library == library
    assert not Settings().holds_sample
    assert not Settings(library=library).holds_sample
    monkeypatch.setenv("ASSISTANT_LIBRARY", str(ROOT / "index"))
    assert Settings().holds_sample


def test_threads_are_between_1_and_8_by_default() -> None:
    assert 1 <= Settings().threads <= 8
    assert Settings(n_threads=32).threads == 32


def test_what_is_shipped_is_found() -> None:
    assert (shipped("prompts") / "answer.md").is_file()
    assert [p.name for p in shipped("articles").glob("*.txt")] == ["russias-102nd-base-in-armenia.txt"]


def test_a_tilde_means_the_home_wherever_it_stands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Settings(library="~/x").library == tmp_path / "x"  # type: ignore[arg-type]
    assert Settings(library=Path("~")).library == tmp_path
    monkeypatch.setenv("ASSISTANT_LIBRARY", "~/y")
    assert Settings().library == tmp_path / "y"


def test_a_home_of_nobody_is_one_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValidationError, match="~nosuch is no user of this machine"):
        Settings(library="~nosuch/x")  # type: ignore[arg-type]
    assert main(["list", "--library", "~nosuch/x"]) == FAILED
    error = capsys.readouterr().err
    assert "~nosuch is no user of this machine" in error
    assert error.count("\n") == 1
