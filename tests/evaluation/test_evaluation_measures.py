"""The measures against scikit-learn, ir-measures, SciPy and values worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.evaluation.answer_measures import exact_match, normalise_answer, token_f1
from assistant.evaluation.confidence_measures import (
    area_under_risk,
    auroc,
    calibration_error,
    reliability,
    risk_coverage,
)
from assistant.evaluation.ranking_measures import graded_ndcg_at, ndcg_at, new_needs, recall_at, reciprocal_rank
from assistant.evaluation.significance import holm, interval, paired_p_value, resample_weights

probabilities = st.integers(0, 100).map(lambda n: n / 100)


def scored(min_size: int = 1) -> st.SearchStrategy[list[tuple[float, bool]]]:
    return st.lists(st.tuples(probabilities, st.booleans()), min_size=min_size, max_size=60)


def arrays(pairs: list[tuple[float, bool]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    scores, labels = zip(*pairs, strict=True)
    return np.array(scores), np.array(labels, dtype=float), np.ones(len(pairs))


class TestAnswers:
    @pytest.mark.parametrize(
        ("given", "accepted", "exact", "f1"),
        [
            ("the South Caucasus.", ["South Caucasus"], 1.0, 1.0),
            ("Foreign Minister Ararat Mirzoyan", ["Ararat Mirzoyan"], 0.0, 2 / 3),
            ("in 1990", ["the 1990s"], 0.0, 0.0),
            ("", [], 1.0, 1.0),
            ("Ararat", [], 0.0, 0.0),
            ("", ["Ararat"], 0.0, 0.0),
            ("the", ["a", "an"], 1.0, 1.0),
            ("one two two", ["two two three"], 0.0, 2 / 3),
            ("x", ["y", "x"], 1.0, 1.0),
        ],
    )
    def test_exact_match_and_f1_are_those_of_squad(
        self, given: str, accepted: list[str], exact: float, f1: float
    ) -> None:
        assert exact_match(given, accepted) == exact
        assert token_f1(given, accepted) == pytest.approx(f1)

    def test_normalising_drops_ascii_punctuation_and_articles_only(self) -> None:
        assert normalise_answer("The  “Base”, an a-b!") == "“base” ab"

    @settings(deadline=None)
    @given(st.text(max_size=40), st.lists(st.text(max_size=40), max_size=3))
    def test_an_exact_match_has_f1_of_one_and_f1_stays_between_0_and_1(self, given: str, accepted: list[str]) -> None:
        f1 = token_f1(given, accepted)
        assert 0 <= f1 <= 1
        if exact_match(given, accepted):
            assert f1 == 1


class TestRankings:
    def test_a_need_counts_once_however_many_of_its_sentences_are_found(self) -> None:
        met = [frozenset({0}), frozenset({0}), frozenset[int](), frozenset({1})]
        assert new_needs(met) == [1, 0, 0, 1]
        assert [recall_at(met, 2, k) for k in (1, 2, 3, 4)] == [0.5, 0.5, 0.5, 1.0]
        assert ndcg_at(met, 2, 10) == pytest.approx((1 + 1 / math.log2(5)) / (1 + 1 / math.log2(3)))

    def test_reciprocal_rank_is_that_of_the_first_needed_sentence(self) -> None:
        assert reciprocal_rank([frozenset(), frozenset({3}), frozenset({1})]) == 0.5
        assert reciprocal_rank([frozenset()]) == 0.0

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.booleans(), min_size=1, max_size=20), st.integers(0, 5))
    def test_recall_mrr_and_ndcg_equal_ir_measures(self, relevant: list[bool], n_missed: int) -> None:
        import ir_measures
        from ir_measures import RR, R, nDCG

        n_needs = sum(relevant) + n_missed
        if n_needs == 0:
            return
        judged = {f"d{i}": 1 for i, is_relevant in enumerate(relevant) if is_relevant}
        judged |= {f"missed{i}": 1 for i in range(n_missed)}
        run = {"q": {f"d{i}": 1000.0 - i for i in range(len(relevant))}}
        theirs = ir_measures.calc_aggregate([R @ 5, RR, nDCG @ 10], {"q": judged}, run)
        numbers = iter(range(len(relevant)))
        met = [frozenset({next(numbers)} if is_relevant else ()) for is_relevant in relevant]
        assert recall_at(met, n_needs, 5) == pytest.approx(theirs[R @ 5])
        assert reciprocal_rank(met) == pytest.approx(theirs[RR])
        assert ndcg_at(met, n_needs, 10) == pytest.approx(theirs[nDCG @ 10])

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.integers(0, 3), min_size=2, max_size=20))
    def test_graded_ndcg_equals_scikit_learn(self, grades: list[int]) -> None:
        from sklearn.metrics import ndcg_score

        ours = graded_ndcg_at(grades, grades, 10)
        order = np.arange(len(grades), 0, -1, dtype=float)
        assert ours == pytest.approx(ndcg_score([grades], [order], k=10) if any(grades) else 0.0)


class TestConfidence:
    @settings(max_examples=80, deadline=None)
    @given(scored(2), st.data())
    def test_auroc_equals_scikit_learn_with_weights_and_ties(
        self, pairs: list[tuple[float, bool]], data: st.DataObject
    ) -> None:
        from sklearn.metrics import roc_auc_score

        scores, labels, _ = arrays(pairs)
        weights = np.array(
            data.draw(st.lists(st.integers(1, 4), min_size=len(pairs), max_size=len(pairs))), dtype=float
        )
        ours = auroc(scores, labels, weights)
        if len(set(labels)) < 2:
            assert math.isnan(ours)
        else:
            assert ours == pytest.approx(roc_auc_score(labels, scores, sample_weight=weights))

    def test_calibration_error_of_a_worked_example(self) -> None:
        confidences = np.array([0.95, 0.95, 0.15, 0.15])
        right = np.array([1.0, 0.0, 0.0, 0.0])
        assert calibration_error(confidences, right, np.ones(4)) == pytest.approx(0.5 * 0.45 + 0.5 * 0.15)
        assert [(b.weight, b.right) for b in reliability(confidences, right, np.ones(4))] == [(2, 0.0), (2, 0.5)]

    @settings(deadline=None)
    @given(scored())
    def test_bins_hold_every_answer_once(self, pairs: list[tuple[float, bool]]) -> None:
        confidences, right, weights = arrays(pairs)
        bins = reliability(confidences, right, weights)
        assert sum(b.weight for b in bins) == len(pairs)
        assert sum(b.weight * b.right for b in bins) == pytest.approx(right.sum())

    def test_risk_and_coverage_of_a_worked_example(self) -> None:
        coverage, risk = risk_coverage(np.array([0.9, 0.8, 0.8, 0.1]), np.array([1.0, 0, 1, 0]), np.ones(4), 8)
        assert coverage.tolist() == [0.125, 0.375, 0.5]
        assert risk.tolist() == pytest.approx([0, 1 / 3, 0.5])

    @settings(deadline=None)
    @given(scored())
    def test_the_last_risk_is_the_share_of_wrong_answers_in_whatever_order(
        self, pairs: list[tuple[float, bool]]
    ) -> None:
        confidences, right, weights = arrays(pairs)
        _, risk = risk_coverage(confidences, right, weights, len(pairs))
        assert risk[-1] == pytest.approx(1 - right.mean())
        there, back = (
            area_under_risk(c, r, weights) for c, r in ((confidences, right), (confidences[::-1], right[::-1]))
        )
        assert there == pytest.approx(back)
        assert -1e-9 <= there <= 1 + 1e-9


class TestSignificance:
    def test_few_articles_resample_questions_and_many_resample_articles(self) -> None:
        by_question = resample_weights(["one"] * 30, 50)
        assert by_question.shape == (50, 30)
        assert set(by_question.sum(axis=1)) == {30.0}
        by_article = resample_weights([str(i // 2) for i in range(60)], 50)
        assert (by_article[:, ::2] == by_article[:, 1::2]).all()

    def test_the_interval_of_a_mean_covers_what_theory_says(self) -> None:
        values = np.array([0.0] * 50 + [1.0] * 50)
        weights = resample_weights(["a"] * 100, 4000)
        low, high = interval(weights @ values / 100)
        assert low == pytest.approx(0.5 - 1.96 * 0.05, abs=0.015)
        assert high == pytest.approx(0.5 + 1.96 * 0.05, abs=0.015)

    def test_the_paired_test_equals_scipy(self) -> None:
        from scipy.stats import permutation_test

        differences = np.array([0.3, 0.1, -0.2, 0.5, 0.4, 0.0, 0.2, 0.1, -0.1, 0.3])
        exact = permutation_test((differences,), np.mean, permutation_type="samples", n_resamples=np.inf).pvalue
        assert paired_p_value(differences) == pytest.approx(float(exact), abs=0.015)

    def test_no_difference_is_never_significant_and_a_large_one_is(self) -> None:
        assert paired_p_value(np.zeros(20)) == 1.0
        assert paired_p_value(np.full(30, 0.2)) < 0.001

    def test_holm_multiplies_the_smallest_by_the_number_of_tests(self) -> None:
        assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
        assert holm([0.9, 0.8]) == [1.0, 1.0]
