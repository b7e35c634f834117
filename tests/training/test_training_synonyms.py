"""Questions put in other words for training: which words are synonyms, and what they leave alone."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from training_fakes import WHEN

from training.embedding_neighbours import Neighbours
from training.synonyms import Synonyms

# Angle of each word in a plane: their likeness is the cosine of the difference.
ANGLES = {
    "finished": 0, "completed": 30, "started": 20, "conclude": 10,  # an opposite, and another form
    "bridge": 120, "viaduct": 150, "bridges": 121,  # one letter more is no other word
    "harbour": 225, "four": 300, "five": 301,  # nobody near; numbers
}  # fmt: skip
PASSAGE = "The bridge in the harbour was finished in 1975."


@pytest.fixture(scope="module")
def synonyms() -> Synonyms:
    radians = np.radians(list(ANGLES.values()))
    return Synonyms(list(ANGLES), np.stack([np.cos(radians), np.sin(radians)], axis=1).astype(np.float32))


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("finished", ["completed"]),
        ("completed", ["started", "finished"]),
        ("bridge", ["viaduct"]),
        ("harbour", []),
        ("four", []),
        ("unknown", []),
    ],
)
def test_synonyms_are_near_to_each_other_of_one_form_and_no_opposites(
    synonyms: Synonyms, word: str, expected: list[str]
) -> None:
    assert synonyms(word) == expected


def test_a_question_gets_other_words_for_those_it_shares_with_the_passage(synonyms: Synonyms) -> None:
    asked = replace(WHEN, question="When was the bridge in the harbour finished?", context=PASSAGE)
    made = {synonyms.reworded(asked, random.Random(seed)).question for seed in range(30)}
    assert made == {
        "When was the viaduct in the harbour finished?",
        "When was the bridge in the harbour completed?",
        "When was the viaduct in the harbour completed?",
    }
    same = replace(synonyms.reworded(asked, random.Random(0)), question=asked.question)
    assert same == asked


def test_what_is_not_shared_or_does_not_fit_stays(synonyms: Synonyms) -> None:
    elsewhere = replace(WHEN, question="When was the bridge finished?", context="A ferry ran in 1975.")
    assert synonyms.reworded(elsewhere, random.Random(0)) == elsewhere
    miss = replace(
        WHEN, question="When was the bridge finished?", context=PASSAGE, answerable=False, mismatch=((5, 8),)
    )
    assert synonyms.reworded(miss, random.Random(0)) == miss


def test_the_vocabulary_has_whole_words_of_plain_letters() -> None:
    rows = {"over": 0, "the": 1, "##ing": 2, "café": 3, "1975": 4, "bridge": 5}
    words, vectors = Neighbours(rows, np.eye(6, dtype=np.float32)).vocabulary(4)
    assert words == ["over", "bridge"]
    assert vectors.argmax(axis=1).tolist() == [0, 5]
