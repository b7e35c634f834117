"""Trains the reader: `python -m training.train_reader --data FOLDER --weights FOLDER --bf16`.

Warm-up, then a constant rate until `--most` examples, or until the held-back figures stop getting better. The same
command goes on from the checkpoint, which is saved every few minutes, and when the program is asked to end. `--fall` begins
the last part, in which the rate falls to nothing.
"""

from __future__ import annotations

import argparse
import json
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from assistant.networks.embeddings import OnnxEmbedder
from training.batches import Batches
from training.data import Example
from training.embedding_neighbours import Neighbours
from training.export_embedder import MODELS, weights_folder
from training.held_back_figures import measure, sample_of_held_back, sample_of_new_sets
from training.mixture import FURTHER, KINDS, Mixture
from training.near_misses import NearMisses
from training.network import Batch, ReaderNetwork
from training.parts import held_back, training_part
from training.rivals import Rivals
from training.small_reader import small_reader
from training.spare_cores import SpareCores
from training.synonyms import Synonyms
from training.training_run import Run
from training.windows import Windows

MEASURE_EVERY = 10_000  # examples
PATIENCE = 60_000  # examples without a better figure after which the rate may fall
BETTER = 0.005  # of F1 or AUROC: less is no gain


def has_settled(log: Sequence[dict[str, float]]) -> bool:
    """Returns whether the figures of the last `PATIENCE` examples are hardly better than those before them."""
    before = [row for row in log if row["examples"] <= log[-1]["examples"] - PATIENCE]
    since = [row for row in log if row["examples"] > log[-1]["examples"] - PATIENCE]
    if not before:
        return False
    return all(max(r[name] for r in since) < max(r[name] for r in before) + BETTER for name in ("f1", "auroc both"))


