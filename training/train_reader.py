"""Trains the reader: `python -m training.train_reader --data FOLDER --minutes 95`.

The learning rate follows elapsed time, so that a run fits its budget on any machine, shared or not. A checkpoint is
saved every few minutes; the same command goes on from it.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from assistant.networks.embeddings import OnnxEmbedder
from training.data import Example
from training.embedding_neighbours import Neighbours
from training.export_embedder import weights_folder
from training.measures import area_under_curve
from training.mixture import Mixture
from training.near_misses import NearMisses
from training.network import Batch, ReaderNetwork, losses, sentence_logits, span_logits
from training.parts import held_back, training_part
from training.quantised import set_rounding
from training.rivals import Rivals
from training.shipped import averaged_weights
from training.synonyms import Synonyms
from training.windows import Window, Windows

CACHE = Path("training/cache")
WARM_UP = 0.05  # of the time
ROUNDED_FROM = 0.9  # of the time, with `--rounded`; from here on the network computes as if all were int8
EMA_DECAY = 0.998
POOL = 40  # batches that are sorted by length together, so that little is padded
WINDOW_TOKENS, WINDOW_SHARES = (96, 128, 160, 192), (0.34, 0.36, 0.18, 0.12)
ALONE = 0.15  # share of windows with nothing around the sentences that matter, as the best one is read again


@dataclass
class Run:
    """A training run: what is saved in a checkpoint and goes on from it."""

    network: ReaderNetwork
    average: ReaderNetwork
    optimiser: torch.optim.Optimizer
    seconds: float = 0.0
    steps: int = 0
    examples: int = 0
    rounded: bool = False
    bf16: bool = False

    @classmethod
    def start(cls, encoder: Path, rate: float, device: str, dropout: float = 0.0, weights: Path | None = None) -> Run:
        """Returns a fresh run, on the averaged weights of another one or of an exported model if given.

        Heads learn five times as fast as the encoder.
        """
        network = ReaderNetwork.from_pretrained(encoder, dropout).to(device)
        average = ReaderNetwork.from_pretrained(encoder).to(device)
        if weights is not None:
            network.load_state_dict(averaged_weights(weights))
        average.load_state_dict(network.state_dict())
        heads = [*network.tokens.parameters(), *network.passage.parameters()]
        body = [p for p in network.encoder.parameters() if p.requires_grad]
        groups = [{"params": body, "lr": rate, "top": rate}, {"params": heads, "lr": rate, "top": 5 * rate}]
        return cls(network, average, torch.optim.AdamW(groups, weight_decay=0.01, fused=True))

    def save(self, path: Path) -> None:
        """Writes the checkpoint aside and moves it into place, so that an interrupted write loses nothing."""
        state = {name: getattr(self, name) for name in ("seconds", "steps", "examples")}
        for name in ("network", "average", "optimiser"):
            state[name] = getattr(self, name).state_dict()
        aside = path.with_suffix(".part")
        torch.save(state, aside)
        aside.replace(path)

    def load(self, path: Path) -> None:
        """Goes on from a checkpoint."""
        state = torch.load(path, weights_only=True, map_location=next(self.network.parameters()).device)
        for name in ("network", "average", "optimiser"):
            getattr(self, name).load_state_dict(state[name])
        self.seconds, self.steps, self.examples = state["seconds"], state["steps"], state["examples"]

    def step(self, batch: Batch, progress: float) -> dict[str, float]:
        """Takes one step; returns the parts of the loss."""
        factor = min(progress / WARM_UP, (1 - progress) / (1 - WARM_UP))
        for group in self.optimiser.param_groups:
            group["lr"] = group["top"] * max(factor, 0.01)
        if self.rounded and progress >= ROUNDED_FROM:
            set_rounding(self.network, True)
            set_rounding(self.average, True)
        self.network.train()
        with torch.autocast(batch.ids.device.type, torch.bfloat16, enabled=self.bf16):
            tokens, no_answer = self.network(batch.ids, batch.types, batch.mask)
        parts = losses(tokens.float(), no_answer.float(), batch)
        torch.stack(list(parts.values())).sum().backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        self.steps += 1
        self.examples += len(batch.ids)
        keep = min(EMA_DECAY, (1 + self.steps) / (10 + self.steps))
        trained = [p for p in self.network.parameters() if p.requires_grad]
        averaged = [p for p in self.average.parameters() if p.requires_grad]
        torch._foreach_lerp_([p.data for p in averaged], [p.data for p in trained], 1 - keep)
        return {name: float(part.detach()) for name, part in parts.items()}


def batches(mixture: Iterable[Example], windows: Windows, size: int, rng: random.Random) -> Iterator[list[Window]]:
    """Yields batches of windows of like length, endlessly, of endless examples."""
    stream = iter(mixture)
    while True:
        pool: list[Window] = []
        while len(pool) < size * POOL:
            size_of_window = rng.choices(WINDOW_TOKENS, WINDOW_SHARES)[0]
            window = windows.cut(next(stream), size_of_window, rng, alone=rng.random() < ALONE)
            if window is not None:
                pool.append(window)
        pool.sort(key=lambda w: len(w.ids))
        groups = [pool[i : i + size] for i in range(0, len(pool), size)]
        rng.shuffle(groups)
        yield from groups


def sample_of_held_back(examples: Sequence[Example], size: int) -> list[Example]:
    """Returns a fixed sample: a third labelled unanswerable, a third SQuAD answerable, a third of the other sets."""
    rng = random.Random(5)
    parts = [
        [e for e in examples if not e.answerable],
        [e for e in examples if e.answerable and e.source == "squad"],
        [e for e in examples if e.answerable and e.source != "squad"],
    ]
    return [e for part in parts for e in rng.sample(part, min(len(part), size // 3))]


@torch.no_grad()
def measure(network: ReaderNetwork, windows: Windows, examples: Sequence[Example], device: str) -> dict[str, float]:
    """Returns quick figures: span F1 by token positions, AUROC of no answer, share of right sentences first."""
    network.eval()
    rng = random.Random(7)
    cut = [(e, w) for e in examples if (w := windows.cut(e, 192, rng)) is not None]
    cut.sort(key=lambda pair: len(pair[1].ids))
    f1: list[float] = []
    first: list[float] = []
    scores: list[tuple[bool, float, float]] = []
    for i in range(0, len(cut), 16):
        part = cut[i : i + 16]
        batch = Batch.of([w for _, w in part], device)
        tokens, no_answer = network(batch.ids, batch.types, batch.mask)
        start, end = span_logits(tokens, batch.sentence)
        support = sentence_logits(tokens[..., 2], batch.sentence, batch.support.shape[1])
        support = support.masked_fill(batch.support < 0, -1e4)
        for row, (example, window) in enumerate(part):
            a, b, span = best_span(start[row], end[row])
            if window.start > 0:
                overlap = max(0, min(b, window.end) - max(a, window.start) + 1)
                f1.append(2 * overlap / (b - a + 1 + window.end - window.start + 1))
                first.append(window.support[int(support[row].argmax())])
            if example.source in ("squad", "timeqa"):
                null = float(start[row, 0] + end[row, 0])
                scores.append((not window.answerable, float(no_answer[row]), null - span))
    labels = [label for label, _, _ in scores]
    return {
        "f1": sum(f1) / len(f1),
        "sentence first": sum(first) / len(first),
        "auroc head": area_under_curve(labels, [head for _, head, _ in scores]),
        "auroc span": area_under_curve(labels, [span for _, _, span in scores]),
        "auroc both": area_under_curve(labels, [head + 0.5 * span for _, head, span in scores]),
    }


def best_span(start: torch.Tensor, end: torch.Tensor, longest: int = 30) -> tuple[int, int, float]:
    """Returns (first token, last token, sum of logits) of the best span, the [CLS] left out."""
    total = start[1:, None] + end[None, 1:]
    total = total.triu() - total.triu(longest) + torch.ones_like(total).triu().triu(longest).mul(-1e5)
    total = total.masked_fill(torch.ones_like(total).tril(-1).bool(), -1e5)
    best = int(total.argmax())
    width = total.shape[1]
    return best // width + 1, best % width + 1, float(total.flatten()[best])


def main() -> None:
    """Trains until the time is up."""
    arguments = _arguments()
    torch.manual_seed(arguments.seed)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    arguments.out.mkdir(parents=True, exist_ok=True)
    checkpoint = arguments.out / "checkpoint.pt"
    encoder = weights_folder()
    run = Run.start(encoder, arguments.rate, arguments.device, arguments.dropout, arguments.start)
    run.rounded, run.bf16 = arguments.rounded, arguments.bf16
    if checkpoint.exists():
        run.load(checkpoint)
    windows = Windows(encoder / "tokenizer.json")
    examples = training_part(arguments.data, arguments.stated_licences_only)
    sample = sample_of_held_back(list(held_back(arguments.data, arguments.stated_licences_only)), arguments.sample)
    seed = arguments.seed + run.examples  # a resumed run draws other examples, not the first ones again
    near_misses = NearMisses(Neighbours.from_encoder(encoder))
    passages = {e.context: (e.article, e.context) for e in examples}.values()
    rivals = Rivals(passages, OnnxEmbedder.load().embed, kept_in=CACHE)
    mixture = Mixture(examples, near_misses, seed, Synonyms.from_encoder(encoder), rivals)
    stream = batches(mixture, windows, arguments.batch, random.Random(seed))
    budget = arguments.minutes * 60
    bar = tqdm(total=round(budget), initial=round(run.seconds), unit="s", mininterval=20)
    saved, smooth = run.seconds, dict[str, float]()
    while run.seconds < budget:
        began = time.perf_counter()
        parts = run.step(Batch.of(next(stream), arguments.device), run.seconds / budget)
        for name, value in parts.items():
            smooth[name] = 0.98 * smooth.get(name, value) + 0.02 * value
        run.seconds += time.perf_counter() - began
        bar.update(min(round(run.seconds), round(budget)) - bar.n)
        bar.set_postfix({"examples": run.examples, **{k: f"{v:.3f}" for k, v in smooth.items()}}, refresh=False)
        if run.seconds - saved >= arguments.save_every * 60 or run.seconds >= budget:
            saved = run.seconds
            run.save(checkpoint)
            figures = measure(run.average, windows, sample, arguments.device)
            _log(arguments.out / "log.jsonl", run, smooth, figures)
    bar.close()


def _log(path: Path, run: Run, parts: dict[str, float], figures: dict[str, float]) -> None:
    row: dict[str, Any] = {"minutes": round(run.seconds / 60, 1), "steps": run.steps, "examples": run.examples}
    row |= {name: round(value, 4) for name, value in (parts | figures).items()}
    tqdm.write(json.dumps(row))
    with path.open("a", encoding="utf-8") as log:
        log.write(json.dumps(row) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with train-*.jsonl.gz")
    parser.add_argument("--out", type=Path, default=Path("training/runs/reader"), help="folder of checkpoint and log")
    parser.add_argument("--minutes", type=float, default=95, help="time to train, over all resumed parts")
    parser.add_argument("--rate", type=float, default=1.2e-4, help="highest learning rate of the encoder")
    parser.add_argument("--dropout", type=float, default=0.0, help="of hidden states; for sets that are seen often")
    parser.add_argument("--start", type=Path, default=None, help="checkpoint or exported model to start from")
    parser.add_argument("--rounded", action="store_true", help="for an export all in int8: its last tenth computes so")
    parser.add_argument("--bf16", action="store_true", help="compute in bfloat16: three times as fast where supported")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=0, help="0: as torch finds best")
    parser.add_argument("--save-every", type=float, default=10, help="minutes between checkpoints")
    parser.add_argument("--sample", type=int, default=600, help="held-back questions measured at each checkpoint")
    parser.add_argument("--stated-licences-only", action="store_true", help="leave out sets without a stated licence")
    return parser.parse_args()


if __name__ == "__main__":
    main()
