"""What a caller gives becomes what the chain takes, or an error that tells what is expected."""

from __future__ import annotations

from collections import deque
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.inquiry import (
    MAX_TURN_CHARACTERS,
    MAX_TURNS_KEPT,
    article_ids_of,
    history_of,
    question_of,
)
from assistant.errors import ArticleError, AssistantError


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("Why?", "Why?"),
        ("abcdefghij", "abcdefghij"),
        ("abcdefghijk", "abcde … ghijk"),
        ("abcdefghijklmnop", "abcde … lmnop"),
        ("a\x00b\ud800", "a b?"),
    ],
)
def test_a_long_question_keeps_both_ends(question: str, kept: str) -> None:
    assert question_of(question, 10) == kept


@given(st.text(max_size=60), st.integers(2, 50))
def test_any_text_becomes_a_question_that_can_be_stored(question: str, most: int) -> None:
    kept = question_of(question, most)
    assert len(kept) <= most + 3
    assert kept.encode().decode() == kept


@pytest.mark.parametrize("question", [None, 5, b"Why?", ["Why?"]])
def test_what_is_no_text_is_no_question(question: Any) -> None:
    with pytest.raises(AssistantError, match=r"The question is .*, expected a text\."):
        question_of(question, 10)


def test_a_long_value_is_shown_in_short() -> None:
    with pytest.raises(AssistantError) as raised:
        question_of(["x" * 500], 10)
    assert len(str(raised.value)) < 130


@pytest.mark.parametrize(
    ("history", "turns"),
    [
        ((), ()),
        ([], ()),
        ([("Why?", "So.")], (("Why?", "So."),)),
        ([["Why?", "So."]], (("Why?", "So."),)),
        (deque([("Why?", "So.")]), (("Why?", "So."),)),
        ((turn for turn in [("Why?", "a\x00")]), (("Why?", "a "),)),
    ],
)
def test_turns_are_pairs_of_texts(history: Any, turns: Any) -> None:
    assert history_of(history) == turns


def test_the_last_turns_are_kept_and_long_ones_in_short() -> None:
    turns = [(f"Question {i}?", "Answer.") for i in range(MAX_TURNS_KEPT + 5)]
    assert history_of(turns) == tuple(turns[5:])
    ((question, answer),) = history_of([("q" * (MAX_TURN_CHARACTERS + 1), "a" * (MAX_TURN_CHARACTERS + 1))])
    assert len(question) == len(answer) == MAX_TURN_CHARACTERS + 3
    assert "q … q" in question


@pytest.mark.parametrize("history", [None, 5, "Why?", b"Why?", {"Why?": "So."}])
def test_what_holds_no_turns_is_refused(history: Any) -> None:
    with pytest.raises(AssistantError, match=r"The history is .*, expected \(question, answer\) pairs, oldest first\."):
        history_of(history)


@pytest.mark.parametrize(
    "turn", ["Why?", "ab", b"ab", 5, None, ("Why?",), ("Why?", "So.", "x"), ("Why?", None), {"a", "b"}]
)
def test_what_is_no_pair_of_texts_is_refused(turn: Any) -> None:
    with pytest.raises(
        AssistantError, match=r"A turn of the history is .*, expected a question and an answer, both texts\."
    ):
        history_of([("Why?", "So."), turn])


@pytest.mark.parametrize(
    ("article", "ids"),
    [
        (None, None),
        ("a1", ("a1",)),
        (["a1", "b2"], ("a1", "b2")),
        ((), ()),
        ((one for one in ["a1"]), ("a1",)),
        ("a\x001", ("a 1",)),
    ],
)
def test_articles_are_one_several_or_all(article: Any, ids: Any) -> None:
    assert article_ids_of(article) == ids


@pytest.mark.parametrize("article", [5, b"a1", [b"a1"], [None], {"a1": 1}, ["a1", 5]])
def test_what_is_no_article_id_is_refused(article: Any) -> None:
    with pytest.raises(ArticleError, match=r"An article id is .*, expected a text; None stands for all articles\."):
        article_ids_of(article)
