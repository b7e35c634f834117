"""Rows -> figures, each with its 95 % bootstrap interval."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.evaluation.confidence_measures import Floats, area_under_risk, auroc, calibration_error
from assistant.evaluation.ranking_measures import ndcg_at, recall_at, reciprocal_rank
from assistant.evaluation.rows import Row
from assistant.evaluation.significance import interval, resample_weights

DEPTHS = (1, 3, 5, 10)
"""Where recall@k is taken, beside the k that was asked for."""

LOWER_IS_BETTER = frozenset({"confidence.ece", "confidence.ece_refusals", "confidence.risk_area"})


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure over a question set.

    Attributes:
        value: NaN if no question counts for it.
        low, high: 95 % bootstrap interval.
        n: questions that count for it.
    """

    value: float
    low: float
    high: float
    n: int

    def to_dict(self) -> dict[str, Any]:
        """Returns the figure as JSON types, None for NaN."""
        numbers = {"value": self.value, "low": self.low, "high": self.high}
        return {**{name: None if math.isnan(v) else round(v, 6) for name, v in numbers.items()}, "n": self.n}

    def told(self) -> tuple[str, str, str]:
        """Returns value, interval and number for people: shares in per cent, a dash where nothing counts."""
        if math.isnan(self.value):
            return "–", "", f"{self.n:,}"
        return f"{self.value:.1%}", f"{self.low:.1%} – {self.high:.1%}", f"{self.n:,}"

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Figure:
        """Returns the figure of JSON types."""
        value, low, high = (float("nan") if values[x] is None else float(values[x]) for x in ("value", "low", "high"))
        return cls(value, low, high, int(values["n"]))


Contribution = tuple[float, float]
"""What one question adds to numerator and denominator; (0, 0) if it does not count."""

_NOTHING: Contribution = (0.0, 0.0)


def _mean(value: float | None) -> Contribution:
    return _NOTHING if value is None else (value, 1.0)


def _if(condition: object, value: float) -> Contribution:
    return (value, 1.0) if condition else _NOTHING


def _precision(row: Row) -> Contribution:
    counted = row.n_right_citations + row.n_wrong_citations
    return _if(row.answerable and row.needs and counted, row.n_right_citations / counted if counted else 0.0)


def _refusal_f1(row: Row) -> Contribution:
    return 2.0 * (row.abstained and not row.answerable), float(row.abstained) + float(not row.answerable)


RATIOS: dict[str, Callable[[Row], Contribution]] = {
    "outcome.right": lambda row: (float(row.right), 1.0),
    "answers.f1": lambda row: _mean(row.f1),
    "answers.exact_match": lambda row: _mean(row.exact_match),
    "answers.f1_answerable": lambda row: _mean(row.f1 if row.answerable else None),
    "answers.exact_match_answerable": lambda row: _mean(row.exact_match if row.answerable else None),
    "support.precision": _precision,
    "support.recall": lambda row: _if(row.needs, len(row.needs_met) / max(1, len(row.needs))),
    "support.f1": lambda row: _if(row.needs, row.support_f1 if row.needs else 0.0),
    "citations.precision": lambda row: (row.n_right_citations, row.n_right_citations + row.n_wrong_citations),
    "citations.recall": lambda row: _NOTHING if row.abstained else (len(row.needs_met), len(row.needs)),
    "citations.intact": lambda row: (float(row.n_broken == 0), 1.0),
    "abstention.answered": lambda row: _if(row.answerable, float(not row.abstained)),
    "abstention.precision": lambda row: _if(row.abstained, float(not row.answerable)),
    "abstention.recall": lambda row: _if(not row.answerable, float(row.abstained)),
    "abstention.f1": _refusal_f1,
}
"""Measures that are a sum over a sum, so that a resample is one product of matrices."""


