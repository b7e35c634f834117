"""Who is meant by what somebody is: the words beside a name decide, and all words of the role must be among them."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.weighing import ROLE_PRECISION, SPEAKER_PRECISION
from assistant.assistant import Assistant
from assistant.finding.role_holders import holders, with_holders
from assistant.question.intent import intent_of

Open = Callable[..., Assistant]
TELLING = [
    "Goalkeeper Ivo Brandt held the penalty of captain Ruud Maas.",
    "Their coach, Mette Dahl, praised him.",
    "The Rovian foreign minister, Ana Sorel, met Deputy Foreign Minister Pavel Ost.",
    "Karla Lind, the ambassador to Rovia, was there.",
    "Tea Horvat is the chief executive of Nordwind, whose spokesman for Minister Karl Ott left.",
]


@pytest.mark.parametrize(
    ("role", "people"),
    [
        ("goalkeeper", ["Ivo Brandt"]),
        ("captain", ["Ruud Maas"]),
        ("coach", ["Mette Dahl"]),
        ("foreign minister", ["Ana Sorel"]),
        ("Rovian foreign minister", ["Ana Sorel"]),
        ("deputy foreign minister", ["Pavel Ost"]),
        ("Lurian foreign minister", []),
        ("ambassador", ["Karla Lind"]),
        ("ambassador to Rovia", ["Karla Lind"]),
        ("Rovia's ambassador", []),  # she is another country's
        ("chief executive of Nordwind", ["Tea Horvat"]),
        ("Nordwind's executive", ["Tea Horvat"]),
        ("chief executive", ["Tea Horvat"]),
        ("executive of Nordwind", ["Tea Horvat"]),
        ("spokesman", []),
        ("referee", []),
        ("penalty", []),
        ("", []),
    ],
)
def test_who_is_called_by_a_role(role: str, people: list[str]) -> None:
    assert holders(role, TELLING) == people


@pytest.mark.parametrize(
    "sentence",
    [
        "Mette Dahl complained about the referee.",
        "Mette Dahl, complaining about the referee, left.",
        "Mette Dahl was attacked by the referee.",
        "The referee spoke to Mette Dahl.",
        "The referee of Mette Dahl's match left.",
        "Mette Dahl was a former referee.",
        '"Go," said Mette Dahl, "the referee is blind."',
        "The referee, Dahl and Maas were late.",
    ],
)
def test_who_only_stands_near_a_role_does_not_hold_it(sentence: str) -> None:
    assert holders("referee", [sentence]) == []


@pytest.mark.parametrize(
    ("question", "roles", "speakers"),
    [
        ("What did the goalkeeper say?", ("goalkeeper",), ()),
        ("What did the Rovian coach say about the match?", ("Rovian coach",), ()),
        ("According to the Foreign Minister, what is planned?", ("Foreign Minister",), ()),
        ("what did sorel say", ("sorel",), ()),
        ("What did the coach and the captain each say?", ("coach", "captain"), ()),
        ("What did Sorel and her coach say?", ("Sorel", "coach"), ()),
        ("What did Sorel and Ost say?", (), ("Sorel", "Ost")),
        ("What did Sorel say?", (), ("Sorel",)),
        ("What did the coach Mette Dahl say?", (), ("Mette Dahl",)),
        ("What did the White House say?", (), ("White House",)),
        ("What did they say?", (), ()),
        ("What does the article say about tea?", (), ()),
        ("Who is the foreign minister?", (), ()),
    ],
)
def test_the_question_names_a_role_or_a_name(question: str, roles: tuple[str, ...], speakers: tuple[str, ...]) -> None:
    intent = intent_of(question)
    assert (intent.roles, intent.speakers) == (roles, speakers)


@given(st.text(max_size=60), st.lists(st.text(max_size=120), max_size=3))
def test_any_role_in_any_text_is_held_by_names_of_the_text(role: str, sentences: list[str]) -> None:
    assert all(any(name in sentence for sentence in sentences) for name in holders(role, sentences))


@pytest.mark.parametrize("text", ["coach " * 20_000, "Ann Lee, " * 5_000, "coach, Ann Lee, " * 3_000])
def test_long_sentences_take_seconds(text: str) -> None:
    began = time.perf_counter()
    holders("coach", [text])
    assert time.perf_counter() - began < 5


def test_a_role_is_looked_for_in_the_articles_asked_and_may_be_all_the_name_there_is(quick: Open) -> None:
    assistant = quick()
    match = assistant.add('Coach Mette Dahl was there. "We ran well," Dahl said. "So did they," said the old woman.')
    other = assistant.add("Coach Bo Falk came late.")
    coach, woman = intent_of("What did the coach say?"), intent_of("What did the old woman say?")
    assert with_holders(coach, assistant.store).speakers == ("Mette Dahl", "Bo Falk")
    assert with_holders(coach, assistant.store, [other.id]).speakers == ("Bo Falk",)
    assert with_holders(woman, assistant.store, [match.id]).speakers == ("old woman",)
    assert with_holders(woman, assistant.store, [other.id]).speakers == ()
    both = intent_of("What did the old woman and the coach say?")
    assert with_holders(both, assistant.store, [match.id]).speakers == ("old woman", "Mette Dahl")


def test_what_the_minister_said_is_what_the_one_who_is_the_minister_said(sample: Assistant) -> None:
    asked, named = sample.ask("What did the foreign minister say?"), sample.ask("What did Mirzoyan say?")
    assert [c.sentence for c in asked.citations] == [c.sentence for c in named.citations]
    assert {asked.short_answer, named.short_answer} <= {_words(sample, span) for span in asked.short_spans}
    assert asked.confidence == pytest.approx(SPEAKER_PRECISION * ROLE_PRECISION)
    assert sample.ask("What did the Russian foreign minister say?").abstained
    assert sample.ask("what did kopyrkin say about the agenda").citations[0].sentence.speaker == "Sergey Kopyrkin"


def _words(assistant: Assistant, span: tuple[str, int, int]) -> str:
    article_id, start, end = span
    return assistant.article(article_id).text[start:end]


def test_the_labelled_roles_are_of_public_contexts() -> None:
    lines = (Path(__file__).parents[1] / "quality" / "roles.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(set(lines)) == 90
