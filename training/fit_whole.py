"""Fits what answers questions on an article as a whole, and which questions these are: `python -m training.fit_whole`.

    whole_unread    a sentence is one that a person would choose | UNREAD_FEATURES
    whole_read      the same of a sentence that was read         | READ_FEATURES
    whole_asked     a question is on the whole                   | its words and pairs of words

The questions, `whole.jsonl`, were written for 180 of the articles in `written/`, three on the whole with the sentences chosen that
together answer, and two on one thing that look alike. The other questions on the written articles want one thing as well. It follows
`fit_scores`: what helps to answer is one of the features.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant import Assistant, Settings
from assistant.answering.overview import N_SUMMARY, READ_FEATURES, UNREAD_FEATURES, Wanted, central_features, whole_kind
from assistant.articles.article import Article
from assistant.finding.whole_question import wordings
from assistant.networks.onnx_model import MODELS
from assistant.networks.scores import logit
from training.fit_scores import logistic, report, write
from training.written import FOLDER, IN_FULL, read_written, written_examples

QUESTIONS = Path(__file__).parent / "whole.jsonl"
LOOKS_ALIKE_WEIGHT = 3.0  # for each of the other questions that want one thing
TAKEN_WRONGLY = 0.002  # of those others, at the threshold
MIN_QUESTIONS = 3  # that a word or a pair stands in
FOLDS = 5


@dataclass(frozen=True, slots=True)
class WholeQuestion:
    """A question, and which sentences of its article answer it together; none are where it is not on the whole."""

    article: str
    text: str
    question: str
    is_whole: bool
    sentences: tuple[str, ...]


def main() -> None:
    """Fits and writes the three, and prints how well they do on articles that they were not fitted on."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    parser.add_argument("--to", type=Path, default=MODELS / "scores.json")
    arguments = parser.parse_args()
    questions = read(arguments.questions)
    write(arguments.to, fit_sentences([q for q in questions if q.is_whole]))
    write(arguments.to, {"whole_asked": fit_asked(questions)})


def read(path: Path) -> list[WholeQuestion]:
    """Returns the questions of a file, with their articles' texts.

    Raises:
        KeyError: if an article is not there.
    """
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    texts = {
        (name, e.article): e.context
        for name in sorted({row["file"] for row in rows})
        for e in read_written(FOLDER / f"{name}.txt")
    }
    return [
        WholeQuestion(
            row["article"].lower(),
            texts[row["file"], row["article"].lower()],
            row["question"],
            row["whole"],
            tuple(row["sentences"]),
        )
        for row in rows
    ]


def fit_sentences(questions: Sequence[WholeQuestion]) -> dict[str, Any]:
    """Returns the two fits of sentences, and prints F1 with people's choice on articles left out, beside the lead."""
    rows, helps, labels, articles, numbers = [], [], [], [], []
    by_text = defaultdict(list)
    for question in questions:
        by_text[question.text].append(question)
    with tempfile.TemporaryDirectory() as folder, Assistant.open(Settings(library=Path(folder))) as assistant:
        for text, of_text in by_text.items():
            article = assistant.add(text)
            ids = assistant.store.first_ids(10**9, [article.id]) or []
            stored = assistant.store.vectors(ids)
            vectors = np.stack([stored[i] for i in ids])
            for q in of_text:
                inquiry = assistant.inquire(q.question, article.id, last="read")
                vector = inquiry.parts.embedder.embed([inquiry.asked])[0]
                wanted = Wanted.of(inquiry.asked, whole_kind(inquiry.intent.kind), vector)
                score = {r.candidate.stored.sentence.position: r.score for r in inquiry.ranked}
                rows += central_features(article.sentences, vectors, wanted)
                helps += [logit(score[s.position]) if s.position in score else np.nan for s in article.sentences]
                labels += chosen(article, q.sentences)
                articles += [q.article] * len(article.sentences)
                numbers += [len(numbers)] * len(article.sentences)
    features, truths, groups = np.array(rows), np.array(labels), np.array(articles)
    was_read = ~np.isnan(helps)
    both = np.column_stack([features, helps])
    fitted = {
        "whole_unread": logistic(UNREAD_FEATURES, features, truths),
        "whole_read": logistic(READ_FEATURES, both[was_read], truths[was_read]),
    }
    predicted = report("whole_unread", features, truths, groups)
    predicted[was_read] = report("whole_read", both[was_read], truths[was_read], groups[was_read])
    print(f"of {len(questions)} questions, {N_SUMMARY} sentences each: F1 {agreement(predicted, truths, numbers):.3f}")
    early = -np.concatenate([np.arange(n) for n in np.unique(numbers, return_counts=True)[1]])
    print(f"as many from the beginning: F1 {agreement(early, truths, numbers):.3f}")
    return fitted


