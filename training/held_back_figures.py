"""Quick figures of a network in training, on held-back questions."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from training.data import KINDS, Example
from training.measures import area_under_curve
from training.network import Batch, ReaderNetwork, sentence_logits, span_logits
from training.shards import Shard
from training.windows import Window, Windows

# The sets that readers were measured on before others came: figures stay comparable.
FORMER = frozenset("abg-coqa doc2dial fairytaleqa hotpotqa policyqa qed squad squadshifts timeqa written".split())
LABELLED = ("squad", "timeqa", "squad-negatives", "unansq")  # sets with questions written to be unanswerable
_YES, _NO = 1 + KINDS.index("yes"), 1 + KINDS.index("no")


def sample_of_held_back(examples: Sequence[Example], size: int) -> list[Example]:
    """Returns a fixed sample: a third labelled unanswerable, a third SQuAD answerable, a third of the other former sets."""
    rng = random.Random(5)
    former = [e for e in examples if e.source in FORMER]
    parts = [
        [e for e in former if not e.answerable],
        [e for e in former if e.answerable and e.source == "squad"],
        [e for e in former if e.answerable and e.source != "squad"],
    ]
    return [e for part in parts for e in rng.sample(part, min(len(part), size // 3))]


def sample_of_new_sets(examples: Sequence[Example], of_each: int) -> list[Example]:
    """Returns a fixed sample of so many questions of each set that is not among the former ones."""
    rng = random.Random(6)
    sets = {source: [e for e in examples if e.source == source] for source in sorted({e.source for e in examples})}
    return [e for name, s in sets.items() if name not in FORMER for e in rng.sample(s, min(len(s), of_each))]


@dataclass(frozen=True, slots=True)
class Asked:
    """A held-back question in its window, with what its figures ask of it.

    Attributes:
        window: the passage.
        yes: for a question that wants yes or no, whether it is yes; None for others.
        labelled: whether its set has questions written to be unanswerable.
    """

    window: Window
    yes: bool | None
    labelled: bool


def windows_asked(windows: Windows, examples: Sequence[Example]) -> list[Asked]:
    """Returns the questions in windows of a fixed cut, the shortest first; those that cannot be labelled are left out."""
    rng = random.Random(7)
    cut = [(e, w) for e in examples if (w := windows.cut(e, 192, rng)) is not None]
    cut.sort(key=lambda pair: len(pair[1].ids))
    return [Asked(w, e.kind == "yes" if e.wants_yes_or_no else None, e.source in LABELLED) for e, w in cut]


def write_asked(folder: Path, name: str, asked: Sequence[Asked]) -> None:
    """Writes held-back questions in their windows: `asked-NAME.xz` and `asked-NAME.json`."""
    Shard.of([question.window for question in asked]).write(folder / f"asked-{name}.xz")
    facts = {"yes": [question.yes for question in asked], "labelled": [question.labelled for question in asked]}
    (folder / f"asked-{name}.json").write_text(json.dumps(facts), encoding="utf-8")


def read_asked(folder: Path, name: str) -> list[Asked]:
    """Returns the held-back questions of a name; none if there are none."""
    if not (folder / f"asked-{name}.json").exists():
        return []
    facts = json.loads((folder / f"asked-{name}.json").read_text(encoding="utf-8"))
    windows = Shard.read(folder / f"asked-{name}.xz").windows()
    return [Asked(*parts) for parts in zip(windows, facts["yes"], facts["labelled"], strict=True)]


def measure(
    network: ReaderNetwork, windows: Windows, examples: Sequence[Example], device: str = "cpu", bf16: bool = False
) -> dict[str, float]:
    """Returns the figures of `measure_windows` on questions."""
    return measure_windows(network, windows_asked(windows, examples), device, bf16)


@torch.no_grad()
def measure_windows(
    network: ReaderNetwork, asked: Sequence[Asked], device: str = "cpu", bf16: bool = False
) -> dict[str, float]:
    """Returns span F1 by token positions, AUROC of no answer, share of right sentences first, of right yes and no."""
    network.eval()
    f1: list[float] = []
    first: list[float] = []
    yes_no: list[float] = []
    scores: list[tuple[bool, float, float]] = []
    for i in range(0, len(asked), 16):
        part = asked[i : i + 16]
        batch = Batch.of([question.window for question in part])
        mask = None if batch.mask is None else batch.mask.to(device)
        with torch.autocast(device, torch.bfloat16, enabled=bf16):
            tokens, passages = network(batch.ids.to(device), mask)
        tokens, passages = tokens.float().cpu(), passages.float().cpu()
        start, end = span_logits(tokens, batch.sentence)
        support = sentence_logits(tokens[..., 2], batch.sentence, batch.support.shape[1])
        support = support.masked_fill(batch.support < 0, -1e4)
        for row, question in enumerate(part):
            window = question.window
            a, b, span = best_span(start[row], end[row])
            if window.start > 0:
                f1.append(_overlap(a, b, window))
                first.append(window.support[int(support[row].argmax())])
            if question.yes is not None:
                yes_no.append(float((passages[row, _YES] > passages[row, _NO]) == question.yes))
            if question.labelled:
                null = float(start[row, 0] + end[row, 0])
                scores.append((not window.answerable, float(passages[row, 0]), null - span))
    labels = [label for label, _, _ in scores]
    return {
        "f1": _mean(f1),
        "sentence first": _mean(first),
        "yes or no": _mean(yes_no),
        "auroc head": area_under_curve(labels, [head for _, head, _ in scores]),
        "auroc span": area_under_curve(labels, [span for _, _, span in scores]),
        "auroc both": area_under_curve(labels, [head + 0.5 * span for _, head, span in scores]),
    }


def _overlap(first: int, last: int, window: Window) -> float:
    """Returns the F1 of a span's tokens against the labelled one's."""
    shared = max(0, min(last, window.end) - max(first, window.start) + 1)
    return 2 * shared / (last - first + 1 + window.end - window.start + 1)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")


def best_span(start: torch.Tensor, end: torch.Tensor, longest: int = 30) -> tuple[int, int, float]:
    """Returns (first token, last token, sum of logits) of the best span, the first token of all left out."""
    total = start[1:, None] + end[None, 1:]
    total = total.triu() - total.triu(longest) + torch.ones_like(total).triu().triu(longest).mul(-1e5)
    total = total.masked_fill(torch.ones_like(total).tril(-1).bool(), -1e5)
    best = int(total.argmax())
    width = total.shape[1]
    return best // width + 1, best % width + 1, float(total.flatten()[best])
