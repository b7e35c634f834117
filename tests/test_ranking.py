"""One score: a probability that rises with what search and the reader say."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.intent import Intent
from assistant.onnx_model import MODELS
from assistant.ranking import (
    ANSWER_FEATURES,
    BESIDE_FEATURES,
    answer_features,
    beside_features,
    best_reading,
    combined,
    probability,
    rank,
)
from assistant.reader import Passage, Reading
from assistant.retrieval import FEATURES, Candidate
from assistant.scores import coefficients, logistic, logit
from assistant.sentences import Sentence
from assistant.store import StoredSentence

TEXTS = ("The base stays.", "Bananas are yellow.", "Nobody asked.")


def candidate(
    position: int, score: float, article_id: str = "a", covered: tuple[str, ...] = (), shares: float = 0.25
) -> Candidate:
    start = sum(len(text) + 1 for text in TEXTS[:position])
    sentence = Sentence(TEXTS[position], start, start + len(TEXTS[position]), position)
    stored = StoredSentence(10 + position, article_id, "Base", sentence)
    return Candidate(stored, 1, None, False, (0.0,) * len(FEATURES), score, dict.fromkeys(covered, shares))


def reading(support: tuple[float, ...], span: tuple[int, int] | None = (0, 4), span_score: float = 1.0) -> Reading:
    sentences = tuple(candidate(i, 0.5).stored.sentence for i in range(3))
    return Reading(Passage("a", " ".join(TEXTS), sentences), support, span, span_score, 0.2)


probabilities = st.floats(0, 1)


@given(probabilities, probabilities, probabilities)
def test_scores_are_probabilities_and_never_fall_as_their_parts_rise(prior: float, low: float, high: float) -> None:
    low, high = sorted((low, high))
    assert 0 <= combined(prior, low) <= combined(prior, high) <= 1
    assert 0 <= combined(low, None) <= combined(high, None) <= 1
    assert combined(low, prior) <= combined(high, prior)


@given(probabilities)
def test_logit_and_logistic_undo_each_other(p: float) -> None:
    assert logistic(logit(p)) == pytest.approx(min(max(p, 1e-4), 1 - 1e-4), abs=1e-9)
    assert 0 <= logistic(1e9 * (p - 0.5)) <= 1


def test_what_was_read_is_ranked_by_the_reader() -> None:
    ranked = rank([candidate(i, 0.5) for i in range(3)], [reading((0.1, 0.9, 0.5))])
    assert [r.candidate.stored.sentence.position for r in ranked] == [1, 2, 0]
    assert [r.support for r in ranked] == [0.9, 0.5, 0.1]
    assert [r.evidence().score for r in ranked] == [r.score for r in ranked]


def test_after_the_best_comes_what_adds_to_it_and_then_what_repeats_it() -> None:
    best = candidate(0, 0.9, covered=("base", "stay"))
    repeats, adds = candidate(1, 0.5, covered=("base", "stay")), candidate(2, 0.5, covered=("base", "who"))
    ranked = rank([best, repeats, adds], [])
    assert [r.candidate.stored.sentence.position for r in ranked] == [0, 2, 1]
    assert ranked[0].score == ranked[0].alone
    assert ranked[1].alone == ranked[2].alone


@given(st.lists(st.tuples(probabilities, st.sets(st.sampled_from("abcd")), st.sampled_from("xy")), max_size=6))
def test_the_order_is_that_of_the_scores_and_begins_with_the_best_alone(
    rows: list[tuple[float, set[str], str]],
) -> None:
    found = [candidate(i % 3, prior, article, tuple(words)) for i, (prior, words, article) in enumerate(rows)]
    ranked = rank(found, [])
    scores = [r.score for r in ranked]
    assert scores == sorted(scores, reverse=True)
    assert not ranked or ranked[0].alone == max(r.alone for r in ranked)


def test_what_stands_beside_the_best_is_known_by_article_and_distance() -> None:
    best, beside, other = rank([candidate(0, 0.9), candidate(1, 0.5), candidate(1, 0.4, "b")], [])
    assert dict(zip(BESIDE_FEATURES, beside_features(best, beside), strict=True)) == {
        "score": logit(beside.alone),
        "adds": 0.0,
        "next": 1.0,
        "near": 1.0,
    }
    assert beside_features(best, other)[2:] == [0.0, 0.0]
    assert set(coefficients("beside")) == {"intercept", "cited_from", *BESIDE_FEATURES}


def test_the_best_of_several_readings_counts_and_other_articles_are_apart() -> None:
    ranked = rank([candidate(0, 0.5), candidate(0, 0.5, "b")], [reading((0.1, 0, 0)), reading((0.8, 0, 0))])
    assert {r.candidate.stored.article_id: r.support for r in ranked} == {"a": 0.8, "b": None}


def test_the_best_reading_is_the_one_whose_span_stands_out() -> None:
    far, near, none = (
        reading((0.5,) * 3, span_score=-2),
        reading((0.1,) * 3, span_score=3),
        reading((0.9,) * 3, None, 9),
    )
    assert best_reading([far, near, none]) is near
    assert best_reading([none]) is best_reading([]) is None


def test_features_of_nothing_tell_that_nothing_was_found() -> None:
    nothing = answer_features(Intent("fact"), [], [])
    something = answer_features(Intent("fact"), rank([candidate(0, 0.9)], [reading((0.9,) * 3)]), [reading((0.9,) * 3)])
    assert len(nothing) == len(something) == len(ANSWER_FEATURES)
    assert probability("answerable", nothing) < 0.5
    assert probability("answerable", nothing) < probability("answerable", something)


def test_the_scores_file_is_complete_and_thresholds_rise() -> None:
    scores = json.loads((MODELS / "scores.json").read_text(encoding="utf-8"))
    for name in ("answerable", "right"):
        assert set(scores[name]) == {"intercept", *ANSWER_FEATURES}
    assert 0 < scores["threshold"]["low"] < scores["threshold"]["normal"] < scores["threshold"]["high"] < 1
