"""How the reader is measured, and the probabilities fitted."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
from training_fakes import CONTEXT, WHEN

from assistant.answering.inquiry import Inquiry
from assistant.articles.article import make_article
from assistant.articles.sentences import split_sentences
from assistant.finding.search import FEATURES, Candidate
from assistant.library.store import StoredSentence
from assistant.question.intent import intent_of
from training.asked import Asked
from training.calibrate_reader import best_threshold
from training.fit_scores import fit_beside, is_short, logistic, smoothed, threshold_of, weighted
from training.measures import answer_f1, area_under_curve, expected_calibration_error, interval, set_f1
from training.passages import passage_around, supporting


def test_passages_for_calibration_hold_the_answer() -> None:
    long = replace(WHEN, context=CONTEXT + " It rained again and again." * 200)
    passage = passage_around(long, max_words=60)
    assert passage is not None
    assert len(passage.text.split()) <= 60
    assert long.context[passage.sentences[0].start :].startswith(passage.text)
    assert supporting(long, passage) == {0}


def test_answer_f1_is_that_of_squad() -> None:
    assert answer_f1("the 102nd military base", ["102nd Military Base."]) == 1.0
    assert answer_f1("military base in Gyumri", ["military base"]) == pytest.approx(2 / 3)
    assert answer_f1("", []) == 1.0
    assert answer_f1("Gyumri", []) == 0.0
    assert answer_f1("", ["Gyumri"]) == 0.0
    assert set_f1({1, 2}, {2, 3}) == 0.5
    assert set_f1(set(), set()) == 1.0


def test_area_under_curve_counts_ties_as_half() -> None:
    assert area_under_curve([True, False, True, False], [0.9, 0.1, 0.8, 0.2]) == 1.0
    assert area_under_curve([True, False], [0.5, 0.5]) == 0.5
    assert area_under_curve([True, True, False], [0.1, 0.9, 0.5]) == 0.5
    assert np.isnan(area_under_curve([True], [0.5]))


def test_calibration_error_and_interval() -> None:
    assert expected_calibration_error([True, False] * 50, [0.5] * 100) == pytest.approx(0.0)
    assert expected_calibration_error([False] * 100, [0.8] * 100) == pytest.approx(0.8)
    low, high = interval(np.arange(100.0)[:, None], lambda rows: float(rows.mean()))
    assert low < 49.5 < high
    assert high - low == pytest.approx(2 * 1.96 * 28.9 / 10, rel=0.15)


def test_threshold_weighs_both_classes_the_same() -> None:
    probabilities = np.array([0.9, 0.8, 0.7, 0.6, 0.1, 0.2])
    missing = np.array([True, True, True, True, False, False])
    threshold, f1 = best_threshold(probabilities, missing, np.array([0, 0, 0, 0, 1.0, 1.0]))
    assert 0.2 <= threshold < 0.6
    assert f1 == pytest.approx(1.0)


def asked_of(number: int, rng: random.Random) -> Asked:
    """Returns a question of two supporting sentences: the best one, and any that has the word which that one lacks."""
    text = " ".join(f"Sentence {n} of text {number} stands here." for n in range(12))
    sentences = split_sentences(make_article(text).text)
    adding = rng.randrange(3, 12)
    candidates = tuple(
        Candidate(
            StoredSentence(n, "a", "T", s), 1, None, False, (0.0,) * len(FEATURES), 0.9 if n == 0 else rng.uniform(0.2, 0.5),
            {"bridge": 0.5} | ({"opened": 0.5} if n == adding else {}),
        )
        for n, s in enumerate(sentences)
    )  # fmt: skip
    support = tuple((sentences[n].start, sentences[n].end) for n in (0, adding))
    example = replace(WHEN, context=text, article=str(number), support=support)
    return Asked(example, Inquiry(cast(Any, None), "", (), None, candidates=candidates))


def test_a_sentence_that_adds_is_learned_to_be_cited_beside_the_best() -> None:
    rng = random.Random(0)
    fitted = fit_beside([asked_of(number, rng) for number in range(60)])["beside"]
    assert fitted["adds"] > 5 * abs(fitted["near"])
    assert 0.1 <= fitted["cited_from"] <= 0.9
    at_half = fitted["intercept"] + 0.5 * fitted["adds"]
    assert 1 / (1 + np.exp(-at_half)) > fitted["cited_from"] > 1 / (1 + np.exp(-fitted["intercept"]))


@pytest.mark.parametrize(
    ("question", "gold", "short"),
    [
        ("When was it opened?", "1975", True),
        ("When was it opened?", "in the spring of the year after the great flood", False),
        ("Was it opened in 1975?", "1975", False),  # gets no short answer
    ],
)
def test_right_is_fitted_where_a_short_answer_is_wanted(question: str, gold: str, short: bool) -> None:
    example = replace(WHEN, answers=((0, gold),))
    assert is_short(Asked(example, Inquiry(cast(Any, None), question, (), None, intent=intent_of(question)))) is short


def test_weights_give_the_unanswerable_their_share() -> None:
    answerable = np.array([True] * 30 + [False] * 10)
    weights = weighted(answerable, 0.4)
    assert weights[~answerable].sum() / weights.sum() == pytest.approx(0.4)
    assert weights.mean() == pytest.approx(1.0)


@pytest.mark.parametrize(("cost", "expected"), [(1.0, 1 / 2), (2.0, 2 / 3), (0.6, 0.375)])
def test_with_calibrated_probabilities_one_answers_where_it_is_worth_its_risk(cost: float, expected: float) -> None:
    chance = np.random.default_rng(1)
    probabilities = chance.uniform(size=20_000)
    answerable = chance.uniform(size=20_000) < probabilities
    even = np.ones(20_000)
    assert threshold_of(probabilities, answerable, answerable, even, cost) == pytest.approx(expected, abs=0.03)
    twice = np.where(answerable, 2.0, 1.0)  # as if there were twice as many answerable ones
    assert threshold_of(probabilities, answerable, answerable, twice, cost) < expected - 0.05
    # Where every other answer would be wrong, three quarters as much are lost by refusals.
    right = answerable & (chance.uniform(size=20_000) < 0.5)
    assert threshold_of(probabilities, right, answerable, even, cost) == pytest.approx(cost / (cost + 0.75), abs=0.04)


def test_a_lone_dip_does_not_decide_a_threshold() -> None:
    losses = np.abs(np.arange(91) - 60.0)
    losses[10] = -5
    assert abs(int(np.argmin(smoothed(losses))) - 60) <= 1


def test_a_feature_that_is_the_same_but_for_rounding_does_not_spoil_the_others() -> None:
    same = (
        np.full(80, 0.1) + np.where(np.arange(80) % 3 == 0, 1e-17, 0.0) + np.where(np.arange(80) % 2 == 0, 2e-17, 0.0)
    )
    telling = np.arange(80) / 80
    fitted = logistic(("same", "telling"), np.column_stack([same, telling]), telling > 0.5)
    assert fitted["telling"] > 1
    assert abs(fitted["same"]) < 1
