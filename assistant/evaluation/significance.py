"""How sure a figure is: bootstrap intervals, a paired test of two runs, correction for many tests."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

N_RESAMPLES = 1000
N_PERMUTATIONS = 10_000
SEED = 20_261_122
MIN_CLUSTERS = 20
"""With fewer articles than this, resampling articles says little: questions are resampled instead."""


def resample_weights(clusters: Sequence[str], n_resamples: int = N_RESAMPLES, seed: int = SEED) -> Floats:
    """Returns how often each question is drawn in each resample, (n_resamples, n_questions).

    Questions on one article succeed and fail together, so whole articles are drawn where there are enough of them.

    Source: Efron and Tibshirani, 1993, "An Introduction to the Bootstrap".
    """
    _, places = np.unique(np.asarray(clusters, dtype=object).astype(str), return_inverse=True)
    n_clusters = int(places.max(initial=-1)) + 1
    if n_clusters < MIN_CLUSTERS:
        places, n_clusters = np.arange(len(clusters)), len(clusters)
    if n_clusters == 0:
        return np.zeros((n_resamples, 0))
    drawn = np.random.default_rng(seed).multinomial(n_clusters, np.full(n_clusters, 1 / n_clusters), n_resamples)
    return drawn[:, places].astype(np.float64)


def interval(values: Floats) -> tuple[float, float]:
    """Returns the 95 % percentile interval of a figure over its resamples, NaN where it is never defined."""
    defined = values[~np.isnan(values)]
    if not len(defined):
        return float("nan"), float("nan")
    low, high = np.quantile(defined, [0.025, 0.975])
    return float(low), float(high)


def paired_p_value(
    differences: Floats, clusters: Sequence[str] = (), n_permutations: int = N_PERMUTATIONS, seed: int = SEED
) -> float:
    """Returns the two-sided p-value of the mean of paired `differences` by random sign flips; above 0, at most 1.

    Args:
        differences: (n,) second run minus first, question by question.
        clusters: the article of each question; where there are enough, all of one article flip together.

    Source: Smucker et al., 2007, "A Comparison of Statistical Significance Tests for IR Evaluation".
    """
    if len(clusters) and len(set(clusters)) >= MIN_CLUSTERS:
        _, places = np.unique(np.asarray(clusters, dtype=object).astype(str), return_inverse=True)
        differences = np.asarray(np.bincount(places, differences), dtype=np.float64)
    differences = differences[differences != 0]
    if not len(differences):
        return 1.0
    generator = np.random.default_rng(seed)
    observed = abs(differences.sum())
    n_as_far = 0
    for start in range(0, n_permutations, 500):
        n_rows = min(500, n_permutations - start)
        signs = generator.integers(0, 2, (n_rows, len(differences))) * 2 - 1
        # The margin keeps sums that are equal but for rounding on the same side.
        n_as_far += int((abs(signs @ differences) >= observed - 1e-9).sum())
    return (n_as_far + 1) / (n_permutations + 1)


def holm(p_values: Sequence[float]) -> list[float]:
    """Returns p-values corrected for being many, in their order.

    Source: Holm, 1979, "A Simple Sequentially Rejective Multiple Test Procedure".
    """
    corrected = [0.0] * len(p_values)
    running = 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        running = max(running, min(1.0, p_values[index] * (len(p_values) - rank)))
        corrected[index] = running
    return corrected
