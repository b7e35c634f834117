"""Packs what a training needs for a machine that has a GPU and no network, and unpacks what it gives back.

    python -m training.pack draw --data FOLDER --weights MPNET --examples 400000 --to PACKED
    python -m training.pack weights --weights MPNET --to PACKED
    python -m training.train_packed --packed PACKED --out RUN --minutes 9       # there
    python -m training.pack join --pieces RUN --weights MPNET --to training/runs/reader/checkpoint.pt

`draw` draws the examples that `train_reader` would see, and the held-back questions that it is measured on. It goes on where it was
interrupted. Each shard is a stream of its own, by its number, so that it is the same however many processes draw. In the end they are
put together into files of many, where the passages that come again take little room.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch

from training.batches import Batches
from training.held_back_figures import sample_of_held_back, sample_of_new_sets, windows_asked, write_asked
from training.int8_pieces import MIB, read_pieces, write_pieces
from training.mpnet import Size
from training.network import ReaderNetwork
from training.parts import held_back, training_part
from training.shards import Shard
from training.train_reader import Drawing
from training.training_run import averaged_weights
from training.windows import Windows

LOAD = 50 * MIB  # what is printed as a measure of what a transfer takes


def draw_shard(batches: Batches, n_windows: int) -> Shard:
    """Returns the next windows of a stream of batches."""
    drawn = list(next(batches))
    while len(drawn) < n_windows:
        drawn += next(batches)
    return Shard.of(drawn[:n_windows])


def put_together(shards: Sequence[Path], folder: Path, n_of_a_file: int) -> list[Path]:
    """Writes the windows of so many shards at a time into `windows-1.xz` and so on in a folder; returns these files.

    Files of an earlier time are removed.
    """
    for former in folder.glob("windows-*.xz"):
        former.unlink()
    parts = [shards[first : first + n_of_a_file] for first in range(0, len(shards), n_of_a_file)]
    files = [folder / f"windows-{number}.xz" for number in range(1, len(parts) + 1)]
    for file, part in zip(files, parts, strict=True):
        Shard.joined([Shard.read(path) for path in part]).write(file)
    return files


def joined_weights(pieces: Path, network: ReaderNetwork) -> dict[str, torch.Tensor]:
    """Returns all weights of a network by name, what was trained taken from the pieces of a run.

    Args:
        pieces: folder that `train_packed` wrote.
        network: of the same size, with the pretrained weights.

    Raises:
        ModelError: if a piece is missing or not the one that was written.
    """
    trained, _ = read_pieces(pieces, "reader")
    network.load_state_dict(trained, strict=False)
    return network.state_dict()


def _draw(arguments: argparse.Namespace) -> None:
    (arguments.to / "shards").mkdir(parents=True, exist_ok=True)
    every = range(-(-arguments.examples // arguments.shard))
    numbers = [n for n in every if not _path(arguments, n).exists()]
    windows = Windows(arguments.weights / "tokenizer.json")
    asked = list(held_back(arguments.data, arguments.stated_licences_only))
    write_asked(arguments.to, "former", windows_asked(windows, sample_of_held_back(asked, arguments.sample)))
    write_asked(arguments.to, "new", windows_asked(windows, sample_of_new_sets(asked, arguments.sample // 20)))
    if numbers:
        # What all need, as the vectors of sentences, is made and kept before the others start.
        drawing = Drawing.of(training_part(arguments.data, arguments.stated_licences_only), arguments.cache)
        parts = [numbers[n :: arguments.processes] for n in range(arguments.processes)]
        spawn = multiprocessing.get_context("spawn")
        others = [spawn.Process(target=_draw_apart, args=(arguments, part)) for part in parts[1:] if part]
        for other in others:
            other.start()
        _draw_shards(arguments, parts[0], drawing, windows)
        for other in others:
            other.join()
            if other.exitcode:
                raise SystemExit("A process failed; the same command goes on from the shards that are there.")
    files = put_together([_path(arguments, n) for n in every], arguments.to, arguments.together)
    size = sum(path.stat().st_size for path in files)
    n_bytes = size / (len(every) * arguments.shard)
    print(f"{size / MIB:.1f} MiB, {n_bytes:.1f} bytes an example: {int(LOAD / n_bytes)} in {LOAD // MIB} MiB")


def _draw_apart(arguments: argparse.Namespace, numbers: Sequence[int]) -> None:
    drawing = Drawing.of(training_part(arguments.data, arguments.stated_licences_only), arguments.cache)
    _draw_shards(arguments, numbers, drawing, Windows(arguments.weights / "tokenizer.json"))


def _draw_shards(arguments: argparse.Namespace, numbers: Sequence[int], drawing: Drawing, windows: Windows) -> None:
    for number in numbers:
        batches = drawing.batches(windows, 16, arguments.seed + number)
        began, working = time.perf_counter(), time.process_time()
        shard = draw_shard(batches, arguments.shard)
        rate, own = len(shard) / (time.perf_counter() - began), len(shard) / (time.process_time() - working)
        shard.write(_path(arguments, number))
        tokens = len(shard.ids) / len(shard)
        pace = f"{rate:.0f} examples a second, {own:.0f} a second of its processor's time"
        print(f"{_path(arguments, number).name}: {pace}, {tokens:.0f} tokens each", flush=True)


def _path(arguments: argparse.Namespace, number: int) -> Path:
    folder: Path = arguments.to / "shards"
    return folder / f"{arguments.seed}-{number:04}.xz"


def _weights(arguments: argparse.Namespace) -> None:
    network = ReaderNetwork.from_pretrained(arguments.weights)
    weights = {name: value for name, value in network.state_dict().items() if name.startswith("encoder.")}
    if arguments.checkpoint:
        weights = averaged_weights(arguments.checkpoint)
    about = {"size": asdict(Size())}
    for path in write_pieces(weights, arguments.to, "weights", int(arguments.piece * MIB), about):
        print(f"{path}: {path.stat().st_size / MIB:.1f} MiB")


def _join(arguments: argparse.Namespace) -> None:
    weights = joined_weights(arguments.pieces, ReaderNetwork.from_pretrained(arguments.weights))
    arguments.to.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"average": weights}, arguments.to)
    print(f"{arguments.to}: {sum(value.numel() for value in weights.values())} weights")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = parser.add_subparsers(required=True)
    draw = parts.add_parser("draw", help="examples and held-back questions")
    draw.add_argument("--data", type=Path, required=True, help="folder with train-*.jsonl.gz")
    draw.add_argument("--examples", type=int, default=400_000)
    draw.add_argument("--shard", type=int, default=25_000, help="examples that are drawn and kept at a time")
    draw.add_argument("--together", type=int, default=16, help="shards of a file; a GB of memory for 200,000 examples")
    draw.add_argument("--processes", type=int, default=2)
    draw.add_argument("--cache", type=Path, default=Path("training/cache"), help="folder of the sentences' vectors")
    draw.add_argument("--seed", type=int, default=20)
    draw.add_argument("--sample", type=int, default=600, help="held-back questions")
    draw.add_argument("--stated-licences-only", action="store_true", help="leave out sets without a stated licence")
    weights = parts.add_parser("weights", help="pretrained weights, or those of a checkpoint, in int8")
    weights.add_argument("--checkpoint", type=Path, default=None, help="its averaged weights, to go on from")
    weights.add_argument("--piece", type=float, default=15, help="MiB of a file, at most")
    join = parts.add_parser("join", help="pieces of a run -> a checkpoint")
    join.add_argument("--pieces", type=Path, required=True, help="folder that train_packed wrote")
    for part, run in ((draw, _draw), (weights, _weights), (join, _join)):
        part.add_argument("--weights", type=Path, required=True, help="folder of all-mpnet-base-v2")
        part.add_argument("--to", type=Path, required=True)
        part.set_defaults(run=run)
    return parser.parse_args()


def main() -> None:
    """Packs or unpacks."""
    arguments = _arguments()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
