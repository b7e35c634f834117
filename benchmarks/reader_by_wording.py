"""Prints how readers do on held-back questions in the text's words and in others, and on each kind of unanswerable one.

    python -m benchmarks.reader_by_wording --data DIR [MODEL.onnx …]

DIR holds the train-*.jsonl.gz files; a model is any that `training.export_reader` writes, without one what ships. One logistic over
all questions turns the two features of a window into the probability of no answer, the same for every kind. AUROC tells the
answerable of one wording from the unanswerable of one kind. Made lists, passages of rivals (`training/rivals.py`), and the articles and
questions written for training (`training/written.py`, `training/passage_questions.py`) have both sorts of their own. Runs are chosen and blended by these figures, dev sets are not.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.networks.embeddings import OnnxEmbedder
from assistant.networks.onnx_model import MODELS
from assistant.networks.reader import OnnxReader
from training.data import Example
from training.export_reader import open_reader
from training.fit_questions import draw, mixture_of
from training.measures import answer_f1, area_under_curve
from training.parts import held_back
from training.passage_questions import SOURCE as ASKED
from training.passages import best_answer, passage_around, read_all
from training.rivals import Rivals
from training.wording import is_reworded
from training.written import SOURCE

WORDINGS = ("reworded", "repeating")
MISSING = ("labelled", "near", "removed", "elsewhere")
LEFT_OUT = ("doc2dial",)  # its answers are long clauses, whose F1 tells little
OF_BOTH_SORTS = ("listed", "gathered", SOURCE, ASKED)
N_ASKED, N_MADE, N_LISTS, N_GATHERED = 450, 300, 250, 500
SEED = 3

Scores = Mapping[str, NDArray[np.float64]]


def main() -> None:
    """Prints F1 and AUROC of each model."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with train-*.jsonl.gz")
    parser.add_argument("models", type=Path, nargs="*", default=[MODELS / "reader.onnx"])
    arguments = parser.parse_args()
    sets = questions(arguments.data)
    for path in arguments.models:
        print(path)
        for line in figures(open_reader(path), sets):
            print(f"  {line}", flush=True)


def questions(data: Path) -> dict[str, list[Example]]:
    """Returns held-back questions by kind: each of `WORDINGS`, each of `MISSING`, each of `OF_BOTH_SORTS`."""
    rng = random.Random(SEED)
    everything = list(held_back(data))
    written = {source: [e for e in everything if e.source == source] for source in (SOURCE, ASKED)}
    examples = [e for e in everything if e.source not in written]
    mixture = mixture_of(examples, SEED)
    answered = [e for e in examples if e.answers and e.source not in LEFT_OUT]
    pools = {
        "reworded": [e for e in answered if is_reworded(e)],
        "repeating": [e for e in answered if not is_reworded(e)],
        "labelled": [e for e in examples if not e.answerable],
    }
    sets = {kind: rng.sample(pool, min(len(pool), N_ASKED)) for kind, pool in pools.items()}
    made = {kind: draw(mixture, kind, N_MADE) for kind in MISSING if kind not in sets}
    rivals = Rivals({e.context: (e.article, e.context) for e in examples}.values(), OnnxEmbedder.load().embed)
    gathered = [e for example in rng.sample(answered, N_GATHERED) if (e := rivals.gathered(example, rng)) is not None]
    return sets | made | {"listed": draw(mixture, "listed", N_LISTS), "gathered": gathered} | written


def figures(reader: OnnxReader, sets: Mapping[str, Sequence[Example]]) -> list[str]:
    """Returns the lines to print."""
    from sklearn.linear_model import LogisticRegression

    read = {kind: read_all(reader, examples, passage_around, label=kind) for kind, examples in sets.items()}
    features = {kind: np.clip([parts[0].features for _, _, parts in rows], -50, 50) for kind, rows in read.items()}
    fitted = (*WORDINGS, *MISSING)
    missing = np.concatenate([np.full(len(features[kind]), kind in MISSING) for kind in fitted])
    model = LogisticRegression(max_iter=1000).fit(np.concatenate([features[kind] for kind in fitted]), missing)
    scores = {kind: model.decision_function(rows) for kind, rows in features.items()}
    lines = []
    for kind in (*WORDINGS, *OF_BOTH_SORTS):
        f1 = [answer_f1(best_answer(passage, parts)[0], e.golds) for e, passage, parts in read[kind] if e.golds]
        lines.append(f"{kind}: F1 {100 * np.mean(f1):.1f} of {len(f1)}")
    lines += [f"{kind}: AUROC {areas(scores, kind)}" for kind in WORDINGS]
    for kind in OF_BOTH_SORTS:
        labels = [not example.answerable for example, _, _ in read[kind]]
        lines.append(f"{kind}: AUROC {area_under_curve(labels, list(scores[kind])):.3f}")
    return lines


def areas(scores: Scores, wording: str) -> str:
    """Returns the AUROC of one wording against each kind of unanswerable question, and their mean."""
    found = {
        kind: area_under_curve(
            [False] * len(scores[wording]) + [True] * len(scores[kind]), [*scores[wording], *scores[kind]]
        )
        for kind in MISSING
    }
    return ", ".join(
        f"{kind} {area:.3f}" for kind, area in {**found, "mean": float(np.mean([*found.values()]))}.items()
    )


if __name__ == "__main__":
    main()
