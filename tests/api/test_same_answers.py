"""One answer, whatever the way in: Python, the command line, REST, agents, OpenAI's form and Gradio's client."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from conftest import ROOT

from api.conftest import served_by
from api.ways_in import Way, differing, ways_in
from assistant.assistant import Assistant

QUESTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("What did Mirzoyan say?", ()),
    ("Who is the foreign minister of Armenia?", ()),
    ("Where is the 102nd base?", ()),
    ("When was the base established?", ()),
    ("How many soldiers serve at the base?", ()),
    ("What is the article about?", ()),
    ("Who won the football match?", ()),
    ("Hello", ()),
    ("hm", ()),
    ("What did he say about it?", ("What did Mirzoyan say?",)),
)
"""Each with the questions before it."""
N_OF_SETS = 100


@pytest.fixture
def ways(sample: Assistant, with_sample: None) -> Iterator[dict[str, Way]]:  # noqa: ARG001 - the command line's library
    with served_by(sample) as served, ways_in(served) as found:
        assert len(found) == 7
        yield found


def test_ten_questions_have_the_same_answer_on_every_way_in(sample: Assistant, ways: dict[str, Way]) -> None:
    n_answered = 0
    for question, before in QUESTIONS:
        history = [(asked, sample.ask(asked).as_markdown()) for asked in before]
        assert differing(ways, question, history) == {}, question
        n_answered += not sample.ask(question, history=history).abstained
    assert 4 <= n_answered < len(QUESTIONS)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_hundred_questions_have_the_same_answer_on_every_way_in(sample: Assistant, ways: dict[str, Way]) -> None:
    questions = of_sets()
    assert len(questions) == N_OF_SETS
    found = {question: differing(ways, question) for question in questions}
    assert {question: answers for question, answers in found.items() if answers} == {}
    assert N_OF_SETS // 4 <= sum(not sample.ask(question).abstained for question in questions) < N_OF_SETS


def of_sets() -> list[str]:
    """Returns questions of two sets: those on the sample article, then some on others, most of which it does not answer."""
    found: list[str] = []
    for name in ("sample", "general"):
        text = (ROOT / "tests" / "quality" / f"{name}.jsonl").read_text(encoding="utf-8")
        found += [json.loads(line)["question"] for line in text.splitlines() if line.strip()]
    return list(dict.fromkeys(found))[:N_OF_SETS]