@dataclass(frozen=True, slots=True)
class Drawing:
    """What examples are drawn with; making it takes long, and it serves any number of streams.

    Attributes:
        examples: the training part.
        near_misses, synonyms, rivals: what makes others of them.
    """

    examples: Sequence[Example]
    near_misses: NearMisses
    synonyms: Synonyms
    rivals: Rivals

    @classmethod
    def of(cls, examples: Sequence[Example], cache: Path, rivals_of: int = 0) -> Drawing:
        """Returns what examples are drawn with.

        Args:
            examples: the training part.
            cache: folder that keeps the vectors of sentences.
            rivals_of: passages, spread over all, that rivals are taken from; 0 stands for all.
        """
        near_misses = NearMisses(Neighbours.from_encoder(weights_folder()))
        passages = list({e.context: (e.article, e.context) for e in examples}.values())
        passages = passages[:: max(1, len(passages) // rivals_of)] if rivals_of else passages
        rivals = Rivals(passages, OnnxEmbedder.load().embed, kept_in=cache)
        return cls(examples, near_misses, Synonyms.from_encoder(weights_folder()), rivals)

    def batches(self, windows: Windows, size: int, seed: int, kinds: Mapping[str, float] = KINDS) -> Batches:
        """Returns the batches that a reader is trained on.

        Args:
            windows: cuts the examples into windows.
            size: windows a batch.
            seed: the same seed and examples give the same batches.
            kinds: how often each kind is drawn.
        """
        mixture = Mixture(self.examples, self.near_misses, seed, self.synonyms, self.rivals, kinds)
        return Batches(mixture, windows, size, seed)


def train(run: Run, batches: Batches, figures: Figures, arguments: argparse.Namespace) -> None:
    """Trains until there are enough examples, the figures have settled, the fall is over, or somebody ends it."""
    ended: list[int] = []
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, _: ended.append(number))
    checkpoint = arguments.out / "checkpoint.pt"
    cores = SpareCores(arguments.threads or torch.get_num_threads())
    bar = tqdm(total=arguments.most, initial=run.examples, unit=" examples", mininterval=60)
    saved, smooth = time.monotonic(), dict[str, float]()
    while not ended and run.fall < 1 and (run.falls_from or run.examples < arguments.most):
        torch.set_num_threads(cores.count())
        batch = Batch.of(next(batches), arguments.device)
        for part, value in run.step(batch).items():
            smooth[part] = 0.98 * smooth.get(part, value) + 0.02 * value
        bar.update(run.examples - bar.n)
        bar.set_postfix({k: f"{v:.3f}" for k, v in smooth.items()}, refresh=False)
        if run.examples // MEASURE_EVERY > (run.examples - len(batch.ids)) // MEASURE_EVERY:
            figures.add(run, smooth)
            if not run.falls_from and has_settled(run.log):
                break
        if time.monotonic() - saved >= arguments.save_every * 60:
            run.save(checkpoint, batches.place())
            saved = time.monotonic()
    if run.fall >= 1:
        figures.add(run, smooth)
    run.save(checkpoint, batches.place())
    bar.close()


class Figures:
    """Measures a run on held-back questions, prints the figures and keeps them.

    Args:
        windows: cuts the questions' passages.
        examples: held-back questions.
        size: former questions that are measured.
        path: file of one JSON object a line.
        device: that the run is on.
    """

    def __init__(self, windows: Windows, examples: Sequence[Example], size: int, path: Path, device: str) -> None:
        self._windows = windows
        self._former = sample_of_held_back(examples, size)
        self._new = sample_of_new_sets(examples, size // 20)
        self._path = path
        self._device = device
        self._began = time.monotonic()

    def add(self, run: Run, parts: dict[str, float]) -> None:
        """Measures the averaged weights; adds a row to the run's log and to the file."""
        figures = measure(run.average, self._windows, self._former, self._device, run.bf16)
        new = measure(run.average, self._windows, self._new, self._device, run.bf16)
        row: dict[str, Any] = {
            "examples": run.examples,
            "fall": run.fall,
            "minutes since start": (time.monotonic() - self._began) / 60,
        }
        row |= figures | {f"new sets, {name}": value for name, value in new.items()}
        row |= {f"loss of {name}": value for name, value in parts.items()}
        row = {name: round(value, 4) for name, value in row.items()}
        run.log.append(row)
        tqdm.write(json.dumps(row))
        with self._path.open("a", encoding="utf-8") as log:
            log.write(json.dumps(row) + "\n")


def main() -> None:
    """Trains, or goes on training."""
    arguments = _arguments()
    torch.manual_seed(arguments.seed)
    arguments.out.mkdir(parents=True, exist_ok=True)
    windows = Windows((arguments.weights or weights_folder()) / "tokenizer.json")
    examples = training_part(arguments.data, arguments.stated_licences_only)
    asked = list(held_back(arguments.data, arguments.stated_licences_only))
    figures = Figures(windows, asked, arguments.sample, arguments.out / "log.jsonl", arguments.device)
    drawing = Drawing.of(examples, arguments.cache, arguments.rivals_of)
    batches = drawing.batches(windows, arguments.batch, arguments.seed, KINDS if arguments.weights else FURTHER)
    network, average = (_network(arguments).to(arguments.device) for _ in range(2))
    run = Run.start(network, average, arguments.rate, arguments.start)
    run.rounded, run.bf16 = arguments.rounded, arguments.bf16
    if (arguments.out / "checkpoint.pt").exists():
        batches.go_to(run.load(arguments.out / "checkpoint.pt"))
    if arguments.fall and not run.falls_from:
        run.falls_from = max(run.examples, arguments.fall_after)
    tqdm.write(f"{len(examples)} questions to train on, {len(asked)} held back; {run.examples} examples so far")
    train(run, batches, figures, arguments)


def _network(arguments: argparse.Namespace) -> ReaderNetwork:
    if arguments.weights is None:
        return small_reader(MODELS / "reader.onnx", weights_folder())
    return ReaderNetwork.from_pretrained(arguments.weights, arguments.dropout)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with train-*.jsonl.gz")
    start = parser.add_mutually_exclusive_group(required=True)
    start.add_argument("--weights", type=Path, help="folder of all-mpnet-base-v2")
    start.add_argument("--shipped", action="store_true", help="train the reader that ships further")
    parser.add_argument("--out", type=Path, default=Path("training/runs/reader"), help="folder of checkpoint and log")
    parser.add_argument("--cache", type=Path, default=Path("training/cache"), help="folder of the sentences' vectors")
    parser.add_argument("--rivals-of", type=int, default=0, help="passages to take rivals from; 0: all")
    parser.add_argument("--most", type=int, default=600_000, help="examples at a constant rate")
    parser.add_argument("--fall", action="store_true", help="begin the last part: the rate falls to nothing")
    parser.add_argument("--fall-after", type=int, default=0, help="with --fall: examples before it begins")
    parser.add_argument("--rate", type=float, default=5e-5, help="learning rate of the encoder")
    parser.add_argument("--dropout", type=float, default=0.0, help="of hidden states; for sets that are seen often")
    parser.add_argument("--start", type=Path, default=None, help="checkpoint of another run, to start from")
    parser.add_argument("--rounded", action="store_true", help="while the rate falls, compute as int8 does")
    parser.add_argument(
        "--bf16", action="store_true", help="compute in bfloat16: several times as fast where supported"
    )
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=0, help="at most; fewer while others need the cores")
    parser.add_argument("--save-every", type=float, default=10, help="minutes between checkpoints")
    parser.add_argument("--sample", type=int, default=600, help="held-back questions measured")
    parser.add_argument("--stated-licences-only", action="store_true", help="leave out sets without a stated licence")
    return parser.parse_args()


if __name__ == "__main__":
    main()
