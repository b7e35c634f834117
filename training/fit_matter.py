"""Fits the probability that a speaker's statement is on the matter asked about: `python -m training.fit_matter`.

    matter      one of the two likest statements is on the matter | MATTER_FEATURES

The questions, `matters.jsonl`, and their articles were written for this: "What did X say about Y?", where Y is put in
other words than X's, or is what others in the article speak of. As many again ask for a like matter of another article.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant import Assistant, Settings
from assistant.finding.subject import MATTER_FEATURES, matter_features, on_matter
from assistant.networks.embeddings import Embedder, load_embedder
from assistant.networks.onnx_model import MODELS
from assistant.question.intent import intent_of, matter_of
from training.fit_scores import logistic, report, write

QUESTIONS = Path(__file__).parent / "matters.jsonl"
N_LIKEST = 4  # matters of other articles, one of which is asked for instead


def main() -> None:
    """Fits and writes "matter" of scores.json, and prints how well it does on articles it was not fitted on."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--to", type=Path, default=MODELS / "scores.json")
    arguments = parser.parse_args()
    features, right, answerable, articles = asked(read(arguments.questions), random.Random(arguments.seed))
    # As if half of the questions were answerable.
    weights = np.where(answerable, 0.5 / answerable.sum(), 0.5 / (~answerable).sum()) * len(right)
    predicted = report("matter", features, right, articles, weights)
    for threshold in (0.4, 0.56, 0.76):
        given = predicted >= threshold
        print(
            f"from {threshold}: answered of answerable {given[answerable].mean():.3f}, of these right "
            f"{right[given & answerable].mean():.3f}; refused of unanswerable {1 - given[~answerable].mean():.3f}"
        )
    write(arguments.to, {"matter": logistic(MATTER_FEATURES, features, right, weights)})


@dataclass(frozen=True, slots=True)
class MatterQuestion:
    """A question on what somebody said about a matter; `support` is any sentence that answers, empty if none does."""

    title: str
    text: str
    question: str
    support: tuple[str, ...] = ()

    @property
    def matter(self) -> str:
        """The matter in the question's words."""
        return matter_of(self.question, intent_of(self.question))


def read(path: Path) -> list[MatterQuestion]:
    """Returns the questions of a file of one article a line: title, text, and questions with support if answered."""
    articles = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [
        MatterQuestion(article["title"], article["text"], row["question"], tuple(row.get("support", ())))
        for article in articles
        for row in article["questions"]
    ]


def asked(questions: Sequence[MatterQuestion], rng: random.Random) -> tuple[Any, Any, Any, list[str]]:
    """Returns the features, whether one of the likest statements is right, whether the article answers, and its title."""
    embedder = load_embedder("", 2)
    features, right, answerable, titles = [], [], [], []
    for text in dict.fromkeys(q.text for q in questions):
        own = [q for q in questions if q.text == text]
        with tempfile.TemporaryDirectory() as folder, Assistant.open(Settings(library=Path(folder))) as assistant:
            assistant.add(text)
            for q in own + [with_another_matter(q, rng.choice(likest(q, questions, embedder))) for q in own]:
                candidates = assistant.inquire(q.question, last="search").candidates
                near, _ = on_matter(candidates)
                if near:
                    features.append(matter_features(candidates))
                    right.append(any(_same(c.stored.sentence.text, s) for c in near for s in q.support))
                    answerable.append(bool(q.support))
                    titles.append(q.title)
    return np.array(features), np.array(right), np.array(answerable), titles


def likest(q: MatterQuestion, questions: Sequence[MatterQuestion], embedder: Embedder) -> list[MatterQuestion]:
    """Returns the questions on other articles whose matters are most like that of this one."""
    others = [other for other in questions if other.text != q.text]
    matter, *matters = embedder.embed([q.matter, *(other.matter for other in others)])
    return [others[i] for i in np.argsort([-float(other @ matter) for other in matters])[:N_LIKEST]]


def with_another_matter(q: MatterQuestion, other: MatterQuestion) -> MatterQuestion:
    """Returns the question with the matter of another one, which the article does not speak of."""
    return replace(q, question=q.question.replace(q.matter, other.matter), support=())


def _same(sentence: str, labelled: str) -> bool:
    return sentence in labelled or labelled in sentence


if __name__ == "__main__":
    main()
