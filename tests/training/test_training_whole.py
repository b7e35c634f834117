"""Questions on articles as a whole, written for the fit: each is of an article that is there, its sentences stand in it."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from fakes import article_of

from training.fit_whole import QUESTIONS, agreement, chosen, read


def test_every_question_has_its_article_and_its_sentences() -> None:
    questions = read(QUESTIONS)
    assert len(questions) == len({(q.article, q.question) for q in questions}) == 900
    assert Counter(q.is_whole for q in questions) == {True: 540, False: 360}
    for q in questions:
        assert bool(q.sentences) == q.is_whole
        text = " ".join(q.text.split())
        assert all(" ".join(sentence.split()) in text for sentence in q.sentences), q


def test_a_sentence_is_chosen_whole_or_for_the_greater_part_of_what_was_copied() -> None:
    made = article_of("The tram is dear. It is quick. Nobody likes it in the rain, said Lee.")
    assert chosen(made, ["The tram is dear."]) == [True, False, False]
    assert chosen(made, ["Nobody likes it in the rain"]) == [False, False, True]
    assert chosen(made, ["The tram is dear. It is quick."]) == [True, False, False]


def test_agreement_is_the_mean_of_each_question_alone() -> None:
    labels = np.array([True, False, False, False, False, False, False, True])
    chances = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.9, 0.1])
    # Five of six with the only one chosen: 2 / 6. Both of two with one: 2 / 3.
    assert agreement(chances, labels, [0] * 6 + [1] * 2) == pytest.approx((2 / 6 + 2 / 3) / 2)
