"""A model too large for one file is read from several, each of them checked."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from training_fakes import CONTEXT

from assistant.articles.sentences import split_sentences
from assistant.errors import ModelError
from assistant.networks.onnx_model import MODELS, open_session
from assistant.networks.reader import Calibration, OnnxReader, Passage
from training.export_embedder import quantise, sha256
from training.export_reader import EVERY_LAYER, export_full_precision
from training.mpnet import MpnetEncoder, Size
from training.network import ReaderNetwork
from training.onnx_files import split_weights

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of torch's exporter


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    torch.manual_seed(3)
    network = ReaderNetwork(MpnetEncoder(Size(layers=2, width=48, heads=4, inner=64))).eval()
    export_full_precision(network, folder / "full.onnx")
    quantise(folder / "full.onnx", folder / "reader.onnx", wide=lambda name: bool(re.search(EVERY_LAYER, name)))
    return folder / "reader.onnx"


def test_a_model_in_several_files_computes_the_same(whole: Path, tmp_path: Path) -> None:
    target = tmp_path / "reader.onnx"
    shutil.copyfile(whole, target)
    size = whole.stat().st_size
    files = split_weights(target, 1_500_000)  # the table of words alone has 1,465,296 bytes
    assert [path.name for path in files][:3] == ["reader.onnx", "reader-1.bin", "reader-2.bin"]
    assert all(path.stat().st_size <= 1_500_000 for path in files)
    assert sum(path.stat().st_size for path in files) < size * 1.2
    assert target.stat().st_size < 80_000
    ids = {"input_ids": np.arange(5, 45, dtype=np.int64)[None]}
    for found, expected in zip(open_session(target).run(None, ids), open_session(whole).run(None, ids), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_a_model_that_is_small_enough_stays_as_it_is(whole: Path, tmp_path: Path) -> None:
    target = tmp_path / "reader.onnx"
    shutil.copyfile(whole, target)
    assert split_weights(target) == [target]
    assert target.read_bytes() == whole.read_bytes()


def test_the_reader_opens_a_model_in_several_files_and_checks_each(whole: Path, tmp_path: Path) -> None:
    shutil.copyfile(whole, tmp_path / "reader.onnx")
    files = split_weights(tmp_path / "reader.onnx", 1_500_000)
    shutil.copyfile(MODELS / "tokenizer.json", tmp_path / "tokenizer.json")
    calibration = {name: getattr(Calibration((1.0, 0.0), (1.0, 0.0, 0.0), 0.5), name) for name in Calibration.__slots__}
    digests = {path.name: sha256(path) for path in files}
    manifest = {"name": "tiny", "calibration": calibration, "sha256": digests}
    (tmp_path / "reader.json").write_text(json.dumps(manifest))
    passage = Passage("bridge", CONTEXT, tuple(split_sentences(CONTEXT)))
    (reading,) = OnnxReader.load(folder=tmp_path).read("When was the bridge opened?", [passage])
    assert len(reading.support) == 4
    assert reading.span is not None
    content = files[1].read_bytes()
    files[1].write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ModelError, match=r"reader-1\.bin is not the one expected"):
        OnnxReader.load(folder=tmp_path)
    files[1].unlink()
    with pytest.raises(ModelError, match=r"reader-1\.bin cannot be read"):
        OnnxReader.load(folder=tmp_path)
    with pytest.raises(ModelError, match=r"onnxruntime cannot load"):
        open_session(tmp_path / "reader.onnx")
