"""How long a reader of so many layers takes for a window, and how large it is, in each form that it may ship in.

    python -m benchmarks.reader_forms --layers 12 8        # needs torch, and onnx_ir for the forms of blocks

The real graph with random weights, one thread; all forms in turn, again and again, so that whatever else the machine does
falls on all alike. What ships is timed beside them.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from assistant.networks.onnx_model import MODELS, open_session
from benchmarks import print_machine
from training.export_embedder import quantise
from training.export_reader import export_full_precision
from training.mpnet import MpnetEncoder, Size
from training.network import ReaderNetwork

N_TOKENS = 170
BLOCKS = ((4, 64), (4, 128), (8, 128))  # bits of a weight, weights that share a scale


def main() -> None:
    """Prints size, shortest and median time of each form."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--layers", type=int, nargs="+", default=[12, 8])
    parser.add_argument("--repeat", type=int, default=20)
    options = parser.parse_args()
    print_machine()
    with tempfile.TemporaryDirectory() as folder:
        paths = {"as shipped": MODELS / "reader.onnx"}
        for layers in options.layers:
            paths |= {f"{layers} layers, {name}": path for name, path in forms(layers, Path(folder))}
        times = timed(list(paths.values()), options.repeat)
        for (name, path), taken in zip(paths.items(), times, strict=True):
            shortest, median = 1000 * np.min(taken), 1000 * np.median(taken)
            size = megabytes_without_table(path)
            print(f"{name:24} {size:6.1f} MB without the table  {shortest:5.0f} ms, median {median:5.0f} ms")


def forms(layers: int, folder: Path) -> Iterator[tuple[str, Path]]:
    """Yields name and file of each form of a network with so many layers."""
    full = folder / f"{layers}-full.onnx"
    export_full_precision(ReaderNetwork(MpnetEncoder(Size(layers=layers))), full)
    yield "float32", full
    dynamic = folder / f"{layers}-int8.onnx"
    quantise(full, dynamic)
    yield "int8, a range a window", dynamic
    for bits, block in BLOCKS:
        path = folder / f"{layers}-{bits}-{block}.onnx"
        in_blocks(full, path, bits, block)
        yield f"int{bits}, blocks of {block}", path


def in_blocks(full: Path, target: Path, bits: int, block: int) -> None:
    """Writes a model whose products are `MatMulNBits`, inputs rounded to int8 block by block (accuracy level 4)."""
    import onnx
    from onnxruntime.quantization import matmul_nbits_quantizer as quantizer

    quantizer.logger.setLevel("WARNING")
    how = quantizer.DefaultWeightOnlyQuantConfig(block_size=block, is_symmetric=True, accuracy_level=4, bits=bits)
    made = quantizer.MatMulNBitsQuantizer(onnx.load(full), algo_config=how)
    made.process()
    onnx.save(made.model.model, target)


def timed(paths: list[Path], n_times: int) -> list[list[float]]:
    """Returns the seconds of each call of each model."""
    calls = [_call(open_session(path)) for path in paths]
    taken: list[list[float]] = [[] for _ in calls]
    for _ in range(n_times):
        for call, seconds in zip(calls, taken, strict=True):
            began = time.perf_counter()
            call()
            seconds.append(time.perf_counter() - began)
    return taken


def _call(session: Any) -> Callable[[], Any]:
    ids = np.random.default_rng(0).integers(1000, 30_000, (1, N_TOKENS))
    given = {node.name: ids if node.name == "input_ids" else np.zeros_like(ids) for node in session.get_inputs()}
    return lambda: session.run(None, given)


def megabytes_without_table(path: Path) -> float:
    """Returns the size of a model less that of its word embeddings."""
    import onnx

    tables = [i for i in onnx.load(path).graph.initializer if len(i.dims) == 2 and i.dims[0] > 20_000]
    return float(path.stat().st_size - sum(i.ByteSize() for i in tables)) / 1e6


if __name__ == "__main__":
    main()
