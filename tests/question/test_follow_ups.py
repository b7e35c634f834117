"""A follow-up takes what it lacks from the turns before it, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question.follow_ups import StandAlone, stand_alone

MIRZOYAN = (
    "What did Mirzoyan say?",
    "Yerevan has no intention of raising the issue in bilateral discussions at all, ever, he said.",
)
BASE = ("When was the base established?", "In the 1990s.")


@given(st.text(max_size=200))
def test_without_history_a_question_is_itself(question: str) -> None:
    assert stand_alone(question, ()).shown == " ".join(question.split())


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
    assert stand_alone(question, history).shown == expected


def test_a_long_answer_and_a_refusal_are_not_put_in() -> None:
    assert stand_alone("Why?", [MIRZOYAN]).shown == "Why? (What did Mirzoyan say?)"
    assert stand_alone("Why?", [("Who?", "The article does not say.")]).shown == "Why? (Who?)"


def test_only_the_last_three_turns_count() -> None:
    turns = [("Who is Ararat Mirzoyan?", "A minister."), *[("When was it built?", "In the 1990s.")] * 3]
    assert "Mirzoyan" not in stand_alone("What did he say?", turns).shown
    assert stand_alone("What did he say?", turns[:3]).shown == "What did Ararat Mirzoyan say?"


@given(st.text(max_size=80), st.lists(st.tuples(st.text(max_size=60), st.text(max_size=60)), max_size=4))
def test_any_history_gives_one_line_of_text(question: str, history: list[tuple[str, str]]) -> None:
    standalone = stand_alone(question, history).shown
    assert standalone == " ".join(standalone.split())
    assert bool(standalone) == bool(question.split())


def test_what_is_added_stands_apart_from_the_question_and_a_user_s_own_brackets_stay() -> None:
    pointing = stand_alone("And where does it stay (the base)", [("What is it?", "A base.")])
    assert (pointing.text, pointing.added) == ("And where does it stay (the base)", "What is it? A base.")
    alone = stand_alone("Where is Gyumri (the town)", [("Who leads?", "Ada.")])
    assert (alone.text, alone.added, alone.shown) == ("Where is Gyumri (the town)", "", "Where is Gyumri (the town)")


# A question, the turns before it, and the question that stands alone: its words, and what is added of the turn before.
# fmt: off
STANDING_ALONE: list[tuple[str, list[tuple[str, str]], str, str]] = [
    ('And Kopyrkin?', [('What did Mirzoyan say?', 'No.')], 'What did Kopyrkin say?', ''),
    ('What about Kopyrkin?', [('When?', '1990'), ('What did Mirzoyan say?', 'No.')], 'What did Kopyrkin say?', ''),
    ('And in 2020?', [('What happened in 2018?', 'Nothing.')], 'What happened in 2020?', ''),
    ('And 1820?', [('What happened in 1818?', 'Nothing.')], 'What happened in 1820?', ''),
    ('And in 20205?', [('What happened in 2018?', 'Nothing.')], 'And in 20205?', 'What happened in 2018? Nothing.'),
    ('And for the old and cold big 2020 then?', [('What happened in 2018?', 'Nothing.')], 'And for the old and cold big 2020 then?', 'What happened in 2018? Nothing.'),
    ('And in Elm?', [('When did it rain in Oak?', '2018')], 'When did it rain in Elm?', ''),
    ('And in Elm?', [('When did it rain in Oak and Ash?', '2018')], 'And in Elm?', 'When did it rain in Oak and Ash? 2018'),
    ('And Elm and Oak?', [('When did it rain in Ash?', '2018')], 'And Elm and Oak?', 'When did it rain in Ash? 2018'),
    ('And with Ann Lee?', [('When did he leave with Bo Ray?', '2018')], 'When did he leave with Ann Lee?', ''),
    ('And the big old cold Elm?', [('When did it rain in Oak?', '2018')], 'And the big old cold Elm?', ''),
    ('When did he say that he would resign?', [('What did Mirzoyan say?', 'No.')], 'When did Mirzoyan say that Mirzoyan would resign?', ''),
    ('What is his opinion of Elm?', [('What did Mirzoyan say?', 'No.')], 'What is his opinion of Elm?', ''),
    ('What is hers?', [('Whom did Ada Lund meet?', 'Bo')], "What is Bo's?", ''),
    ('What did her dog do to her?', [('Whom did Ada Lund meet?', 'Bo')], "What did Bo's dog do to Bo?", ''),
    ('Did she hurt herself?', [('Whom did Ada Lund meet?', 'Bo')], 'Did Bo hurt Bo?', ''),
    ('What did he tell Bo Ray?', [('Whom did Ada Lund meet?', 'Bo')], 'What did he tell Bo Ray?', ''),
    ('Why?', [('When was it built?', 'In 1990.')], 'Why?', 'When was it built? In 1990.'),
    ('And in which year?', [('Where was it built?', 'Elm.')], 'And in which year?', 'Where was it built? Elm.'),
    ('Tell me more', [('Where was it built?', 'Elm.')], 'Tell me more', 'Where was it built? Elm.'),
    ('Which one?', [('Where was it built?', 'Elm.')], 'Which one?', 'Where was it built? Elm.'),
    ('Why?', [('Where was it built?', 'one two three four five six seven eight nine ten eleven twelve')], 'Why?', 'Where was it built? one two three four five six seven eight nine ten eleven twelve'),
    ('Why?', [('Where was it built?', 'one two three four five six seven eight nine ten eleven twelve more')], 'Why?', 'Where was it built?'),
    ('Why?', [('Where was it built?', 'The article does not say.')], 'Why?', 'Where was it built?'),
    ('Why?', [('Where was it built?', '')], 'Why?', 'Where was it built?'),
    ('Why?', [('Where  was\n it built?', 'In  Elm')], 'Why?', 'Where was it built? In Elm'),
    ('  Why  ? ', [('Where was it built?', 'Elm')], 'Why ?', 'Where was it built? Elm'),
    ('', [('Where was it built?', 'Elm')], '', ''),
    ('What is it about?', [('Where was it built?', 'Elm')], 'What is it about?', ''),
    ('What is the article about?', [('Where was it built?', 'Elm')], 'What is the article about?', ''),
    ('How did Elm respond?', [('What do they fear?', 'War.')], 'How did Elm respond?', 'What do they fear? War.'),
    ('And how did Elm react?', [('What do they fear?', 'War.')], 'And how did Elm react?', 'What do they fear? War.'),
    ('Who agreed?', [('What do they fear?', 'War.')], 'Who agreed?', 'What do they fear? War.'),
    ('Which reply was replied?', [('What do they fear?', 'War.')], 'Which reply was replied?', ''),
    ('How did Elm respond to the war?', [('What do they fear?', 'War.')], 'How did Elm respond to the war?', ''),
    ('And the manager?', [('What did he say?', 'It was late.')], 'What did the manager say?', ''),
    ('And the council?', [('What did the union say about jobs?', '')], 'What did the council say about jobs?', ''),
    ('And the council of Elm?', [('What did the union say about jobs?', '')], 'What did the council of Elm say about jobs?', ''),
    ('And Elm?', [('What did the union say about jobs?', '')], 'And Elm?', 'What did the union say about jobs?'),
    ('And the old Elm?', [('What did the union say about jobs?', '')], 'What did the old Elm say about jobs?', ''),
    ('And the White House?', [('What did Ann say about tea?', '')], 'What did the White House say about tea?', ''),
    ('And the White House lawn?', [('What did Ann say about tea?', '')], 'What did Ann say about the White House lawn?', ''),
    ('And about Elm?', [('What did Ann say about tea?', '')], 'What did Ann say about Elm?', ''),
    ('And ABOUT the coach?', [('What did Ann say about tea?', '')], 'What did Ann say about the coach?', ''),
    ('And the base?', [('What did the manager say on Monday?', '')], 'What did the manager say about the base?', ''),
    ('And tea?', [('What did the manager say on Monday?', '')], 'And tea?', 'What did the manager say on Monday?'),
    ('And the harbour?', [('When was the pier built?', '1990')], 'And the harbour?', 'When was the pier built? 1990'),
    ('What about the harbour?', [('Who said what?', '')], 'What about the harbour?', 'Who said what?'),
    ('What did she say about tea?', [('What did the manager say?', 'Kofi ran.')], 'What did the manager say about tea?', ''),
    ('What did she say about tea?', [('What did Ann Lee say?', 'Kofi ran.')], 'What did Ann Lee say about tea?', ''),
    ('Whom did she marry?', [('When was Ada Lund born?', '1921'), ('Where?', 'Malmo')], 'Whom did Ada Lund marry?', ''),
    ('Whom did she marry?', [('When was Ada Lund born?', '1921'), ('Where was it?', 'Jo Ash')], 'Whom did Ada Lund marry?', ''),
    ('Whom did she marry?', [('When was Ada Lund born?', '1921'), ('In which city was it?', 'Jo Ash')], 'Whom did Ada Lund marry?', ''),
    ('Whom did he marry?', [('Who met Ada Lund?', 'Jo Ash')], 'Whom did Jo Ash marry?', ''),
    ('Whom did he marry?', [('Why did Ada Lund leave?', 'Jo Ash came.')], 'Whom did Ada Lund marry?', ''),
    ('Whom did he marry?', [('Why did they leave?', 'Jo Ash came.')], 'Whom did Jo Ash marry?', ''),
    ('Whom did he marry?', [('Who left?', 'It was Jo Ash and Bo Ray.')], 'Whom did Jo Ash marry?', ''),
    ('What did she do then?', [('When was she born?', '1921'), ('Whom did Ada Lund marry?', 'Nils Ost'), ('How did he die?', 'At sea')], 'What did Ada Lund do then?', ''),
    ('How did he die?', [('Was Ada her name?', 'Yes'), ('Whom did she marry?', 'Nils Ost')], 'How did Nils Ost die?', ''),
    ('How did she die?', [('Was Ada her name?', 'Yes'), ('Whom did she marry?', 'Nils Ost')], 'How did Nils Ost die?', ''),
    ('What did he say?', [('Who is Ann Mirzoyan?', 'A minister.'), ('When?', '1990'), ('When?', '1990'), ('When?', '1990')], 'What did he say?', ''),
    ('What did he say?', [('Who is Ann Mirzoyan?', 'A minister.'), ('When?', '1990'), ('When?', '1990')], 'What did Ann Mirzoyan say?', ''),
    ('How many people lose their jobs?', [('When?', '1990')], 'How many people lose their jobs?', ''),
    ('When did the company publish its report?', [('When?', '1990')], 'When did the company publish its report?', ''),
    ('When did the companies publish its report?', [('When?', '1990')], 'When did the companies publish its report?', 'When? 1990'),
    ('When did the company publish their report?', [('When?', '1990')], 'When did the company publish their report?', 'When? 1990'),
    ('When did the company publish its report on it?', [('When?', '1990')], 'When did the company publish its report on it?', 'When? 1990'),
    ('Who opposed their plan?', [('What do they fear?', 'War.')], 'Who opposed their plan?', 'What do they fear? War.'),
    ('Where is it?', [('What is the base?', 'War.')], 'Where is it?', 'What is the base? War.'),
    ('And where in Elm is it?', [('What is the base?', 'War.')], 'And where in Elm is it?', 'What is the base? War.'),
    ('And Elm is it?', [('What is the base?', 'War.')], 'And Elm is it?', 'What is the base? War.'),
    ('Elm is it?', [('What is the base?', 'War.')], 'Elm is it?', ''),
    ('Who scored the first goal?', [('What is the base?', 'War.')], 'Who scored the first goal?', ''),
    ('What does the first say?', [('What is the base?', 'War.')], 'What does the first say?', 'What is the base? War.'),
    ('What is the same?', [('What is the base?', 'War.')], 'What is the same?', 'What is the base? War.'),
    ('Who else came?', [('What is the base?', 'War.')], 'Who else came?', 'What is the base? War.'),
    ('Did anybody else come?', [('What is the base?', 'War.')], 'Did anybody else come?', 'What is the base? War.'),
    ('So it rained', [('What is the base?', 'War.')], 'So it rained', 'What is the base? War.'),
    ('So big rain fell down?', [('What is the base?', 'War.')], 'So big rain fell down?', ''),
    ('So rain fell?', [('What is the base?', 'War.')], 'So rain fell?', 'What is the base? War.'),
    ('Rain fell?', [('What is the base?', 'War.')], 'Rain fell?', ''),
    ('Was that the base?', [('What is the base?', 'War.')], 'Was that the base?', 'What is the base? War.'),
    ('What that man is big?', [('What is the base?', 'War.')], 'What that man is big?', ''),
    ('And what did Ann say?', [('What is the base?', 'War.')], 'And what did Ann say?', 'What is the base? War.'),
    ('Who is the minister?', [('What is the base?', 'War.')], 'Who is the minister?', ''),
    ("And the union's manager?", [('What did Ann say about tea. ', '')], "What did the union's manager say about tea.", ''),
    ('And her dog?', [('What did Ann Lee say about tea?', '')], 'What did Ann Lee say about her dog?', ''),
    ('And he?', [('What did Ann Lee say about tea?', '')], 'And Ann Lee?', ''),
    ('And in the Elm?', [('When did it rain in Oak?', '2018'), ('What was it in Oak?', '')], 'What was it in Elm?', ''),
    ('Why?', [('When did it rain in Oak?', '2018'), ('What was it in Ash?', '5')], 'Why?', 'What was it in Ash? 5'),
    ('Where is it?', [('When did it rain in Oak?', '2018'), ('What was it in Ash?', '5')], 'Where is it?', 'What was it in Ash? 5'),
    ('What did He say?', [('Who is Ann Mirzoyan?', 'A minister.')], 'What did Ann Mirzoyan say?', ''),
    ('What did SHE do to HER dog?', [('Who is Ann Mirzoyan?', 'A minister.')], "What did Ann Mirzoyan do to Ann Mirzoyan's dog?", ''),
    ('And THE coach?', [('What did Ann say ABOUT tea?', '')], 'What did THE coach say ABOUT tea?', ''),
    ('And the Minister?', [('What did Ann say about tea?', '')], 'What did the Minister say about tea?', ''),
    ('And the minister?', [('What did Ann say about tea?', '')], 'What did the minister say about tea?', ''),
    ('And the Coach?', [('What did Ann say about tea?', '')], 'What did the Coach say about tea?', ''),
    ('What did he say?', [('What did Yale University do?', 'Ann left.')], 'What did Ann say?', ''),
    ('What did he say?', [('What did they do?', 'Yale University opened.')], 'What did he say?', ''),
    ('Why did he go?', [('When did the manager leave?', '1990')], 'Why did he go?', ''),
    ('Why did he go?', [('What did they say about it?', 'Ann Lee left.')], 'Why did they go?', 'What did they say about it? Ann Lee left.'),
    ('Why did he go?', [('What was said about Ann Lee?', 'Bo Ray left.')], 'Why did Ann Lee go?', ''),
    ('And in the town of Elm?', [('When did it rain in Oak?', '2018')], 'And in the town of Elm?', 'When did it rain in Oak? 2018'),
    ('And in the old Elm?', [('When did it rain in Oak?', '2018')], 'When did it rain in Elm?', ''),
    ('And New Elm?', [('When did it rain in Old Oak?', '2018')], 'When did it rain in Old New Elm?', ''),
    ('And in the very old town Elm?', [('When did it rain in Oak?', '2018')], 'And in the very old town Elm?', ''),
    ('And the White House?', [('What did it do about tea?', '')], 'And the White House?', 'What did it do about tea?'),
    ('And the White House?', [('Who said so of tea?', '')], 'And the White House?', 'Who said so of tea?'),
    ('And Elm, what of the dog?', [('What did Ann say about tea?', '')], 'And Elm, what of the dog?', 'What did Ann say about tea?'),
]
# fmt: on


@pytest.mark.parametrize(("question", "history", "text", "added"), STANDING_ALONE)
def test_what_is_put_in_and_what_is_added(question: str, history: list[tuple[str, str]], text: str, added: str) -> None:
    assert stand_alone(question, history) == StandAlone(text, added)
