"""A training run: its weights, how fast they learn, and what a checkpoint keeps of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training.network import Batch, ReaderNetwork, losses
from training.quantised import set_rounding

WARM_UP = 6_000  # examples
HEADS = 5.0  # times the encoder's rate
LAST_SHARE = 0.15  # of all examples: while they last the rate falls to nothing
ROUNDED_FROM = 0.3  # of the fall, with `rounded`: from here on the network computes as if all were int8
EMA_DECAY, EMA_EVERY = 0.998, 4  # a step, and how many steps are taken together


@dataclass
class Run:
    """A training run, saved in a checkpoint from which it goes on as if it had not been interrupted.

    Attributes:
        network, average: the weights that learn, and their running mean, which ships.
        optimiser: of the network.
        rate: of the encoder, once it is warm.
        steps, examples: so many so far.
        falls_from: examples after which the rate began to fall, 0 while it does not.
        rounded: compute as int8 does in the last part of the fall.
        bf16: compute in bfloat16.
        log: figures so far, the last row last.
    """

    network: ReaderNetwork
    average: ReaderNetwork
    optimiser: torch.optim.Optimizer
    rate: float
    steps: int = 0
    examples: int = 0
    falls_from: int = 0
    rounded: bool = False
    bf16: bool = False
    log: list[dict[str, float]] = field(default_factory=list)

    @classmethod
    def start(cls, network: ReaderNetwork, average: ReaderNetwork, rate: float, weights: Path | None = None) -> Run:
        """Returns a fresh run, on the averaged weights of another one's checkpoint if given.

        The heads learn `HEADS` times as fast as the encoder.
        """
        if weights is not None:
            network.load_state_dict(averaged_weights(weights))
        average.load_state_dict(network.state_dict())
        heads = {id(p) for p in network.heads}
        body = [p for p in network.parameters() if p.requires_grad and id(p) not in heads]
        groups = [{"params": body, "times": 1.0}, {"params": network.heads, "times": HEADS}]
        return cls(network, average, torch.optim.AdamW(groups, lr=rate, weight_decay=0.01, fused=True), rate)

    def save(self, path: Path, place: dict[str, Any]) -> None:
        """Writes the checkpoint aside and moves it into place, so that an interrupted write loses nothing.

        Args:
            path: of the checkpoint.
            place: where the data stand.
        """
        state = {name: getattr(self, name) for name in ("steps", "examples", "falls_from", "log")}
        for name in ("network", "average", "optimiser"):
            state[name] = getattr(self, name).state_dict()
        state["chance"] = torch.get_rng_state()
        aside = path.with_suffix(".part")
        torch.save(state | {"place": place}, aside)
        aside.replace(path)

    def load(self, path: Path) -> dict[str, Any]:
        """Goes on from a checkpoint; returns where its data stood."""
        device = next(self.network.parameters()).device
        state = torch.load(path, weights_only=True, map_location=device)
        for name in ("network", "average", "optimiser"):
            getattr(self, name).load_state_dict(state[name])
        for name in ("steps", "examples", "falls_from", "log"):
            setattr(self, name, state[name])
        torch.set_rng_state(state["chance"].cpu())
        place: dict[str, Any] = state["place"]
        return place

    @property
    def fall(self) -> float:
        """How far the rate has fallen, from 0 to 1."""
        if not self.falls_from:
            return 0.0
        fallen = (self.examples - self.falls_from) / (self.falls_from * LAST_SHARE / (1 - LAST_SHARE))
        return min(1.0, max(0.0, fallen))

    def step(self, batch: Batch) -> dict[str, float]:
        """Takes one step; returns the parts of the loss."""
        factor = min(1.0, (self.examples + len(batch.ids)) / WARM_UP) * (1 - self.fall)
        parts = self.learn(batch, factor, self.rounded and self.fall >= ROUNDED_FROM)
        return {name: float(part) for name, part in parts.items()}

    def learn(self, batch: Batch, factor: float, rounded: bool) -> dict[str, Tensor]:
        """Takes one step at a share of the rate; returns the parts of the loss, for which the device need not be waited for.

        Args:
            batch: what is learned from.
            factor: 0 to 1, of the rate.
            rounded: compute as int8 does, from now on.
        """
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * group["times"] * factor
        if rounded:
            set_rounding(self.network, True)
            set_rounding(self.average, True)
        self.network.train()
        with torch.autocast(batch.ids.device.type, torch.bfloat16, enabled=self.bf16):
            tokens, passages = self.network(batch.ids, batch.mask)
        parts = losses(tokens.float(), passages.float(), batch)
        torch.stack(list(parts.values())).sum().backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        self.steps += 1
        self.examples += len(batch.ids)
        if self.steps % EMA_EVERY == 0:
            self._average()
        return {name: part.detach() for name, part in parts.items()}

    def _average(self) -> None:
        keep = min(EMA_DECAY, (1 + self.steps) / (10 + self.steps)) ** EMA_EVERY
        trained = [p.data for p in self.network.parameters() if p.requires_grad]
        averaged = [p.data for p in self.average.parameters() if p.requires_grad]
        torch._foreach_lerp_(averaged, trained, 1 - keep)


def averaged_weights(path: Path) -> dict[str, Tensor]:
    """Returns the weights of a `ReaderNetwork` by name, those averaged over the run of a checkpoint."""
    weights: dict[str, Tensor] = torch.load(path, weights_only=True, map_location="cpu")["average"]
    return weights