def retrieval_ratios(k: int) -> dict[str, Callable[[Row], Contribution]]:
    """Returns the measures of the sentences found; they count the questions whose needed sentences are labelled."""

    def of(measure: Callable[[Sequence[frozenset[int]], int], float]) -> Callable[[Row], Contribution]:
        return lambda row: (
            (measure([frozenset(needs) for needs in row.found], len(row.needs)), 1.0) if row.needs else _NOTHING
        )

    def recall(depth: int) -> Callable[[Row], Contribution]:
        return of(lambda met, n_needs: recall_at(met, n_needs, depth))

    ratios = {f"retrieval.recall@{depth}": recall(depth) for depth in sorted({*DEPTHS, k})}
    ratios["retrieval.mrr"] = of(lambda met, _: reciprocal_rank(met))
    ratios["retrieval.ndcg@10"] = of(lambda met, n_needs: ndcg_at(met, n_needs, 10))
    return ratios


def answerability(rows: Iterable[Row]) -> Floats:
    """Returns how sure it is that each question has an answer: its confidence, or one minus that of a refusal."""
    return np.array([1 - row.confidence if row.abstained else row.confidence for row in rows], dtype=np.float64)


def figures_of(rows: Sequence[Row], k: int) -> dict[str, Figure]:
    """Returns every figure by name, over `rows`, with its interval."""
    weights = resample_weights([row.article_id for row in rows])
    figures = ratio_figures(rows, {**retrieval_ratios(k), **RATIOS}, weights)
    for name, (measure, counts) in _curve_measures(rows).items():
        over = [measure(resample) for resample in weights]
        figures[name] = Figure(measure(np.ones(len(rows))), *interval(np.array(over)), n=int(counts))
    return figures


def right_share(rows: Sequence[Row]) -> Figure:
    """Returns the share of questions that were answered rightly or rightly refused."""
    return sliced(rows, ["outcome.right"])["outcome.right"]


def sliced(rows: Sequence[Row], names: Sequence[str]) -> dict[str, Figure]:
    """Returns some of the figures of `RATIOS` over some of the rows."""
    weights = resample_weights([row.article_id for row in rows])
    return ratio_figures(rows, {name: RATIOS[name] for name in names}, weights)


def ratio_figures(
    rows: Sequence[Any], ratios: dict[str, Callable[[Any], Contribution]], weights: Floats
) -> dict[str, Figure]:
    """Returns the figures that are a sum over a sum; `weights` are those of the resamples."""
    parts = np.array([[ratio(row) for ratio in ratios.values()] for row in rows], dtype=np.float64)
    parts = parts.reshape(len(rows), len(ratios), 2)
    whole = parts.sum(axis=0)
    resampled = np.einsum("bn,nrp->brp", weights, parts, optimize=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        values = whole[:, 0] / whole[:, 1]
        over = resampled[:, :, 0] / resampled[:, :, 1]
    counts = (parts[:, :, 1] > 0).sum(axis=0)
    return {name: Figure(float(values[i]), *interval(over[:, i]), n=int(counts[i])) for i, name in enumerate(ratios)}


def _curve_measures(rows: Sequence[Row]) -> dict[str, tuple[Callable[[Floats], float], int]]:
    """Returns the measures of the confidence, each as a function of the questions' weights, with its count."""
    confidences = np.array([row.confidence for row in rows], dtype=np.float64)
    right = np.array([row.right for row in rows], dtype=np.float64)
    answerable = np.array([row.answerable for row in rows], dtype=np.float64)
    refused = np.array([row.abstained for row in rows], dtype=bool)
    sure = answerability(rows)
    given = ~refused
    return {
        "abstention.auroc": (lambda w: auroc(sure, answerable, w), len(rows)),
        "confidence.ece": (lambda w: calibration_error(confidences[given], right[given], w[given]), given.sum()),
        "confidence.ece_refusals": (
            lambda w: calibration_error(confidences[refused], right[refused], w[refused]),
            refused.sum(),
        ),
        "confidence.risk_area": (lambda w: area_under_risk(confidences[given], right[given], w[given]), given.sum()),
    }
