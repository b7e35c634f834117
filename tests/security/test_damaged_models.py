"""A flipped bit in a model's weights or tokenizer is refused before the model is used."""

from __future__ import annotations

import shutil
from pathlib import Path

import damaged_library as damaged
import pytest

from assistant.errors import ModelError
from assistant.networks.onnx_model import MODELS, load_manifest


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("n_flips", [25, pytest.param(250, marks=pytest.mark.soak)])
@pytest.mark.parametrize(
    ("name", "file"), [("embedder", "embedder.onnx"), ("embedder", "tokenizer.json"), ("reader", "reader.onnx")]
)
def test_no_flipped_bit_of_a_model_is_used(tmp_path: Path, name: str, file: str, n_flips: int) -> None:
    for copied in (f"{name}.json", f"{name}.onnx", "tokenizer.json"):
        shutil.copy(MODELS / copied, tmp_path / copied)
    for place, bit in damaged.places(tmp_path / file, n_flips, seed=3):
        flip_in_place(tmp_path / file, place, bit)
        with pytest.raises(ModelError, match=rf"{file} is not the one expected"):
            load_manifest(name, tmp_path)
        flip_in_place(tmp_path / file, place, bit)
    assert load_manifest(name, tmp_path) == load_manifest(name)


def flip_in_place(path: Path, place: int, bit: int) -> None:
    """Flips a bit without reading the rest of the file."""
    with path.open("r+b") as opened:
        opened.seek(place)
        byte = opened.read(1)[0]
        opened.seek(place)
        opened.write(bytes([byte ^ 1 << bit]))
