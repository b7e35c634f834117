"""Exports a trained reader to the int8 ONNX file that the package ships, calibrates it and writes its manifest.

    python -m training.export_reader --data FOLDER --weights FOLDER --checkpoint training/runs/reader/checkpoint.pt
    python -m training.export_reader --data FOLDER --shipped --checkpoint training/runs/small/checkpoint.pt

The weights that are averaged over the run are taken; `--blend FILE SHARE` mixes in those of a run that it started
from or shares its start with, by its checkpoint or its exported model. `--compare` prints what each way to quantise
costs on the held-back examples, and ships nothing.

Source of blending: Wortsman et al., Robust fine-tuning of zero-shot models, CVPR 2022.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from assistant.networks.onnx_model import open_session, open_tokenizer, tokenizer_path
from assistant.networks.reader import Calibration, OnnxReader, run_session
from training.batches import WINDOW_TOKENS
from training.calibrate_reader import calibrate, calibration_examples
from training.data import Example
from training.export_embedder import MODELS, OPSET, quantise, sha256, weights_folder
from training.network import ReaderNetwork
from training.onnx_files import split_weights
from training.small_reader import SmallEncoder, WithTypes, small_reader
from training.training_run import averaged_weights
from training.windows import MAX_HISTORY_TOKENS, MAX_QUESTION_TOKENS

# Layers whose activations stay float32; their weights are int8 all the same. All of them do: see the model card.
EVERY_LAYER = r"/(projection|attended|up|down|tokens|passage|query|key|value|dense)"
CANDIDATES = {
    "all int8": r"$^",
    "lower outputs wide": r"layers\.[0-3]/down",
    "all outputs wide": r"layers\.\d+/down",
    "outputs and heads wide": r"layers\.\d+/down|/tokens/|/passage/",
    "weights only": EVERY_LAYER,
}
COMPARED = ("f1 answerable", "f1 squad answerable", "auroc", "auroc squad", "f1 at threshold")


def export_full_precision(network: ReaderNetwork, target: Path) -> None:
    """Writes the network as ONNX: (1, tokens) ids in, (1, tokens, 4) and (1, 1 + kinds) logits out.

    The small reader takes segments as well.
    """
    import torch

    small = isinstance(network.encoder, SmallEncoder)
    given = ["input_ids", "token_type_ids"] if small else ["input_ids"]
    axes = {1: "tokens"}
    torch.onnx.export(
        (WithTypes(network) if small else network).eval(), tuple(torch.ones((1, 8), dtype=torch.long) for _ in given),
        str(target), dynamo=False, opset_version=OPSET, input_names=given,
        output_names=["token_logits", "passage_logits"],
        dynamic_axes=dict.fromkeys((*given, "token_logits"), axes),
    )  # fmt: skip


def blended(weights: dict[str, Any], other: dict[str, Any], share: float) -> dict[str, Any]:
    """Returns the mean of two sets of weights, the other counting `share`; what is no float is taken from the first.

    Raises:
        ValueError: if the share is not from 0 to 1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"A share is from 0 to 1, not {share:g}.")
    return {
        name: value.lerp(other[name], share) if value.is_floating_point() else value for name, value in weights.items()
    }


def open_reader(path: Path) -> OnnxReader:
    """Returns a reader on an ONNX file that is not calibrated yet; its tokenizer is beside it."""
    session = open_session(path)
    plain = Calibration(support=(1.0, 0.0), no_answer=(1.0, 0.0, 0.0), threshold=0.5)
    if len(session.get_inputs()) == 1:  # the small reader's windows are what a calibration has unless told otherwise
        plain = replace(
            plain, window_tokens=max(WINDOW_TOKENS) + MAX_HISTORY_TOKENS, question_tokens=MAX_QUESTION_TOKENS,
            history_tokens=MAX_HISTORY_TOKENS,
        )  # fmt: skip
    return OnnxReader(partial(run_session, session), open_tokenizer(tokenizer_path("reader", path.parent)), plain)


