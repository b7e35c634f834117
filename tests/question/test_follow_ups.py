"""A follow-up takes what it lacks from the turns before it, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question.follow_ups import stand_alone

MIRZOYAN = (
    "What did Mirzoyan say?",
    "Yerevan has no intention of raising the issue in bilateral discussions at all, ever, he said.",
)
BASE = ("When was the base established?", "In the 1990s.")


@given(st.text(max_size=200))
def test_without_history_a_question_is_itself(question: str) -> None:
    assert str(stand_alone(question, ())) == " ".join(question.split())


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
        # another speaker, or another matter
        ("And the manager?", [("What did he say?", "That it was late.")], "What did the manager say?"),
        ("And the council?", [("What did the union say about jobs?", "")], "What did the council say about jobs?"),
        ("What about the White House?", [MIRZOYAN], "What did the White House say?"),
        ("What about the base?", [MIRZOYAN], "What did Mirzoyan say about the base?"),
        ("And about Turkey?", [("What did Mirzoyan say about the base?", "")], "What did Mirzoyan say about Turkey?"),
        ("And the base?", [("What did the manager say on Monday?", "")], "What did the manager say about the base?"),
        (
            "And the harbour?",
            [("When was the pier built?", "1990")],
            "And the harbour? (When was the pier built? 1990)",
        ),
        # who "she" is
        (
            "What did she say about tea?",
            [("What did the manager say?", "Kofi ran.")],
            "What did the manager say about tea?",
        ),
        ("Whom did she marry?", [("When was Ada Lund born?", "1921"), ("Where?", "Malmo")], "Whom did Ada Lund marry?"),
        (
            "What did she do then?",
            [("When was she born?", "1921"), ("Whom did Ada Lund marry?", "Nils Ost"), ("How did he die?", "At sea")],
            "What did Ada Lund do then?",
        ),
        (
            "How did he die?",
            [("Was Ada her name?", "Yes"), ("Whom did she marry?", "Nils Ost")],
            "How did Nils Ost die?",
        ),
        # a question's own "their" and "first"
        ("How many people lose their jobs?", [BASE], "How many people lose their jobs?"),
        ("When did the company publish its report?", [BASE], "When did the company publish its report?"),
        (
            "Who opposed their plan?",
            [("What do they fear?", "War.")],
            "Who opposed their plan? (What do they fear? War.)",
        ),
        (
            "Why did the union oppose their plan?",
            [("Who left?", "")],
            "Why did the union oppose their plan? (Who left?)",
        ),
        ("What is the size of its army?", [("Where is it?", "")], "What is the size of its army? (Where is it?)"),
        ("Who scored the first goal?", [BASE], "Who scored the first goal?"),
        ("What does the first say?", [("Which are they?", "")], "What does the first say? (Which are they?)"),
        ("Who found the red object?", [BASE], "Who found the red object?"),
        ("Did the minister write a comment?", [BASE], "Did the minister write a comment?"),
        ("How did Moscow respond to the war?", [BASE], "How did Moscow respond to the war?"),
        ("Who is the Armenian foreign minister?", [BASE], "Who is the Armenian foreign minister?"),
        ("How many soldiers does Turkey have?", [MIRZOYAN, BASE], "How many soldiers does Turkey have?"),
    ],
)
def test_follow_ups(question: str, history: list[tuple[str, str]], expected: str) -> None:
    assert str(stand_alone(question, history)) == expected


def test_a_long_answer_and_a_refusal_are_not_put_in() -> None:
    assert str(stand_alone("Why?", [MIRZOYAN])) == "Why? (What did Mirzoyan say?)"
    assert str(stand_alone("Why?", [("Who?", "The article does not say.")])) == "Why? (Who?)"


def test_only_the_last_three_turns_count() -> None:
    turns = [("Who is Ararat Mirzoyan?", "A minister."), *[("When was it built?", "In the 1990s.")] * 3]
    assert "Mirzoyan" not in str(stand_alone("What did he say?", turns))
    assert str(stand_alone("What did he say?", turns[:3])) == "What did Ararat Mirzoyan say?"


@given(st.text(max_size=80), st.lists(st.tuples(st.text(max_size=60), st.text(max_size=60)), max_size=4))
def test_any_history_gives_one_line_of_text(question: str, history: list[tuple[str, str]]) -> None:
    standalone = str(stand_alone(question, history))
    assert standalone == " ".join(standalone.split())
    assert bool(standalone) == bool(question.split())


def test_what_is_added_stands_apart_from_the_question_and_a_user_s_own_brackets_stay() -> None:
    pointing = stand_alone("And where does it stay (the base)", [("What is it?", "A base.")])
    assert (pointing.text, pointing.added) == ("And where does it stay (the base)", "What is it? A base.")
    alone = stand_alone("Where is Gyumri (the town)", [("Who leads?", "Ada.")])
    assert (alone.text, alone.added, str(alone)) == ("Where is Gyumri (the town)", "", "Where is Gyumri (the town)")
