"""A model file that is not the one expected is refused before it is run."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from fakes import ScriptedReader
from hypothesis import given
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.errors import ModelError
from assistant.networks.onnx_model import (
    MODELS,
    LaterSession,
    Warmed,
    load_manifest,
    models_fingerprint,
    open_model,
    open_session,
    open_tokenizer,
)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    for name in ("embedder.json", "embedder.onnx", "tokenizer.json"):
        shutil.copy(MODELS / name, folder / name)
    return folder


def test_the_shipped_files_are_those_of_their_manifests() -> None:
    for manifest in ("embedder", *(["reader"] if (MODELS / "reader.json").is_file() else [])):
        assert load_manifest(manifest)["sha256"]


@given(where=st.integers(0, 349), bit=st.integers(0, 7))
def test_any_flipped_bit_is_noticed(tmp_path: Path, where: int, bit: int) -> None:
    # A hash of 22 MB for each example is slow: the property is shown on a small model of the same form.
    folder, data = tmp_path, bytearray(b"weights" * 50)
    (folder / "m.json").write_text(json.dumps({"sha256": {"m.onnx": hashlib.sha256(data).hexdigest()}}))
    (folder / "m.onnx").write_bytes(data)
    assert load_manifest("m", folder)["sha256"]
    data[where] ^= 1 << bit
    (folder / "m.onnx").write_bytes(data)
    with pytest.raises(ModelError, match=r"is not the one expected.*truncated or altered"):
        load_manifest("m", folder)


def test_a_truncated_model_is_refused_with_the_remedy(models: Path) -> None:
    path = models / "embedder.onnx"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ModelError, match=r"embedder\.onnx is not the one expected.*pip install --force-reinstall"):
        load_manifest("embedder", models)


def test_a_missing_model_is_refused(models: Path) -> None:
    (models / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"tokenizer\.json cannot be read \(No such file"):
        load_manifest("embedder", models)


@pytest.mark.parametrize("content", ["", "[]", "{}", "not json", '{"sha256": []}', '{"sha256": 3}'])
def test_a_broken_manifest_is_refused(models: Path, content: str) -> None:
    (models / "embedder.json").write_text(content)
    with pytest.raises(ModelError, match=r"manifest .*embedder\.json cannot be read"):
        load_manifest("embedder", models)


def test_files_that_are_no_model_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(b"no protobuf at all")
    with pytest.raises(ModelError, match=r"onnxruntime cannot load .*m\.onnx"):
        open_session(path)
    with pytest.raises(ModelError, match=r"tokenizer .*m\.onnx cannot be read"):
        open_tokenizer(path)


def test_the_fingerprint_of_the_models_changes_with_the_fitted_scores(tmp_path: Path) -> None:
    for path in MODELS.glob("*.json"):
        shutil.copy(path, tmp_path)
    assert models_fingerprint(tmp_path) == models_fingerprint()
    (tmp_path / "scores.json").write_text("{}", encoding="utf-8")
    assert models_fingerprint(tmp_path) != models_fingerprint()


def test_a_network_is_opened_when_it_is_used_and_by_one_thread_alone(tmp_path: Path) -> None:
    path = Path(shutil.copy(MODELS / "embedder.onnx", tmp_path))
    session = LaterSession(path)
    texts = {"input_ids": np.array([[101, 102]]), "attention_mask": np.ones((1, 2), np.int64)}
    with ThreadPoolExecutor(4) as pool:
        first, *others = pool.map(lambda _: session.run(None, texts)[0], range(8))
    assert all(np.array_equal(first, other) for other in others)
    path.unlink()
    assert [node.name for node in session.get_inputs()] == ["input_ids", "attention_mask"], "it is open"
    with pytest.raises(ModelError, match=r"onnxruntime cannot load .*embedder\.onnx"):
        LaterSession(path).warm()


def test_the_networks_of_an_assistant_are_warmed_where_they_can_be(quick: Callable[..., Assistant]) -> None:
    warmed = []

    class Reader(ScriptedReader):
        def warm(self) -> None:
            warmed.append("reader")

    assert isinstance(open_model("embedder").session, Warmed)
    assistant = quick(reader=Reader())
    assert warmed == []
    assistant.warm()
    assert warmed == ["reader"], "the embedder of words needs none"
