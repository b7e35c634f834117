"""What answers and probabilities are worth: SQuAD's F1, area under the curve, bootstrap intervals."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray


def normalised_words(text: str) -> list[str]:
    """Returns the words of an answer in lower case, without punctuation and articles.

    Source: SQuAD's official evaluation script (Rajpurkar et al. 2016).
    """
    lowered = "".join(c for c in text.lower() if c not in string.punctuation)
    return re.sub(r"\b(a|an|the)\b", " ", lowered).split()


def answer_f1(given: str, golds: Sequence[str]) -> float:
    """Returns the best word F1 of an answer over the right ones; with no right one, 1.0 for "" and else 0.0."""
    if not golds:
        return float(given == "")
    return max(_f1(normalised_words(given), normalised_words(gold)) for gold in golds)


def _f1(given: list[str], gold: list[str]) -> float:
    if not given or not gold:
        return float(given == gold)
    shared = sum((Counter(given) & Counter(gold)).values())
    return 2 * shared / (len(given) + len(gold))


def set_f1(given: set[int], gold: set[int]) -> float:
    """Returns the F1 of one set against another; 1.0 if both are empty."""
    if not given and not gold:
        return 1.0
    return 2 * len(given & gold) / (len(given) + len(gold))


def area_under_curve(labels: Sequence[bool], scores: Sequence[float]) -> float:
    """Returns the probability that a positive scores above a negative, ties counting half; nan if one side is empty."""
    values = np.asarray(scores, dtype=np.float64)
    positive = np.asarray(labels, dtype=bool)
    n_positive, n_negative = int(positive.sum()), int((~positive).sum())
    if not n_positive or not n_negative:
        return float("nan")
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return float((ranks[positive].sum() - n_positive * (n_positive + 1) / 2) / (n_positive * n_negative))


def expected_calibration_error(labels: Sequence[bool], probabilities: Sequence[float], n_bins: int = 10) -> float:
    """Returns the mean distance between probability and share of positives, over bins of equal size."""
    order = np.argsort(probabilities)
    given, right = np.asarray(probabilities)[order], np.asarray(labels, dtype=np.float64)[order]
    parts = [p for p in np.array_split(np.arange(len(order)), n_bins) if len(p)]
    return float(sum(len(p) * abs(given[p].mean() - right[p].mean()) for p in parts) / len(order))


def interval(
    rows: NDArray[np.float64], figure: Callable[[NDArray[np.float64]], float], n_draws: int = 1000, seed: int = 0
) -> tuple[float, float]:
    """Returns the 95 % bootstrap interval of a figure over rows, drawn with replacement.

    Args:
        rows: (n, columns), one a question.
        figure: rows -> the figure.
        n_draws: resamples.
        seed: of the resampling.
    """
    rng = np.random.default_rng(seed)
    drawn = [figure(rows[rng.integers(0, len(rows), len(rows))]) for _ in range(n_draws)]
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return float(low), float(high)
