"""One place decides: the table in its order, what each effect does, and which rule stands on the answer."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from types import FrameType
from typing import Any

import pytest
from conftest import SAMPLE
from fakes import ScriptedReader
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer
from assistant.answering.decision import (
    ANSWERABLE_THOUGH_DOUBTED,
    READER,
    RULES,
    decide,
    decided,
    names_of_rules,
    threshold,
)
from assistant.answering.signs import Cited, Signs
from assistant.assistant import Assistant
from assistant.chain import STEPS
from assistant.finding.ranking import Ranked
from assistant.finding.search import Candidate

Open = Callable[..., Assistant]
ONE: Any = Ranked(Candidate(None, None, None, True, (), 0.5, {}), None, None, 0.5, 0.5)  # type: ignore[arg-type]
SURE = Signs("fact", found_any=True, answerable=0.95, right=0.8, by_reader=(ONE,))
UNSURE = replace(SURE, answerable=0.05)


def test_the_reader_decides_where_no_rule_applies() -> None:
    yes, no = decide(SURE, "normal"), decide(UNSURE, "normal")
    assert (yes.rule, yes.answers, yes.probability, yes.cited) == (READER, True, 0.95, None)
    assert (no.rule, no.answers, no.probability) == (READER, False, 0.05)


@pytest.mark.parametrize(
    ("rule", "signs"),
    [
        ("wrong_type", {"is_of_wrong_type": True}),
        ("asked_person", {"names_the_asked": True}),
        ("swapped_names", {"swaps_names": True}),
        ("said_by_others", {"is_said_by_others": True}),
    ],
)
def test_a_doubt_refuses_what_the_reader_was_sure_of_and_says_so(rule: str, signs: dict[str, bool]) -> None:
    decision = decide(replace(SURE, **signs), "normal")
    assert (decision.rule, decision.effect, decision.answers) == (rule, "doubts", False)
    assert decision.probability == ANSWERABLE_THOUGH_DOUBTED < threshold("low")
    assert decide(replace(UNSURE, **signs), "normal").rule == READER, "the reader would have refused as well"
    assert decide(replace(SURE, **signs), "normal", frozenset([rule])).answers


@pytest.mark.parametrize("sign", ["is_of_wrong_type", "names_the_asked", "swaps_names"])
def test_no_is_an_answer_too(sign: str) -> None:
    assert decide(replace(SURE, wants_yes_no=True, **{sign: True}), "normal").answers


def test_what_a_rule_cites_answers_with_its_own_probability_and_the_first_of_them_holds() -> None:
    events, statements = Cited((ONE,), 0.83), Cited((ONE, ONE), 0.93)
    decision = decide(replace(UNSURE, events=events, statements=statements), "normal")
    assert (decision.rule, decision.effect, decision.probability, decision.cited) == ("events", "cites", 0.83, events)
    assert decide(replace(UNSURE, statements=statements), "normal").rule == "statements"
    assert decide(replace(UNSURE, statements_near=events), "normal").rule == "statements_near"
    assert decide(replace(UNSURE, events=events), "normal", frozenset(["events"])).rule == READER


def test_a_doubt_leaves_what_a_rule_cites_alone() -> None:
    decision = decide(replace(SURE, statements=Cited((ONE,), 0.93), is_said_by_others=True), "normal")
    assert (decision.rule, decision.probability) == ("statements", 0.93)


def test_statements_without_a_probability_of_their_own_are_cited_where_the_reader_is_sure() -> None:
    cited = Cited((ONE,), 0.0)
    sure, unsure = (decide(replace(s, statements=cited), "normal") for s in (SURE, UNSURE))
    assert (sure.rule, sure.probability, sure.cited) == ("statements", 0.95, cited)
    assert (unsure.rule, unsure.answers) == (READER, False)


def test_another_language_is_refused_whatever_else_shows() -> None:
    decision = decide(replace(SURE, language="German", statements=Cited((ONE,), 0.93)), "normal")
    assert (decision.rule, decision.effect, decision.answers) == ("other_language", "refuses", True)


@pytest.mark.parametrize(
    ("signs", "rule", "answers"),
    [
        (Signs("nothing"), "no_question", False),
        (Signs("greeting"), "greeting", False),
        (Signs("fact", holds_articles=False), "no_article", False),
        (Signs("about", is_on_the_whole=True), "whole_article", True),
    ],
)
def test_what_needs_no_reader(signs: Signs, rule: str, answers: bool) -> None:
    decision = decide(signs, "normal")
    assert (decision.rule, decision.effect, decision.answers) == (rule, "answers", answers)


def test_nothing_is_answered_where_nothing_was_found() -> None:
    assert not decide(replace(SURE, found_any=False), "low").answers


@given(
    st.floats(0, 1),
    st.booleans(),
    st.sets(st.sampled_from([rule.name for rule in RULES])),
    st.sampled_from(["is_of_wrong_type", "names_the_asked", "swaps_names", "is_said_by_others", "wants_yes_no"]),
)
def test_more_careful_never_answers_more(answerable: float, shows: bool, off: set[str], sign: str) -> None:
    signs = replace(SURE, answerable=answerable, **{sign: shows})
    answered = [decide(signs, carefulness, frozenset(off)).answers for carefulness in ("low", "normal", "high")]
    assert answered == sorted(answered, reverse=True)


def test_each_rule_has_a_name_of_its_own_and_a_source() -> None:
    names = names_of_rules()
    assert len(names) == len(set(names))
    assert READER not in names
    assert all(rule.source for rule in RULES)


def test_which_rule_decided_stands_on_the_answer_and_in_its_json(quick: Open) -> None:
    text = "The city of Gyumri has the 102nd base."
    assistant = quick(ScriptedReader("Gyumri", lambda s: (s.start + 27, s.start + 32)))
    assert assistant.ask("Who?").decided_by == "no_article"
    assistant.add(f"Bananas are yellow. {text} In 2020 a war broke out. Ann Lee said that it rained.")
    expected = {
        "What is this about?": "whole_article",
        "hello": "greeting",
        "?": "no_question",
        "What happened in 2020?": "events",
        "What did Ann Lee say?": "statements",
        "How many men stay at the 102nd base?": "wrong_type",
        "Which city has the 101st base?": "swapped_names",
        "Wo ist die Stadt und wer hat das gesagt?": "other_language",
        "Which base does Gyumri have?": "reader",
    }
    assert {question: assistant.ask(question).decided_by for question in expected} == expected
    assert assistant.ask("hello").to_dict()["decided_by"] == "greeting"
    assistant.rules_off = frozenset(["swapped_names"])
    assert assistant.ask("Which city has the 101st base?").decided_by == "reader"


QUESTIONS = [
    "What did Mirzoyan say?", "What did Mirzoyan say about the base?", "When was the base established?",
    "How many soldiers serve there?", "Who is the foreign minister?", "Where is the base?", "Why does the base matter?",
    "Is the base in Gyumri?", "What is this about?", "Summarise it", "Who said what?", "What happened in 1995?",
    "What did the foreign minister say?", "Who said that Armenia has no intention?", "hello", "?", "Wer hat das gesagt und wo?",
    "What did Putin say about bananas?", "Which minister met the Turkish president?", "How much does the elephant weigh?",
]  # fmt: skip


def test_the_step_that_answers_passes_few_modules_and_builds_its_answer_in_few_places(quick: Open) -> None:
    """Counts over twenty questions what the step enters, and from which lines an Answer is made."""
    assistant = quick(ScriptedReader("Mirzoyan"))
    assistant.add_file(SAMPLE)
    modules: set[str] = set()
    places: set[tuple[str, int]] = set()
    package = str(SAMPLE.parents[2] / "assistant")

    def trace(frame: FrameType, event: str, _: object) -> None:
        if event != "call":
            return
        file = frame.f_code.co_filename
        if file.startswith(package):
            modules.add(file)
        if frame.f_code is Answer.__init__.__code__ and frame.f_back is not None:
            places.add((frame.f_back.f_code.co_filename, frame.f_back.f_code.co_firstlineno))

    for question in QUESTIONS:
        inquiry = assistant.inquire(question, last="weigh")
        sys.setprofile(trace)
        try:
            STEPS["answer"](inquiry)
        finally:
            sys.setprofile(None)
    assert len(modules) <= 8, sorted(modules)
    assert 1 <= len(places) <= 4, sorted(places)


def test_what_was_not_weighed_is_not_decided(quick: Open) -> None:
    with pytest.raises(ValueError, match=r"The inquiry was not weighed yet\."):
        decided(quick().inquire("Why?", last="read"))


def test_a_doubt_leaves_a_chance_of_one_in_ten() -> None:
    assert decide(replace(SURE, swaps_names=True), "low").probability == 0.1
    assert decide(replace(SURE, answerable=0.04, swaps_names=True), "low").probability == 0.04
