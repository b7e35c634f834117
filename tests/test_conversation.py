"""A follow-up takes what it lacks from the turns before it, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.conversation import stand_alone

MIRZOYAN = (
    "What did Mirzoyan say?",
    "Yerevan has no intention of raising the issue in bilateral discussions at all, ever, he said.",
)
BASE = ("When was the base established?", "In the 1990s.")


@given(st.text(max_size=200))
def test_without_history_a_question_is_itself(question: str) -> None:
    assert stand_alone(question, ()) == " ".join(question.split())


@pytest.mark.parametrize(
    ("question", "history", "expected"),
    [
        ("And Kopyrkin?", [MIRZOYAN], "What did Kopyrkin say?"),
        ("What about Kopyrkin?", [BASE, MIRZOYAN], "What did Kopyrkin say?"),
        ("And in 2020?", [("What happened in 2018?", "Nothing.")], "What happened in 2020?"),
        ("When did he say that he would resign?", [MIRZOYAN], "When did Mirzoyan say that Mirzoyan would resign?"),
        ("What is his opinion of Turkey?", [MIRZOYAN], "What is Mirzoyan's opinion of Turkey?"),
        ("Why?", [BASE], "Why? (When was the base established? In the 1990s.)"),
        (
            "How did Moscow and Yerevan respond?",
            [("What do they fear?", "War.")],
            "How did Moscow and Yerevan respond? (What do they fear? War.)",
        ),
        ("Who wrote the reply?", [BASE], "Who wrote the reply?"),
        ("Who found the red object?", [BASE], "Who found the red object?"),
        ("Did the minister write a comment?", [BASE], "Did the minister write a comment?"),
        ("How did Moscow respond to the war?", [BASE], "How did Moscow respond to the war?"),
        ("Who is the Armenian foreign minister?", [BASE], "Who is the Armenian foreign minister?"),
        ("How many soldiers does Turkey have?", [MIRZOYAN, BASE], "How many soldiers does Turkey have?"),
    ],
)
def test_follow_ups(question: str, history: list[tuple[str, str]], expected: str) -> None:
    assert stand_alone(question, history) == expected


def test_a_long_answer_and_a_refusal_are_not_put_in() -> None:
    assert stand_alone("Why?", [MIRZOYAN]) == "Why? (What did Mirzoyan say?)"
    assert stand_alone("Why?", [("Who?", "The article does not say.")]) == "Why? (Who?)"


def test_only_the_last_three_turns_count() -> None:
    turns = [("Who is Ararat Mirzoyan?", "A minister."), *[("When was it built?", "In the 1990s.")] * 3]
    assert "Mirzoyan" not in stand_alone("What did he say?", turns)
    assert stand_alone("What did he say?", turns[:3]) == "What did Ararat Mirzoyan say?"


@given(st.text(max_size=80), st.lists(st.tuples(st.text(max_size=60), st.text(max_size=60)), max_size=4))
def test_any_history_gives_one_line_of_text(question: str, history: list[tuple[str, str]]) -> None:
    standalone = stand_alone(question, history)
    assert standalone == " ".join(standalone.split())
    assert bool(standalone) == bool(question.split())
