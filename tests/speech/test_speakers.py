from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.articles.sentences import split_sentences
from assistant.english.names import find_names
from assistant.speech.speakers import attribute_speakers

ROOT = Path(__file__).resolve().parents[2]

PIECES = st.sampled_from(
    [
        *"‘’“”\"'«».!?,:;—\n \x01\ud800",
        "Ann Lee ",
        "Lee ",
        "said ",
        "he ",
        "that ",
        "according to ",
        "The fox ",
        ", who ",
        "``",
        "''",
        "\n\n",
        "told Bo ",
        "in Lee's words ",
        "the men’s ",
    ]
)


TRANSCRIPT = "Ann Lee met “Bo Dahl” there.\n\nAnn: I was glad of it, he said to me.\n\nAnn: We left at noon."


def speakers(text: str) -> list[str]:
    return [sentence.speaker for sentence in attribute_speakers(text, split_sentences(text))]


@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=50).map("".join)))
def test_only_speakers_are_filled(text: str) -> None:
    sentences = split_sentences(text)
    attributed = attribute_speakers(text, sentences)
    assert [replace(sentence, speaker="") for sentence in attributed] == sentences


def test_the_sample_article() -> None:
    text = (ROOT / "index" / "articles" / "russias-102nd-base-in-armenia.txt").read_text(encoding="utf-8")
    expected = {1: "Sergey Kopyrkin", 2: "Sergey Kopyrkin", 3: "Sergey Kopyrkin"}
    expected |= {8: "Ararat Mirzoyan", 9: "Ararat Mirzoyan", 12: "Analysts"}
    assert {i: speaker for i, speaker in enumerate(speakers(text)) if speaker} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the tag behind, in front, in between
        ("“It is late,” said Mara Quist.", ["Mara Quist"]),
        ("“It is late,” Mara Quist said.", ["Mara Quist"]),
        ("“It is late,” said its chair, Mara Quist.", ["Mara Quist"]),
        ("“It is late,” said the harbour’s chair, Mara Quist, on Monday.", ["Mara Quist"]),
        ("“It is late,” the chair, Mara Quist, told the paper.", ["Mara Quist"]),
        ("“It is late,” said the chair, Quist and Tull.", ["the chair"]),  # no apposition
        ("Mara Quist said: “It is late. Go home.” It rained.", ["Mara Quist", "Mara Quist", ""]),
        ("Asked about it, Mara Quist replied, “It is late.”", ["Mara Quist"]),
        ('"Yes," Mara Quist said, "but it is late."', ["Mara Quist"]),
        ('"Yes," Mara Quist said. "It is late." The door opened.', ["Mara Quist", "Mara Quist", ""]),
        ("‘It’s the boys’ room,’ said Tom. ‘Go.’", ["Tom", "Tom"]),
        ("«Se fue», said Ana Ruiz.", ["Ana Ruiz"]),
        ("„Das reicht“, said Karl Brandt.", ["Karl Brandt"]),
        ("`` We heard it , '' wrote John Ash . It ended .", ["John Ash", ""]),
        # reported speech
        ("Mara Quist stated that the pier is rotten.", ["Mara Quist"]),
        ("Rob Tull believes the pier will stay.", ["Rob Tull"]),
        ("According to Rob Tull, the pier is fine.", ["Rob Tull"]),
        ("The pier, according to Rob Tull, is fine.", ["Rob Tull"]),
        ("The pier is fine, said Rob Tull.", ["Rob Tull"]),
        ("The pier, Rob Tull argued, is fine.", ["Rob Tull"]),
        ("In Rob Tull’s words, the pier is “a disgrace to us all.”", ["Rob Tull"]),
        ("Rob Tull told reporters that the pier is fine.", ["Rob Tull"]),
        ("Rob Tull, who is 34, denied that.", ["Rob Tull"]),
        ("Rob Tull, the owner, asked whether anybody cared.", ["Rob Tull"]),
        ("It was repeated by Minister Ian Dee, who previously stated that nobody cared.", ["Ian Dee"]),
        ("Russian Ambassador to Armenia Sergey Kopyrkin emphasized that it stays.", ["Sergey Kopyrkin"]),
        ("Economist Rob Tull called the pier “a drain on the town.”", ["Rob Tull"]),
        ("Her husband, John Quist, announced that it would close.", ["John Quist"]),
        ("Rob Tull left early, adding that he was tired.", ["Rob Tull"]),
        # groups, roles and bodies may speak
        ("Critics say the plan is mad.", ["Critics"]),
        ("The company said the pier would close.", ["the company"]),
        ("A spokesman for the mayor said it would stay.", ["a spokesman for the mayor"]),
        ("“Come in,” said the old woman.", ["the old woman"]),
        ("Tarn Apps announced that it would close.", ["Tarn Apps"]),
        # short names, titles and pronouns
        ("Mara Quist runs it. Quist said it was old.", ["", "Mara Quist"]),
        ("Prof. Mara Quist said it was old. She added that it leaks.", ["Mara Quist", "Mara Quist"]),
        ("Mara Quist said it was old. Rob Tull came. He said it was new.", ["Mara Quist", "", "Rob Tull"]),
        ("Mr. Pell and Mrs. Dunn met. “No,” she said.", ["", "Mrs. Dunn"]),
        ("“No,” she said.", [""]),
        # no speech
        ("The newspaper ‘Daily Crab,’ Mara Quist said that morning, is dead.", ["Mara Quist"]),
        ("He saw the film “The Big Sleep” twice.", [""]),
        ("The so-called “experts” left.", [""]),
        ("The law states nothing. It is said to be old.", ["", ""]),
        ("A study suggested that it works.", [""]),
        ("According to legend, a troll lives there.", [""]),
        ("Her comments reflect a wider view.", [""]),
        ("Kopyrkin’s remarks suggest that it stays.", [""]),
        ("It was announced that the pier would close.", [""]),
        ("I think that the pier is fine.", [""]),
        ("“Where are you going?”", [""]),
        (
            "The Bakers' Union said that it was late. The Women’s Institute said it would help.",
            ["Bakers' Union", "Women’s Institute"],
        ),
        (
            "Marks & Spencer said sales rose. “No,” said Ann Moor of the Teachers' Union.",
            ["Marks & Spencer", "Ann Moor"],
        ),
        ("A guard, Peter Wolniak, saw it. He told the Courier he had heard a noise.", ["", "Peter Wolniak"]),
        ("She would leave, according to two people. “It is over,” she said.", ["two people", ""]),
        ("In a factory by the Elm I found Marta Ozola, who makes combs. She said it was dull.", ["", "Marta Ozola"]),
        ("It was Juris Apinis, a retired teacher. “Look,” he said.", ["", "Juris Apinis"]),
        (
            "“Eat,” Ilze Vana told me. She runs an inn. I met Juris Apins on the way. “Look,” he said.",
            ["Ilze Vana", "", "", "Juris Apins"],
        ),
        ("“It was hard,” Chief Executive Sanna Kiv said.", ["Sanna Kiv"]),
        ("Councillor Brenda Ackroyd said she would ask.", ["Brenda Ackroyd"]),
    ],
)
def test_who_speaks(text: str, expected: list[str]) -> None:
    assert speakers(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "“It is done,” said Ilse Marant, Veldara’s minister, in Veldara. She added that she would go.",
            ["Ilse Marant", "Ilse Marant"],
        ),
        (
            "“It is a paper,” said Dan Horvash.\n\nThe talks, in which six towns took part, were led by the Council, "
            "whose secretary, Amadou Benning, spent days in both capitals. He said it came late.",
            ["Dan Horvash", "", "Amadou Benning"],
        ),
        ("Wendell Opara drives. Lending has since risen. “That’s reading,” he says.", ["", "", "Wendell Opara"]),
        (
            "“We played well,” said Ann Lee. Jo Pruett was away. Asked about Pruett, she said: “It is not on her.”",
            ["Ann Lee", "", "Ann Lee"],
        ),
        ("Jonas Adebayo stood up. This time, he told reporters on a call, it was full.", ["", "Jonas Adebayo"]),
        ("Henrike Dalby drew maps. “The skippers knew,” she would reply.", ["", "Henrike Dalby"]),
        ('Mr Tierney called the delay "disappointing" and left.', ["Mr. Tierney"]),
        ("Keep your receipt, as claims can be dealt with only if it is shown.", [""]),
        ("The pool, which Ana Ruiz said would reopen in May, is cold.", ["Ana Ruiz"]),
        ("The pool, which Ana Ruiz says will reopen in May, is cold.", ["Ana Ruiz"]),
        (
            '"I told them," said the manager, Leo Vance. He also changed his formation. "Orde hates it. She was good."',
            ["Leo Vance", "", "Leo Vance", "Leo Vance"],
        ),
        (
            '"I told them," said Leo Vance. Ann Lee changed her mind. "Orde hates it."',
            ["Leo Vance", "", ""],
        ),
        ("Dunmore's coach, Ann Lee, had no complaints, but said that she would ask.", ["Ann Lee"]),
        ("The airline apologised. It said refunds would be paid.", ["", "the airline"]),
        ("The bridge closed. It said “no entry” on a sign.", ["", ""]),
        ("Police believe that it was arson.", ["Police"]),
        ("Tom Barr, 54, the council's leader, is adamant that it will open.", ["Tom Barr"]),
        ("It is certain that it will open.", [""]),
        ("Scientists at the institute warn that the ice could vanish.", ["Scientists at the institute"]),
        ("The pool, Ana Ruiz concedes, may never pay for itself.", ["Ana Ruiz"]),
    ],
)
def test_whom_a_pronoun_or_a_bare_quotation_goes_back_to(text: str, expected: list[str]) -> None:
    assert speakers(text) == expected


