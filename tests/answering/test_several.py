"""Each article asked, or each of two sides, gets its own cited sentences; one that says nothing is told of alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes import ScriptedReader

from assistant.answer import NO_ANSWER, Answer
from assistant.answering.overview import MAX_ARTICLES
from assistant.answering.several import articles_called
from assistant.assistant import Assistant
from assistant.settings import Settings

BEES = (
    "Bees on the roof",
    "Bees live on the roof of the opera. A jar of their honey costs nine euros. A violinist keeps them.",
)
FERRY = "The ferry sails again", "The ferry sails from April on. A ticket costs seven euros. Its horn woke everybody."
MILL = "The old mill", "The mill was built in 1820. Its wheel is of oak. An owl lives in its attic."


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Assistant, list[str]]]:
    folder: Path = tmp_path_factory.mktemp("three")
    with Assistant.open(Settings(library=folder)) as assistant:
        authors = {"Bees on the roof": "Ann Lee", "The ferry sails again": "Ben Orr", "The old mill": "Ann Lee"}
        ids = [assistant.add(text, title, author=authors[title]).id for title, text in (BEES, FERRY, MILL)]
        yield assistant, ids


pytestmark = pytest.mark.models
Three = tuple[Assistant, list[str]]


def told(answer: Answer) -> dict[str, list[str]]:
    by_marker = {c.marker: c.sentence.text for c in answer.citations}
    return {side.name: [by_marker[m] for m in side.markers] for side in answer.sides}


def test_each_article_that_speaks_of_it_has_its_own_sentences(three: Three) -> None:
    assistant, _ = three
    answer = assistant.ask("What do the articles say about what a ticket or a jar costs?")
    assert answer.decided_by == "each_article"
    assert told(answer) == {
        FERRY[0]: ["A ticket costs seven euros."],
        BEES[0]: ["A jar of their honey costs nine euros."],
    }
    assert [c.marker for c in answer.citations] == [1, 2]


def test_an_article_that_was_chosen_is_told_of_though_it_says_nothing(three: Three) -> None:
    assistant, (bees, _, mill) = three
    answer = assistant.ask("What do these articles say about honey?", article=[bees, mill])
    assert told(answer) == {BEES[0]: ["A jar of their honey costs nine euros."], MILL[0]: []}
    assert answer.as_markdown() == (f"{BEES[0]}: A jar of their honey costs nine euros. [1]\n\n{MILL[0]}: {NO_ANSWER}")
    markdown = answer.as_markdown()
    assert [markdown[start:end] for start, end in answer.marker_spans()] == ["[1]"]


def test_which_article_gives_the_one(three: Three) -> None:
    assistant, (bees, *_) = three
    answer = assistant.ask("Which article is about bees?")
    assert answer.decided_by == "which_articles"
    assert [side.article_ids for side in answer.sides] == [(bees,)]


def test_two_articles_stand_side_by_side(three: Three) -> None:
    assistant, (bees, ferry, _) = three
    answer = assistant.ask("Compare the bees and the ferry on the cost in euros.")
    assert answer.decided_by == "compared"
    assert [(side.name, side.article_ids) for side in answer.sides] == [(BEES[0], (bees,)), (FERRY[0], (ferry,))]
    assert told(answer)[BEES[0]] == ["A jar of their honey costs nine euros."]
    assert told(answer)[FERRY[0]] == ["A ticket costs seven euros."]


def test_without_a_matter_the_sides_are_told_of_as_a_whole(three: Three) -> None:
    assistant, (bees, ferry, _) = three
    answer = assistant.ask("Compare the first and the second article", article=[ferry, bees])
    assert [side.article_ids for side in answer.sides] == [(ferry,), (bees,)]
    assert all(side.markers for side in answer.sides)
    assert answer.confidence == 0.5


def test_two_things_of_one_article_are_compared_by_what_names_them(quick: Callable[..., Assistant]) -> None:
    assistant = quick()
    assistant.add("The old bridge cost two million. The new bridge cost nine million. The river is deep.")
    sides = told(assistant.ask("Compare the old bridge and the new bridge on cost"))
    assert "The new bridge cost nine million." not in sides.get("the old bridge", [])
    assert "The old bridge cost two million." not in sides.get("the new bridge", [])


def test_of_a_hundred_articles_ten_passages_are_read_and_none_whole(quick: Callable[..., Assistant]) -> None:
    reader = ScriptedReader("honey")
    assistant = quick(reader)
    for n in range(100):
        assistant.add(
            f"Article {n} begins here. " + f"Nothing of note happened on day {n}. " * 40 + f"Jar {n} held honey."
        )
    reader.given.clear()
    answer = assistant.ask("Which articles mention honey?")
    assert [n_passages for _, n_passages, _ in reader.given] == [MAX_ARTICLES]
    assert len(answer.sides) == MAX_ARTICLES
    assert all(c.sentence.text.endswith("held honey.") for c in answer.citations)


def test_what_none_says_is_refused_with_what_is_closest(three: Three) -> None:
    assistant, _ = three
    answer = assistant.ask("What do the articles say about the stock exchange in Tokyo?")
    assert (answer.abstained, answer.text, answer.sides) == (True, NO_ANSWER, ())
    assert answer.reason == "None of the 3 articles asked says it."
    assert answer.closest


def test_a_rule_that_is_off_leaves_the_question_to_the_reader(three: Three) -> None:
    assistant, _ = three
    assistant.rules_off = frozenset({"each_article"})
    try:
        answer = assistant.ask("What do the articles say about honey?")
    finally:
        assistant.rules_off = frozenset()
    assert answer.sides == ()


def test_they_are_those_who_were_spoken_of_before(three: Three) -> None:
    assistant, _ = three
    asked = "What do they say about honey?"
    assert assistant.ask(asked, history=[("Who keeps the bees?", "A violinist.")]).decided_by != "each_article"
    assert assistant.ask(asked, history=[("Which articles mention a roof?", "Bees.")]).decided_by == "each_article"


def test_sentences_are_retrieved_for_such_a_question_too(three: Three) -> None:
    assistant, _ = three
    assert assistant.retrieve("What do the articles say about honey?", k=1)[0].sentence.text == (
        "A jar of their honey costs nine euros."
    )


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("the first article", [BEES[0]]), ("the last one", [MILL[0]]), ("“Bees on the roof”", [BEES[0]]), ("the article on bees", [BEES[0]]),
        ("the ferry article", [FERRY[0]]), ("Ben Orr", [FERRY[0]]), ("Lee", [BEES[0], MILL[0]]), ("the fourth", []),
        ("the moon", []), ("the", []),
    ],
)  # fmt: skip
def test_an_article_is_called_by_place_title_or_author(three: Three, name: str, titles: list[str]) -> None:
    assistant, _ = three
    assert [entry.title for entry in articles_called(name, assistant.contents())] == titles