def chosen(article: Article, texts: Sequence[str]) -> list[bool]:
    """Returns of each sentence whether it was chosen: it holds a chosen text, or the greater part of one."""
    wanted = [" ".join(text.split()) for text in texts]
    have = [" ".join(s.text.split()) for s in article.sentences]
    return [any(w in h or (h in w and 2 * len(h) > len(w)) for w in wanted) for h in have]


def agreement(chances: Any, labels: NDArray[np.bool_], numbers: Sequence[int]) -> float:
    """Returns the mean F1 of the likeliest sentences of each question with those chosen."""
    figures = []
    for number in np.unique(numbers):
        own = np.flatnonzero(np.array(numbers) == number)
        best = own[np.argsort(-chances[own], kind="stable")[:N_SUMMARY]]
        figures.append(2 * labels[best].sum() / max(1, len(best) + labels[own].sum()))
    return float(np.mean(figures))


def fit_asked(questions: Sequence[WholeQuestion]) -> dict[str, float]:
    """Returns weights of words and pairs of words, and the threshold; prints what it gives for articles left out."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.feature_selection import SelectKBest
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline

    others = [e for e in written_examples() if not e.history and not e.article.endswith(IN_FULL)]
    asked = [q.question for q in questions] + [e.question for e in others]
    labels = np.array([q.is_whole for q in questions] + [False] * len(others))
    alike = np.array([not q.is_whole for q in questions] + [False] * len(others))
    weights = np.where(alike, LOOKS_ALIKE_WEIGHT, 1.0)
    groups = [q.article for q in questions] + [e.article for e in others]
    counted = [dict.fromkeys(wordings(text), 1.0) for text in asked]

    def frequent(values: Any, _: Any) -> Any:
        return np.asarray((values > 0).sum(axis=0)).ravel()

    words = DictVectorizer()
    words.fit(counted)
    n_frequent = int((np.asarray((words.transform(counted) > 0).sum(axis=0)).ravel() >= MIN_QUESTIONS).sum())
    model = make_pipeline(
        DictVectorizer(),
        SelectKBest(frequent, k=n_frequent),
        LogisticRegression(C=1.0, l1_ratio=1.0, solver="liblinear", max_iter=1000),
    )
    given = {"logisticregression__sample_weight": weights}
    predicted = cross_val_predict(
        model, counted, labels, groups=groups, cv=GroupKFold(FOLDS), method="decision_function", params=given
    )
    threshold = float(np.quantile(predicted[~labels & ~alike], 1 - TAKEN_WRONGLY))
    print(
        f"whole_asked: {(predicted[labels] >= threshold).mean():.3f} of {labels.sum()} on the whole are told, and "
        f"{(predicted[alike] >= threshold).mean():.3f} of {alike.sum()} that look alike; {TAKEN_WRONGLY} of {len(others)} others"
    )
    model.fit(counted, labels, **given)
    vectorizer, kept, fitted = (step for _, step in model.steps)
    names = vectorizer.get_feature_names_out()[kept.get_support()]
    values = {name: round(float(v), 3) for name, v in zip(names, fitted.coef_[0], strict=True) if abs(v) >= 0.005}
    print(f"{len(values)} words and pairs have a weight")
    return {"intercept": round(float(fitted.intercept_[0]), 3), "threshold": round(threshold, 3), **values}


if __name__ == "__main__":
    main()
