"""Fits the probability that an article says something about a matter: `python -m training.fit_about`.

    about       the article speaks of the matter | ABOUT_FEATURES

The matters are those of `matters.jsonl` that an article answers, each asked of all its articles in one library: the article
that it was written for speaks of it, and the likeliest others are taken not to. Some of them do, which the probability bears
with: it is a little low.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np

from assistant import Assistant, Settings
from assistant.finding.by_article import ABOUT_FEATURES, on_matter
from assistant.networks.embeddings import load_embedder
from assistant.networks.onnx_model import MODELS
from assistant.networks.reader import OnnxReader
from training.fit_matter import QUESTIONS, read
from training.fit_scores import logistic, report, write

N_OTHERS = 4  # articles of each matter that are read beside its own, drawn by the seed
SHARE_THAT_SPEAKS = 0.5


def main() -> None:
    """Fits and writes "about" of scores.json, and prints how well it does on articles it was not fitted on."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--to", type=Path, default=MODELS / "scores.json")
    arguments = parser.parse_args()
    draw = np.random.default_rng(arguments.seed)
    questions = [q for q in read(arguments.questions) if q.matter and q.support]
    embedder, reader = load_embedder("", 2), OnnxReader.load(2)
    features, speaks, titles = [], [], []
    with tempfile.TemporaryDirectory() as folder, Assistant.open(Settings(library=Path(folder))) as assistant:
        ids = {text: assistant.add(text).id for text in dict.fromkeys(q.text for q in questions)}
        for q in questions:
            others = [i for text, i in ids.items() if text != q.text]
            asked = [ids[q.text], *draw.choice(others, N_OTHERS, replace=False).tolist()]
            for one in on_matter(assistant.store, embedder, reader, q.matter, asked, len(asked)):
                features.append(one.features)
                speaks.append(one.article_id == ids[q.text])
                titles.append(q.title)
    values, labels = np.array(features), np.array(speaks)
    weights = np.where(labels, SHARE_THAT_SPEAKS / labels.sum(), (1 - SHARE_THAT_SPEAKS) / (~labels).sum()) * len(
        labels
    )
    predicted = report("about", values, labels, titles, weights)
    for threshold in (0.38, 0.48, 0.63):
        given = predicted >= threshold
        print(
            f"from {threshold}: {given[labels].mean():.3f} of those that speak, {given[~labels].mean():.3f} of the others"
        )
    write(arguments.to, {"about": logistic(ABOUT_FEATURES, values, labels, weights)})


if __name__ == "__main__":
    main()
