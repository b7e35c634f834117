"""A question that is plainly not English is told apart; an English one never is."""

from __future__ import annotations

import json

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from assistant.english.languages import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wer ist der Außenminister und was hat er gesagt?", "German"),
        ("Où est la base et qui est le ministre ?", "French"),
        ("¿Quién es el ministro y dónde está la base?", "Spanish"),
        ("¿Quién escribió esto?", "Spanish"),
        ("¿Y entonces?", "Spanish"),
        ("Was sagte Mirzoyan?", "German"),
        ("Wie viele Soldaten sind dort?", "German"),
        ("Qui a écrit cela ?", "French"),
        ("Qu'a dit Mirzoyan ?", "French"),
        ("Wat zei Mirzoyan?", "Dutch"),
        ("Hoeveel soldaten zijn er?", "Dutch"),
        ("Chi ha scritto questo?", "Italian"),
        ("Quem escreveu isto?", "Portuguese"),
        ("Kto to napisał?", "Polish"),
        ("Кто министр иностранных дел?", "a language in Cyrillic script"),
        ("Ով է նախարարը", "Armenian"),
        ("من هو الوزير؟", "a language in Arabic script"),
        ("これはなんですか、きちについておしえて", "Japanese"),
        ("外交部長是誰", "Chinese or Japanese"),
        ("장관은 누구입니까", "Korean"),
    ],
)
def test_other_languages_are_named(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "42",
        "Who?",
        "What is die Mauer?",
        "Who is Мирзоян?",
        "What does “la base” mean in the text?",
        "de facto",
        "Who was in Die Hard?",
        "Was Mirzoyan in La Paz?",
        "do i have to show it to a police officer?",
        "Yes I do.",
        "was how i met your mother filmed in new york?",
        "What does “¿Qué?” mean?",
    ],
)
def test_english_with_foreign_words_is_english(text: str) -> None:
    assert language_of(text) == ""


def test_the_questions_on_the_sample_are_english() -> None:
    lines = (ROOT / "tests" / "quality" / "sample.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line).get("question", "") for line in lines]
    assert len(questions) >= 60
    assert [q for q in questions if language_of(q)] == []


@given(st.text(max_size=80))
def test_any_text_has_a_language_or_none(text: str) -> None:
    assert isinstance(language_of(text), str)
