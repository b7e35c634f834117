"""The reader's network: one encoder, four outputs a token, and what kind of answer there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.data import KINDS
from training.mpnet import MpnetEncoder
from training.quantised import use_rounded_layers
from training.windows import IGNORED, Window

_FAR = -1e4  # a logit that no softmax notices, within the range of half precision


class Encoder(Protocol):
    """Token ids and mask -> states (batch, tokens, width)."""

    width: int

    def __call__(self, ids: Tensor, mask: Tensor | None = None) -> Tensor: ...


class ReaderNetwork(nn.Module):
    """Encoder with heads: answer start and end, sentence support, question mismatch, no answer, kind of answer.

    Args:
        encoder: a module that is an `Encoder`.
    """

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder
        width = cast(Encoder, encoder).width
        self.tokens = nn.Linear(width, 4)
        self.passage = nn.Sequential(nn.Linear(width, width), nn.Tanh(), nn.Linear(width, 1 + len(KINDS)))
        use_rounded_layers(self)

    @classmethod
    def from_pretrained(cls, folder: Path, dropout: float = 0.0) -> ReaderNetwork:
        """Returns a network with a trained encoder and fresh heads."""
        return cls(MpnetEncoder.from_pretrained(folder, dropout=dropout))

    @property
    def heads(self) -> list[nn.Parameter]:
        """What no pretraining knows of."""
        return [*self.tokens.parameters(), *self.passage.parameters()]

    def forward(self, ids: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Returns logits of tokens (batch, tokens, 4: start, end, support, mismatch) and of passages (batch, 1 + kinds).

        The first of a passage is that of no answer, the others those of `KINDS`.
        """
        states = self.encoder(ids, mask)
        return self.tokens(states), self.passage(states[:, :1])[:, 0]  # a MatMul, which export tells from a Gemm


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows as tensors, padded to the longest; support is (batch, sentences), IGNORED where there is none or unknown."""

    ids: Tensor
    mask: Tensor | None
    start: Tensor
    end: Tensor
    plausible: Tensor
    no_answer: Tensor
    kinds: Tensor
    sentence: Tensor
    support: Tensor
    mismatch: Tensor

    @classmethod
    def of(cls, windows: Sequence[Window], device: str = "cpu") -> Batch:
        """Returns the windows as one batch on a device."""
        longest = max(len(w.ids) for w in windows)
        most = max(len(w.support) for w in windows)

        def padded(rows: Sequence[Sequence[Any]], value: int, width: int, dtype: torch.dtype) -> Tensor:
            filled = [list(row) + [value] * (width - len(row)) for row in rows]
            return torch.tensor(filled, dtype=dtype, device=device)

        full = all(len(w.ids) == longest for w in windows)
        return cls(
            ids=padded([w.ids for w in windows], 0, longest, torch.long),
            mask=None if full else padded([[1] * len(w.ids) for w in windows], 0, longest, torch.long),
            start=torch.tensor([w.start for w in windows], device=device),
            end=torch.tensor([w.end for w in windows], device=device),
            plausible=torch.tensor([w.plausible for w in windows], device=device),
            no_answer=torch.tensor([float(not w.answerable) for w in windows], device=device),
            kinds=torch.tensor([w.kinds for w in windows], device=device),
            sentence=padded([w.sentence for w in windows], -1, longest, torch.long),
            support=padded([w.support for w in windows], IGNORED, most, torch.float),
            mismatch=padded([w.mismatch for w in windows], IGNORED, longest, torch.long),
        )


def sentence_logits(token_logits: Tensor, sentence: Tensor, n_sentences: int) -> Tensor:
    """Returns (batch, sentences): the log of the mean exponential of each sentence's token logits.

    A soft maximum, so one telling phrase is enough, that does not grow with the sentence's length.
    """
    own = sentence.unsqueeze(-1) == torch.arange(n_sentences, device=sentence.device)
    spread = token_logits.unsqueeze(-1).masked_fill(~own, _FAR)
    count = own.sum(1).clamp(min=1)
    return torch.logsumexp(spread, dim=1) - torch.log(count.float())


def span_logits(token_logits: Tensor, sentence: Tensor) -> tuple[Tensor, Tensor]:
    """Returns start and end logits (batch, tokens) with all but the passage and the first token put out of reach."""
    allowed = sentence >= 0
    allowed = torch.cat([torch.ones_like(allowed[:, :1]), allowed[:, 1:]], dim=1)
    return token_logits[..., 0].masked_fill(~allowed, _FAR), token_logits[..., 1].masked_fill(~allowed, _FAR)


def losses(token_logits: Tensor, passage_logits: Tensor, batch: Batch) -> dict[str, Tensor]:
    """Returns the weighted parts of the training loss, to be added up; none of them waits for the device."""
    span, plausible = _span_losses(token_logits, batch)
    mismatched = (batch.mismatch != IGNORED).float()
    of_words = functional.binary_cross_entropy_with_logits(
        token_logits[..., 3], batch.mismatch.clamp(min=0).float(), mismatched,
        reduction="sum", pos_weight=token_logits.new_full((), 3.0),
    )  # fmt: skip
    kinds = passage_logits[:, 1:]
    # Where several kinds may be right, that it is one of them.
    kind = torch.logsumexp(kinds, 1) - torch.logsumexp(kinds.masked_fill(~batch.kinds, _FAR), 1)
    return {
        "span": 0.5 * span,
        "plausible": 0.5 * plausible,
        "no answer": functional.binary_cross_entropy_with_logits(passage_logits[:, 0], batch.no_answer),
        "kind": 0.5 * kind.mean(),
        "support": _support_loss(token_logits[..., 2], batch),
        "mismatch": 0.5 * of_words / mismatched.sum().clamp(min=1),
    }


def _span_losses(token_logits: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
    """Returns the loss of the answer's place, and of the place of what a near miss seems to ask for."""
    start, end = span_logits(token_logits, batch.sentence)
    n_known = (batch.start != IGNORED).sum().clamp(min=1)
    span = (_place_loss(start, batch.start) + _place_loss(end, batch.end)) / n_known
    # What a near miss seems to ask for teaches the span too, the first token aside: whether it is an answer is another matter.
    places = torch.where(batch.plausible == IGNORED, IGNORED, batch.plausible - 1)
    plausible = _place_loss(start[:, 1:], places[:, 0]) + _place_loss(end[:, 1:], places[:, 1])
    return span, plausible / len(batch.ids)


def _place_loss(logits: Tensor, places: Tensor) -> Tensor:
    return functional.cross_entropy(logits, places, ignore_index=IGNORED, reduction="sum")


def _support_loss(token_logits: Tensor, batch: Batch) -> Tensor:
    """Returns the loss of the sentences' support; where it is only known that one of them does, that of the likeliest."""
    supported = sentence_logits(token_logits, batch.sentence, batch.support.shape[1])
    read = supported > _FAR / 2  # a sentence without tokens is not read
    real = (read & (batch.support >= 0)).float()
    known = functional.binary_cross_entropy_with_logits(supported, batch.support.clamp(min=0), real, reduction="sum")
    unknown = (~(batch.support >= 0).any(1)).float()
    likeliest = supported.masked_fill(~read, _FAR).amax(1)
    one = functional.binary_cross_entropy_with_logits(likeliest, torch.ones_like(likeliest), unknown, reduction="sum")
    return (known + one) / (real.sum() + unknown.sum()).clamp(min=1)
