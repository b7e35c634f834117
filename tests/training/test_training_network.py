"""What the reader's network is given, how it learns, and what of it int8 keeps."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from training_fakes import CONTEXT, WHEN

from assistant.networks.onnx_model import MODELS
from training.data import KINDS, Example
from training.windows import IGNORED, MAX_HISTORY_TOKENS, Windows


@pytest.fixture(scope="module")
def windows() -> Windows:
    return Windows(MODELS / "tokenizer.json")


@pytest.mark.parametrize("max_tokens", [30, 48, 64, 128])
@pytest.mark.parametrize("seed", range(5))
def test_windows_hold_the_answer_under_its_label(windows: Windows, max_tokens: int, seed: int) -> None:
    window = windows.cut(WHEN, max_tokens, random.Random(seed))
    assert window is not None
    assert len(window.ids) <= max_tokens
    assert windows.tokenizer.decode(window.ids[window.start : window.end + 1]) == "1975"
    assert window.support[window.sentence[window.start]] == 1.0
    assert sum(window.support) == 1.0
    lengths = {len(window.ids), len(window.sentence), len(window.mismatch)}
    assert len(lengths) == 1


def test_a_window_may_hold_the_sentence_that_matters_alone(windows: Windows) -> None:
    window = windows.cut(WHEN, 96, random.Random(0), alone=True)
    assert window is not None
    passage = [token for token, number in zip(window.ids, window.sentence, strict=True) if number >= 0]
    assert windows.tokenizer.decode(passage) == CONTEXT[: CONTEXT.index(" It is")].lower()
    assert windows.tokenizer.decode(window.ids[window.start : window.end + 1]) == "1975"
    assert window.support == [1.0]
    asked = replace(WHEN, answers=(), answerable=False, focus=(len(CONTEXT) - 5, len(CONTEXT)))
    window = windows.cut(asked, 96, random.Random(0), alone=True)
    assert window is not None
    assert windows.tokenizer.decode(window.ids).count("in may 1990 a flood closed the old road to julfa.") == 1
    assert "1975" not in windows.tokenizer.decode(window.ids)


def test_windows_of_unanswerable_questions_point_at_cls_and_mark_the_misfit(windows: Windows) -> None:
    question = "When was the bridge over the Danube opened?"
    start = question.index("Danube")
    miss = replace(WHEN, question=question, answers=(), answerable=False, mismatch=((start, start + 6),))
    window = windows.cut(miss, 96, random.Random(0))
    assert window is not None
    assert (window.start, window.end, window.answerable) == (0, 0, False)
    assert not any(window.support)
    assert window.plausible == (IGNORED, IGNORED)
    likely = windows.cut(replace(miss, plausible=WHEN.answers[0]), 96, random.Random(0))
    assert likely is not None
    first, last = likely.plausible
    assert windows.tokenizer.decode(likely.ids[first : last + 1]) == "1975"
    assert (likely.start, likely.end) == (0, 0)
    marked = [window.ids[n] for n, label in enumerate(window.mismatch) if label == 1]
    assert windows.tokenizer.decode(marked) == "danube"
    unknown = windows.cut(replace(miss, mismatch=None), 96, random.Random(0))
    assert unknown is not None
    assert set(unknown.mismatch) == {IGNORED}


def test_windows_put_the_history_in_front_and_take_no_room_of_the_passage_for_it(windows: Windows) -> None:
    alone = windows.cut(WHEN, 64, random.Random(0))
    window = windows.cut(replace(WHEN, history=(("Which bridge?", "The one in Arax."),)), 64, random.Random(0))
    assert window is not None
    assert alone is not None
    text = windows.tokenizer.decode(window.ids, skip_special_tokens=False)
    assert text.startswith("[CLS] which bridge? the one in arax. [SEP] when was the bridge over the arax opened? [SEP]")
    assert windows.tokenizer.decode(window.ids[window.start : window.end + 1]) == "1975"
    assert text.endswith(windows.tokenizer.decode(alone.ids, skip_special_tokens=False).removeprefix("[CLS] "))


def test_windows_keep_the_last_turns_of_a_long_history(windows: Windows) -> None:
    turns = tuple((f"What of number {n}?", "Nothing.") for n in range(40))
    window = windows.cut(replace(WHEN, history=turns), 96, random.Random(0))
    assert window is not None
    head = window.ids[: window.sentence.index(0)]
    kept = windows.tokenizer.decode(head[: len(head) - 12])
    assert "number 39? nothing." in kept
    assert "number 9?" not in kept
    assert MAX_HISTORY_TOKENS < len(head) < MAX_HISTORY_TOKENS + 20


def test_windows_tell_the_kind_of_answer(windows: Windows) -> None:
    def kinds(example: Example) -> set[str]:
        window = windows.cut(example, 96, random.Random(0))
        assert window is not None
        return {kind for kind, may_be in zip(KINDS, window.kinds, strict=True) if may_be}

    assert kinds(WHEN) == {"span"}
    assert kinds(replace(WHEN, answers=(), answerable=False)) == {"none"}
    assert kinds(replace(WHEN, answers=(), kind="no")) == {"no"}
    assert kinds(replace(WHEN, kind="several")) == {"several"}
    assert kinds(replace(WHEN, answers=(), support=((0, 40),))) == set(KINDS) - {"none"}


def test_a_yes_whose_sentence_is_not_known_is_read_with_the_whole_passage(windows: Windows) -> None:
    asked = replace(WHEN, answers=(), kind="yes")
    window = windows.cut(asked, 32, random.Random(0))
    assert window is not None
    assert window.support == [IGNORED] * 4
    assert "julfa" in windows.tokenizer.decode(window.ids)
    assert (window.start, window.end) == (IGNORED, IGNORED)
    assert windows.cut(replace(asked, context=f"{CONTEXT} " * 12), 192, random.Random(0)) is None
    assert windows.cut(replace(asked, support=((0, 61),)), 64, random.Random(0)) is not None


def test_windows_have_the_ends_of_their_vocabulary(tmp_path: Path) -> None:
    vocabulary = {"<s>": 0, "<pad>": 1, "</s>": 2, "[UNK]": 3, "the": 4}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    window = Windows(tmp_path / "tokenizer.json").cut(WHEN, 96, random.Random(0))
    assert window is not None
    assert window.ids[0] == 0
    assert [n for n, token in enumerate(window.ids) if token == 2] == [
        window.sentence.index(0) - 1,
        len(window.ids) - 1,
    ]


def test_training_and_reading_pool_sentences_alike() -> None:
    import torch

    from assistant.networks import token_windows
    from training.network import sentence_logits

    logits = np.array([0.5, 2.0, -1.0, 0.1, 3.0], dtype=np.float32)
    numbers = np.array([-1, 0, 0, 1, 1])
    pooled = sentence_logits(torch.tensor(logits)[None], torch.tensor(numbers)[None], 2)[0].numpy()
    np.testing.assert_allclose(pooled, token_windows.sentence_logits(logits, numbers, 2), atol=1e-5)


def test_training_finds_the_same_span_as_reading() -> None:
    import torch

    from assistant.networks import token_windows
    from training.held_back_figures import best_span

    rng = np.random.default_rng(0)
    for _ in range(20):
        start, end = rng.normal(size=(2, 50)).astype(np.float32)
        ours = best_span(torch.tensor(start), torch.tensor(end))
        (expected,) = token_windows.best_spans(start[1:], end[1:], np.zeros(49, dtype=np.int64), null=0.0)
        assert ours[:2] == (expected[0] + 1, expected[1] + 1)
        assert ours[2] == pytest.approx(expected[2], abs=1e-4)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of torch's exporter
def test_rounded_layers_compute_as_the_exported_int8_model_does(tmp_path: Path) -> None:
    import onnxruntime
    import torch

    from training.export_embedder import quantise
    from training.quantised import RoundedLinear, set_rounding, use_rounded_layers

    torch.manual_seed(3)
    network = torch.nn.Sequential(torch.nn.Linear(64, 48), torch.nn.ReLU(), torch.nn.Linear(48, 8)).eval()
    use_rounded_layers(network)
    values = torch.randn(1, 9, 64) * torch.tensor([1.0] * 63 + [12.0])  # an outlier makes the steps coarse
    with torch.no_grad():
        plain = network(values)
        set_rounding(network, True)
        rounded = network(values)
        alone = network(torch.cat([values, 40 * values]))[:1]
        set_rounding(network, False)
    assert isinstance(network[0], RoundedLinear)
    full, small = tmp_path / "full.onnx", tmp_path / "small.onnx"
    torch.onnx.export(network, (values,), str(full), dynamo=False, opset_version=17, input_names=["x"])
    quantise(full, small)
    exported = onnxruntime.InferenceSession(str(small)).run(None, {"x": values.numpy()})[0]
    assert np.abs(exported - plain.numpy()).max() > 0.02  # rounding shows
    assert np.abs(exported - rounded.numpy()).max() < 0.005
    assert torch.allclose(alone, rounded, atol=1e-5)  # each window has a range of its own


def test_gradients_pass_through_the_rounding() -> None:
    import torch

    from training.quantised import set_rounding, use_rounded_layers

    layer = torch.nn.Sequential(torch.nn.Linear(6, 2))
    use_rounded_layers(layer)
    values = torch.randn(4, 6)
    gradients = []
    for on in (False, True):
        set_rounding(layer, on)
        layer.zero_grad()
        layer(values).sum().backward()
        assert layer[0].weight.grad is not None
        gradients.append(layer[0].weight.grad.clone())
    assert torch.allclose(*gradients, atol=0.05)
    assert not torch.equal(*gradients)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of torch's exporter
def test_embedding_tables_keep_their_rows_precise_in_int8(tmp_path: Path) -> None:
    import onnxruntime
    import torch

    from training.export_embedder import quantise

    torch.manual_seed(4)
    table = torch.nn.Embedding(200, 32, padding_idx=0)
    with torch.no_grad():
        table.weight[7] *= 50  # one row must not cost the others their precision
    full, small = tmp_path / "full.onnx", tmp_path / "small.onnx"
    torch.onnx.export(table, (torch.tensor([[1]]),), str(full), dynamo=False, opset_version=17, input_names=["ids"],
                      dynamic_axes={"ids": {1: "n"}})  # fmt: skip
    quantise(full, small)
    rows = onnxruntime.InferenceSession(str(small)).run(None, {"ids": np.arange(200)[None]})[0][0]
    exact = table.weight.detach().numpy()
    largest = np.abs(exact).max(axis=1, keepdims=True)
    assert (np.abs(rows - exact) <= largest / 254 + 1e-6).all()
    assert (rows[0] == 0).all()
    assert small.stat().st_size < full.stat().st_size / 2.5


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of torch's exporter
def test_the_exported_network_computes_what_the_trained_one_does(windows: Windows, tmp_path: Path) -> None:
    import torch

    from assistant.networks.onnx_model import open_session
    from assistant.networks.reader import run_session
    from training.export_reader import export_full_precision
    from training.mpnet import MpnetEncoder, Size
    from training.network import ReaderNetwork

    torch.manual_seed(3)
    network = ReaderNetwork(MpnetEncoder(Size(layers=2, width=48, heads=4, inner=64))).eval()
    export_full_precision(network, tmp_path / "reader.onnx")
    session = open_session(tmp_path / "reader.onnx")
    for max_tokens in (40, 96):
        window = windows.cut(WHEN, max_tokens, random.Random(0))
        assert window is not None
        ids = torch.tensor([window.ids])
        with torch.no_grad():
            tokens, passage = network(ids)
        found, no_answer = run_session(session, ids.numpy(), np.zeros_like(ids.numpy()))
        np.testing.assert_allclose(found, tokens[0].numpy(), atol=1e-4)
        assert no_answer == pytest.approx(float(passage[0, 0]), abs=1e-4)
        assert session.run(None, {"input_ids": ids.numpy()})[1].shape == (1, 1 + len(KINDS))


def test_weights_of_two_runs_are_blended_by_their_share() -> None:
    import torch

    from training.export_reader import blended

    one = {"weight": torch.tensor([0.0, 1.0]), "positions": torch.tensor([0, 1])}
    two = {"weight": torch.tensor([1.0, 3.0]), "positions": torch.tensor([5, 5])}
    mixed = blended(one, two, 0.25)
    assert mixed["weight"].tolist() == [0.25, 1.5]
    assert mixed["positions"].tolist() == [0, 1]
    with pytest.raises(ValueError, match="from 0 to 1"):
        blended(one, two, 1.5)
