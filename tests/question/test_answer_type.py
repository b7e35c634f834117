"""What a question wants to know, and which words cannot be the answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question.answer_type import answer_type, expected_of, holds, may_answer, wanted_of


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


# A question, the type of its answer, what a good sentence holds, words that may be the answer, others that may not, and
# those that hold what is wanted.
# fmt: off
QUESTIONS: list[tuple[str, str | None, str, list[str], list[str], list[str]]] = [
    ('How many soldiers stay?', 'count', 'number', ['3,000', 'ten'], ['102nd', 'the soldiers', 'Armenians'], ['3,000', 'ten', '102nd']),
    ('How old was she?', 'count', 'number', ['40', 'young'], ['Ann'], ['40']),
    ('When was it built?', 'time', 'time', ['in the 1990s', 'last year', 'Monday', 'IN MAY'], ['strategic'], ['in the 1990s', 'last year', 'Monday', 'IN MAY']),
    ('In which year was it built?', 'time', 'time', ['1990'], ['a base'], ['1990']),
    ('What time is it?', 'time', 'time', ['noon'], ['tea'], []),
    ('Which particular month was it?', 'time', '', ['may'], ['tea'], []),
    ('When do you need a permit?', None, 'time', ['tea'], [], []),
    ('When she came, what did she say?', None, 'time', ['tea'], [], []),
    ('How long ago was it?', 'time', 'number', ['a year ago'], ['tea'], []),
    ('How long did it last?', 'duration', 'number', ['six weeks', 'from 2010 to 2015'], ['2020', '610', 'in May 2020', 'the 1990s'], ['six weeks', '2020', '610', 'in May 2020', 'from 2010 to 2015', 'the 1990s']),
    ('How long is it in miles?', None, 'number', ['14'], [], ['14']),
    ('How much does a ticket cost?', 'price', 'number', ['€5', '5 a litre', 'about 5', 'FREE'], ['tea'], ['€5', '5 a litre', 'about 5']),
    ('How much did he pay?', 'price', 'number', ['a lot'], ['twenty', 'tea'], []),
    ('How much money did he earn?', 'price', 'number', [], ['tea', '5 kg of the best tea'], ['5 kg of the best tea']),
    ('How much did it rain?', None, 'number', ['tea'], [], []),
    ('What does a pump cost?', 'price', '', ['5'], ['tea'], []),
    ('What does it cost him?', None, '', ['tea'], [], []),
    ('What did he cost a day?', 'price', '', [], ['tea'], []),
    ('What is the price of tea?', 'price', '', ['5'], ['tea'], []),
    ('What’s the fee?', 'price', '', ['5'], ['tea'], []),
    ('Who leads it?', 'person', 'person', ['Ann Lee', 'george III'], ['1990', '40 percent', 'the 13th'], ['Ann Lee', 'george III']),
    ('And by whom was it signed?', 'person', '', ['Ann'], ['5'], []),
    ('Who many are there?', None, 'person', ['5'], [], []),
    ('Where is it?', 'place', 'place', ['Elm', 'Route 7'], ['1990', 'in May 2020'], ['in May 2020']),
    ('Where is it ranked?', None, 'place', ['5'], [], []),
    ('Where did it take place?', 'place', 'place', ['Elm'], ['5'], []),
    ('Where did she place?', None, 'place', ['5'], [], []),
    ('But why was it closed?', 'reason', 'reason', ['rain', 'to save 3'], ['1942'], ['to save 3']),
    ('How come it was closed?', 'reason', 'reason', ['rain'], ['1942'], []),
    ('What percentage of it is left?', 'count', '', ['half'], ['tea'], []),
    ('What is the number of men?', 'count', '', ['5'], ['tea'], []),
    ('What is the number of the bus?', None, '', ['tea'], [], []),
    ('What is it?', None, '', ['it is a base'], ['it', 'what', 'the it', 'A', 'The', ''], []),
    ('Is it a base or a port?', None, '', ['base', 'a port'], [], []),
    ('Is it a base?', None, '', ['base'], [], []),
    ('Which or what?', None, '', ['which'], [], []),
    ('WHICH BASE IS IT?', None, '', ['port'], ['base', 'The Base'], []),
    ('Whose base is it?', 'person', 'person', ['Ann'], ['base', '5'], []),
    ('Which city is it in?', None, 'place', ['It is in Elm.', 'it is cold.', 'in the Elm'], [], ['It is in Elm.', 'in the Elm']),
    ('', None, '', ['tea'], [], []),
    ('How high is it?', None, 'number', ['5 m'], ['high'], ['5 m']),
    ('What year was it?', 'time', 'time', ['since then'], ['tea'], ['since then']),
    ('How fast is it', None, 'number', ['half of it', 'TEN', 'tea'], [], ['half of it', 'TEN']),
    ('So who did it?', 'person', 'person', ['He did it. Then Ann left', 'he did it', 'Ann did it'], [], ['He did it. Then Ann left']),
    ('Why is it so?', 'reason', 'reason', ['as it rained', 'it RESULTED', 'due to rain', 'tea', 'FOR US'], [], ['as it rained', 'due to rain', 'FOR US']),
    ('When is it?', 'time', 'time', ['RECENTLY', 'in 1999', 'in 99', 'it is DURING'], ['tea'], ['RECENTLY', 'in 1999', 'it is DURING']),
    ('Who was it that he met in the year when it rained?', 'person', 'person', ['Ann'], [], []),
    ('It was who?', None, '', ['tea'], [], []),
    ('What in all the long and old world is where?', None, '', ['tea'], [], []),
]
# fmt: on


@pytest.mark.parametrize(("question", "expected", "wanted", "allowed", "refused", "holding"), QUESTIONS)
def test_which_words_may_answer(
    question: str, expected: str | None, wanted: str, allowed: list[str], refused: list[str], holding: list[str]
) -> None:
    assert expected_of(question).type == answer_type(question) == expected
    assert wanted_of(question) == wanted
    told = [*allowed, *refused]
    assert [text for text in told if expected_of(question).allows(text)] == allowed
    assert {text: holds(wanted, text) for text in told} == {
        text: 0.0 if not wanted else 1.0 if text in holding else -1.0 for text in told
    }
