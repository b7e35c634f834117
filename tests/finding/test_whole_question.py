"""Questions on an article as a whole that no pattern names are known by their words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.finding.whole_question import asks_for_the_whole, wordings
from assistant.networks.scores import coefficients


@pytest.mark.parametrize(
    "question",
    [
        "Give me a rough summary of the trial",
        "What are the pros and cons of the new tram?",
        "what are the main findings of the survey, in short",
        "Which arguments are made for and against the dam?",
        "Sum up the interview for me please",
    ],
)
def test_what_wants_several_sentences_from_all_over_is_on_the_whole(question: str) -> None:
    assert asks_for_the_whole(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who is the mayor?", "When was the tram opened?", "How much did the dam cost?", "What did the mayor say about the dam?",
        "What are the opening hours and what does it cost?", "What is the capital and what is the largest city?",
        "How long is the main street and how wide?", "Give me the date", "Please tell me who the mayor is",
        "What is the name of the minister and what is the name of the ambassador?", "And how is Lena now?",
        "Why was the trial put off?", "What are the opening hours on Sunday?", "Is there a summary?", "", "?", "the", "x" * 5000,
    ],
)  # fmt: skip
def test_what_wants_one_thing_is_not(question: str) -> None:
    assert not asks_for_the_whole(question)


@given(st.text(max_size=80))
def test_case_and_the_form_of_an_apostrophe_change_nothing(question: str) -> None:
    assert wordings(question) == wordings(question.lower())
    assert asks_for_the_whole(question) == asks_for_the_whole(question.lower().replace("’", "'"))


def test_weights_are_of_words_and_pairs_alone() -> None:
    names = set(coefficients("whole_asked")) - {"intercept", "threshold", "near", "sure"}
    assert len(names) > 100
    assert all(name.startswith("word ") and 2 <= len(name.split(" ")) <= 3 for name in names)
    assert wordings("What’s new, then?") == {
        "word what", "word s", "word new", "word then", "word ?", "word what s", "word s new", "word new then", "word then ?",
    }  # fmt: skip
