"""The person whom a question names, given back as its answer."""

from __future__ import annotations

import pytest

from assistant.answering.asked_person import is_asked_person

TEXT = (
    "For years Benedek Farrow has wound the clocks. Noor Whitby, whom Farrow taught, is twenty. He fell in Lower Ashby."
)


@pytest.mark.parametrize(
    ("question", "answer", "asked"),
    [
        ("Who will take over the work from Farrow?", "Benedek", True),
        ("What is the name of Farrow's son?", "Benedek", True),
        ("What is the name of Benedek’s son?", "Farrow", True),
        ("Who will take over the work from Farrow?", "Noor", False),
        ("Who will take over the work from Farrow?", "Noor Whitby", False),
        ("Who is Farrow?", "Benedek", False),  # that tells who he is
        ("What is Farrow's first name?", "Benedek", False),
        ("Which Farrow winds the clocks?", "Benedek", False),
        ("Who winds the clocks?", "Benedek", False),
        ("", "", False),
    ],
)
def test_another_part_of_the_name_is_no_answer(question: str, answer: str, asked: bool) -> None:
    assert is_asked_person(question, answer, [TEXT]) is asked


def test_of_two_who_share_a_name_one_may_be_the_answer() -> None:
    assert not is_asked_person("Who is the wife of Farrow?", "Ada", [TEXT, "Ada Farrow came, too."])


# A question, its answer, what tells the full names, and whether the answer is another name of the one asked about.
# fmt: off
CASES = [
    ('Who will follow Farrow?', 'Benedek', ['Benedek Farrow winds the clocks.'], True),
    ('Who will follow Farrow?', 'Benedek Ash', ['Benedek Farrow winds the clocks.'], False),
    ('Who will follow Farrow?', 'Jo', ['Benedek Farrow winds the clocks. Jo Farrow left.'], False),
    ('Who will follow Farrow?', 'Benedek', ['Benedek Farrow winds the clocks.', 'Jo Farrow left.'], False),
    ('Who will follow Farrow?', 'Benedek', ['Benedek Farrow winds the clocks.', 'Benedek Farrow left.'], True),
    ('Who will follow Farrow?', 'Benedek', ['Farrow winds the clocks of Benedek.'], False),
    ('Who will follow Farrow?', 'benedek', ['Benedek Farrow winds the clocks.'], False),
    ('Who will follow Farrow?', 'Farrow', ['Benedek Farrow winds the clocks.'], False),
    ('Who will follow Farrow?', '', ['Benedek Farrow winds the clocks.'], False),
    ('Who will follow Benedek Farrow?', 'Benedek', ['Benedek Farrow winds the clocks.'], False),
    ('Who will follow Benedek Farrow?', 'Ash', ['Benedek Ash Farrow winds the clocks.'], True),
    ('What will follow Farrow?', 'Benedek', ['Benedek Farrow winds the clocks.'], False),
    ('What is the name of the one who follows Farrow?', 'Benedek', ['Benedek Farrow winds the clocks.'], True),
    ('What are the names of those after Farrow?', 'Benedek', ['Benedek Farrow winds the clocks.'], True),
    ('Who has the first name of Farrow?', 'Benedek', ['Benedek Farrow winds the clocks.'], False),
    ('Who has the surname of Farrow?', 'Benedek', ['Benedek Farrow winds the clocks.'], False),
    ('Who has the family-name of Farrow?', 'Benedek', ['Benedek Farrow winds the clocks.'], False),
    ('Who has the FULL NAME of Farrow?', 'Benedek', ['Benedek Farrow winds the clocks.'], False),
    ('Who is called Farrow?', 'Benedek', ['Benedek Farrow winds the clocks.'], False),
    ('Who is Farrow?', 'Benedek', ['Benedek Farrow winds the clocks.'], False),
    ('Who was old Farrow?', 'Benedek', ['Benedek Farrow winds the clocks.'], False),
    ('Who was the old Farrow?', 'Benedek', ['Benedek Farrow winds the clocks.'], True),
    ('Who was Farrow, then?', 'Benedek', ['Benedek Farrow winds the clocks.'], True),
    ('Who met Ash and Farrow?', 'Benedek', ['Benedek Farrow winds the clocks.', 'Jo Ash left.'], True),
    ('Who met Ash and Farrow?', 'Jo', ['Benedek Farrow winds the clocks.', 'Jo Ash left.'], True),
    ('Who met Ash and Farrow?', 'Bo', ['Benedek Farrow winds the clocks.', 'Jo Ash left.'], False),
    ('Who follows Yale?', 'University', ['Yale University opened.'], False),
    ('WHAT NAMES OF THOSE AFTER Farrow?', 'Benedek', ['Benedek Farrow winds the clocks.'], True),
    ('Who will follow Farrow?', 'Benedek', [], False),
]
# fmt: on


@pytest.mark.parametrize(("question", "answer", "texts", "asked"), CASES)
def test_whose_name_the_answer_is(question: str, answer: str, texts: list[str], asked: bool) -> None:
    assert is_asked_person(question, answer, texts) is asked
