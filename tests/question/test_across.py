"""How questions over several articles are worded."""

from __future__ import annotations

import pytest

from assistant.question.across import across_of


@pytest.mark.parametrize(
    ("question", "matter"),
    [
        ("What do the articles say about bees?", "bees"),
        ("What does each article say about the price of honey?", "the price of honey"),
        ("What does each of the articles say about music?", "music"),
        ("Please tell me: what did these two reports say on jobs?", "jobs"),
        ("What is said about tolls in each article?", "tolls"),
    ],
)
def test_what_each_article_says_is_asked(question: str, matter: str) -> None:
    found = across_of(question)
    assert found is not None
    assert (found.form, found.matter, found.says_they) == ("each", matter, False)


def test_they_may_be_the_articles() -> None:
    found = across_of("What do they say about bees?")
    assert found is not None
    assert found.says_they


@pytest.mark.parametrize(
    ("question", "matter", "wants_one"),
    [
        ("Which articles mention a strike?", "a strike", False),
        ("Which of my reports say something about tolls?", "tolls", False),
        ("Which article is about bees?", "bees", True),
        ("Which articles are about bees?", "bees", False),
    ],
)
def test_which_articles_speak_of_something_is_asked(question: str, matter: str, wants_one: bool) -> None:
    found = across_of(question)
    assert found is not None
    assert (found.form, found.matter, found.wants_one) == ("which", matter, wants_one)


@pytest.mark.parametrize(
    ("question", "sides", "matter"),
    [
        ("Compare the ferry and the bus on price.", ("the ferry", "the bus"), "price"),
        ("Compare the article on bees with the article on ants on food.", ("the article on bees", "the article on ants"), "food"),
        ("Compare the article on bees and the article on ants", ("the article on bees", "the article on ants"), ""),
        ("How do “Bees” and “Ants” differ in size?", ("“Bees”", "“Ants”"), "size"),
        ("How do Lee and Orr differ?", ("Lee", "Orr"), ""),
        ("What does Lee say about honey, and what Orr?", ("Lee", "Orr"), "honey"),
        ("What does Lee say about honey, and what does Orr say about it?", ("Lee", "Orr"), "honey"),
    ],
)  # fmt: skip
def test_two_sides_and_a_matter_are_told_apart(question: str, sides: tuple[str, str], matter: str) -> None:
    found = across_of(question)
    assert found is not None
    assert (found.readings[0].names, found.readings[0].matter) == (sides, matter)


def test_a_title_with_and_in_it_is_one_of_the_readings() -> None:
    found = across_of("Compare Bread and Butter and the bus on price")
    assert found is not None
    assert ("Bread and Butter", "the bus") in [reading.names for reading in found.readings]


def test_what_the_difference_is_may_stand_in_an_article() -> None:
    found = across_of("What is the difference between bees and wasps in diet?")
    assert found is not None
    assert (found.may_be_things, found.readings[0].matter) == (False, "diet")


@pytest.mark.parametrize(
    "question",
    [
        "What does the article say about bees?", "What do the articles say?", "What do the reports say about bees?",
        "What did Mirzoyan say about the base?", "Which minister mentions bees?", "Compare", "Who compared them?", "",
    ],
)  # fmt: skip
def test_other_questions_are_left_alone(question: str) -> None:
    assert across_of(question) is None
