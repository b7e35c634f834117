"""What a larger network makes of a batch, as targets for the reader.

Source: Hinton et al., Distilling the Knowledge in a Neural Network, 2015.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.network import Batch, sentence_logits, span_logits

TAUGHT = 0.7  # share of the teacher in what is learned from both it and the labels


class Teachers(nn.Module):
    """Several networks as one, whose logits are the mean of theirs: they err in different places."""

    def __init__(self, networks: Sequence[nn.Module]) -> None:
        super().__init__()
        self.networks = nn.ModuleList(networks)

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Returns token logits (batch, tokens, 4) and no-answer logits (batch,)."""
        tokens, no_answer = zip(*(network(ids, types, mask) for network in self.networks), strict=True)
        return torch.stack(tokens).float().mean(0), torch.stack(no_answer).float().mean(0)


def taught_losses(own: tuple[Tensor, Tensor], teacher: tuple[Tensor, Tensor], batch: Batch) -> dict[str, Tensor]:
    """Returns the parts of the loss against a teacher's outputs, named as those against labels.

    Args:
        own: token logits (batch, tokens, 4) and no-answer logits (batch,) of the network that learns.
        teacher: the same of the one that teaches.
        batch: what both have read.

    The place of the answer is learned twice, with the [CLS] and without: also of a question without an answer the teacher knows
    what it seems to ask for.
    """
    places = [
        _cross_entropy(a[:, first:], b[:, first:])
        for a, b in zip(span_logits(own[0], batch.sentence), span_logits(teacher[0], batch.sentence), strict=True)
        for first in (0, 1)
    ]
    n_sentences = batch.support.shape[1]
    supported, taught = (sentence_logits(tokens[..., 2], batch.sentence, n_sentences) for tokens, _ in (own, teacher))
    real = (batch.support >= 0) & (supported > -5e3)  # a sentence without tokens is not read
    return {
        "span": 0.25 * torch.stack(places).sum(),
        "no answer": functional.binary_cross_entropy_with_logits(own[1], teacher[1].sigmoid()),
        "support": functional.binary_cross_entropy_with_logits(supported[real], taught[real].sigmoid()),
    }


def joined(labelled: dict[str, Tensor], taught: dict[str, Tensor]) -> dict[str, Tensor]:
    """Returns the parts of a loss against labels, those that a teacher has too mixed with its."""
    return {name: torch.lerp(part, taught[name], TAUGHT) if name in taught else part for name, part in labelled.items()}


def _cross_entropy(logits: Tensor, teacher: Tensor) -> Tensor:
    return -(teacher.softmax(-1) * logits.log_softmax(-1)).sum(-1).mean()
