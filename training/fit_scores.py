"""Fits the probabilities of `assistant/models/scores.json` on training questions that the reader did not see.

    python -m training.fit_scores --data DIR        # DIR holds train-*.jsonl.gz

Every passage becomes an article of a library of its own, every third group of passages of one title one long
article; the assistant's own steps search and read, and logistic regressions are fitted on what they give:

    retrieval   sentence helps | features of search            (score before reading)
    read        sentence helps | that score, reader's support  (score after reading)
    unread      sentence helps | that score                    (for sentences that were not read)
    answerable  the article answers | ANSWER_FEATURES
    right       the short answer has F1 >= 0.5 | ANSWER_FEATURES
    threshold   on "answerable" as predicted by models of other articles (5 folds)

Half of the questions are unanswerable, so that telling them is learned well; what is asked of an article it mostly does
say. "answerable" and "right" are therefore fitted with weights, as if `UNANSWERABLE_SHARE` of all questions were.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import string
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import track

from assistant.article import Article
from assistant.assistant import Assistant
from assistant.compose import short_answer_of
from assistant.embeddings import load_embedder
from assistant.inquiry import Inquiry
from assistant.onnx_model import MODELS
from assistant.ranking import ANSWER_FEATURES, answer_features, logit, rank
from assistant.reader import OnnxReader
from assistant.retrieval import FEATURES, coefficients
from assistant.settings import Settings
from assistant.sqlite_store import SqliteStore
from training.data import Example, held_back
from training.embedding_neighbours import Neighbours
from training.export_embedder import weights_folder
from training.mixture import Mixture
from training.near_misses import NearMisses

RIGHT_F1 = 0.5
PASSAGES_OF_LONG_ARTICLE = 6
FOLDS = 5
SMOOTHED_OVER = 8  # thresholds of the grid, on either side
# How the made unanswerable questions are made: see training/mixture.py.
MADE = {"near": 0.45, "elsewhere": 0.4, "silent": 0.15}
UNANSWERABLE_SHARE = 0.4  # between what people ask of a text they have (a third) and SQuAD 2.0 (a half)
# Refusing answers that exist is as bad as giving answers that do not: "normal" weighs both alike.
COST_OF_WRONG = {"low": 0.6, "normal": 1.0, "high": 2.0}


@dataclass
class Rows:
    """What the assistant's steps gave for the questions, ready to fit."""

    sentences: list[tuple[float, ...]]
    helps: list[bool]
    support: list[float | None]
    sentence_groups: list[str]
    answers: list[list[float]]
    answerable: list[bool]
    right: list[bool]
    question_groups: list[str]


def main() -> None:
    """Fits and writes scores.json, and prints how well each probability does on articles it was not fitted on."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=2400, help="about so many, half of them unanswerable")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--to", type=Path, default=MODELS / "scores.json")
    arguments = parser.parse_args()
    examples = sample(arguments.data, arguments.questions, arguments.seed)
    scores = json.loads(arguments.to.read_text(encoding="utf-8"))
    few = [e for e in examples if e.answerable][: arguments.questions // 3]
    for fit, chosen in ((fit_retrieval, few), (fit_reading, examples)):
        scores |= fit(collect(chosen, last="search" if fit is fit_retrieval else "read"))
        arguments.to.write_text(json.dumps(scores, indent=2) + "\n", encoding="utf-8")
        coefficients.cache_clear()


def sample(data: Path, n_questions: int, seed: int) -> list[Example]:
    """Returns held-back questions: half answerable, a quarter labelled unanswerable, a quarter made so.

    Labelled ones may be fewer than that; the made ones then fill up.
    """
    examples = list(held_back(data))
    rng = random.Random(seed)
    mixture = Mixture(examples, NearMisses(Neighbours.from_encoder(weights_folder())), seed)
    labelled = [e for e in examples if not e.answerable]
    chosen = rng.sample(labelled, min(len(labelled), n_questions // 4))
    n_made = n_questions // 2 - len(chosen)
    for kind, share in MADE.items():
        chosen += draw(mixture, kind, round(n_made * share))
    chosen += draw(mixture, "answerable", n_questions - len(chosen))
    rng.shuffle(chosen)
    return chosen


def draw(mixture: Mixture, kind: str, n: int) -> list[Example]:
    """Returns up to n different examples of one kind."""
    found: dict[tuple[str, str, str], Example] = {}
    for _ in range(20 * n):
        example = mixture.draw(kind)
        if example is not None and len(found) < n:
            found.setdefault((example.id, example.question, example.context), example)
    return list(found.values())


def collect(examples: Sequence[Example], last: str) -> Rows:
    """Returns what the assistant's steps up to `last` give for each question."""
    rows = Rows([], [], [], [], [], [], [], [])
    embedder, reader = load_embedder("", 2), OnnxReader.load(2)
    for group in track(list(articles(examples)), description="asking"):
        with tempfile.TemporaryDirectory() as folder:
            store = SqliteStore(Path(folder), embedder.fingerprint, embedder.dimension)
            assistant = Assistant(Settings(library=Path(folder)), store, embedder, reader)
            try:
                article, offsets = add(assistant, [e.context for e in group])
                for example in group:
                    inquiry = assistant.inquire(example.question, history=example.history, last=last)
                    note(rows, inquiry, shifted(example, offsets[example.context]), article)
            finally:
                assistant.close()
    return rows


