"""Packed windows -> batches of about so many tokens, put together on the device that learns from them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from assistant.errors import ModelError
from training.data import KINDS
from training.network import Batch
from training.shards import UNKNOWN, Shard
from training.windows import IGNORED

MULTIPLE = 8  # tokens that a batch's width is a multiple of: what GPUs compute fastest
POOL = 40  # batches that are sorted by length together, so that little is padded


def read_windows(folder: Path) -> Shard:
    """Returns the windows of all shards in a folder.

    Raises:
        ModelError: if there is none.
    """
    paths = sorted(folder.glob("windows-*.xz"))
    if not paths:
        raise ModelError(f"There are no windows-*.xz in {folder}. Make them with `python -m training.pack draw`.")
    return Shard.joined([Shard.read(path) for path in paths])


class PackedBatches(Iterator[Batch]):
    """Batches of all windows in an order of chance, another one each time round, endlessly.

    All windows lie on the device, and so does their order: nothing is copied and nobody waits from one batch to the next.

    Args:
        shard: the windows.
        tokens: most tokens a batch, padding among them.
        device: for the batches.
        seed: of the order.
    """

    def __init__(self, shard: Shard, tokens: int, device: str, seed: int) -> None:
        self._lengths = shard.lengths.astype(np.int64)
        self._sentences = shard.sentences.astype(np.int64)
        self._tokens = tokens
        self._seed = seed
        self._round = self._taken = -1

        def there(values: Any, dtype: torch.dtype) -> Tensor:
            return torch.from_numpy(np.ascontiguousarray(values)).to(device, dtype)

        self._ids = there(shard.ids.astype(np.int32), torch.int32)
        self._numbers = there(shard.sentence, torch.int8)
        self._mismatch = there(shard.mismatch, torch.int8)
        self._support = there(shard.support, torch.int8)
        self._places = there(shard.places, torch.long)
        self._kinds = there(shard.kinds, torch.int32)
        self._n_tokens, self._n_sentences = there(self._lengths, torch.long), there(self._sentences, torch.long)
        self._first = self._n_tokens.cumsum(0) - self._n_tokens
        self._first_sentence = self._n_sentences.cumsum(0) - self._n_sentences
        self._bits = torch.arange(1 + len(KINDS), device=device)
        self._begin(0)

    def __next__(self) -> Batch:
        if self._taken == len(self._groups):
            self._begin(self._round + 1)
        low, high = self._groups[self._taken]
        self._taken += 1
        rows = self._in_order[low:high]
        longest, shortest = int(self._lengths[rows].max()), int(self._lengths[rows].min())
        width = -(-longest // MULTIPLE) * MULTIPLE
        return self._batch(self._order[low:high], width, int(self._sentences[rows].max()), shortest == width)

    def place(self) -> dict[str, Any]:
        """Returns where it stands, in what a checkpoint may hold."""
        return {"round": self._round, "taken": self._taken}

    def go_to(self, place: dict[str, Any]) -> None:
        """Goes on from a place, with the same windows, tokens and seed."""
        self._begin(place["round"])
        self._taken = place["taken"]

    @property
    def rounds(self) -> float:
        """How often all windows have been seen."""
        return self._round + self._taken / len(self._groups)

    def _begin(self, number: int) -> None:
        """Puts the windows into the order of a round."""
        rng = np.random.default_rng([self._seed, number])
        order = rng.permutation(len(self._lengths))
        pool = max(1, POOL * self._tokens // max(1, int(self._lengths.mean())))
        groups = list[Any]()
        for at in range(0, len(order), pool):
            part = order[at : at + pool]
            groups += self._grouped(part[np.argsort(self._lengths[part], kind="stable")])
        groups = [groups[n] for n in rng.permutation(len(groups))]
        self._in_order = np.concatenate(groups)
        ends = np.cumsum([len(group) for group in groups]).tolist()
        self._groups = list(zip([0, *ends[:-1]], ends, strict=True))
        self._order = torch.from_numpy(self._in_order).to(self._ids.device)
        self._round, self._taken = number, 0

    def _grouped(self, rows: Any) -> Iterator[Any]:
        """Yields as many of the rows, which are sorted by length, as fit into a batch; one at least."""
        widths = -(-self._lengths[rows] // MULTIPLE) * MULTIPLE
        first = 0
        for n in range(1, len(rows) + 1):
            if n == len(rows) or widths[n] * (n + 1 - first) > self._tokens:
                yield rows[first:n]
                first = n

    def _batch(self, rows: Tensor, width: int, most: int, full: bool) -> Batch:
        at, inside = _places(self._first[rows], self._n_tokens[rows], width, len(self._ids))
        sentences, there = _places(self._first_sentence[rows], self._n_sentences[rows], most, len(self._support))
        mismatch, support = self._mismatch[at].long(), self._support[sentences].float()
        places = self._places[rows]
        kinds = (self._kinds[rows, None] >> self._bits) & 1 == 1
        return Batch(
            ids=self._ids[at].long().masked_fill(~inside, 0),
            mask=None if full else inside.long(),
            start=places[:, 0],
            end=places[:, 1],
            plausible=places[:, 2:],
            no_answer=(~kinds[:, 0]).float(),
            kinds=kinds[:, 1:],
            sentence=self._numbers[at].long().masked_fill(~inside, -1),
            support=support.masked_fill(~there | (support == UNKNOWN), IGNORED),
            mismatch=mismatch.masked_fill(~inside | (mismatch == UNKNOWN), IGNORED),
        )


def _places(first: Tensor, length: Tensor, width: int, n: int) -> tuple[Tensor, Tensor]:
    """Returns where the numbers of each row lie (rows, width), and which of these places are the row's own."""
    steps = torch.arange(width, device=first.device)
    return (first[:, None] + steps).clamp(max=n - 1), steps < length[:, None]
