"""Whose statements answer: of one kind, several in a row, and whose words a sentence holds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fakes import ScriptedReader

from assistant.answering.signs import Cited, Signs
from assistant.answering.weighing import signs_of
from assistant.assistant import Assistant

Open = Callable[..., Assistant]

ARTICLE = """“The pier shakes,” said Ann Lee. “It is rotten. A plank fell.” Bo Ray promised a crane by June. Ray denied that the pier was sold.

Cy Moor had words of praise for the divers. “They worked all night,” he said.

Jo Marsh said “the lamps are out. It is dark there.” Ed Hall took pictures of the gap."""


def signs(quick: Open, question: str, wanted: str = "shakes") -> Signs:
    assistant = quick(ScriptedReader(wanted))
    assistant.add(ARTICLE)
    return signs_of(assistant.inquire(question, last="read"))


def texts(cited: Cited) -> list[str]:
    return [ranked.candidate.stored.sentence.text for ranked in cited.chosen]


@pytest.mark.parametrize(
    ("question", "statements"),
    [
        ("What did Bo Ray promise?", ["Bo Ray promised a crane by June."]),
        ("What did Bo Ray pledge?", ["Bo Ray promised a crane by June."]),
        ("What did Bo Ray deny?", ["Ray denied that the pier was sold."]),
        ("What did Bo Ray predict?", []),
        ("What did Ann Lee promise?", []),
        (
            "What did Ann Lee say about the pier?",
            ["“The pier shakes,” said Ann Lee.", "“It is rotten.", "A plank fell.”"],
        ),
        ("What did Jo Marsh say about the lamps?", ["Jo Marsh said “the lamps are out.", "It is dark there.”"]),
        ("What did Cy Moor say about the divers?", ["“They worked all night,” he said."]),
        ("Who said that a plank fell?", ["“The pier shakes,” said Ann Lee.", "A plank fell.”"]),
    ],
)
def test_which_statements_are_cited(quick: Open, question: str, statements: list[str]) -> None:
    assert sorted(texts(signs(quick, question).statements)) == sorted(statements)


@pytest.mark.parametrize(
    ("question", "wanted", "doubted"),
    [
        ("What did Ann Lee promise?", "shakes", True),  # she only says other things
        ("What did Bo Ray promise?", "crane", False),
        ("What did Ed Hall say?", "pictures", True),  # what somebody does is no answer to what they say
        ("What fell, according to Ann Lee?", "plank", False),
        ("What will come, according to Ann Lee?", "crane", True),
    ],
)
def test_what_nobody_who_is_asked_said_is_doubted(quick: Open, question: str, wanted: str, doubted: bool) -> None:
    assert signs(quick, question, wanted).is_said_by_others is doubted
