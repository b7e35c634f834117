"""What the confidence is worth: telling answerable from unanswerable, risk against coverage, calibration.

All take a weight for each question, so that one bootstrap resample is one vector of counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
N_BINS = 10


def auroc(scores: Floats, labels: Floats, weights: Floats) -> float:
    """Returns the probability that a positive question has a higher score than a negative one, ties counting half.

    Args:
        scores: (n,) higher means more likely positive.
        labels: (n,) 1.0 positive, 0.0 negative.
        weights: (n,) not negative.

    Returns:
        0 to 1; NaN if either class has no weight.
    """
    order = np.argsort(scores, kind="stable")
    positive = (labels * weights)[order]
    negative = ((1 - labels) * weights)[order]
    _, starts = np.unique(scores[order], return_index=True)
    if not len(starts):
        return float("nan")
    positive, negative = np.add.reduceat(positive, starts), np.add.reduceat(negative, starts)
    pairs = positive.sum() * negative.sum()
    below = np.cumsum(negative) - negative
    return float((positive * (below + negative / 2)).sum() / pairs) if pairs > 0 else float("nan")


def risk_coverage(confidences: Floats, right: Floats, weights: Floats, total: float) -> tuple[Floats, Floats]:
    """Returns coverage and risk when only the surest answers are given, the surest first.

    Args:
        confidences: (n,) of the answers given.
        right: (n,) 1.0 right, 0.0 wrong.
        weights: (n,) not negative.
        total: weight of all questions, the refused ones too; coverage counts against it.

    Returns:
        coverage, risk: one point for each distinct confidence; answers of equal confidence come and go together.
    """
    kept = weights > 0
    confidences, right, weights = confidences[kept], right[kept], weights[kept]
    order = np.argsort(-confidences, kind="stable")
    ranked = confidences[order]
    last = np.append(ranked[1:] != ranked[:-1], True) if len(ranked) else np.zeros(0, dtype=bool)
    covered = np.cumsum(weights[order])[last]
    wrong = np.cumsum((weights * (1 - right))[order])[last]
    return covered / total, wrong / covered


def area_under_risk(confidences: Floats, right: Floats, weights: Floats) -> float:
    """Returns the mean risk over all coverages up to that of the answers given; 0 to 1, lower is better.

    Source: Geifman and El-Yaniv, 2017, "Selective Classification for Deep Neural Networks".
    """
    total = float(weights.sum())
    if total <= 0:
        return float("nan")
    coverage, risk = risk_coverage(confidences, right, weights, total)
    return float((np.diff(coverage, prepend=0.0) * risk).sum())


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of similar confidence: their weight, mean confidence and the share that is right."""

    weight: float
    confidence: float
    right: float


def reliability(confidences: Floats, right: Floats, weights: Floats, n_bins: int = N_BINS) -> list[Bin]:
    """Returns the bins of a reliability diagram that hold an answer: `n_bins` of equal width, closed above."""
    places = np.clip(np.ceil(confidences * n_bins).astype(int) - 1, 0, n_bins - 1)
    weight = np.bincount(places, weights, n_bins)
    confidence = np.bincount(places, weights * confidences, n_bins)
    n_right = np.bincount(places, weights * right, n_bins)
    return [
        Bin(float(w), float(c / w), float(r / w)) for w, c, r in zip(weight, confidence, n_right, strict=True) if w > 0
    ]


def calibration_error(confidences: Floats, right: Floats, weights: Floats, n_bins: int = N_BINS) -> float:
    """Returns the expected calibration error: the mean gap between confidence and the share that is right; 0 to 1.

    Source: Naeini et al., 2015, "Obtaining Well Calibrated Probabilities Using Bayesian Binning".
    """
    bins = reliability(confidences, right, weights, n_bins)
    total = sum(b.weight for b in bins)
    return sum(b.weight * abs(b.confidence - b.right) for b in bins) / total if total else float("nan")
