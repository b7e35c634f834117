"""What a question wants to know, and which words cannot be the answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question.answer_type import answer_type, holds, may_answer, wanted_of


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("How many soldiers stay?", "number"),
        ("When was it built?", "time"),
        ("In which year was it built?", "time"),
        ("Who built it?", "person"),
        ("Where is it?", "place"),
        ("Why is it there?", "reason"),
        ("What is it?", ""),
    ],
)
def test_what_a_good_sentence_holds(question: str, wanted: str) -> None:
    assert wanted_of(question) == wanted


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many soldiers are at the base?", "count"),
        ("And how old was she?", "count"),
        ("What percentage of them agreed?", "count"),
        ("What is the number of soldiers at the base?", "count"),
        ("What is the number of the base?", None),  # "the 102nd" names it and counts nothing
        ("When was it built?", "time"),
        ("In what decade was it founded?", "time"),
        ("In which year did she leave?", "time"),
        ("Who is the minister?", "person"),
        ("By whom was it signed?", "person"),
        ("When she arrived, what did she say?", None),  # "when" opens a clause
        ("When do you need a permit?", None),  # a condition may answer
        ("Which season ten contestant fell ill?", None),
        ("Where was it? (When was it founded?)", "place"),
        ("And where does the road end?", "place"),
        ("Where did the battle take place?", "place"),
        ("Where did she place in the race?", None),  # "seventh"
        ("Where is it ranked?", None),
        ("Why was it closed?", "reason"),
        ("How long is the river?", "duration"),
        ("How long is the river in miles?", None),  # "14"
        ("How long did the war last?", "duration"),
        ("How long ago was it?", "time"),
        ("How much does a ticket cost?", "price"),
        ("What does a litre of it cost?", "price"),
        ("What was the price of the house?", "price"),
        ("What did the war cost him?", None),  # "his leg"
        ("How much did it rain?", None),
        ("How did they react?", None),
        ("", None),
    ],
)
def test_type_of_the_answer(question: str, expected: str | None) -> None:
    assert answer_type(question) == expected


@pytest.mark.parametrize(
    ("question", "fits", "fits_not"),
    [
        ("How many soldiers are there?", ["3,000", "about 3,000 men", "two dozen", "several", "half of them"], ["102nd", "the Armenians", "base, established in the 1990s"]),
        ("When was it built?", ["in the 1990s", "last year", "on Monday", "after the war"], ["Armenian", "strategic influence"]),
        ("How long did it last?", ["six weeks", "from 2010 to 2015", "until May 2020", "40 km", "forever"], ["2020", "in the 1990s", "in May 2020", "610"]),
        ("Where is it?", ["Yerevan", "on Route 7", "21 Main Street"], ["1990", "in May 2020", "the 13th"]),
        ("Why was it moved?", ["to save 3 million", "the war of 2020", "bad weather"], ["1942", "in the 1990s", "340"]),
        ("Who leads it?", ["Ararat Mirzoyan", "the king", "3rd Army", "George III"], ["1990", "in May 2020", "40 percent"]),
        ("What does a pump cost?", ["€5", "5 a litre", "twenty pounds", "free", "half a million"], ["three", "a synthetic oil", "118) are sold in packs of three"]),
        ("What is it?", ["1990", "a base"], []),
    ],
)  # fmt: skip
def test_what_cannot_be_the_answer(question: str, fits: list[str], fits_not: list[str]) -> None:
    expected = answer_type(question)
    assert [text for text in fits if not may_answer(expected, text)] == []
    assert [text for text in fits_not if may_answer(expected, text)] == []


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_question_and_any_words_are_told_something(question: str, text: str) -> None:
    assert may_answer(answer_type(question), text) in (True, False)
    assert holds(wanted_of(question), text) in (-1.0, 0.0, 1.0)
    assert may_answer(None, text)