def test_a_quotation_that_goes_on_in_the_next_line_has_one_speaker() -> None:
    text = "The minister spoke. ‘The base stays.\nThis is clear to everyone,’ Ian Dee remarked, smiling.\nIt rained."
    assert speakers(text) == ["", "Ian Dee", "Ian Dee", ""]


def test_a_quotation_over_several_paragraphs_has_one_speaker() -> None:
    text = "Mara Quist said:\n\n“It is late.\n\n“It is dark. I am tired.\n\n“Go home.”\n\nThey went."
    assert speakers(text) == ["Mara Quist"] * 5 + [""]


def test_a_tag_behind_the_last_paragraph_speaks_for_all() -> None:
    text = "“It is late.\n\n“Go home,” said Mara Quist.\n\nThey went."
    assert speakers(text) == ["Mara Quist", "Mara Quist", ""]


def test_nested_quotes_belong_to_the_outer_speaker() -> None:
    text = "“He told me, ‘I will not pay,’ and left,” said Mara Quist. Rob Tull laughed."
    assert speakers(text) == ["Mara Quist", ""]


def test_two_speakers_keep_their_words() -> None:
    text = "“Is it true?” asked Mara Quist.\n\n“It is,” said Rob Tull. “Sadly.”\n\n“Then go,” said Quist."
    assert speakers(text) == ["Mara Quist", "Rob Tull", "Rob Tull", "Mara Quist"]


