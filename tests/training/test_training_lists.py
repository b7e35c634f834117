"""Made lists, each thing with its value, and the questions on them; answers that something alike stands beside."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from functools import cache

import pytest
from training_fakes import CONTEXT, WHEN

from assistant.articles.sentences import split_sentences
from training.data import Example
from training.fit_questions import REWORDED_SHARE, as_people_ask
from training.listed import FRAMES, Frame, listed_question, read_frames
from training.near_misses import words_of
from training.wording import is_contested, is_reworded

NAMES = [name for name, _ in words_of(CONTEXT).names]
HEDGES = re.compile(r"\b(?:about|some|only|just|nearly|over|almost) ", re.I)


@cache
def made(n: int = 1500) -> list[Example]:
    drawn = (listed_question(WHEN, NAMES, random.Random(seed)) for seed in range(n))
    return [example for example in drawn if example is not None]


def told(example: Example) -> str:
    """Returns what was put into the passage."""
    for sentence in split_sentences(CONTEXT):
        before, after = CONTEXT[: sentence.start], CONTEXT[sentence.start :]
        if example.context.startswith(before) and example.context.endswith(after):
            return example.context[len(before) : len(example.context) - len(after)]
    raise AssertionError("the passage is not what it was")


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: f"{frame.owner}-{frame.value}-{frame.asks[0]}")
def test_a_frame_names_thing_and_value_once(frame: Frame) -> None:
    clauses = [clause for telling in frame.tellings for clause in telling if clause]
    assert all(re.findall(r"\{(\w)\}", clause.lower()) in (["o", "v"], ["v", "o"]) for clause in clauses)
    assert any(short for _, short in frame.tellings)
    assert all(re.findall(r"\{(\w)\}", question) == ["o"] for question in frame.asks)
    assert all(re.findall(r"\{(\w)\}", question) == ["v"] for question in frame.asks_back)


def test_frames_are_read_with_their_short_forms() -> None:
    text = "# a note\n\nplace year\n- {O} was founded in {v} > {o} in {v}\n- In {v} came {o}\n? When\n?? What came in {v}\n"
    assert read_frames(text) == [
        Frame(
            "place", "year", [("{O} was founded in {v}", "{o} in {v}"), ("In {v} came {o}", "")], ["When?"], ["What came in {v}?"]
        )
    ]  # fmt: skip


def test_a_list_stands_between_two_sentences_of_the_passage_which_keeps_all_its_words() -> None:
    examples = made()
    assert len(examples) > 900
    for example in examples:
        start, end = example.focus or (0, 0)
        assert example.context[start:end] in told(example)
        assert example.context[end - 1 : end + 1] == ". "


def test_the_answer_is_the_value_that_is_told_of_the_thing_asked_for() -> None:
    seen = 0
    for example in made():
        if not example.answerable:
            continue
        ((start, answer),) = example.answers
        ((first, last),) = example.support or ()
        assert example.context[start : start + len(answer)] == answer
        assert first <= start < start + len(answer) <= last
        passage = HEDGES.sub("", example.context[slice(*(example.focus or (0, 0)))]).lower()
        clauses = [
            HEDGES.sub("", _filled(form, thing, value).lower())
            for frame in FRAMES
            for asked in frame.asks + frame.asks_back
            if (named := _named(asked, example.question))
            for thing, value in (
                [(named, answer)] if asked in frame.asks else [(answer, named), (answer, named.split()[0])]
            )
            for telling in frame.tellings
            for form in telling
            if form
        ]
        assert clauses
        if "for a" not in example.question:  # one of them: "a child" for children
            seen += 1
            assert any(clause in passage for clause in clauses), (example.question, answer, passage)
    assert seen > 400


def _named(asked: str, question: str) -> str:
    found = re.fullmatch(re.sub(r"\\\{[ov]\\\}", "(.+)", re.escape(asked)), question)
    return found[1] if found else ""


def _filled(form: str, thing: str, value: str) -> str:
    return re.sub(r"\{[oO]\}", lambda _: thing, re.sub(r"\{[vV]\}", lambda _: value, form))


def test_a_thing_that_is_not_listed_has_no_answer_and_its_name_does_not_fit() -> None:
    unlisted = [example for example in made() if not example.answerable]
    assert 0.15 < len(unlisted) / len(made()) < 0.4
    for example in unlisted:
        ((start, end),) = example.mismatch or ()
        named = example.question[start:end].removeprefix("a ").removeprefix("an ")
        assert named
        assert named.lower() not in example.context[slice(*(example.focus or (0, 0)))].lower()
        assert (example.answers, example.support) == ((), None)
        plausible, text = example.plausible or (0, "")
        assert example.context[plausible : plausible + len(text)] == text


def test_something_else_may_be_told_of_the_same_things_beside_the_list() -> None:
    beside = [e for e in made() if told(e).strip() != e.context[slice(*(e.focus or (0, 0)))]]
    assert 0.2 < len(beside) / len(made()) < 0.6


def test_without_names_no_list_of_people_is_made() -> None:
    drawn = [listed_question(WHEN, [], random.Random(seed)) for seed in range(300)]
    assert any(example is None for example in drawn)
    assert not any(example and example.question.startswith("Who won in") for example in drawn)


@pytest.mark.parametrize(
    ("answer", "contested"),
    [
        ("1975", False),  # the only number of its sentence
        ("Anna Petrova", False),  # the Arax is in the question
        ("May 1990", False),  # a number, and the only one
        ("Julfa", True),  # May 1990 is a name, too
        ("40 million", False),
        ("opened", False),
    ],
)
def test_an_answer_is_contested_by_another_number_or_name_of_its_sentence(answer: str, contested: bool) -> None:
    assert is_contested(replace(WHEN, answers=((CONTEXT.index(answer), answer),))) is contested


def test_numbers_contest_each_other() -> None:
    text = "Adults pay 9 pounds and children 4."
    assert is_contested(replace(WHEN, context=text, answers=((text.index("4"), "4"),)))


@pytest.mark.parametrize(
    ("question", "reworded"),
    [
        ("When was the bridge over the Arax opened?", False),
        ("In which year did the new crossing go into service?", True),
        ("In which year did the new bridge go into service?", True),  # one of its words in four
        ("When was the bridge inaugurated?", False),  # one in two
    ],
)
def test_a_reworded_question_has_little_of_the_sentence_that_answers(question: str, reworded: bool) -> None:
    assert is_reworded(replace(WHEN, question=question)) is reworded


def test_without_a_labelled_answer_nothing_is_contested_or_reworded() -> None:
    unlabelled = replace(WHEN, answers=())
    assert not is_contested(unlabelled)
    assert not is_reworded(unlabelled)


def test_for_the_fit_questions_that_repeat_the_text_are_as_rare_as_where_people_ask_freely() -> None:
    repeating = [replace(WHEN, id=str(n)) for n in range(80)]
    reworded = [replace(e, question="In which year did the new crossing go into service?") for e in repeating[:20]]
    unlabelled = [replace(WHEN, answers=(), answerable=False)] * 7
    kept = as_people_ask([*repeating, *reworded, *unlabelled], random.Random(0))
    assert [e for e in kept if not e.answers] == unlabelled
    assert [e for e in kept if is_reworded(e)] == reworded
    assert len(kept) - len(unlabelled) == pytest.approx(20 / REWORDED_SHARE, abs=1)
    assert as_people_ask(reworded, random.Random(0)) == reworded
