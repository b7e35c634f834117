"""The weights of an exported reader, so that training can go on from what ships, and blend with it.

They are those of int8, apart by at most half a 127th of each channel's largest weight: the runs before them are not needed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper

_PRODUCT = "/MatMul"
_TRANSPOSED = "_Transposed_quantized"  # layers that were exported all in int8


def averaged_weights(path: Path) -> dict[str, torch.Tensor]:
    """Returns the weights of a `ReaderNetwork` by name: those averaged over a run, or those of an exported model.

    Args:
        path: a checkpoint of `train_reader`, or an ONNX file of `export_reader`.
    """
    if path.suffix == ".onnx":
        return weights_of_onnx(path)
    weights: dict[str, torch.Tensor] = torch.load(path, weights_only=True, map_location="cpu")["average"]
    return weights


def weights_of_onnx(path: Path) -> dict[str, torch.Tensor]:
    """Returns the weights in an exported reader by the names of its `ReaderNetwork`, as float32."""
    graph = onnx.load(path).graph
    arrays = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    found: dict[str, NDArray[Any]] = {}
    for name, values in arrays.items():
        if name.endswith((".bias", ".weight")):
            found[name] = values
        elif name.endswith(".weight_int8"):
            found[name.removesuffix("_int8")] = _wide(arrays, name.removesuffix("_int8"))
        elif name.endswith(_TRANSPOSED):
            stem = name.removesuffix("_quantized")
            found[name.removesuffix(_TRANSPOSED)] = (values * arrays[f"{stem}_scale"]).T
    for node in graph.node:
        if node.op_type == "MatMul" and node.name.endswith(_PRODUCT) and _is_stored(arrays, node.input[1]):
            # "/passage/passage.0/MatMul": a list of layers repeats its name.
            layer = node.name.removesuffix(_PRODUCT).strip("/").replace("/", ".").replace("passage.passage", "passage")
            found[f"{layer}.weight"] = _wide(arrays, node.input[1]).T
    return {name: torch.from_numpy(np.array(values, dtype=np.float32)) for name, values in found.items()}


def _is_stored(arrays: dict[str, NDArray[Any]], name: str) -> bool:
    return name in arrays or f"{name}_int8" in arrays


def _wide(arrays: dict[str, NDArray[Any]], name: str) -> NDArray[Any]:
    if name in arrays:
        return arrays[name]
    wide: NDArray[Any] = arrays[f"{name}_int8"].astype(np.float32) * arrays[f"{name}_scale"]
    return wide
