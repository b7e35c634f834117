"""Trains the reader for so many minutes on what `training.pack` packed: for a machine with a GPU and no network.

    python -m training.train_packed --packed FOLDER --minutes 9 --out FOLDER

The rate warms up over 300 steps, stays, and falls to nothing by the clock. Every two minutes, and at the end, it saves the averaged weights as
int8 pieces (`reader.json`, `reader-….bin`, `python -m training.pack join` makes a checkpoint of them), `log.json`, and the whole
run in `checkpoint.pt`, from which the same command goes on.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training.held_back_figures import Asked, measure_windows, read_asked
from training.int8_pieces import MIB, read_pieces, replace_file, write_pieces
from training.mpnet import MpnetEncoder, Size
from training.network import ReaderNetwork
from training.packed_batches import PackedBatches, read_windows
from training.training_run import ROUNDED_FROM, Run

WARM_UP = 300  # steps
FALLS_FROM = 0.6  # of the time: from then on the rate falls
SMOOTH = 0.98  # of the parts of the loss, a step


def rate_at(share: float, steps: int) -> float:
    """Returns the share of the full rate, after a share of the time and so many steps."""
    return min(1.0, (steps + 1) / WARM_UP) * min(1.0, max(0.0, 1 - share) / (1 - FALLS_FROM))


def is_rounded_at(share: float) -> bool:
    """Returns whether the network computes as int8 does, after a share of the time."""
    return share >= FALLS_FROM + ROUNDED_FROM * (1 - FALLS_FROM)


class Clock:
    """How much of the time is over, counted on from what a checkpoint tells.

    Args:
        minutes: there are in all.
        now: seconds.
    """

    def __init__(self, minutes: float, now: Callable[[], float] = time.monotonic) -> None:
        self._seconds = minutes * 60
        self._now = now
        self._began = now()

    @property
    def seconds(self) -> float:
        """Seconds since the beginning."""
        return self._now() - self._began

    def go_to(self, seconds: float) -> None:
        """Counts on from so many seconds."""
        self._began = self._now() - seconds

    @property
    def share(self) -> float:
        """0 at the beginning, 1 at the end and after it."""
        return min(1.0, self.seconds / self._seconds)


@dataclass(frozen=True, slots=True)
class Packed:
    """What a run was given.

    Attributes:
        weights: of the network by name, with or without heads.
        size: of its encoder.
        asked: held-back questions by the name of their sets.
    """

    weights: dict[str, Tensor]
    size: Size
    asked: dict[str, list[Asked]]

    @classmethod
    def read(cls, folder: Path) -> Packed:
        """Returns what is in a folder, the windows aside.

        Raises:
            ModelError: if a piece of the weights is missing or damaged.
        """
        weights, about = read_pieces(folder, "weights")
        return cls(weights, Size(**about["size"]), {name: read_asked(folder, name) for name in ("former", "new")})

    def network(self, dropout: float = 0.0) -> ReaderNetwork:
        """Returns the network, its heads fresh if there are none."""
        network = ReaderNetwork(MpnetEncoder(self.size, dropout))
        network.load_state_dict(network.state_dict() | self.weights)
        return network


class Saved:
    """The files of a run.

    Args:
        folder: of the files.
        packed: what the run was given.
        piece_bytes: most bytes of a piece.
    """

    def __init__(self, folder: Path, packed: Packed, piece_bytes: int) -> None:
        self.checkpoint = folder / "checkpoint.pt"
        self._folder = folder
        self._packed = packed
        self._piece_bytes = piece_bytes

    def save(self, run: Run, place: dict[str, Any]) -> None:
        """Writes the averaged weights as pieces, the log, and the whole run. Each is complete, or as it was before."""
        trained = {name: value.data for name, value in run.average.named_parameters() if value.requires_grad}
        about = {"size": asdict(self._packed.size), "examples": run.examples, "steps": run.steps}
        write_pieces(trained, self._folder, "reader", self._piece_bytes, about)
        replace_file(self._folder / "log.json", json.dumps(run.log, indent=1).encode())
        run.save(self.checkpoint, place)


def train(
    run: Run, batches: PackedBatches, packed: Packed, clock: Clock, saved: Saved, arguments: argparse.Namespace
) -> None:
    """Trains until the time is over."""
    device = next(run.network.parameters()).device.type
    last_saved = last_told = clock.seconds
    measured = int(clock.share * arguments.figures)
    smooth: dict[str, Tensor] = {}
    while (share := clock.share) < 1:
        parts = run.learn(next(batches), rate_at(share, run.steps), run.rounded and is_rounded_at(share))
        smooth = {name: value.lerp(smooth.get(name, value), SMOOTH) for name, value in parts.items()}
        if clock.seconds - last_told < arguments.tell_every:
            continue
        losses = {name: float(value) for name, value in smooth.items()}  # waits for the device
        last_told = clock.seconds
        if not all(math.isfinite(value) for value in losses.values()):
            raise SystemExit(f"The loss is no number after {run.examples} examples: {losses}. Take a lower --rate.")
        pace = f"{run.examples} examples, {run.examples / clock.seconds:.0f} a second, round {batches.rounds:.2f}"
        print(f"{clock.seconds:.0f} s: {pace}, loss {sum(losses.values()):.3f}", flush=True)
        if int(share * arguments.figures) > measured:
            measured += 1
            _measure(run, packed, clock, losses, device)
        if clock.seconds - last_saved >= arguments.save_every * 60:
            saved.save(run, batches.place() | {"seconds": clock.seconds})
            last_saved = clock.seconds
    _measure(run, packed, clock, {name: float(value) for name, value in smooth.items()}, device)
    saved.save(run, batches.place() | {"seconds": clock.seconds})


def _measure(run: Run, packed: Packed, clock: Clock, losses: dict[str, float], device: str) -> None:
    row: dict[str, float] = {"examples": run.examples, "seconds": clock.seconds}
    for name, asked in packed.asked.items():
        if asked:
            figures = measure_windows(run.average, asked, device, run.bf16)
            row |= {f"{name}, {figure}": value for figure, value in figures.items()}
    row |= {f"loss of {name}": value for name, value in losses.items()}
    run.log.append({name: round(value, 4) for name, value in row.items()})
    print(json.dumps(run.log[-1]), flush=True)


def main(given: Sequence[str] | None = None, now: Callable[[], float] = time.monotonic) -> None:
    """Trains, or goes on training, by a clock of seconds."""
    arguments = _arguments(given)
    clock = Clock(arguments.minutes, now)
    torch.manual_seed(arguments.seed)
    arguments.out.mkdir(parents=True, exist_ok=True)
    packed = Packed.read(arguments.packed)
    if arguments.start:
        packed.weights.update(read_pieces(arguments.start, "reader")[0])
    batches = PackedBatches(read_windows(arguments.packed), arguments.tokens, arguments.device, arguments.seed)
    network, average = packed.network(arguments.dropout), packed.network()
    run = Run.start(network.to(arguments.device), average.to(arguments.device), arguments.rate)
    run.rounded, run.bf16 = arguments.rounded, arguments.bf16
    saved = Saved(arguments.out, packed, int(arguments.piece * MIB))
    if saved.checkpoint.exists():
        place = run.load(saved.checkpoint)
        batches.go_to(place)
        clock.go_to(place["seconds"])
    print(f"begins after {clock.seconds:.0f} s, with {run.examples} examples so far", flush=True)
    train(run, batches, packed, clock, saved, arguments)


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packed", type=Path, required=True, help="folder that training.pack wrote")
    parser.add_argument("--out", type=Path, required=True, help="folder of pieces, log and checkpoint")
    parser.add_argument("--minutes", type=float, required=True, help="from start to end, a last save of seconds aside")
    parser.add_argument("--start", type=Path, default=None, help="pieces of another run, to start from")
    parser.add_argument("--tokens", type=int, default=24_576, help="of a batch, at most")
    parser.add_argument("--rate", type=float, default=1.2e-4, help="learning rate of the encoder")
    parser.add_argument("--dropout", type=float, default=0.0, help="of hidden states; for windows that are seen often")
    parser.add_argument("--rounded", action="store_true", help="compute as int8 does in the last part")
    gpu = torch.cuda.is_available()
    parser.add_argument("--bf16", action=argparse.BooleanOptionalAction, default=gpu, help="compute in bfloat16")
    parser.add_argument("--device", default="cuda" if gpu else "cpu")
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--save-every", type=float, default=2, help="minutes between saves")
    parser.add_argument(
        "--tell-every", type=float, default=5, help="seconds between lines, figures and looks at the clock"
    )
    parser.add_argument("--figures", type=int, default=4, help="times that the held-back figures are measured")
    parser.add_argument("--piece", type=float, default=15, help="MiB of a piece, at most")
    return parser.parse_args(given)


if __name__ == "__main__":
    main()
