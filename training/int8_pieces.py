"""Weights <-> int8 in files of a given size, for machines that take and give little at a time.

A matrix is int8 with a scale for each of its rows, which are the outputs of a linear layer and the words of a table: the steps
that `export_reader` stores them in, so that what is exported afterwards is the same. What is small stays float32. The bytes are
Huffman-coded, as large weights are rare.

    NAME.json                 tensors in their order, pieces with their SHA-256, and what else belongs to them
    NAME-DIGEST-1.bin, …      the bytes

Pieces are named by what is in them, and the JSON file is moved into place last: a write that is interrupted loses nothing.
"""

from __future__ import annotations

import hashlib
import json
import math
import zlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from assistant.errors import ModelError

STEPS = 127  # on each side of zero
SMALL = 65_536  # numbers: what has fewer stays float32
THREADS = 8
MIB = 1 << 20  # bytes


def write_pieces(
    weights: Mapping[str, Tensor], folder: Path, name: str, piece_bytes: int, about: Mapping[str, Any]
) -> list[Path]:
    """Writes weights as int8; returns the files, the JSON file last. Those of an earlier write are removed.

    Args:
        weights: by name, float32.
        folder: to write to.
        name: what the files begin with.
        piece_bytes: most bytes of a file.
        about: what else is to be known, in the form of JSON.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(THREADS) as pool:  # zlib leaves other threads their turn
        coded = list(pool.map(_coded, weights.values()))
    blob = b"".join(coded)
    digest = hashlib.sha256(blob).hexdigest()
    pieces = [blob[i : i + piece_bytes] for i in range(0, len(blob), piece_bytes)]
    paths = [folder / f"{name}-{digest[:8]}-{number}.bin" for number in range(1, len(pieces) + 1)]
    for path, piece in zip(paths, pieces, strict=True):
        replace_file(path, piece)
    sizes = zip(weights.items(), coded, strict=True)
    manifest = {
        "tensors": [[key, list(value.shape), len(code)] for (key, value), code in sizes],
        "pieces": {path.name: hashlib.sha256(piece).hexdigest() for path, piece in zip(paths, pieces, strict=True)},
        "about": dict(about),
    }
    replace_file(folder / f"{name}.json", json.dumps(manifest, indent=1).encode())
    for path in folder.glob(f"{name}-????????-*.bin"):
        if path not in paths:
            path.unlink()
    return [*paths, folder / f"{name}.json"]


def read_pieces(folder: Path, name: str) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Returns the weights by name, float32, and what is known about them.

    Raises:
        ModelError: if a file is missing or not the one that was written.
    """
    try:
        manifest = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        pieces = [(folder / piece).read_bytes() for piece in manifest["pieces"]]
    except (OSError, ValueError) as error:
        raise ModelError(f"The weights {name} in {folder} cannot be read: {error}. Bring all pieces again.") from error
    for (piece, digest), found in zip(manifest["pieces"].items(), pieces, strict=True):
        if hashlib.sha256(found).hexdigest() != digest:
            raise ModelError(f"{folder / piece} is not what was written. Bring this piece again.")
    blob, place, weights = b"".join(pieces), 0, dict[str, Tensor]()
    for key, shape, length in manifest["tensors"]:
        weights[key] = _decoded(blob[place : place + length], shape)
        place += length
    return weights, manifest["about"]


def is_rounded(shape: tuple[int, ...]) -> bool:
    """Returns whether a tensor of a shape is stored in int8."""
    return len(shape) == 2 and math.prod(shape) >= SMALL


def _coded(value: Tensor) -> bytes:
    if not is_rounded(tuple(value.shape)):
        return value.detach().float().cpu().numpy().tobytes()
    values = value.detach().float()
    largest = values.abs().amax(1, keepdim=True)
    scale = torch.where(largest == 0, 1.0, largest) / STEPS
    steps = torch.round(values / scale).to(torch.int8).cpu().numpy().tobytes()
    packer = zlib.compressobj(1, zlib.DEFLATED, 15, 9, zlib.Z_HUFFMAN_ONLY)
    return scale.cpu().numpy().tobytes() + packer.compress(steps) + packer.flush()


def _decoded(code: bytes, shape: list[int]) -> Tensor:
    if not is_rounded(tuple(shape)):
        return torch.from_numpy(np.frombuffer(code, np.float32).reshape(shape).copy())
    scale = np.frombuffer(code, np.float32, count=shape[0])[:, None]
    steps = np.frombuffer(zlib.decompress(code[scale.nbytes :]), np.int8).reshape(shape)
    return torch.from_numpy(steps.astype(np.float32) * scale)


def replace_file(path: Path, content: bytes) -> None:
    """Writes a file aside and moves it into place, so that it is whole at any moment."""
    aside = path.with_name(path.name + ".part")
    aside.write_bytes(content)
    aside.replace(path)
