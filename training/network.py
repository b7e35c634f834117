"""The reader's network: one encoder, four outputs a token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.quantised import use_rounded_layers
from training.windows import IGNORED, Window

if TYPE_CHECKING:
    from transformers import BertModel

HIDDEN = 384
_FAR = -1e4  # a logit that no softmax notices, within the range of half precision


class ReaderNetwork(nn.Module):
    """Encoder with linear heads: answer start and end, sentence support, question mismatch, no answer.

    Word, position and segment embeddings stay as they are: half of all parameters, and their optimiser state and
    scattered gradients cost a fifth of a step on a CPU.

    Args:
        encoder: a BERT encoder of 384 dimensions.
    """

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        self.encoder = encoder
        self.tokens = nn.Linear(HIDDEN, 4)
        self.passage = nn.Sequential(nn.Linear(HIDDEN, HIDDEN), nn.Tanh(), nn.Linear(HIDDEN, 1))
        for parameter in encoder.embeddings.parameters():
            parameter.requires_grad_(False)
        use_rounded_layers(self)

    @classmethod
    def from_pretrained(cls, folder: Path, dropout: float = 0.0) -> ReaderNetwork:
        """Returns a network with a trained encoder and fresh heads."""
        from transformers import BertModel

        # No dropout of attention: its random masks, a number for every pair of tokens, are what costs time on a CPU.
        encoder = BertModel.from_pretrained(
            folder,
            attn_implementation="eager",
            add_pooling_layer=False,
            hidden_dropout_prob=dropout,
            attention_probs_dropout_prob=0.0,
        )
        return cls(encoder)

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Returns token logits (batch, tokens, 4: start, end, support, mismatch) and no-answer logits (batch,)."""
        states = self.encoder(input_ids=ids, token_type_ids=types, attention_mask=mask).last_hidden_state
        return self.tokens(states), self.passage(states[:, :1])[:, 0, 0]  # a MatMul, which export tells from a Gemm


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows as tensors, padded to the longest; support is (batch, sentences), -1 where there is no sentence."""

    ids: Tensor
    types: Tensor
    mask: Tensor | None
    start: Tensor
    end: Tensor
    plausible: Tensor
    no_answer: Tensor
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

        ids = padded([w.ids for w in windows], 0, longest, torch.long)
        full = all(len(w.ids) == longest for w in windows)
        return cls(
            ids=ids,
            types=padded([w.types for w in windows], 0, longest, torch.long),
            mask=None if full else (ids != 0).long(),
            start=torch.tensor([w.start for w in windows], device=device),
            end=torch.tensor([w.end for w in windows], device=device),
            plausible=torch.tensor([w.plausible for w in windows], device=device),
            no_answer=torch.tensor([float(not w.answerable) for w in windows], device=device),
            sentence=padded([w.sentence for w in windows], -1, longest, torch.long),
            support=padded([w.support for w in windows], -1, most, torch.float),
            mismatch=padded([w.mismatch for w in windows], IGNORED, longest, torch.long),
        )


def sentence_logits(token_logits: Tensor, sentence: Tensor, n_sentences: int) -> Tensor:
    """Returns (batch, sentences): the log of the mean exponential of each sentence's token logits.

    A soft maximum, so one telling phrase is enough, that does not grow with the sentence's length.
    """
    own = functional.one_hot(sentence.clamp(min=0), n_sentences).bool() & (sentence >= 0).unsqueeze(-1)
    spread = token_logits.unsqueeze(-1).masked_fill(~own, _FAR)
    count = own.sum(1).clamp(min=1)
    return torch.logsumexp(spread, dim=1) - torch.log(count.float())


def span_logits(token_logits: Tensor, sentence: Tensor) -> tuple[Tensor, Tensor]:
    """Returns start and end logits (batch, tokens) with all but the passage and the [CLS] put out of reach."""
    allowed = sentence >= 0
    allowed = torch.cat([torch.ones_like(allowed[:, :1]), allowed[:, 1:]], dim=1)
    return token_logits[..., 0].masked_fill(~allowed, _FAR), token_logits[..., 1].masked_fill(~allowed, _FAR)


def losses(token_logits: Tensor, no_answer_logits: Tensor, batch: Batch) -> dict[str, Tensor]:
    """Returns the weighted parts of the training loss, to be added up."""
    start, end = span_logits(token_logits, batch.sentence)
    zero = token_logits.sum() * 0.0
    known = batch.start != IGNORED
    span = zero
    if bool(known.any()):
        span = functional.cross_entropy(start[known], batch.start[known])
        span = span + functional.cross_entropy(end[known], batch.end[known])
    # What a near miss seems to ask for teaches the span too, the [CLS] aside: whether it is an answer is another matter.
    likely = batch.plausible[:, 0] != IGNORED
    plausible = zero
    if bool(likely.any()):
        plausible = functional.cross_entropy(start[likely, 1:], batch.plausible[likely, 0] - 1)
        plausible = plausible + functional.cross_entropy(end[likely, 1:], batch.plausible[likely, 1] - 1)
        plausible = plausible * likely.float().mean()
    supported = sentence_logits(token_logits[..., 2], batch.sentence, batch.support.shape[1])
    real = (batch.support >= 0) & (supported > _FAR / 2)  # a sentence without tokens is not read
    mismatched = batch.mismatch != IGNORED
    mismatch = zero
    if bool(mismatched.any()):
        labels = batch.mismatch[mismatched].float()
        mismatch = functional.binary_cross_entropy_with_logits(
            token_logits[..., 3][mismatched], labels, pos_weight=torch.tensor(3.0, device=labels.device)
        )
    return {
        "span": 0.5 * span,
        "plausible": 0.5 * plausible,
        "no answer": functional.binary_cross_entropy_with_logits(no_answer_logits, batch.no_answer),
        "support": functional.binary_cross_entropy_with_logits(supported[real], batch.support[real]),
        "mismatch": 0.5 * mismatch,
    }
