"""The encoder that the reader starts from: MPNet, in as few operations as it takes.

The same numbers as `transformers.MPNetModel`, which a test holds it against, with the three projections of attention in
one product, so that the exported graph is short and each window's inputs are rounded once.

Source: Song et al. 2020, MPNet: Masked and Permuted Pre-training for Language Understanding; the relative positions are
those of Raffel et al. 2020 (T5), section 2.1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

FIRST_POSITION = 2  # positions 0 and 1 are taken
_FAR = -1e4  # a score that no softmax notices, within the range of half precision


@dataclass(frozen=True, slots=True)
class Size:
    """How large an encoder is; as all-mpnet-base-v2 unless told otherwise."""

    layers: int = 12
    width: int = 768
    heads: int = 12
    inner: int = 3072
    words: int = 30527
    positions: int = 514
    buckets: int = 32


class MpnetEncoder(nn.Module):
    """Token ids -> a state for each token.

    Word and position embeddings and the bias of relative positions stay as they are: a quarter of all parameters,
    whose scattered gradients cost a fifth of a step on a CPU.

    Args:
        size: how large it is.
        dropout: share of the states that is dropped while it trains.
    """

    def __init__(self, size: Size, dropout: float = 0.0) -> None:
        super().__init__()
        self.size = size
        self.words = nn.Embedding(size.words, size.width)
        self.positions = nn.Embedding(size.positions, size.width)
        self.norm = nn.LayerNorm(size.width, eps=1e-5)
        self.distances = nn.Embedding(size.buckets, size.heads)
        self.layers = nn.ModuleList(_Layer(size, dropout) for _ in range(size.layers))
        self.dropout = nn.Dropout(dropout)
        for part in self.frozen:
            part.requires_grad_(False)

    @classmethod
    def from_pretrained(cls, folder: Path, layers: int = 12, dropout: float = 0.0) -> MpnetEncoder:
        """Returns the first layers of the encoder in a folder's `model.safetensors`."""
        from safetensors.torch import load_file

        encoder = cls(Size(layers=layers), dropout)
        encoder.load_state_dict(renamed(load_file(folder / "model.safetensors"), layers))
        return encoder

    @property
    def width(self) -> int:
        """Numbers in a token's state."""
        return self.size.width

    @property
    def frozen(self) -> tuple[nn.Module, ...]:
        """What stays as it is."""
        return self.words, self.positions, self.norm, self.distances

    def forward(self, ids: Tensor, mask: Tensor | None = None) -> Tensor:
        """Returns the states (batch, tokens, width) of ids (batch, tokens); mask is 1 for a token, 0 for padding."""
        n_tokens = ids.shape[1]
        places = torch.arange(FIRST_POSITION, FIRST_POSITION + n_tokens, device=ids.device)
        states = self.dropout(self.norm(self.words(ids) + self.positions(places)))
        bias = self.distances(_buckets(places[None, :] - places[:, None], self.size.buckets)).permute(2, 0, 1)[None]
        if mask is not None:
            bias = bias + (1 - mask[:, None, None, :].to(bias.dtype)) * _FAR
        if torch.is_autocast_enabled(ids.device.type):
            bias = bias.to(torch.get_autocast_dtype(ids.device.type))
        for layer in self.layers:
            states = layer(states, bias)
        found: torch.Tensor = states
        return found


class _Layer(nn.Module):
    def __init__(self, size: Size, dropout: float) -> None:
        super().__init__()
        self.heads = size.heads
        self.projection = nn.Linear(size.width, 3 * size.width)
        self.attended = nn.Linear(size.width, size.width)
        self.attended_norm = nn.LayerNorm(size.width, eps=1e-5)
        self.up = nn.Linear(size.width, size.inner)
        self.down = nn.Linear(size.inner, size.width)
        self.down_norm = nn.LayerNorm(size.width, eps=1e-5)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        batch, n_tokens, width = states.shape
        parts = self.projection(states).view(batch, n_tokens, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4).unbind(0)
        # Torch's own kernel takes four times as long backwards on a CPU.
        mix = functional.scaled_dot_product_attention if states.is_cuda else attention
        mixed = mix(query, key, value, bias.to(query.dtype)).transpose(1, 2).reshape(batch, n_tokens, width)
        states = self.attended_norm(states + self.dropout(self.attended(mixed)))
        inner = functional.gelu(self.up(states))
        return self.down_norm(states + self.dropout(self.down(inner)))  # type: ignore[no-any-return]


def attention(query: Tensor, key: Tensor, value: Tensor, bias: Tensor) -> Tensor:
    """Returns the values (batch, heads, tokens, width of a head) mixed by likeness of query and key, and bias."""
    scores = torch.matmul(query * query.shape[-1] ** -0.5, key.transpose(-1, -2)) + bias
    shares = torch.softmax(scores, dim=-1, dtype=torch.float32).to(value.dtype)
    return torch.matmul(shares, value)


def _buckets(distance: Tensor, n_buckets: int, farthest: int = 128) -> Tensor:
    """Returns the bucket of each distance: each of its own when near, wider and wider ones further away."""
    half = n_buckets // 2
    exact = half // 2
    far = distance.abs().clamp(min=exact).float() / exact
    wide = exact + (torch.log(far) / math.log(farthest / exact) * (half - exact)).long()
    bucket = torch.where(distance.abs() < exact, distance.abs(), wide.clamp(max=half - 1))
    return bucket + (distance > 0).long() * half


def renamed(weights: dict[str, Tensor], layers: int) -> dict[str, Tensor]:
    """Returns the weights of `transformers.MPNetModel` under the names they have here, for the first so many layers."""
    named = {
        "words.weight": weights["embeddings.word_embeddings.weight"],
        "positions.weight": weights["embeddings.position_embeddings.weight"],
        "distances.weight": weights["encoder.relative_attention_bias.weight"],
    }
    for kind in ("weight", "bias"):
        named[f"norm.{kind}"] = weights[f"embeddings.LayerNorm.{kind}"]
        for n in range(layers):
            theirs, ours = f"encoder.layer.{n}", f"layers.{n}"
            projections = [weights[f"{theirs}.attention.attn.{part}.{kind}"] for part in "qkv"]
            named[f"{ours}.projection.{kind}"] = torch.cat(projections)
            named[f"{ours}.attended.{kind}"] = weights[f"{theirs}.attention.attn.o.{kind}"]
            named[f"{ours}.attended_norm.{kind}"] = weights[f"{theirs}.attention.LayerNorm.{kind}"]
            named[f"{ours}.up.{kind}"] = weights[f"{theirs}.intermediate.dense.{kind}"]
            named[f"{ours}.down.{kind}"] = weights[f"{theirs}.output.dense.{kind}"]
            named[f"{ours}.down_norm.{kind}"] = weights[f"{theirs}.output.LayerNorm.{kind}"]
    return named
