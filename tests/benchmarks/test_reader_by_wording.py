"""The benchmark that tells wordings apart: its areas, on scores small enough to count by hand."""

from __future__ import annotations

import numpy as np

from benchmarks.reader_by_wording import MISSING, areas


def test_areas_count_the_pairs_in_which_the_unanswerable_one_scores_higher() -> None:
    scores = {kind: np.array([1.0, 3.0]) for kind in MISSING} | {
        "near": np.array([5.0]),
        "reworded": np.array([0.0, 2.0]),
    }
    assert areas(scores, "reworded") == "labelled 0.750, near 1.000, removed 0.750, elsewhere 0.750, mean 0.812"
