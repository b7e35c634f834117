"""Two runs on the same questions: which figures differ, and whether that is more than noise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

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
    return corrected([_raw(after, before, k)])[0]


@dataclass(frozen=True)
class Comparison:
    """Several runs on the same questions, each against the first.

    Attributes:
        set_name: of the question set.
        systems: what was run, in words, the first first.
        n_questions: that all runs have.
        differences: for each run but the first.
    """

    set_name: str
    systems: tuple[str, ...]
    n_questions: int
    differences: tuple[tuple[Difference, ...], ...]

    def lines(self) -> list[tuple[str, float, list[Difference | None]]]:
        """Returns for each figure its name, the first run's value, and the differences of the others."""
        names = dict.fromkeys(d.name for some in self.differences for d in some)
        found = [{d.name: d for d in some} for some in self.differences]
        lines = []
        for name in names:
            others = [some.get(name) for some in found]
            lines.append((name, next(d.before for d in others if d), others))
        return lines

    def to_dict(self) -> dict[str, Any]:
        """Returns the comparison as JSON types."""
        runs = [
            {"system": system, "differences": [{**asdict(d), "verdict": d.verdict} for d in some]}
            for system, some in zip(self.systems[1:], self.differences, strict=True)
        ]
        return {"set": self.set_name, "questions": self.n_questions, "first": self.systems[0], "others": runs}


def corrected(runs: Sequence[Sequence[Difference]]) -> list[list[Difference]]:
    """Returns differences of several runs, their p-values corrected for being as many as they are all together (Holm)."""
    p_values = iter(holm([difference.p_value for some in runs for difference in some]))
    return [[replace(difference, p_value=next(p_values)) for difference in some] for some in runs]


def compared(set_name: str, systems: Sequence[str], runs: Sequence[Sequence[Row]], k: int) -> Comparison:
    """Returns how runs differ from the first, over the questions that all of them have."""
    shared = set.intersection(*({row.id for row in rows} for rows in runs))
    first, *others = ([row for row in rows if row.id in shared] for rows in runs)
    found = corrected([_raw(rows, first, k) for rows in others])
    return Comparison(set_name, tuple(systems), len(shared), tuple(map(tuple, found)))


def _raw(after: Sequence[Row], before: Sequence[Row], k: int) -> list[Difference]:
    """Returns the differences with p-values of their own."""
    old = {row.id: row for row in before}
    pairs = [(old[row.id], row) for row in after if row.id in old]
    found = []
    for name, measure in {**PAIRED, **_retrieval(k)}.items():
        values = [(measure(a), measure(b), b.article_id) for a, b in pairs]
        counted = [(a, b, cluster) for a, b, cluster in values if a is not None and b is not None]
        if counted:
            found.append(_difference(name, counted))
    return found


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
