"""Fits what answers questions on an article as a whole, and which questions these are: `python -m training.fit_whole`.

    whole_unread    a sentence is one that a person would choose | UNREAD_FEATURES
    whole_read      the same of a sentence that was read         | READ_FEATURES
    whole_asked     a question is on the whole                   | its words and pairs of words

The questions, `whole.jsonl`, were written for 180 of the articles in `written/`, three on the whole with the sentences chosen that
together answer, and two on one thing that look alike. The other questions on the written articles want one thing as well. It follows
`fit_scores`: what helps to answer is one of the features. The reader may have seen other questions on these articles in its training.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant import Assistant, Settings
from assistant.answering.overview import (
    N_SUMMARY,
    READ_FEATURES,
    UNREAD_FEATURES,
    Wanted,
    central_features,
    nearest_cosine,
    whole_kind,
)
from assistant.articles.article import Article
from assistant.finding.whole_question import wordings
from assistant.networks.onnx_model import MODELS
from assistant.networks.scores import logit
from training.data import Example
from training.fit_scores import logistic, report, write
from training.written import FOLDER, IN_FULL, read_written, written_examples

QUESTIONS = Path(__file__).parent / "whole.jsonl"
LOOKS_ALIKE_WEIGHT = 3.0  # of a question that looks alike and wants one thing
TAKEN_WRONGLY = 0.002  # of the other questions that want one thing, at the threshold
SHARE_MADE = 0.2  # of these that are asked once more together with the next, and as many politely
POLITE = ("Please tell me", "tell me", "Can you tell me", "Give me", "Could you say", "I would like to know", "and")
# Of the questions on the whole: so many are less near to their article, and of so many one sentence is likelier to help.
LEFT_OUT = 0.1
LEAST_WEIGHT = 0.005
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
    rows: list[list[float]] = []
    helps: list[float] = []
    labels: list[bool] = []
    articles: list[str] = []
    numbers: list[int] = []
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
    """Returns weights of words and pairs of words, the threshold, how near the article has to be, and how sure one sentence.

    Prints what they give for articles left out: the threshold is where `TAKEN_WRONGLY` of the other questions are above it.
    """
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline

    others = one_thing(written_examples())
    asked = [q.question for q in questions] + [question for _, question in others]
    labels = np.array([q.is_whole for q in questions] + [False] * len(others))
    alike = np.array([not q.is_whole for q in questions] + [False] * len(others))
    weights = np.where(alike, LOOKS_ALIKE_WEIGHT, 1.0)
    groups = [q.article for q in questions] + [article for article, _ in others]
    model = make_pipeline(
        CountVectorizer(analyzer=wordings, min_df=MIN_QUESTIONS, binary=True),
        LogisticRegression(C=1.0, l1_ratio=1.0, solver="liblinear", max_iter=1000, random_state=0),
    )
    given = {"logisticregression__sample_weight": weights}
    predicted = cross_val_predict(
        model, asked, labels, groups=groups, cv=GroupKFold(FOLDS), method="decision_function", params=given
    )
    threshold = float(np.quantile(predicted[~labels & ~alike], 1 - TAKEN_WRONGLY))
    print(
        f"whole_asked: {(predicted[labels] >= threshold).mean():.3f} of {labels.sum()} on the whole are told, and "
        f"{(predicted[alike] >= threshold).mean():.3f} of {alike.sum()} that look alike; {TAKEN_WRONGLY} of {len(others)} others"
    )
    model.fit(asked, labels, **given)
    names = model[0].get_feature_names_out()
    values = {n: round(float(v), 3) for n, v in zip(names, model[1].coef_[0], strict=True) if abs(v) >= LEAST_WEIGHT}
    print(f"{len(values)} words and pairs have a weight")
    told = [q for q, p in zip(questions, predicted, strict=False) if q.is_whole and p >= threshold]
    own, foreign, best = nearest_and_best(told)
    near, sure = float(np.quantile(own, LEFT_OUT)), float(np.quantile(best, 1 - LEFT_OUT))
    print(
        f"of {len(told)} {(own >= near).mean():.3f} are near their own article, {(foreign >= near).mean():.3f} another"
    )
    print(f"and {(best <= sure).mean():.3f} have no sentence that is likelier than {sure:.2f} to help")
    return {
        "intercept": round(float(model[1].intercept_[0]), 3),
        "threshold": round(threshold, 3),
        "near": round(near, 3),
        "sure": round(sure, 3),
        **values,
    }


def one_thing(written: Sequence[Example]) -> list[tuple[str, str]]:
    """Returns (article, question) that are not on the whole: as they were written, two in one, and asked politely."""
    draw = random.Random(0)
    asked = [(e.article, e.question) for e in written if not e.article.endswith(IN_FULL)]
    alone = [(e.article, e.question) for e in written if not e.history and not e.article.endswith(IN_FULL)]
    made = []
    for (article, first), (same, second) in pairwise(alone):
        if article == same and draw.random() < SHARE_MADE:
            made.append((article, f"{first.rstrip('?. ')} and {second[0].lower()}{second[1:]}"))
        if draw.random() < SHARE_MADE:
            made.append((article, f"{draw.choice(POLITE)} {first[0].lower()}{first[1:]}"))
    return asked + made


def nearest_and_best(questions: Sequence[WholeQuestion]) -> tuple[NDArray[np.float64], ...]:
    """Returns three figures of each question.

    The cosine to the likest sentence of its own article, that of the article before, and how likely its article's best one helps.
    """
    texts = list(dict.fromkeys(q.text for q in questions))
    with tempfile.TemporaryDirectory() as folder, Assistant.open(Settings(library=Path(folder))) as assistant:
        ids = [assistant.add(text).id for text in texts]
        figures = []
        for q in questions:
            place = texts.index(q.text)
            inquiry = assistant.inquire(q.question, ids[place], last="read")
            parts, ranked = inquiry.parts, inquiry.ranked
            own, foreign = (nearest_cosine(parts.store, parts.embedder, q.question, ids[place - n]) for n in (0, 1))
            figures.append((own, foreign, ranked[0].score if ranked else 0.0))
    return tuple(np.array(figures).T)


if __name__ == "__main__":
    main()