def articles(examples: Sequence[Example]) -> Iterator[list[Example]]:
    """Yields the questions of one article each: one passage, or for every third title several."""
    by_article: dict[str, dict[str, list[Example]]] = defaultdict(lambda: defaultdict(list))
    for example in examples:
        by_article[f"{example.source}:{example.article}"][example.context].append(example)
    for number, passages in enumerate(by_article.values()):
        parts = list(passages.values())
        size = PASSAGES_OF_LONG_ARTICLE if number % 3 == 0 else 1
        for start in range(0, len(parts), size):
            yield [example for part in parts[start : start + size] for example in part]


def add(assistant: Assistant, contexts: Iterable[str]) -> tuple[Article, dict[str, int]]:
    """Adds the passages as one article; returns it, and where each passage starts in it."""
    offsets: dict[str, int] = {}
    text = ""
    for context in dict.fromkeys(contexts):
        text += "\n\n" if text else ""
        offsets[context] = len(text)
        text += context
    return assistant.add(text), offsets


def shifted(example: Example, offset: int) -> Example:
    """Returns the example with its spans counted from the start of the article."""
    support = example.support and tuple((start + offset, end + offset) for start, end in example.support)
    return replace(example, answers=tuple((start + offset, text) for start, text in example.answers), support=support)


def note(rows: Rows, inquiry: Inquiry, example: Example, article: Article) -> None:
    """Adds one question to the rows; questions whose article was changed by normalisation are left out."""
    if any(article.text[start : start + len(text)] != text for start, text in example.answers):
        return
    spans = list(example.support or [(start, start + len(text)) for start, text in example.answers])
    group = f"{example.source}:{example.article}"
    if spans or not example.answerable:
        for ranked in inquiry.ranked or rank(inquiry.candidates, []):
            sentence = ranked.candidate.stored.sentence
            rows.sentences.append(ranked.candidate.features)
            rows.helps.append(any(sentence.start < end and start < sentence.end for start, end in spans))
            rows.support.append(ranked.support)
            rows.sentence_groups.append(group)
    if example.answers or not example.answerable:
        rows.answers.append(answer_features(inquiry.intent, inquiry.standalone, inquiry.ranked, inquiry.readings))
        rows.answerable.append(example.answerable)
        short = short_answer_of(inquiry.readings)
        rows.right.append(example.answerable and max(f1(short, gold) for gold in example.golds) >= RIGHT_F1)
        rows.question_groups.append(group)


def f1(given: str, gold: str) -> float:
    """Returns the word F1 of SQuAD (Rajpurkar et al. 2016)."""
    have, want = _plain(given), _plain(gold)
    same = sum((Counter(have) & Counter(want)).values())
    return 2 * same / (len(have) + len(want)) if same else 0.0


def _plain(text: str) -> list[str]:
    text = "".join(" " if c in string.punctuation + "‘’“”–—" else c for c in text.lower())
    return re.sub(r"\b(a|an|the)\b", " ", text).split()


def fit_retrieval(rows: Rows) -> dict[str, Any]:
    """Returns "retrieval"."""
    features, helps = np.array(rows.sentences), np.array(rows.helps)
    report("retrieval", features, helps, rows.sentence_groups)
    return {"retrieval": logistic(FEATURES, features, helps)}


def fit_reading(rows: Rows) -> dict[str, Any]:
    """Returns "read", "unread", "answerable", "right" and "threshold"."""
    features, helps = np.array(rows.sentences), np.array(rows.helps)
    model = coefficients("retrieval")
    prior = features @ np.array([model[name] for name in FEATURES]) + model["intercept"]
    read = np.array([s is not None for s in rows.support])
    both = np.column_stack([prior[read], [logit(s) for s in rows.support if s is not None]])
    report("read", both, helps[read], [g for g, r in zip(rows.sentence_groups, read, strict=True) if r])
    fitted: dict[str, Any] = {"read": logistic(("prior", "support"), both, helps[read])}
    if helps[~read].any():
        fitted["unread"] = logistic(("prior",), prior[~read, None], helps[~read])
    return fitted | fit_answers(rows)


def fit_answers(rows: Rows) -> dict[str, Any]:
    """Returns "answerable", "right" and "threshold"."""
    features = np.array(rows.answers)
    answerable, right = np.array(rows.answerable), np.array(rows.right)
    weights = weighted(answerable, UNANSWERABLE_SHARE)
    out_of_fold = report("answerable", features, answerable, rows.question_groups, weights)
    report("right", features, right, rows.question_groups, weights)
    thresholds = {}
    alike = weighted(answerable, 0.5)
    for name, cost in COST_OF_WRONG.items():
        grid = np.linspace(0.05, 0.95, 91)
        losses = [
            (alike * (answerable & (out_of_fold < t))).sum() + cost * (alike * (~answerable & (out_of_fold >= t))).sum()
            for t in grid
        ]
        thresholds[name] = round(float(grid[int(np.argmin(smoothed(losses)))]), 3)
        refused = out_of_fold < thresholds[name]
        print(
            f"threshold {name}: {thresholds[name]}  answered of answerable {1 - refused[answerable].mean():.3f}, "
            f"refused of unanswerable {refused[~answerable].mean():.3f}"
        )
    return {
        "answerable": logistic(ANSWER_FEATURES, features, answerable, weights),
        "right": logistic(ANSWER_FEATURES, features, right, weights),
        "threshold": thresholds,
    }


def smoothed(losses: Sequence[float]) -> Any:
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
    scale[scale == 0] = 1.0
    model = LogisticRegression(C=1.0, max_iter=1000).fit(features / scale, labels, weights)
    values = model.coef_[0] / scale
    return {"intercept": round(float(model.intercept_[0]), 5)} | {
        name: round(float(value), 5) for name, value in zip(names, values, strict=True)
    }


def report(name: str, features: Any, labels: Any, groups: Sequence[str], weights: Any = None) -> Any:
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
