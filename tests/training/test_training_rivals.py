"""Passages of sentences that look like the answer to a question, with and without the one that is."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from training_fakes import CONTEXT, WHEN

from assistant.articles.sentences import split_sentences
from training.data import Example
from training.mixture import KINDS, Mixture
from training.near_misses import NearMisses
from training.rivals import MAX_WORDS, MIN_RIVALS, Rivals

OTHER = (
    "The bridge over the Rhine was opened in 1894 by nobody. Bananas are yellow when they are ripe. "
    "When the tunnel was opened is not known. The bridge over the Arax was painted in 1975 and again later."
)
VOCABULARY: dict[str, int] = {}


def embed(texts: Sequence[str]) -> NDArray[np.float32]:
    """Unit vectors of the words: texts are alike that share words."""
    vectors = np.full((len(texts), 200), 1e-6, dtype=np.float32)
    for row, text in enumerate(texts):
        for word in re.findall(r"\w+", text.lower()):
            vectors[row, VOCABULARY.setdefault(word, len(VOCABULARY))] = 1.0
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def rivals() -> Rivals:
    return Rivals([("bridge", CONTEXT), ("other", OTHER)], embed)


def gathered_of(example: Example, n: int = 60) -> list[Example]:
    found = rivals()
    return [made for seed in range(n) if (made := found.gathered(example, random.Random(seed))) is not None]


def test_rivals_surround_the_sentence_that_answers_and_its_answer_stays_labelled() -> None:
    answered = [made for made in gathered_of(WHEN) if made.answerable]
    assert len(answered) > 10
    own = CONTEXT.split(". ")[0] + "."
    for made in answered:
        ((start, text),) = made.answers
        assert text == "1975" == made.context[start : start + 4]
        holder = next(s for s in split_sentences(made.context) if s.start <= start < s.end)
        assert holder.text == own
        assert made.context.count("1975") == 1
        assert len(made.context.split()) <= MAX_WORDS
    assert len({made.context.index(own) > 0 for made in answered}) == 2


def test_without_the_answer_there_are_only_rivals_that_do_not_name_it() -> None:
    missing = [made for made in gathered_of(WHEN) if not made.answerable]
    assert len(missing) > 10
    for made in missing:
        assert made.answers == () == made.accepted
        assert "1975" not in made.context
        assert len(split_sentences(made.context)) >= MIN_RIVALS
        assert made.focus is not None
        assert made.context[slice(*made.focus)] == split_sentences(made.context)[0].text
        assert made.question == WHEN.question


def test_what_is_most_like_the_question_is_gathered_first() -> None:
    own = replace(WHEN, article="other")
    (nearest, *_), (first, *_) = (rivals().nearest(e, ["1975"]) for e in (WHEN, own))
    assert nearest.text == first.text == "The bridge over the Rhine was opened in 1894 by nobody."
    longest = replace(WHEN, question="Is it the longest bridge?", article="bridge")
    assert rivals().nearest(longest, ["1975"])[0].text == "It is the longest bridge in the province."


def test_what_cannot_be_told_apart_is_not_made() -> None:
    assert gathered_of(replace(WHEN, answers=())) == []
    assert gathered_of(replace(WHEN, accepted=("it",))) == []
    assert gathered_of(replace(WHEN, accepted=("a long clause " * 10,))) == []
    across = (CONTEXT.index("by Anna"), "by Anna Petrova. It is")
    assert gathered_of(replace(WHEN, answers=(across,))) == []
    assert Rivals([("bridge", CONTEXT)], embed).gathered(replace(WHEN, accepted=("the",)), random.Random(1)) is None


def test_the_mixture_gathers_rivals_where_it_has_them() -> None:
    maker = NearMisses(lambda _, candidates: sorted(candidates)[:3])
    with_rivals = Mixture([WHEN], maker, 3, rivals=rivals())
    made = [e for _ in range(20) if (e := with_rivals.draw("gathered")) is not None]
    assert {e.id for e in made} == {"q1#gathered"}
    assert {e.answerable for e in made} == {True, False}
    assert Mixture([WHEN], maker, 3).draw("gathered") is None
    assert KINDS["gathered"] > 0


def test_vectors_are_kept_from_run_to_run_and_only_new_sentences_are_embedded(tmp_path: Path) -> None:
    embedded: list[int] = []

    def counting(texts: Sequence[str]) -> NDArray[np.float32]:
        embedded.append(len(texts))
        return embed(texts)

    def nearest(passages: list[tuple[str, str]]) -> list[str]:
        found = Rivals(passages, counting, kept_in=tmp_path / "kept")
        embedded.append(0)  # what follows is the question
        return [s.text for s in found.nearest(WHEN, ["1975"])]

    both = [("bridge", CONTEXT), ("other", OTHER)]
    n_first = len(split_sentences(CONTEXT))
    nearest(both[:1])
    first, again = nearest(both), nearest(both)
    assert first == again == [s.text for s in rivals().nearest(WHEN, ["1975"])]
    n_other = embedded[3]
    assert embedded == [n_first, 0, 1, n_other, 0, 1, 0, 1]
    assert 0 < n_other <= len(split_sentences(OTHER))
