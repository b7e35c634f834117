"""The reader that ships, read back from its exported form, computes what it did, and is exported again to the same."""

from __future__ import annotations

import random
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from training_fakes import WHEN

from assistant.networks.onnx_model import MODELS, open_session
from assistant.networks.reader import run_session
from training.export_embedder import quantise, weights_folder
from training.export_reader import EVERY_LAYER, export_full_precision
from training.network import ReaderNetwork
from training.small_reader import exported_weights, small_reader
from training.windows import Windows

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of torch's exporter


@pytest.fixture(scope="module")
def network() -> ReaderNetwork:
    return small_reader(MODELS / "reader.onnx", weights_folder()).eval()


@pytest.fixture(scope="module")
def window() -> list[int]:
    found = Windows(MODELS / "tokenizer.json").cut(WHEN, 96, random.Random(0))
    assert found is not None
    return found.ids


def segments(ids: list[int]) -> list[int]:
    """Returns 0 up to the separator behind the question, then 1."""
    question = ids.index(102) + 1
    return [0] * question + [1] * (len(ids) - question)


def test_it_computes_what_ships(network: ReaderNetwork, window: list[int]) -> None:
    expected, no_answer = run_session(
        open_session(MODELS / "reader.onnx"), np.array([window]), np.array([segments(window)])
    )
    with torch.no_grad():
        tokens, passage = network(torch.tensor([window]))
    np.testing.assert_allclose(tokens[0].numpy(), expected, atol=1e-3)
    assert float(passage[0, 0]) == pytest.approx(no_answer, abs=1e-3)


def test_padding_changes_nothing(network: ReaderNetwork, window: list[int]) -> None:
    padded = torch.tensor([[*window, *[0] * 7]])
    mask = torch.tensor([[1] * len(window) + [0] * 7])
    with torch.no_grad():
        alone, padded_tokens = network(torch.tensor([window]))[0], network(padded, mask)[0]
    torch.testing.assert_close(padded_tokens[:, : len(window)], alone, atol=1e-4, rtol=0)


def test_a_history_is_of_the_first_segment(network: ReaderNetwork, window: list[int]) -> None:
    behind_turns = [101, 2040, 2001, 2008, 102, *window[1:]]
    types = [0] * 4 + segments(window)
    expected, _ = run_session(open_session(MODELS / "reader.onnx"), np.array([behind_turns]), np.array([types]))
    with torch.no_grad():
        tokens, _ = network(torch.tensor([behind_turns]))
    np.testing.assert_allclose(tokens[0].numpy(), expected, atol=1e-3)


def test_exported_again_it_is_the_same(network: ReaderNetwork, window: list[int], tmp_path: Path) -> None:
    export_full_precision(network, tmp_path / "full.onnx")
    quantise(tmp_path / "full.onnx", tmp_path / "reader.onnx", wide=lambda name: bool(re.search(EVERY_LAYER, name)))
    again = exported_weights(tmp_path / "reader.onnx")
    for name, value in exported_weights(MODELS / "reader.onnx").items():
        torch.testing.assert_close(again[name][: len(value)], value, atol=1e-4, rtol=0.01)
    ids = np.array([window])
    tokens, passage = open_session(tmp_path / "reader.onnx").run(
        None, {"input_ids": ids, "token_type_ids": np.array([segments(window)])}
    )
    with torch.no_grad():
        expected, kinds = network(torch.from_numpy(ids))
    np.testing.assert_allclose(tokens, expected.numpy(), atol=1e-2)
    np.testing.assert_allclose(passage, kinds.numpy(), atol=1e-2)
    assert (tmp_path / "reader.onnx").stat().st_size == pytest.approx((MODELS / "reader.onnx").stat().st_size, rel=0.01)


def test_what_has_other_layers_is_refused(tmp_path: Path) -> None:
    import onnx

    model = onnx.load(MODELS / "reader.onnx")
    for initializer in model.graph.initializer:
        if initializer.name == "tokens.bias":
            initializer.name = "others.bias"
    onnx.save(model, tmp_path / "reader.onnx")
    with pytest.raises(ValueError, match=r"has no weights of tokens\.bias"):
        small_reader(tmp_path / "reader.onnx", weights_folder())
