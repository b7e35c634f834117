"""Prints the reader's figures on the dev sets, with 95 % bootstrap intervals, beside baselines.

    python -m benchmarks.reader_quality --data FOLDER [--limit 200] [--full reader-fp32.onnx] [--models FOLDER]

In brackets after a figure: the bar, and the mark beyond it. `--full` takes the file that
`training.export_reader --full` keeps.

The dev sets are measured on only; thresholds and calibration come from `assistant/models/reader.json`.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.networks.embeddings import OnnxEmbedder
from assistant.networks.onnx_model import MODELS, open_session
from assistant.networks.reader import OnnxReader, Passage, WindowReading, run_session
from benchmarks.assistant_ranking import assistant_order
from benchmarks.sentence_baselines import Ranker, bm25_order, dense_order, fused_order
from training.data import Example, read_set
from training.measures import answer_f1, area_under_curve, expected_calibration_error, interval, set_f1
from training.passages import best_answer, read_all, supporting, whole_passage

Rows = NDArray[np.float64]
Read = list[tuple[Example, Passage, list[WindowReading]]]
NAMES = ("f1 all", "f1 answerable", "no-answer auroc")


def main() -> None:
    """Reads the dev sets and prints every figure."""
    arguments = _arguments()
    began = time.perf_counter()
    reader = OnnxReader.load(arguments.threads, arguments.models)
    sets = {name: _load(arguments.data, name, arguments.limit) for name in ("squad2", "qed", "multirc", "hotpotqa")}
    print(f"{'figure':44} {'value':>7}  95 % interval    n")
    squad = squad_rows(reader, sets["squad2"], arguments.threads)
    _print_squad(squad, reader.calibration.threshold)
    embedder = OnnxEmbedder.load(n_threads=arguments.threads)
    rankers: dict[str, Ranker] = {
        "BM25": bm25_order,
        "dense": lambda question, texts: dense_order(embedder, question, texts),
        "fused": lambda question, texts: fused_order(embedder, question, texts),
    }
    _print_sentence_sets(reader, sets, rankers, arguments.threads)
    for name in ("qed", "multirc", "hotpotqa") if arguments.ranked_limit else ():
        _print_assistant(name, sets[name], arguments.ranked_limit)
    if arguments.full:
        _print_full(reader, arguments.full, sets["squad2"][: arguments.full_limit], arguments.threads)
    print(f"\n{time.perf_counter() - began:.0f} seconds")


def squad_rows(reader: OnnxReader, examples: Sequence[Example], n_threads: int) -> Rows:
    """Returns a row a question: whether unanswerable, probability of no answer, F1 of the best span."""
    rows = []
    for example, passage, parts in read_all(reader, examples, _whole, n_threads, "dev-squad2"):
        missing = min(reader.probability_of_no_answer(part.features) for part in parts)
        f1 = answer_f1(best_answer(passage, parts)[0], example.golds) if example.golds else 0.0
        rows.append((float(not example.answerable), missing, f1))
    return np.array(rows)


def f1_all(rows: Rows, threshold: float) -> float:
    """Returns the F1 over all questions, in percent, refusing above the threshold."""
    refused = rows[:, 1] > threshold
    return 100 * float(np.where(refused, rows[:, 0], rows[:, 2]).mean())


def f1_answerable(rows: Rows) -> float:
    """Returns the F1 over the answerable questions, in percent, never refusing."""
    answerable = rows[rows[:, 0] == 0]
    return 100 * float(answerable[:, 2].mean()) if len(answerable) else float("nan")


def no_answer_auroc(rows: Rows) -> float:
    """Returns the probability that an unanswerable question has the higher probability of no answer."""
    return area_under_curve(list(rows[:, 0] == 1), list(rows[:, 1]))


def _print_squad(rows: Rows, threshold: float) -> None:
    _print("dev-squad2 F1, all (bar 60, mark 68)", rows, partial(f1_all, threshold=threshold))
    _print("dev-squad2 F1, always refusing", rows, lambda r: 100 * float(r[:, 0].mean()))
    _print("dev-squad2 F1, answerable, not refusing (75, 82)", rows, f1_answerable)
    _print("dev-squad2 no-answer AUROC (0.72, 0.82)", rows, no_answer_auroc, digits=3)
    refused = rows[:, 1] > threshold
    _print(
        "dev-squad2 unanswerable refused, %", rows[rows[:, 0] == 1], lambda r: 100 * float((r[:, 1] > threshold).mean())
    )
    _print(
        "dev-squad2 answerable refused, %", rows[rows[:, 0] == 0], lambda r: 100 * float((r[:, 1] > threshold).mean())
    )
    error = expected_calibration_error(list(rows[:, 0] == 1), list(rows[:, 1]))
    print(f"{'dev-squad2 calibration error of no_answer':44} {error:7.3f}  {'':16} {len(refused)}")


def _print_sentence_sets(
    reader: OnnxReader, sets: dict[str, list[Example]], rankers: dict[str, Ranker], n_threads: int
) -> None:
    for name in ("qed", "multirc", "hotpotqa"):
        examples = [e for e in sets[name] if e.support]
        read = read_all(reader, examples, _whole, n_threads, f"dev-{name}")
        orders = {"reader": [_reader_order(parts) for _, _, parts in read]}
        for label, ranker in rankers.items():
            orders[label] = [ranker(e.question, [s.text for s in p.sentences]) for e, p, _ in read]
        golds = [supporting(example, passage) for example, passage, _ in read]
        for label, ranked in orders.items():
            if name == "qed":
                hits = np.array([[float(order[0] in gold)] for order, gold in zip(ranked, golds, strict=True)])
                _print(f"dev-qed right sentence first, {label}" + " (78, 85)" * (label == "reader"), hits, _percent)
            else:
                f1 = np.array([[set_f1(set(order[:2]), gold)] for order, gold in zip(ranked, golds, strict=True)])
                _print(f"dev-{name} sentence F1, two, {label}", f1, _percent)
        if name != "qed":
            chosen = [_chosen(reader, parts) for _, _, parts in read]
            f1 = np.array([[set_f1(own, gold)] for own, gold in zip(chosen, golds, strict=True)])
            _print(f"dev-{name} sentence F1, reader, by probability", f1, _percent)


def _print_assistant(name: str, examples: Sequence[Example], limit: int) -> None:
    ranked = assistant_order([e for e in examples if e.support][:limit], 2, f"dev-{name}, assistant")
    if name == "qed":
        hits = np.array([[float(bool(set(order[:1]) & gold))] for order, gold in ranked])
        _print("dev-qed right sentence first, search and reader", hits, _percent)
    else:
        f1 = np.array([[set_f1(set(order), gold)] for order, gold in ranked])
        _print(f"dev-{name} sentence F1, two, search and reader", f1, _percent)


def _print_full(reader: OnnxReader, path: Path, examples: Sequence[Example], n_threads: int) -> None:
    session = open_session(path)
    full = OnnxReader(partial(run_session, session), reader.tokenizer, reader.calibration, n_threads)
    own, other = squad_rows(reader, examples, n_threads), squad_rows(full, examples, n_threads)
    threshold = reader.calibration.threshold
    figures: list[Callable[[Rows], float]] = [partial(f1_all, threshold=threshold), f1_answerable, no_answer_auroc]
    for label, figure in zip(NAMES, figures, strict=True):
        pairs = np.hstack([own, other])
        _print(f"int8 minus full precision, {label}", pairs, lambda r, f=figure: f(r[:, :3]) - f(r[:, 3:]), digits=3)  # type: ignore[misc]


def _reader_order(parts: Sequence[WindowReading]) -> list[int]:
    return [int(n) for n in np.argsort(-np.max([part.support for part in parts], axis=0), kind="stable")]


def _chosen(reader: OnnxReader, parts: Sequence[WindowReading]) -> set[int]:
    scale, offset = reader.calibration.support
    logits = np.max([part.support for part in parts], axis=0)
    likely = {int(n) for n in np.flatnonzero(scale * logits + offset > 0)}
    return likely | set(_reader_order(parts)[:1])


def _percent(rows: Rows) -> float:
    return 100 * float(rows.mean())


def _print(label: str, rows: Rows, figure: Callable[[Rows], float], digits: int = 1) -> None:
    low, high = interval(rows, figure, n_draws=300)
    print(f"{label:52} {figure(rows):7.{digits}f}  {low:6.{digits}f} to {high:6.{digits}f}  {len(rows)}", flush=True)


def _whole(example: Example) -> Passage | None:
    return whole_passage(example.context)


def _load(folder: Path, name: str, limit: int) -> list[Example]:
    examples = read_set(folder / f"dev-{name}.jsonl.gz")
    return random.Random(3).sample(examples, limit) if 0 < limit < len(examples) else examples


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with dev-*.jsonl.gz")
    parser.add_argument("--limit", type=int, default=0, help="questions of each set, drawn at random; 0: all")
    parser.add_argument("--full", type=Path, default=None, help="full-precision ONNX file to compare int8 with")
    parser.add_argument("--full-limit", type=int, default=1500, help="questions of that comparison")
    parser.add_argument("--ranked-limit", type=int, default=400, help="questions asked of the assistant; 0: none")
    parser.add_argument(
        "--models", type=Path, default=MODELS, help="folder of the reader; asks of the assistant use its own"
    )
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
