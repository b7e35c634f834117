"""Quick figures of a network in training, on held-back questions."""

from __future__ import annotations

import random
from collections.abc import Sequence

import torch

from training.data import KINDS, Example
from training.measures import area_under_curve
from training.network import Batch, ReaderNetwork, sentence_logits, span_logits
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


@torch.no_grad()
def measure(
    network: ReaderNetwork, windows: Windows, examples: Sequence[Example], device: str = "cpu", bf16: bool = False
) -> dict[str, float]:
    """Returns span F1 by token positions, AUROC of no answer, share of right sentences first, of right yes and no."""
    network.eval()
    rng = random.Random(7)
    cut = [(e, w) for e in examples if (w := windows.cut(e, 192, rng)) is not None]
    cut.sort(key=lambda pair: len(pair[1].ids))
    f1: list[float] = []
    first: list[float] = []
    yes_no: list[float] = []
    scores: list[tuple[bool, float, float]] = []
    for i in range(0, len(cut), 16):
        part = cut[i : i + 16]
        batch = Batch.of([w for _, w in part], device)
        with torch.autocast(device, torch.bfloat16, enabled=bf16):
            tokens, passages = network(batch.ids, batch.mask)
        tokens, passages = tokens.float(), passages.float()
        start, end = span_logits(tokens, batch.sentence)
        support = sentence_logits(tokens[..., 2], batch.sentence, batch.support.shape[1])
        support = support.masked_fill(batch.support < 0, -1e4)
        for row, (example, window) in enumerate(part):
            a, b, span = best_span(start[row], end[row])
            if window.start > 0:
                f1.append(_overlap(a, b, window))
                first.append(window.support[int(support[row].argmax())])
            if example.wants_yes_or_no:
                yes_no.append(float((passages[row, _YES] > passages[row, _NO]) == (example.kind == "yes")))
            if example.source in LABELLED:
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