def test_an_unclosed_quotation_does_not_swallow_the_article() -> None:
    text = "Mara Quist said: “It is late. The pier closed.\n\nIt rained.\n\nNobody came."
    assert speakers(text) == ["Mara Quist", "", "", ""]


def test_wrapped_lines_do_not_end_a_quotation() -> None:
    text = (
        "Every evening at sunset they all came up to her door, one by one, and\n"
        'sat. "I should not like to meet that miller, and nor would you if you\n'
        'knew him," said Grumble, who was the fattest and the oldest of all the\n'
        "frogs that lived there."
    )
    assert speakers(text) == ["", "Grumble"]


@pytest.mark.parametrize(
    "text",
    [
        "“a. " * 10_000,
        '"' * 50_000,
        "‘ " * 50_000,
        "Ann Lee said he said. " * 2_000,
        "X, Y, " * 20_000 + "said.",
        "A. Bo Cy" * 10_000,
        "The " * 30_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_hostile_texts_take_seconds(text: str) -> None:
    sentences = split_sentences(text)
    started = time.process_time()
    assert len(attribute_speakers(text, sentences)) == len(sentences)
    assert time.process_time() - started < 10


def test_the_names_of_an_article_are_found_once() -> None:
    read: list[int] = []

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code is find_names.__code__:
            read.append(len(frame.f_locals["text"]))

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        found = speakers(TRANSCRIPT)
    finally:
        sys.setprofile(before)
    assert found[-2:] == ["Ann Lee", "Ann Lee"]
    assert [n for n in read if n >= len(TRANSCRIPT) // 2] == [len(TRANSCRIPT)]
