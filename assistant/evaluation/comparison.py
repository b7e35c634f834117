"""Two runs on the same questions: which figures differ, and whether that is more than noise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from assistant.evaluation.figures import Contribution, retrieval_ratios
from assistant.evaluation.rows import Row
from assistant.evaluation.significance import holm, interval, paired_p_value, resample_weights

SIGNIFICANT = 0.05

PAIRED: dict[str, Callable[[Row], float | None]] = {
    "outcome.right": lambda row: float(row.right),
    "answers.f1": lambda row: row.f1,
    "support.f1": lambda row: row.support_f1 if row.needs else None,
    "abstention.right": lambda row: float(row.abstained != row.answerable),
}
"""Measures that each question has of its own, so that two runs can be paired."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How much one figure differs between two runs, over the questions that count in both.

    Attributes:
        name: of the figure.
        before, after: in the other run and in this one.
        low, high: 95 % interval of the difference.
        p_value: of a paired permutation test, corrected for the number of figures (Holm).
        n: questions.
    """

    name: str
    before: float
    after: float
    low: float
    high: float
    p_value: float
    n: int

    @property
    def verdict(self) -> str:
        """The difference in a word: better, worse, or no clear difference."""
        if self.p_value >= SIGNIFICANT:
            return "no clear difference"
        return "better" if self.after > self.before else "worse"


def differences(after: Sequence[Row], before: Sequence[Row], k: int) -> list[Difference]:
    """Returns how the rows `after` differ from those `before`, over the questions that both have."""
    old = {row.id: row for row in before}
    pairs = [(old[row.id], row) for row in after if row.id in old]
    found = []
    for name, measure in {**PAIRED, **_retrieval(k)}.items():
        values = [(measure(a), measure(b), b.article_id) for a, b in pairs]
        counted = [(a, b, cluster) for a, b, cluster in values if a is not None and b is not None]
        if counted:
            found.append(_difference(name, counted))
    corrected = holm([difference.p_value for difference in found])
    return [replace(difference, p_value=p) for difference, p in zip(found, corrected, strict=True)]


def _retrieval(k: int) -> dict[str, Callable[[Row], float | None]]:
    ratios = retrieval_ratios(k)
    chosen = {name: ratios[name] for name in (f"retrieval.recall@{k}", "retrieval.ndcg@10")}
    return {name: partial(_share, ratio) for name, ratio in chosen.items()}


def _share(ratio: Callable[[Row], Contribution], row: Row) -> float | None:
    return ratio(row)[0] if row.needs else None


def _difference(name: str, counted: list[tuple[float, float, str]]) -> Difference:
    before = np.array([a for a, _, _ in counted])
    after = np.array([b for _, b, _ in counted])
    clusters = [cluster for _, _, cluster in counted]
    weights = resample_weights(clusters)
    with np.errstate(invalid="ignore", divide="ignore"):
        over = (weights @ (after - before)) / weights.sum(axis=1)
    low, high = interval(over)
    p_value = paired_p_value(after - before, clusters)
    return Difference(name, float(before.mean()), float(after.mean()), low, high, p_value, len(counted))
