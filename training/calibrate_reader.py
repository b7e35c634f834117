"""Held-back examples -> the coefficients that turn the reader's logits into probabilities, and the threshold."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.networks.reader import Calibration, OnnxReader
from assistant.networks.token_windows import FAR
from training.data import Example
from training.measures import answer_f1, area_under_curve, expected_calibration_error
from training.parts import held_back
from training.passages import best_answer, passage_around, read_all, supporting

MAX_ANSWERABLE_OF_A_SET = 400


def calibration_examples(data_dir: Path, stated_licences_only: bool = False) -> list[Example]:
    """Returns all held-back unanswerable examples and up to `MAX_ANSWERABLE_OF_A_SET` answerable ones of each set."""
    rng = random.Random(11)
    examples = list(held_back(data_dir, stated_licences_only))
    chosen = [e for e in examples if not e.answerable]
    for source in sorted({e.source for e in examples}):
        group = [e for e in examples if e.answerable and e.source == source]
        chosen += rng.sample(group, min(len(group), MAX_ANSWERABLE_OF_A_SET))
    return chosen


def calibrate(reader: OnnxReader, examples: Sequence[Example]) -> tuple[Calibration, dict[str, float]]:
    """Returns the calibration fitted on examples, and figures of the fit.

    Both classes count the same in each fit: how often a passage answers depends on how many are read, and is left
    to the stage that knows it. The threshold gives the best F1 over the examples of the sets that label
    unanswerable questions, each class again counting the same.
    """
    rows = read_all(reader, examples, passage_around, label="held back")
    features = np.array([parts[0].features for _, _, parts in rows])
    features = np.clip(features, -50, 50)
    missing = np.array([not example.answerable for example, _, _ in rows])
    labelled = {example.source for example, _, _ in rows if not example.answerable}
    both = np.array([example.source in labelled for example, _, _ in rows])
    # Sets without unanswerable questions would teach how their style differs, not what is missing.
    *weights, offset = _logistic(features[both], missing[both])
    probabilities = 1 / (1 + np.exp(-(features @ np.array(weights) + offset)))
    logits, labels = [], []
    for example, passage, parts in rows:
        gold = supporting(example, passage)
        for number, logit in enumerate(np.max([part.support for part in parts], axis=0)):
            if logit > FAR / 2:
                logits.append(float(logit))
                labels.append(example.answerable and number in gold)
    scale, support_offset = _logistic(np.array(logits)[:, None], np.array(labels), balanced=False)
    f1 = np.array([answer_f1(best_answer(p, parts)[0], e.golds) if e.golds else 0.0 for e, p, parts in rows])
    threshold, best = best_threshold(probabilities[both], missing[both], f1[both])
    answered = ~missing & np.array([bool(e.golds) for e, _, _ in rows])
    squad = np.array([e.source == "squad" for e, _, _ in rows])
    support_probabilities = 1 / (1 + np.exp(-(np.array(logits) * scale + support_offset)))
    figures = {
        "questions": len(rows),
        "unanswerable": int(missing.sum()),
        "f1 answerable": float(f1[answered].mean()),
        "f1 squad answerable": float(f1[answered & squad].mean()),
        "auroc": area_under_curve(list(missing[both]), list(probabilities[both])),
        "auroc squad": area_under_curve(list(missing[squad]), list(probabilities[squad])),
        "f1 at threshold": best,
        "calibration error of support": expected_calibration_error(labels, list(support_probabilities)),
    }
    for column, (name, sign) in enumerate((("logit", 1), ("span", -1))):
        figures[f"auroc squad, {name} alone"] = area_under_curve(
            list(missing[squad]), list(sign * features[squad, column])
        )
    calibration = Calibration((scale, support_offset), (*weights, offset), threshold)
    return calibration, figures


def best_threshold(
    probabilities: NDArray[Any], missing: NDArray[np.bool_], f1: NDArray[np.float64]
) -> tuple[float, float]:
    """Returns (threshold, F1): refusing above the threshold gives the best F1, the two classes counting the same."""
    weight = np.where(missing, 0.5 / max(1, missing.sum()), 0.5 / max(1, (~missing).sum()))
    found = []
    for threshold in np.linspace(0.05, 0.95, 91):
        refused = probabilities > threshold
        found.append((float((weight * np.where(refused, missing, f1)).sum()), float(threshold)))
    best, threshold = max(found)
    return round(threshold, 3), best


def _logistic(features: NDArray[Any], labels: NDArray[Any], balanced: bool = True) -> list[float]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1.0, max_iter=1000, class_weight="balanced" if balanced else None)
    model.fit(features, labels)
    return [round(float(x), 5) for x in (*model.coef_[0], model.intercept_[0])]
