"""What sentences are to each other in an article: questions and replies, heads and items."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.assistant import Assistant
from assistant.finding.structure import (
    Listing,
    asks,
    below_heading,
    item_asked_for,
    item_words,
    listing_of,
    named_by_head,
    reply_to,
    tells_items_apart,
    wants_several,
)
from assistant.library.store import StoredSentence

Quick = Callable[..., Assistant]


def stored(quick: Quick, text: str) -> tuple[Assistant, list[StoredSentence]]:
    assistant = quick()
    article = assistant.add(text)
    return assistant, assistant.store.sentences(assistant.store.first_ids(1000, [article.id]) or [])


def listing(quick: Quick, text: str, beginning: str) -> Listing | None:
    """Returns the list of the sentence that begins so."""
    assistant, sentences = stored(quick, text)
    return listing_of(assistant.store, next(s for s in sentences if s.sentence.text.startswith(beginning)))


def texts(found: Listing | None) -> tuple[str, list[str]] | None:
    if found is None:
        return None
    head = found.head.sentence.text if found.head else ""
    return head, [" ".join(s.sentence.text for s in item) for item in found.items]


BULLETS = "Packing\n\nThe guides carry:\n- a rope\n- a map. It is old.\n- tea\n\nWe meet at six. Dogs stay at home."
NUMBERED = "Method\n\n1. Slice it.\n2. Fry it.\n3. Eat it.\n\nIt keeps for days."
WORDS = "Lee gave three reasons. First, it is cheap. Second, it is quick. Third, nobody moves. The club agreed."
FRAGMENTS = "Ingredients\n\n400 g chickpeas\n2 onions\na lemon\n\nYasmin eats it with bread."


@pytest.mark.parametrize("beginning", ["The guides", "- a rope", "- a map", "It is old", "- tea"])
def test_a_list_is_found_from_its_head_and_from_each_item(quick: Quick, beginning: str) -> None:
    assert texts(listing(quick, BULLETS, beginning)) == (
        "The guides carry:",
        ["- a rope", "- a map. It is old.", "- tea"],
    )


@pytest.mark.parametrize("beginning", ["Packing", "We meet", "Dogs"])
def test_what_stands_around_a_list_is_not_of_it(quick: Quick, beginning: str) -> None:
    assert listing(quick, BULLETS, beginning) is None


def test_numbers_ordinals_and_lines_make_lists_too(quick: Quick) -> None:
    assert texts(listing(quick, NUMBERED, "2.")) == ("Method", ["1. Slice it.", "2. Fry it.", "3. Eat it."])
    expected = ["First, it is cheap.", "Second, it is quick.", "Third, nobody moves."]
    for beginning in ("Lee gave", "Second"):
        assert texts(listing(quick, WORDS, beginning)) == ("Lee gave three reasons.", expected)
    assert listing(quick, WORDS, "The club") is None
    assert texts(listing(quick, FRAGMENTS, "2 onions")) == ("Ingredients", ["400 g chickpeas", "2 onions", "a lemon"])


def test_prose_has_no_list(quick: Quick) -> None:
    text = "The bridge is closed. Work begins in May. It will take a year."
    assert [listing(quick, text, beginning) for beginning in ("The", "Work", "It")] == [None] * 3


FAQ = (
    "Q: Is the pool heated?\nA: No, it is not. It never was.\n\nQ: Can I bring my dog?\nA: Only on Sundays.\n\nAsk us."
)


def test_a_question_in_the_text_has_the_reply_behind_it(quick: Quick) -> None:
    assistant, sentences = stored(quick, FAQ)
    questions = [s for s in sentences if asks(s)]
    replies = [[one.sentence.text for one in reply_to(assistant.store, s)] for s in questions]
    assert [s.sentence.text for s in questions] == ["Q: Is the pool heated?", "Q: Can I bring my dog?"]
    assert replies[0] == ["A: No, it is not.", "It never was."]
    assert replies[1][0] == "A: Only on Sundays."


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Is it heated?", True), ("Q: Is it heated?", True), ("3) “What's new?”", True), ("REPORTER: And did he go?", True),
        ("Honda didn't enter, so who asked?", False), ("If you need help?", False), ("Is it heated.", False),
    ],
)  # fmt: skip
def test_a_question_begins_like_one(quick: Quick, text: str, is_one: bool) -> None:
    _, sentences = stored(quick, text)
    assert asks(sentences[-1]) is is_one


def test_a_question_at_the_end_has_none(quick: Quick) -> None:
    assistant, sentences = stored(quick, "The lights went out. Who was it?")
    assert reply_to(assistant.store, sentences[-1]) == []


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("What is step 3?", 3), ("And what is the second reason?", 2), ("What is the last step?", -1),
        ("Which is point two?", 2), ("What is the step?", None), ("What happened in step with it?", None),
        ("Who came third?", None),
    ],
)  # fmt: skip
def test_the_number_of_an_item_is_read(question: str, number: int | None) -> None:
    assert item_asked_for(question) == number


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- The database;", "The database"),
        ("2. Second, it is quick.", "it is quick"),
        ("a whistle", "a whistle"),
        ("-", "-"),
    ],
)
def test_the_words_of_an_item(text: str, words: str) -> None:
    assert text[slice(*item_words(text))] == words


def test_what_a_question_wants_of_a_list(quick: Quick) -> None:
    found = listing(quick, BULLETS, "- tea")
    assert found is not None
    assert named_by_head("What do the guides carry?", found) == 1.0
    assert named_by_head("Where do dogs stay?", found) == 0.0
    assert not tells_items_apart("What do the guides carry?", found)
    assert tells_items_apart("How old is the map that the guides carry?", found)
    assert [wants_several(q) for q in ("What is there?", "How many?", "When was it?", "Is it?")] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("text", "beginning", "below"),
    [
        ("Title\n\nStarting\nHold the button. It drives off.", "Starting", []),
        ("It is a mower.\n\nStarting\nHold the button. It drives off.", "Starting", ["Hold the button."]),
        (
            "Notice.\n\n1. Registration\nPut your name down. Keep it.\n\n2. Marks\nThey are posted.",
            "2.",
            ["They are posted."],
        ),
        ("# Bees\n\nThey fly far.", "# Bees", ["They fly far."]),
        ("We need:\n- rope\n- tea\nWe meet at six.", "- tea", []),
        ("They fly far. They sing.", "They fly", []),
    ],
)
def test_what_is_below_a_heading(quick: Quick, text: str, beginning: str, below: list[str]) -> None:
    assistant, sentences = stored(quick, text)
    heading = next(s for s in sentences if s.sentence.text.startswith(beginning))
    assert [s.sentence.text for s in below_heading(assistant.store, heading)] == below
