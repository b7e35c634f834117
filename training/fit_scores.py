"""Fits the probabilities of `assistant/models/scores.json` on training questions that the reader did not see.

    python -m training.fit_scores --data DIR        # DIR holds train-*.jsonl.gz; --only-search, --only-answers: a part

The assistant's own steps search and read, and logistic regressions are fitted on what they give, one after another:

    retrieval   sentence helps | features of search            (score before reading, where the article answers)
    searched    sentence helps | that score                    (of search alone, whether the article answers or not)
    read        sentence helps | that score, reader's support  (score after reading)
    by_itself   sentence helps | BY_ITSELF_FEATURES            (for sentences read once more, without their neighbours)
    unread      sentence helps | that score                    (for sentences that were not read)
    beside      sentence helps | BESIDE_FEATURES               (for all sentences but the best)
    answerable  the article answers | ANSWER_FEATURES
    right       the short answer has F1 >= 0.5 | ANSWER_FEATURES   (where it has at most `MAX_WORDS_OF_SHORT` words)
    threshold   on "answerable" as predicted by models of other articles (5 folds)

Half of the questions are unanswerable, so that telling them is learned well; what is asked of an article it mostly does
say. "answerable", "right" and the threshold are therefore fitted with weights, as if `UNANSWERABLE_SHARE` of all questions were.

Which sentences are read by themselves follows from "read" as it was in the file before.

"beside" needs questions whose every supporting sentence is labelled. There are few: all of HotpotQA's are taken, although
the reader was trained on most. It ranks their sentences no better than those of the dev set.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answering.signs import MAX_CITATIONS
from assistant.finding.ranking import (
    ANSWER_FEATURES,
    BESIDE_FEATURES,
    BY_ITSELF_FEATURES,
    READ_FEATURES,
    answer_features,
    beside_features,
    by_itself_features,
    read_answer,
    short_answer,
)
from assistant.finding.search import FEATURES
from assistant.networks.onnx_model import MODELS
from assistant.networks.scores import coefficients, logit
from training.asked import Asked, ask_all
from training.fit_questions import fully_labelled, sample
from training.measures import answer_f1, set_f1

RIGHT_F1 = 0.5
MAX_WORDS_OF_SHORT = 8
FOLDS = 5
SMOOTHED_OVER = 8  # thresholds of the grid, on either side
UNANSWERABLE_SHARE = 0.4  # between what people ask of a text they have (a third) and SQuAD 2.0 (a half)
WORTH_OF_WRONG = 0.5
# A right answer withheld is as bad as one to what the article does not answer: "normal" weighs both alike.
COST_OF_WRONG = {"low": 0.6, "normal": 1.0, "high": 2.0}


def main() -> None:
    """Fits and writes scores.json, and prints how well each probability does on articles it was not fitted on."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=3600, help="about so many, half of them unanswerable")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--to", type=Path, default=MODELS / "scores.json")
    parser.add_argument("--only-search", action="store_true", help='fit "searched" alone, on "retrieval" as it is')
    parser.add_argument("--only-answers", action="store_true", help='fit "answerable", "right" and "threshold" alone')
    arguments = parser.parse_args()
    examples = sample(arguments.data, arguments.questions, arguments.seed)
    if arguments.only_answers:
        write(arguments.to, fit_answers(ask_all(examples, last="read")))
        return
    if arguments.only_search:
        write(arguments.to, fit_searched(ask_all(examples, last="search")))
        return
    few = [e for e in examples if e.answerable][: arguments.questions // 3]
    write(arguments.to, fit_retrieval(ask_all(few, last="search")))
    asked = ask_all(examples, last="read")
    write(arguments.to, fit_searched(asked))
    write(arguments.to, fit_read(asked))
    write(arguments.to, fit_beside(ask_all(fully_labelled(arguments.data), last="read")))
    write(arguments.to, fit_answers(asked))


def write(path: Path, fitted: dict[str, Any]) -> None:
    """Puts what was fitted in its place in the file; what is fitted next builds on it."""
    scores = json.loads(path.read_text(encoding="utf-8")) | fitted
    path.write_text(json.dumps(scores, indent=2) + "\n", encoding="utf-8")
    coefficients.cache_clear()


def fit_retrieval(asked: Sequence[Asked]) -> dict[str, Any]:
    """Returns "retrieval"."""
    rows = [(r.candidate.features, a.helps(r), a.group) for a in asked if a.spans for r in a.ranked()]
    features, helps, groups = (np.array(column) for column in zip(*rows, strict=True))
    report("retrieval", features, helps, groups)
    return {"retrieval": logistic(FEATURES, features, helps)}


def fit_searched(asked: Sequence[Asked]) -> dict[str, Any]:
    """Returns "searched"."""
    asked = [a for a in asked if a.spans or not a.example.answerable]
    rows = [(logit(r.candidate.score), a.helps(r), a.group) for a in asked for r in a.ranked()]
    prior, helps, groups = (np.array(column) for column in zip(*rows, strict=True))
    report("searched", prior[:, None], helps, groups)
    return {"searched": logistic(("prior",), prior[:, None], helps)}


def fit_read(asked: Sequence[Asked]) -> dict[str, Any]:
    """Returns "read", "unread" and "by_itself"."""
    asked = [a for a in asked if a.spans or not a.example.answerable]
    rows = [(logit(r.candidate.score), r.support, a.helps(r), a.group) for a in asked for r in a.ranked()]
    read = [(prior, logit(support), helps, group) for prior, support, helps, group in rows if support is not None]
    prior, support, helps, groups = (np.array(column) for column in zip(*read, strict=True))
    both = np.column_stack([prior, support])
    report("read", both, helps, groups)
    fitted: dict[str, Any] = {"read": logistic(READ_FEATURES, both, helps)}
    unread = np.array([(prior, helps) for prior, support, helps, _ in rows if support is None])
    if len(unread) and unread[:, 1].any():
        fitted["unread"] = logistic(("prior",), unread[:, :1], unread[:, 1] == 1)
    again = [
        (by_itself_features(r.candidate.score, r.support, r.by_itself), a.helps(r), a.group)
        for a in asked
        for r in a.ranked()
        if r.support is not None and r.by_itself is not None
    ]
    features, helps, groups = (np.array(column) for column in zip(*again, strict=True))
    report("by themselves, once read", features[:, : len(READ_FEATURES)], helps, groups)
    report("by themselves", features, helps, groups)
    by_itself = logistic(BY_ITSELF_FEATURES, features, helps)
    if by_itself[BY_ITSELF_FEATURES[-1]] < 0:  # a better short answer must not count against its sentence
        by_itself = logistic(BY_ITSELF_FEATURES[:-1], features[:, :-1], helps) | {BY_ITSELF_FEATURES[-1]: 0.0}
    return fitted | {"by_itself": by_itself}


def fit_beside(asked: Sequence[Asked]) -> dict[str, Any]:
    """Returns "beside", and in it the probability from which on a further sentence is cited.

    That is where the F1 of the set of sentences cited is highest.
    """
    ranked = [(a, a.ranked()) for a in asked]
    ranked = [(a, rows) for a, rows in ranked if len(rows) > 1]
    rows = [(beside_features(r[0], other), a.helps(other), a.group) for a, r in ranked for other in r[1:]]
    features, helps, groups = (np.array(column) for column in zip(*rows, strict=True))
    predicted = report("beside", features, helps, groups)
    grid = np.linspace(0.1, 0.9, 81)
    f1 = np.zeros((len(ranked), len(grid)))
    at = 0
    for number, (a, found) in enumerate(ranked):
        own = predicted[at : at + len(found) - 1]
        at += len(own)
        gold = {place for place, r in enumerate(found) if a.helps(r)}
        best = [int(i) for i in np.argsort(-own)[: MAX_CITATIONS - 1]]
        f1[number] = [set_f1({0} | {i + 1 for i in best if own[i] >= t}, gold) for t in grid]
    chosen = int(np.argmin(smoothed(-f1.mean(axis=0))))
    print(
        f"cited from {grid[chosen]:.2f}: F1 of the sentences {f1[:, chosen].mean():.3f}, of one alone {f1[:, -1].mean():.3f}"
    )
    return {"beside": logistic(BESIDE_FEATURES, features, helps) | {"cited_from": round(float(grid[chosen]), 3)}}


def fit_answers(asked: Sequence[Asked]) -> dict[str, Any]:
    """Returns "answerable", "right" and "threshold"."""
    asked = [a for a in asked if a.example.answers or not a.example.answerable]
    features = np.array([answer_features_of(a) for a in asked])
    answerable = np.array([a.example.answerable for a in asked])
    right = np.array([
        a.example.answerable and answer_f1(short_answer_asked(a), a.example.golds) >= RIGHT_F1 for a in asked
    ])  # fmt: skip
    groups = np.array([a.group for a in asked])
    weights = weighted(answerable, UNANSWERABLE_SHARE)
    out_of_fold = report("answerable", features, answerable, groups, weights)
    short = np.array([is_short(a) for a in asked])
    weights_of_short = weighted(answerable[short], UNANSWERABLE_SHARE)
    report("right", features[short], right[short], groups[short], weights_of_short)
    thresholds = {}
    for name, cost in COST_OF_WRONG.items():
        thresholds[name] = threshold_of(out_of_fold, right, answerable, weights, cost)
        refused = out_of_fold < thresholds[name]
        print(
            f"threshold {name}: {thresholds[name]}  answered of answerable {1 - refused[answerable].mean():.3f}, "
            f"refused of unanswerable {refused[~answerable].mean():.3f}, "
            f"right of all by weight {np.average(np.where(answerable, right & ~refused, refused), weights=weights):.3f}"
        )
    return {
        "answerable": logistic(ANSWER_FEATURES, features, answerable, weights),
        "right": logistic(ANSWER_FEATURES, features[short], right[short], weights_of_short),
        "threshold": thresholds,
    }


def threshold_of(probabilities: Any, right: Any, answerable: Any, weights: Any, cost: float) -> float:
    """Returns the probability from which on to answer, so that answers withheld and answers that do not exist cost least.

    Where an article answers and the short answer would be wrong, `WORTH_OF_WRONG` is lost by withholding it: its sentences are mostly
    the right ones, or beside them.

    Args:
        probabilities: that each question is answerable.
        right: whether the answer that would be given is right.
        answerable: whether there is one.
        weights: how much each question counts.
        cost: of an answer that does not exist, against a right one withheld.
    """
    grid = np.linspace(0.05, 0.95, 91)
    lost = weights * np.where(right, 1.0, WORTH_OF_WRONG) * answerable
    losses = [
        lost[probabilities < t].sum() + cost * (weights * (~answerable & (probabilities >= t))).sum() for t in grid
    ]
    return round(float(grid[int(np.argmin(smoothed(losses)))]), 3)


def is_short(asked: Asked) -> bool:
    """Returns whether a short answer is wanted, whose bounds are no matter of taste as those of a clause are."""
    longest = max((len(gold.split()) for gold in asked.example.golds), default=0)
    return asked.inquiry.intent.kind != "yes_no" and longest <= MAX_WORDS_OF_SHORT


def answer_features_of(asked: Asked) -> list[float]:
    """Returns ANSWER_FEATURES of a question that was read."""
    inquiry = asked.inquiry
    return answer_features(inquiry.intent, asked.ranked(), inquiry.readings)


def short_answer_asked(asked: Asked) -> str:
    """Returns the short answer that would be given."""
    reading = read_answer(asked.inquiry.asked, asked.ranked(), asked.inquiry.readings)
    return "" if reading is None else short_answer(reading)


def smoothed(losses: Any) -> Any:
    """Returns each loss as the mean of those around it: near its lowest point the curve is flat, and noise would decide."""
    reach = np.ones(2 * SMOOTHED_OVER + 1)
    padded = np.pad(np.asarray(losses), SMOOTHED_OVER, mode="edge")
    return np.convolve(padded, reach / reach.sum(), mode="valid")


def weighted(answerable: Any, unanswerable_share: float) -> Any:
    """Returns a weight for each question, 1 on the average, so that the unanswerable have this share."""
    n, n_answerable = len(answerable), answerable.sum()
    return np.where(
        answerable, (1 - unanswerable_share) * n / n_answerable, unanswerable_share * n / (n - n_answerable)
    )


def logistic(names: Sequence[str], features: Any, labels: Any, weights: Any = None) -> dict[str, float]:
    """Returns intercept and coefficients of a logistic regression on features as they are."""
    from sklearn.linear_model import LogisticRegression

    scale = features.std(axis=0)
    scale[scale < 1e-9] = 1.0  # the same for all, but for rounding
    model = LogisticRegression(C=1.0, max_iter=1000).fit(features / scale, labels, weights)
    values = model.coef_[0] / scale
    return {"intercept": round(float(model.intercept_[0]), 5)} | {
        name: round(float(value), 5) for name, value in zip(names, values, strict=True)
    }


def report(name: str, features: Any, labels: Any, groups: Iterable[str], weights: Any = None) -> Any:
    """Prints AUROC and calibration error on articles left out of the fit; returns those probabilities."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    weights = np.ones(len(labels)) if weights is None else weights
    predicted = cross_val_predict(
        make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=1000)), features, labels, groups=list(groups),
        cv=GroupKFold(FOLDS), method="predict_proba", params={"logisticregression__sample_weight": weights},
    )[:, 1]  # fmt: skip
    bins = np.minimum((predicted * 10).astype(int), 9)
    error = sum(abs((weights * (predicted - labels))[bins == b].sum()) for b in set(bins)) / weights.sum()
    share = np.average(labels, weights=weights)
    area = roc_auc_score(labels, predicted)
    print(f"{name}: n {len(labels)}, true {share:.3f}, AUROC {area:.3f}, ECE {error:.3f}")
    return predicted


if __name__ == "__main__":
    main()
