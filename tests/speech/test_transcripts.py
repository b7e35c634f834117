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
from assistant.speech.transcripts import MAX_NAME, find_turns

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


# Texts, and what is a turn in them, of whom.
# fmt: off
TURNS: list[tuple[str, list[tuple[str, str]]]] = [
    ('“The lamp”\n\nBerit Halvorsen kept it.\n\nWhat was it?\n\nHalvorsen: The one of 1978. I was alone.\n\nAnd the fog?\n\nHalvorsen: We rang a bell.', [('Halvorsen: The one of 1978. I was alone.', 'Berit Halvorsen'), ('Halvorsen: We rang a bell.', 'Berit Halvorsen')]),
    ('Ann: I came.\nBo: I went.\nAnn: Me too.\nBo: So did we.', [('Ann: I came.', 'Ann'), ('Bo: I went.', 'Bo'), ('Ann: Me too.', 'Ann'), ('Bo: So did we.', 'Bo')]),
    ('Ann: I came.\n\nIt was late.\n\nBo: I went.\n\nIt was early.\n\nAnn: Me too.\n\nBo: My dog.\n\nThe end.', [('Ann: I came.\n\nIt was late.', 'Ann'), ('Bo: I went.\n\nIt was early.', 'Bo'), ('Ann: Me too.', 'Ann'), ('Bo: My dog.', 'Bo')]),
    ('Ann: It rained.\nBo: It snowed.\nAnn: It thawed.\nBo: It blew.', []),
    ('Ann: It rained.\nBo: It snowed.\nAnn: It thawed.\nBo: I left.', [('Ann: It rained.', 'Ann'), ('Bo: It snowed.', 'Bo'), ('Ann: It thawed.', 'Ann'), ('Bo: I left.', 'Bo')]),
    ('Ann: It rained.\nBo: It snowed.\nAnn: It thawed.\nBo: I. left.\nBo: A & B', []),
    ('Ann: It rained.\nBo: I left.\nAnn: It thawed.\nBo: It blew.\nAnn: It froze.', []),
    ('Ann: I came.\nBo: I went.', []),
    ('Ann: I came.\nAnn: I went.', []),
    ('Ann Lee is here.\n\nAnn: I came.\n\nAnn: I went.', [('Ann: I came.', 'Ann Lee'), ('Ann: I went.', 'Ann Lee')]),
    ('Ann Lee is here.\n\nANN: I came.\n\nANN: I went.', [('ANN: I came.', 'Ann Lee'), ('ANN: I went.', 'Ann Lee')]),
    ('Ann Lee is here.\n\nLee: I came.\n\nNext?\n\nLee: I went.\n\nThe end.', [('Lee: I came.', 'Ann Lee'), ('Lee: I went.', 'Ann Lee')]),
    ('Ann Lee is here.\n\nLee: I came.\n\nNext?\n\nLee: I went.\n\nBo: I stay.\n\nThe end.', [('Lee: I came.', 'Ann Lee'), ('Lee: I went.', 'Ann Lee')]),
    ('Lee is here. Then Lee left.\n\nLee: I came.\n\nLee: I went.', [('Lee: I came.', 'Lee'), ('Lee: I went.', 'Lee')]),
    ('Ann Lee is here with Bo Lee.\n\nLee: I came.\n\nLee: I went.', [('Lee: I came.', 'Ann Lee'), ('Lee: I went.', 'Ann Lee')]),
    ('Note: I came.\nNote: I went.\nQ: I ask.\nQ: I ask.', []),
    ('Ann Lee is here.\nNote: I came.\nAnn: I am.\nNote: I went.\nAnn: I go.', [('Ann: I am.\nNote: I went.', 'Ann Lee'), ('Ann: I go.', 'Ann Lee')]),
    ('INTERVIEWER: Why?\nLEE: My dog.\nINTERVIEWER: Me too.\nLEE: Our cat.', [('INTERVIEWER: Why?', 'INTERVIEWER'), ('LEE: My dog.', 'LEE'), ('INTERVIEWER: Me too.', 'INTERVIEWER'), ('LEE: Our cat.', 'LEE')]),
    ('[1:02] Ann: I came.\n[1:03] Bo: I went.\n[1:04] Ann: Mine.\n[1:05] Bo: Ours.', [('[1:02] Ann: I came.', 'Ann'), ('[1:03] Bo: I went.', 'Bo'), ('[1:04] Ann: Mine.', 'Ann'), ('[1:05] Bo: Ours.', 'Bo')]),
    ('Ann (laughs): I came.\nBo (off): I went.\nAnn: Us.\nBo: Me.', [('Ann (laughs): I came.', 'Ann'), ('Bo (off): I went.', 'Bo'), ('Ann: Us.', 'Ann'), ('Bo: Me.', 'Bo')]),
    ('  Ann: I came.\n\tBo: I went.\nAnn:\n I stay.\nBo:   We go.', [('  Ann: I came.', 'Ann'), ('\tBo: I went.', 'Bo'), ('Ann:\n I stay.', 'Ann'), ('Bo:   We go.', 'Bo')]),
    ('Ann Lee Bo Moor: I came.\nBo: I went.\nAnn Lee Bo Moor: I stay.\nBo: We go.', [('Ann Lee Bo Moor: I came.', 'Ann Lee Bo Moor'), ('Bo: I went.', 'Bo'), ('Ann Lee Bo Moor: I stay.', 'Ann Lee Bo Moor'), ('Bo: We go.', 'Bo')]),
    ('A B C D E: I came.\nBo: I went.\nA B C D E: I stay.\nBo: We go.', []),
    ('Annabellaxxxxxxxxxxxxxxxxxxxxxx Leexxxxxxxxxx: I came.\nBo: I went.\nAnnabellaxxxxxxxxxxxxxxxxxxxxxx Leexxxxxxxxxx: I stay.\nBo: We go.', []),
    ('Annabellaxxxxxxxxxxxxxxxxxxxxx Leexxxxxxxx: I came.\nBo: I went.\nAnnabellaxxxxxxxxxxxxxxxxxxxxx Leexxxxxxxx: I stay.\nBo: We go.', []),
    ('ann: I came.\nbo: I went.\nann: I stay.\nbo: We go.', []),
    ('Ann:\nBo: I went.\nAnn: I stay.\nBo:', []),
    ('Turkey: I came.\nTurkey: I went.\nYale University: We go.\nYale University: We go.', []),
    ('Ann: I came.\n  \nIt was late.\n\t\nBo: I went.\nAnn: Me too.\nBo: My dog.', [('Ann: I came.\n  \nIt was late.', 'Ann'), ('Bo: I went.', 'Bo'), ('Ann: Me too.', 'Ann'), ('Bo: My dog.', 'Bo')]),
    ('Ann Lee and Jo Lee and Ann Moor are here.\n\nAnn: I came.\nLee: I went.\nAnn: I stay.\nLee: We go.', [('Ann: I came.', 'Ann Lee'), ('Lee: I went.', 'Ann Lee'), ('Ann: I stay.', 'Ann Lee'), ('Lee: We go.', 'Ann Lee')]),
    ('Mrs. Ann Lee is here.\n\nMrs. Lee: I came.\n\nMrs. Lee: I went.', [('Mrs. Lee: I came.', 'Ann Lee'), ('Mrs. Lee: I went.', 'Ann Lee')]),
    ('Ann: I came. Bo: I went.\nBo: No.\nAnn: Yes, I do.\nBo: I.', [('Ann: I came. Bo: I went.', 'Ann'), ('Bo: No.', 'Bo'), ('Ann: Yes, I do.', 'Ann'), ('Bo: I.', 'Bo')]),
    ('', []),
]
# fmt: on


@pytest.mark.parametrize(("text", "turns"), TURNS)
def test_turns_begin_at_labels_and_go_on_to_the_next(text: str, turns: list[tuple[str, str]]) -> None:
    assert [
        (text[turn.start : turn.end].rstrip(), turn.speaker) for turn in find_turns(text, find_people(text))
    ] == turns


@pytest.mark.parametrize(("n", "speaks"), [(MAX_NAME, True), (MAX_NAME + 1, False)])
def test_a_label_is_as_long_as_a_name(n: int, speaks: bool) -> None:
    label = "A" * n
    text = f"{label}: I came.\nBo: I went.\n{label}: I stay.\nBo: I go."
    assert bool(find_turns(text, find_people(text))) is speaks
