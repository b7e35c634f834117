"""Who speaks in an interview and in a transcript, and what is neither."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.articles.sentences import split_sentences
from assistant.assistant import Assistant
from assistant.english.names import find_people
from assistant.networks.embeddings import Embedder
from assistant.networks.reader import Reader
from assistant.speech.speakers import attribute_speakers
from assistant.speech.transcripts import find_turns

Open = Callable[..., Assistant]

INTERVIEW = """“The lamp must not go out”

Berit Halvorsen kept the light on Skarv for thirty years. She spoke to us in Tromsø.

What was the hardest winter?

Halvorsen: The one of 1978. I was alone with two goats. The supply boat could not land for nine weeks.

And the fog?

Halvorsen: We rang a bell by hand.

Did they pay you for it?

Halvorsen: Not a penny. The bell was all that I was given.
"""
PIECES = st.sampled_from(
    ["Ann: ", "ANN LEE: ", "I ", "we ", "Ann Lee ", "\n", "\n\n", "[1:02] ", "Note: ", " (laughs)", ": ", "says. "]
)


def speakers(text: str) -> list[tuple[str, str]]:
    return [(s.speaker, s.text) for s in attribute_speakers(text, split_sentences(text)) if s.speaker]


def test_the_one_who_is_interviewed_says_her_paragraphs_and_no_other() -> None:
    assert speakers(INTERVIEW) == [
        ("Berit Halvorsen", "Halvorsen: The one of 1978."),
        ("Berit Halvorsen", "I was alone with two goats."),
        ("Berit Halvorsen", "The supply boat could not land for nine weeks."),
        ("Berit Halvorsen", "Halvorsen: We rang a bell by hand."),
        ("Berit Halvorsen", "Halvorsen: Not a penny."),
        ("Berit Halvorsen", "The bell was all that I was given."),
    ]


def test_in_a_transcript_every_paragraph_belongs_to_the_speaker_before() -> None:
    text = (
        "OPERATOR: We begin.\n\nJane Pool (CFO): Sales rose.\n\nI expect more.\n\n[00:04:12] OPERATOR: Next.\n"
        "Jane Pool: Thank you. The engineers say it works.\n\nThe call ended at four."
    )
    assert speakers(text) == [
        ("OPERATOR", "OPERATOR: We begin."),
        ("Jane Pool", "Jane Pool (CFO): Sales rose."),
        ("Jane Pool", "I expect more."),
        ("OPERATOR", "[00:04:12] OPERATOR: Next."),
        ("Jane Pool", "Jane Pool: Thank you."),
        ("Jane Pool", "The engineers say it works."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Note: I was told of it.\n\nNote: We were, too.",
        "Ingredients: flour and milk.\n\nMethod: stir it.\n\nIngredients: eggs.\n\nMethod: beat them.",
        "Lindal: 41 species.\nEkberg: 30 species.\nLindal: two books.\nEkberg: none.",
        "Pool: I was there once, and only once.",
        "Pool: I was there.\n\nPool: I left.",  # nobody of that name in the text
        "",
    ],
)
def test_other_lines_with_labels_are_nobody_s_words(text: str) -> None:
    assert find_turns(text, find_people(text)) == []


@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join)))
def test_turns_lie_in_the_text_and_do_not_overlap(text: str) -> None:
    places = [place for turn in find_turns(text, find_people(text)) for place in (turn.start, turn.end)]
    assert places == sorted(places)
    assert all(0 <= place <= len(text) for place in places)
    assert all(turn.start < turn.end and turn.speaker for turn in find_turns(text, find_people(text)))


@pytest.mark.parametrize(
    "text",
    [
        "Ann Lee: I say\n" * 5_000,
        "".join(f"Aa{i} Bb{i}: I met Cc{i} Dd{i}.\n" for i in range(4_000)) * 2,
        "Ann: " * 50_000,
        "A" * 300_000 + ":",
        "\n" * 300_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_long_text_takes_no_longer_than_its_length(text: str) -> None:
    began = time.perf_counter()
    find_turns(text, find_people(text))
    assert time.perf_counter() - began < 5


def test_what_was_said_in_an_interview_on_a_matter_is_answered_without_the_label(
    quick: Open, reader: Reader, embedder: Embedder
) -> None:
    assistant = quick(reader=reader, embedder=embedder)
    assistant.add(INTERVIEW)
    bell, goats, tax = (
        assistant.ask(f"What did Halvorsen say about the {matter}?") for matter in ("bell", "goats", "tax")
    )
    stated = {c.sentence.text for c in bell.citations}
    assert stated == {"Halvorsen: We rang a bell by hand.", "The bell was all that I was given."}
    assert bell.short_answer in {"We rang a bell by hand", "The bell was all that I was given"}
    assert goats.short_answer == "I was alone with two goats"
    assert tax.abstained


def test_what_replies_to_a_question_is_said_on_its_matter(quick: Open, reader: Reader, embedder: Embedder) -> None:
    assistant = quick(reader=reader, embedder=embedder)
    assistant.add(INTERVIEW)
    minutes = assistant.add(
        "A resident asked about the bus shelter. The chair said that the insurer is slow. It rained."
    )
    winter = assistant.ask("What did Halvorsen say about the hardest winter?")
    assert {c.sentence.text for c in winter.citations} == {
        "Halvorsen: The one of 1978.",
        "I was alone with two goats.",
        "The supply boat could not land for nine weeks.",
    }
    shelter = assistant.ask("What did the chair say about the bus shelter?", article=minutes.id)
    assert shelter.short_answer == "the insurer is slow"
    assert assistant.ask("What did Halvorsen say about the bus shelter?").abstained
    assert assistant.ask("What did the resident say about the insurer?", article=minutes.id).abstained
