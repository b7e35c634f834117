"""The wording of a question tells what kind of answer it wants."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.intent import intent_of, speaker_span, topic_of


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When was the base established?", "fact"),
        ("Which countries border Armenia?", "fact"),
        ("What did Mirzoyan say?", "said"),
        ("According to Kopyrkin, what is not on the agenda?", "said"),
        ("What happened in 2020?", "happened"),
        ("And what else took place on May 9?", "happened"),
        ("What happened in 2020 in Yerevan?", "fact"),  # more than the time is asked for
        ("What happened to Mirzoyan?", "fact"),
        ("What happened in it?", "about"),
        ("Who said that?", "speaker"),
        ("And who also warned against it? (What is feared? A war.)", "speaker"),
        ("Who added the tower?", "fact"),
        ("Did Mirzoyan resign?", "yes_no"),
        ("Isn’t the base closing?", "yes_no"),
        ("What is this article about?", "about"),
        ("Please summarise the article.", "about"),
        ("TL;DR", "about"),
        ("What are the main points?", "about"),
        ("Who is mentioned?", "mentioned"),
        ("Who said what?", "who_said_what"),
        ("Hello!", "greeting"),
        ("thanks a lot", "greeting"),
        ("", "nothing"),
        ("?! …", "nothing"),
        ("🙂", "nothing"),
    ],
)
def test_kinds(question: str, kind: str) -> None:
    assert intent_of(question).kind == kind


@pytest.mark.parametrize(
    ("question", "speakers"),
    [
        ("What did Mirzoyan say?", ("Mirzoyan",)),
        ("What did Mirzoyan say about Turkey?", ("Mirzoyan",)),
        ("What is the base, according to Kopyrkin?", ("Kopyrkin",)),
        ("When was Gyumri founded?", ()),
    ],
)
def test_speakers_are_those_who_are_asked_about(question: str, speakers: tuple[str, ...]) -> None:
    assert intent_of(question).speakers == speakers


@pytest.mark.parametrize(
    ("question", "times"),
    [
        ("What happened in 2020?", ("2020",)),
        ("What happened in the 1990s?", ("1990s",)),
        ("what happened on May 9, 1945", ("may", "9", "1945")),
        ("What happened in the summer of 1990?", ("1990",)),
        ("What happened in Yerevan?", ()),
        ("What did Mirzoyan say in 2020?", ()),
    ],
)
def test_the_time_that_events_are_asked_for(question: str, times: tuple[str, ...]) -> None:
    assert intent_of(question).times == times


@given(st.text(max_size=150))
def test_every_question_is_of_some_kind(question: str) -> None:
    intent = intent_of(question)
    if not any(c.isalnum() for c in question):
        assert intent.kind == "nothing"
    if re.search(r"[^\W_]{5}", question):
        assert intent.kind != "nothing"
    assert set(intent.speakers) <= set(intent.names)
    assert intent.kind == "said" or intent.speakers == ()


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What did Mirzoyan say?", set()),
        ("What did Mirzoyan say about the base?", {"base"}),
        ("What did the Armenian foreign minister Ararat Mirzoyan say?", set()),
        ("What did the union say about it? (How many people lose their jobs? 340)", set()),
        ("According to the ambassador, what is on the agenda?", {"agenda"}),
    ],
)
def test_what_somebody_is_asked_to_have_spoken_of(question: str, topic: set[str]) -> None:
    assert topic_of(question, intent_of(question)) == topic


@pytest.mark.parametrize(
    ("question", "called"),
    [
        ("What did the Rovian coach say?", "the Rovian coach"),
        ("what did mirzoyan say about tea", "mirzoyan"),
        ("According to Anna Lee, why?", "Anna Lee"),
        ("When was it built?", None),
    ],
)
def test_who_is_asked_to_have_spoken_stands_in_the_question(question: str, called: str | None) -> None:
    span = speaker_span(question)
    assert (question[slice(*span)] if span else None) == called
