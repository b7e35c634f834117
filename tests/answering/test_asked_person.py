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
