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
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from assistant import Assistant, Settings
from assistant.embeddings import Embedder, load_embedder
from assistant.intent import intent_of, matter_of
from assistant.matter import MATTER_FEATURES, matter_features, on_matter
from assistant.onnx_model import MODELS
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
    rows = [json.loads(line) for line in arguments.questions.read_text("utf-8").splitlines()]
    features, right, answerable, articles = asked(rows, random.Random(arguments.seed))
    # Half of the questions are answerable, a quarter of others is each kind of unanswerable.
    weights = np.where(answerable, 0.5 / answerable.sum(), 0.5 / (~answerable).sum()) * len(right)
    predicted = report("matter", features, right, articles, weights)
    for threshold in (0.4, 0.56, 0.76):
        given = predicted >= threshold
        print(
            f"from {threshold}: answered of answerable {given[answerable].mean():.3f}, of these right "
            f"{right[given & answerable].mean():.3f}; refused of unanswerable {1 - given[~answerable].mean():.3f}"
        )
    write(arguments.to, {"matter": logistic(MATTER_FEATURES, features, right, weights)})


def asked(rows: list[dict[str, Any]], rng: random.Random) -> tuple[Any, Any, Any, list[str]]:
    """Returns the features, whether one of the likest statements is right, whether the article answers, and the article."""
    by_article, embedder = defaultdict(list), load_embedder("", 2)
    for row in rows:
        by_article[row["context"]].append(row)
    features, right, answerable, articles = [], [], [], []
    for context, own in by_article.items():
        with tempfile.TemporaryDirectory() as folder, Assistant.open(Settings(library=Path(folder))) as assistant:
            assistant.add(context)
            absent = [with_another_matter(row, rng.choice(likest(row, rows, embedder))) for row in own]
            for row in own + absent:
                candidates = assistant.inquire(row["question"], last="search").candidates
                near, _ = on_matter(candidates)
                if not near:
                    continue
                wanted = {sentence for some in row.get("support", []) for sentence in some}
                features.append(matter_features(candidates))
                right.append(any(_same(c.stored.sentence.text, sentence) for c in near for sentence in wanted))
                answerable.append(bool(wanted))
                articles.append(row["title"])
    return np.array(features), np.array(right), np.array(answerable), articles


def likest(row: dict[str, Any], rows: list[dict[str, Any]], embedder: Embedder) -> list[dict[str, Any]]:
    """Returns the questions on other articles whose matters are most like that of this one."""
    others = [other for other in rows if other["context"] != row["context"]]
    matter, *matters = embedder.embed([matter_of(r["question"], intent_of(r["question"])) for r in (row, *others)])
    return [others[i] for i in np.argsort([-float(other @ matter) for other in matters])[:N_LIKEST]]


def with_another_matter(row: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Returns the question with the matter of another one, which the article does not speak of."""
    matter, instead = (matter_of(r["question"], intent_of(r["question"])) for r in (row, other))
    question = row["question"].replace(matter, instead) if matter and instead else other["question"]
    return {"title": row["title"], "question": question}


def _same(sentence: str, labelled: str) -> bool:
    return sentence in labelled or labelled in sentence


if __name__ == "__main__":
    main()
