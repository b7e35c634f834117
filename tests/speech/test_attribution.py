"""Whose words a quotation is in less usual forms, and nobody else's."""

from __future__ import annotations

import pytest

from assistant.articles.sentences import split_sentences
from assistant.speech.speakers import attribute_speakers

# fmt: off
# The sentence behind a quotation names somebody who does not speak it.
NOT_THE_NEXT = [
    ("The witness told the court “I never saw the car. It was dark.” The judge asked for a doctor.",
     ["the witness", "the witness", ""]),
    ('Bo Ray, 41, told the panel “It was cold. I left.” Ann Lee asked in vain for the file.', ["Bo Ray", "Bo Ray", ""]),
    ('“It is cold,” said Bo Ray. “I go.” Ann Lee has told the council not to wait.', ["Bo Ray", "Bo Ray", ""]),
    ('“It is cold,” said Bo Ray.\n\nHis fear was ice. “We must salt,” he wrote. “It is late.” The town told him to wait.',
     ["Bo Ray", "", "Bo Ray", "Bo Ray", ""]),
    ("Neither Orr nor Hill would say why the road was shut.", [""]),
    ("Neither Orr nor the mayor, Ann Hill, would say why the road was shut.", [""]),
    ("Nobody said that the road was shut. No one at the firm would say why.", ["", ""]),
    ('The town told the firm not to "compromise".', [""]),
]
# What goes on with the last speaker.
GOES_ON = [
    ("Ann Lee said the cable “was worn to a thread”. “It could have gone at any time.”", ["Ann Lee", "Ann Lee"]),
    ("“It is cold,” said Ann Lee. The lake froze. “We skate.”", ["Ann Lee", "", "Ann Lee"]),
    ("“It is cold,” said Ann Lee. Bo Ray left the lake. “We skate.”", ["Ann Lee", "", ""]),
    ("Ann Lee was more cautious. “We do not know.”", ["", "Ann Lee"]),
    ("Ann Lee feels the money may come too late. “We have no bookings.”", ["Ann Lee", "Ann Lee"]),
    ("Ann Lee said that it was “a mess”.\n\n“It should never have been built at all.”", ["Ann Lee", "Ann Lee"]),
    ("“Up,” said Tom.\n\n“Down,” said Ann.\n\n“Left.”\n\n“Right.”", ["Tom", "Ann", "Tom", "Ann"]),
    ("“Comfort yourself,” said the stranger; “they shall not. I will pay.”", ["the stranger", "the stranger"]),
    ("Ann Lee stated that “the lake is frozen” and “the ice will hold us all.”", ["Ann Lee"]),
    ("Ann Hill asked Tom Hale whether he would go. “I will,” he said.", ["Ann Hill", "Tom Hale"]),
]
FORMS = [
    ('"Our year was strong," chief executive Martin Reeve said.', ["Martin Reeve"]),
    ("“It is small,” Lee Orr, of Elm University, who was not involved in the work, said. “But it is neat.”",
     ["Lee Orr", "Lee Orr"]),
    ('The mayor, Lee Orr, was blunt: "We are broke."', ["Lee Orr"]),
    ('The mayor of Elm, Lee Orr, was blunt: "We are broke."', ["Lee Orr"]),
    ('Asked whether she would go, Ann Hill had this to say: "I stay."', ["Ann Hill"]),
    ('For Ann Hill, the answer is simple: "We stay here."', ["Ann Hill"]),
    ('The sign on the door had rust: "We are all broke."', [""]),
    ("“Nobody slept here,” said a man who goes by the name Rusty.", ["Rusty"]),
    ("“Nobody slept,” a driver known only as Blue said.", ["Blue"]),
    ("“I had cramps,” said a 34-year-old nurse from Leeds, who asked to be called Mia.", ["Mia"]),
    ("“Enough,” said a 34-year-old nurse from Leeds.", ["a 34-year-old nurse from Leeds"]),
    ("Tom Hale lives here. “It is cold,” the 34-year-old said.", ["", "Tom Hale"]),
    ("“We will appeal.” — Dana Reed, lawyer", ["Dana Reed"]),
    ("“We will appeal.”\n— Dana Reed, lawyer", ["Dana Reed", ""]),
    ('"I shall go," was Mary\'s answer.', ["Mary"]),
    ('"Stay," was the reply of the old king.', ["the old king"]),
    ("Carle’s conclusion: “It is not possible.”", ["Carle"]),
    ('"Thursday? No." That was the answer of Mack Oduya.', ["Mack Oduya", "Mack Oduya", ""]),
    ("“It is cold here” is how Tom Hale describes it.", ["Tom Hale"]),
    ("The loss—called “an act of vandalism” by historian Lewis Mumford—led to a law.", ["Lewis Mumford"]),
    ("The bill, which Lee Orr called “a gift”, was passed.", ["Lee Orr"]),
    ("In his letter Tom Hale writes: “Dear all. I am leaving.”", ["Tom Hale", "Tom Hale"]),
    ("Zip Roy, who swims, shouted from the gallery that he would dig.", ["Zip Roy"]),
    ("Seeing no lamps in the shop, he sighs. Ann Lee ran and says: “No.”", ["", "Ann Lee"]),
    ("The mayor, Lee Orr, left at noon. “It is cold,” the mayor said.", ["", "Lee Orr"]),
    ("The lake，Ann Lee，a vet says：“It is cold here now.”", ["Ann Lee"]),
    ("”It is cold,” said Ann Lee. “We go,“ she said.", ["Ann Lee", "Ann Lee"]),
]
# fmt: on


@pytest.mark.parametrize(("text", "expected"), [*NOT_THE_NEXT, *GOES_ON, *FORMS])
def test_whose_words_they_are(text: str, expected: list[str]) -> None:
    sentences = attribute_speakers(text, split_sentences(text))
    assert [sentence.speaker for sentence in sentences] == expected