def main() -> None:
    """Exports, quantises, calibrates and writes `reader.onnx`, with `reader-1.bin` … if it is large, and `reader.json`."""
    arguments = _arguments()
    examples = calibration_examples(arguments.data, arguments.stated_licences_only)
    base = arguments.weights or weights_folder()
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        shutil.copyfile(base / "tokenizer.json", Path(folder) / "reader-tokenizer.json")
        weights = _weights(arguments.checkpoint)
        for file, share in arguments.blend:
            weights = blended(weights, _weights(Path(file)), float(share))
        network = (
            ReaderNetwork.from_pretrained(base) if arguments.weights else small_reader(MODELS / "reader.onnx", base)
        )
        network.load_state_dict(weights)
        export_full_precision(network, full)
        if arguments.full:
            shutil.copyfile(full, arguments.full)
        if arguments.compare:
            _compare(full, Path(folder), examples[:: arguments.every])
            return
        arguments.to.mkdir(parents=True, exist_ok=True)
        target = arguments.to / "reader.onnx"
        quantise(full, target, wide=partial(_matches, arguments.wide))
    for former in arguments.to.glob("reader-*.bin"):
        former.unlink()
    files = split_weights(target)
    # The small reader's vocabulary is that of the embedder.
    tokenizer = arguments.to / ("reader-tokenizer.json" if arguments.weights else "tokenizer.json")
    shutil.copyfile(base / "tokenizer.json", tokenizer)
    calibration, figures = calibrate(open_reader(target), examples[:: arguments.every])
    manifest = {
        "name": "article-reader-int8",
        "calibration": {name: getattr(calibration, name) for name in Calibration.__slots__},
        "held_back": {name: round(value, 4) for name, value in figures.items()},
        "sha256": {path.name: sha256(path) for path in (*files, tokenizer)},
    }
    (arguments.to / "reader.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(manifest, indent=2))


def _weights(file: Path) -> dict[str, Any]:
    """Returns the averaged weights of a checkpoint, or those of an exported small reader."""
    if file.suffix == ".onnx":
        return small_reader(file, weights_folder()).state_dict()
    return averaged_weights(file)


def _matches(pattern: str, name: str) -> bool:
    return bool(re.search(pattern, name))


def _compare(full: Path, folder: Path, examples: Sequence[Example]) -> None:
    for name, pattern in {"full precision": "", **CANDIDATES}.items():
        path = full
        if pattern:
            path = folder / f"{name.replace(' ', '-')}.onnx"
            quantise(full, path, wide=partial(_matches, pattern))
        began = time.perf_counter()
        _, figures = calibrate(open_reader(path), examples)
        seconds = time.perf_counter() - began
        kept = {key: round(figures[key], 4) for key in COMPARED}
        size, pace = path.stat().st_size / 1e6, 1000 * seconds / len(examples)
        print(f"{name}: {size:.1f} MB, {pace:.0f} ms a passage, {kept}", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with train-*.jsonl.gz")
    start = parser.add_mutually_exclusive_group(required=True)
    start.add_argument("--weights", type=Path, help="folder of all-mpnet-base-v2, as in training")
    start.add_argument("--shipped", action="store_true", help="the run went on from the small reader that ships")
    parser.add_argument("--checkpoint", type=Path, default=Path("training/runs/reader/checkpoint.pt"))
    parser.add_argument(
        "--blend", nargs=2, action="append", default=[], metavar=("FILE", "SHARE"),
        help="mix in the weights of another run, or of a small reader's .onnx; may be given several times",
    )  # fmt: skip
    parser.add_argument("--to", type=Path, default=MODELS)
    parser.add_argument("--wide", default=EVERY_LAYER, help="pattern of the layers whose activations stay float32")
    parser.add_argument("--every", type=int, default=1, help="use one in so many held-back examples")
    parser.add_argument("--full", type=Path, default=None, help="also keep the full-precision ONNX file here")
    parser.add_argument("--compare", action="store_true", help="compare ways to quantise and ship nothing")
    parser.add_argument("--stated-licences-only", action="store_true", help="as in training")
    return parser.parse_args()


if __name__ == "__main__":
    main()
