"""Fits the confidence of answers that a rule cites: "statements" and "events" in `assistant/models/scores.json`.

    python -m training.fit_rules --data DIR

The questions are those of the articles written for training that ask what somebody said or what happened at a time,
those of the public training sets, and "What did X say?" of each speaker of the labelled quotations (`training.quoted`). Whether
an answer is right is judged as in `assistant evaluate`, of a quotation by who is labelled. Prints how well the probability does
on the articles that are held back from training: number, share right, mean confidence, calibration error.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import track

from assistant.answering.answers import answer_of
from assistant.answering.decision import decided
from assistant.answering.inquiry import Inquiry
from assistant.answering.weighing import CITED_FEATURES, cited_features
from assistant.articles.article import Article
from assistant.assistant import Assistant
from assistant.evaluation.jsonl_questions import read_jsonl
from assistant.evaluation.question_builder import QuestionBuilder
from assistant.evaluation.rows import judge
from assistant.networks.onnx_model import MODELS
from assistant.question.intent import intent_of
from assistant.settings import Settings
from training.data import Example
from training.fit_scores import logistic
from training.parts import held_back, is_held_back_from_writing, training_part
from training.quoted import Quoted, quoted

RULES = ("statements", "events")
Rows = dict[str, list[tuple[list[float], bool]]]
N_BINS = 5


def main() -> None:
    """Fits and writes, and prints how well it does."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--to", type=Path, default=MODELS / "scores.json")
    arguments = parser.parse_args()
    quotations = list(quoted(arguments.data))
    fitting, measuring = (
        rows_of(part(arguments.data), [q for q in quotations if is_held_back_from_writing(q.article) is held])
        for part, held in ((training_part, False), (held_back, True))
    )
    scores = json.loads(arguments.to.read_text(encoding="utf-8"))
    for rule in RULES:
        features, right = fitting[rule]
        print(f"{rule}: {len(right)} answers to fit on, {np.mean(right):.2f} of them right")
        scores[rule] = logistic(CITED_FEATURES, features, right)
        report(rule, scores[rule], *measuring[rule])
    arguments.to.write_text(json.dumps(scores, indent=2) + "\n", encoding="utf-8")


def rows_of(examples: Iterable[Example], quotations: Iterable[Quoted]) -> dict[str, tuple[Any, Any]]:
    """Returns, for each rule, the features of the answers that it decided, and whether each was right."""
    wanted = [e for e in examples if intent_of(e.question).kind in ("said", "happened") and _can_be_judged(e)]
    by_context: dict[str, list[Example | Quoted]] = {}
    for example in wanted:
        by_context.setdefault(example.context, []).append(example)
    for quotation in quotations:
        by_context.setdefault(quotation.text, []).append(quotation)
    rows: Rows = {rule: [] for rule in RULES}
    with (
        tempfile.TemporaryDirectory() as folder,
        Assistant.open(Settings(library=Path(folder) / "library")) as assistant,
    ):
        for context, own in track(by_context.items(), "asking"):
            article = assistant.add(context)
            for one in own:
                _add_row(rows, one, assistant, article)
            assistant.remove(article.id)
    return {rule: (np.array([f for f, _ in found]), np.array([r for _, r in found])) for rule, found in rows.items()}


def _add_row(rows: Rows, one: Example | Quoted, assistant: Assistant, article: Article) -> None:
    history = () if isinstance(one, Quoted) else one.history
    if isinstance(one, Example) and not _stands_there(one, article):
        return
    inquiry = assistant.inquire(one.question, article.id, history, last="weigh")
    decision, signs = decided(inquiry), inquiry.signs
    if not (signs and decision.rule in rows and decision.cited and decision.cited.certainty):
        return
    if isinstance(one, Quoted):
        right = one.is_right([citation.sentence for citation in answer_of(inquiry).citations])
    else:
        right = is_right(one, inquiry, article)
    rows[decision.rule].append((cited_features(decision.cited, inquiry, signs.answerable), right))


def _stands_there(example: Example, article: Article) -> bool:
    return all(article.text[start : start + len(text)] == text for start, text in example.answers)


def is_right(example: Example, inquiry: Inquiry, article: Article) -> bool:
    """Returns whether the answer to a question is right, as `assistant evaluate` judges it."""
    builder = QuestionBuilder("one", "one", lambda _: article)
    row = {
        "question": example.question,
        "article": article.id,
        "answers": [[start, text] for start, text in example.answers],
        "support": [[start, end] for start, end in example.support or ()],
        "answerable": example.answerable,
    }
    read_jsonl(builder, [json.dumps(row)])
    questions = builder.build(example.question)
    (question,) = questions.questions
    return judge(question, questions.articles[question.article_id], answer_of(inquiry), [], 0.0).right


def report(rule: str, fitted: dict[str, float], features: Any, right: Any) -> None:
    """Prints what the fitted probability does on other answers."""
    weights = np.array([fitted[name] for name in CITED_FEATURES])
    predicted = 1 / (1 + np.exp(-(features @ weights + fitted["intercept"]))) if len(right) else np.array([])
    bins = np.minimum((predicted * N_BINS).astype(int), N_BINS - 1)
    error = sum(abs((predicted - right)[bins == b].sum()) for b in set(bins.tolist())) / max(1, len(right))
    shares = f"{np.mean(right):.2f} right, mean confidence {np.mean(predicted):.2f}" if len(right) else "none"
    print(f"{rule}, held back: {len(right)} answers, {shares}, calibration error {error:.3f}")


def _can_be_judged(example: Example) -> bool:
    return bool(example.answers or example.support or not example.answerable)


if __name__ == "__main__":
    main()
