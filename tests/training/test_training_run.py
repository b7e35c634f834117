"""What a training run learns, and that it goes on from a checkpoint as if nothing had happened."""

from __future__ import annotations

import random
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from training_fakes import CONTEXT, WHEN

from assistant.networks.onnx_model import MODELS
from training.batches import ALONE, Batches
from training.cycles import Cycle
from training.data import Example
from training.held_back_figures import measure, sample_of_held_back, sample_of_new_sets
from training.mixture import Mixture
from training.mpnet import MpnetEncoder, Size
from training.near_misses import NearMisses
from training.network import Batch, ReaderNetwork, losses
from training.spare_cores import SpareCores
from training.train_reader import MEASURE_EVERY, PATIENCE, Figures, has_settled, train
from training.training_run import LAST_SHARE, WARM_UP, Run, averaged_weights
from training.windows import IGNORED, Windows

MISS = replace(
    WHEN, id="q2", question="When was it closed?", answers=(), answerable=False, mismatch=((12, 18),),
    focus=(0, len(CONTEXT)),
)  # fmt: skip
NO = replace(WHEN, id="q3", source="boolq", question="Was it built in Paris by a king?", answers=(), kind="no")
ASKED = [
    replace(WHEN, id=f"q{n}", question=question, answers=((CONTEXT.index(answer), answer),))
    for n, (question, answer) in enumerate(
        [
            ("Who opened the bridge?", "Anna Petrova"),
            ("What closed the old road?", "a flood"),
            ("What did it cost?", "40"),
        ]
    )
]


@pytest.fixture(scope="module")
def windows() -> Windows:
    return Windows(MODELS / "tokenizer.json")


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # two threads that wait for each other crawl on a busy machine
    yield
    torch.set_num_threads(threads)


def tiny(dropout: float = 0.0) -> ReaderNetwork:
    torch.manual_seed(0)
    return ReaderNetwork(MpnetEncoder(Size(layers=1, width=48, heads=4, inner=64), dropout))


def batches(windows: Windows, size: int = 4) -> Batches:
    mixture = Mixture([WHEN, MISS, *ASKED], NearMisses(lambda _, words: sorted(words)[:3]), 3)
    return Batches(mixture, windows, size, 3)


def batch_of(windows: Windows, *examples: Example) -> Batch:
    cut = [windows.cut(e, 96, random.Random(1)) for e in examples]
    return Batch.of([w for w in cut if w is not None])


def test_the_network_learns_what_it_is_shown(windows: Windows) -> None:
    network = tiny()
    batch = batch_of(windows, WHEN, MISS, NO)
    optimiser = torch.optim.Adam([p for p in network.parameters() if p.requires_grad], lr=5e-3)
    totals = []
    for _ in range(40):
        parts = losses(*network(batch.ids, batch.mask), batch)
        total = torch.stack(list(parts.values())).sum()
        totals.append(float(total.detach()))
        optimiser.zero_grad()
        total.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    assert set(parts) == {"span", "plausible", "no answer", "kind", "support", "mismatch"}
    assert totals[-1] < 0.4 * totals[0]
    kinds = network(batch.ids, batch.mask)[1][:, 1:].argmax(1).tolist()
    assert kinds == [0, 4, 2]


def test_a_sentence_without_tokens_costs_nothing(windows: Windows) -> None:
    window = windows.cut(WHEN, 96, random.Random(1))
    assert window is not None
    plain, empty = Batch.of([window]), Batch.of([replace(window, support=[*window.support, 1.0])])
    tokens, passages = torch.zeros(1, len(window.ids), 4), torch.zeros(1, 6)
    assert float(losses(tokens, passages, empty)["support"]) == float(losses(tokens, passages, plain)["support"])


def test_of_several_kinds_that_may_be_right_none_is_preferred(windows: Windows) -> None:
    batch = batch_of(windows, replace(WHEN, answers=(), support=((0, 40),)))  # anything but "none"
    tokens = torch.zeros(1, batch.ids.shape[1], 4)

    def loss(*kinds: float) -> float:
        return float(losses(tokens, torch.tensor([[0.0, *kinds]]), batch)["kind"])

    assert loss(9, 0, 0, 0, 0) == pytest.approx(loss(0, 0, 9, 0, 0))
    assert loss(0, 0, 0, 0, 9) > loss(0, 9, 0, 0, 0) + 3


def test_where_it_is_not_known_which_sentence_supports_the_likeliest_one_learns(windows: Windows) -> None:
    batch = batch_of(windows, replace(WHEN, answers=(), kind="yes"))
    assert bool((batch.support == IGNORED).all())
    tokens = torch.zeros(1, batch.ids.shape[1], 4)
    tokens[0, batch.sentence[0] == 2, 2] = 1.0
    tokens.requires_grad_()
    losses(tokens, torch.zeros(1, 6), batch)["support"].backward()  # type: ignore[no-untyped-call]
    assert tokens.grad is not None
    learning = batch.sentence[0][tokens.grad[0, :, 2] != 0]
    assert set(learning.tolist()) == {2}


def test_batches_go_on_where_others_stood(windows: Windows) -> None:
    first = batches(windows)
    for _ in range(47):  # into the second pool
        next(first)
    place = first.place()
    rest = [next(first) for _ in range(60)]
    second = batches(windows)
    second.go_to(place)
    assert [next(second) for _ in range(60)] == rest
    fresh = batches(windows)
    place = fresh.place()
    assert next(fresh) == next(batches(windows))
    again = batches(windows)
    again.go_to(place)
    assert next(again) == next(batches(windows))


def test_a_cycle_of_other_examples_begins_anew() -> None:
    cycle = Cycle(ASKED, random.Random(1))
    drawn = [next(cycle) for _ in range(5)]
    assert sorted(e.id for e in drawn[:3]) == ["q0", "q1", "q2"]
    same, longer = Cycle(ASKED, random.Random(1)), Cycle([*ASKED, MISS], random.Random(1))
    same.go_to(cycle.place())
    longer.go_to(cycle.place())
    assert next(same) == next(cycle)
    assert len({next(longer).id for _ in range(4)}) == 3 + (MISS.id not in {e.id for e in ASKED})
    assert list(Cycle([], random.Random(1))) == []


class Endless:
    """One example, again and again."""

    def __iter__(self) -> Iterator[Example]:
        while True:
            yield WHEN

    def place(self) -> dict[str, Any]:
        return {}

    def go_to(self, place: dict[str, Any]) -> None:
        pass


def test_some_windows_of_a_run_hold_the_sentence_that_matters_alone(windows: Windows) -> None:
    stream = Batches(Endless(), windows, 10, 0)
    alone = [len(window.support) == 1 for _ in range(40) for window in next(stream)]
    assert sum(alone) / len(alone) == pytest.approx(ALONE, abs=0.06)


def started(dropout: float = 0.1, weights: Path | None = None) -> Run:
    return Run.start(tiny(dropout), tiny(), 1e-3, weights)


def test_an_interrupted_run_ends_with_the_weights_of_one_that_was_not(windows: Windows, tmp_path: Path) -> None:
    whole, stream = started(), batches(windows)
    whole.falls_from = 60
    for _ in range(9):
        whole.step(Batch.of(next(stream)))
    first, stream = started(), batches(windows)
    first.falls_from = 60
    for _ in range(5):
        first.step(Batch.of(next(stream)))
    first.log.append({"examples": 20, "f1": 0.5})
    first.save(tmp_path / "checkpoint.pt", stream.place())
    torch.rand(100)
    second, stream = started(), batches(windows)
    stream.go_to(second.load(tmp_path / "checkpoint.pt"))
    for _ in range(4):
        second.step(Batch.of(next(stream)))
    assert (second.steps, second.examples, second.falls_from) == (9, 36, 60)
    assert second.log == first.log
    for name in ("network", "average"):
        expected, found = getattr(whole, name).state_dict(), getattr(second, name).state_dict()
        assert all(torch.equal(expected[key], found[key]) for key in expected)
    before = first.network.state_dict()
    assert any(not torch.equal(before[key], value) for key, value in second.network.state_dict().items())


def test_what_is_frozen_stays_as_it_is(windows: Windows) -> None:
    run, encoder = started(), tiny().encoder
    for _ in range(3):
        run.step(Batch.of(next(batches(windows))))
    same = [
        key for key, value in encoder.state_dict().items() if torch.equal(value, run.network.encoder.state_dict()[key])
    ]
    assert same == ["words.weight", "positions.weight", "norm.weight", "norm.bias", "distances.weight"]


def test_the_rate_warms_up_stays_and_falls_to_nothing(windows: Windows) -> None:
    run, batch = started(), batch_of(windows, WHEN, MISS)
    rates = []
    for examples, falls_from in (
        (0, 0),
        (WARM_UP, 0),
        (85_000, 0),
        (50_000, 85_000),
        (85_000, 85_000),
        (92_500, 85_000),
        (100_000, 85_000),
    ):
        run.examples, run.falls_from = examples, falls_from
        run.step(batch)
        rates.append([group["lr"] for group in run.optimiser.param_groups])
    body, heads = zip(*rates, strict=True)
    assert body == pytest.approx([1e-3 * 2 / WARM_UP, 1e-3, 1e-3, 1e-3, 1e-3, 5e-4, 0.0])
    assert heads == pytest.approx([5 * rate for rate in body])
    assert LAST_SHARE == 0.15


def test_a_run_can_start_from_the_averaged_weights_of_another(tmp_path: Path) -> None:
    first = started()
    with torch.no_grad():
        first.average.tokens.weight.fill_(0.25)
    first.save(tmp_path / "checkpoint.pt", {})
    second = started(weights=tmp_path / "checkpoint.pt")
    assert (second.steps, second.examples) == (0, 0)
    assert bool((second.network.tokens.weight == 0.25).all())
    assert bool((second.average.tokens.weight == 0.25).all())
    assert bool((averaged_weights(tmp_path / "checkpoint.pt")["tokens.weight"] == 0.25).all())


def test_a_fall_ends_the_training_and_its_figures_are_kept(windows: Windows, tmp_path: Path) -> None:
    run = started()
    run.examples = run.falls_from = MEASURE_EVERY - 8
    arguments = Namespace(out=tmp_path, threads=1, most=10, device="cpu", save_every=10)
    figures = Figures(windows, [WHEN, MISS, *ASKED], 9, tmp_path / "log.jsonl", "cpu")
    run.falls_from = 34  # falls for six examples
    run.examples = 34
    train(run, batches(windows), figures, arguments)
    assert (run.examples, run.fall) == (42, 1.0)
    assert [(row["examples"], row["fall"]) for row in run.log] == [(42, 1.0)]
    assert len((tmp_path / "log.jsonl").read_text().splitlines()) == 1
    assert torch.load(tmp_path / "checkpoint.pt", weights_only=True)["examples"] == 42


def test_a_run_settles_when_neither_figure_gets_better() -> None:
    def log(*rows: tuple[int, float, float]) -> list[dict[str, float]]:
        return [{"examples": n, "f1": f1, "auroc both": auroc} for n, f1, auroc in rows]

    early = (10_000, 0.60, 0.80)
    later = 10_000 + PATIENCE
    assert not has_settled(log(early))
    assert not has_settled(log(early, (later - 1, 0.6, 0.8)))
    assert has_settled(log(early, (later, 0.604, 0.804)))
    assert not has_settled(log(early, (later, 0.606, 0.8)))
    assert not has_settled(log(early, (later, 0.6, 0.806)))
    assert not has_settled(log(early, (later - 5, 0.61, 0.8), (later, 0.6, 0.8)))


def test_the_figures_tell_a_network_that_knows_from_one_that_does_not(windows: Windows) -> None:
    examples = [WHEN, *ASKED, MISS, NO]
    figures = measure(tiny(), windows, examples)
    assert set(figures) == {"f1", "sentence first", "yes or no", "auroc head", "auroc span", "auroc both"}
    network = tiny()
    run = Run.start(network, tiny(), 2e-2)
    run.examples = WARM_UP
    batch = batch_of(windows, *examples)
    for _ in range(60):
        run.step(batch)
    learned = measure(network, windows, examples)
    assert learned["f1"] > 0.9 > figures["f1"]
    assert (learned["sentence first"], learned["yes or no"], learned["auroc head"]) == (1.0, 1.0, 1.0)


def test_the_samples_tell_former_sets_from_new_ones() -> None:
    former = [replace(WHEN, id=f"{n}", source="qed") for n in range(9)]
    new = [replace(WHEN, id=f"{n}", source=source) for n in range(9) for source in ("boolq", "quoref")]
    assert {e.source for e in sample_of_held_back([*former, *new], 6)} == {"qed"}
    assert len(sample_of_held_back([*former, *new], 6)) == 2
    assert sorted(e.source for e in sample_of_new_sets([*former, *new], 2)) == ["boolq"] * 2 + ["quoref"] * 2


def test_cores_that_others_need_are_left_to_them(tmp_path: Path) -> None:
    stat = tmp_path / "stat"
    stat.write_text("cpu  0 0 0 0 0 0 0 0 0 0\n")
    cores = SpareCores(1, stat)
    assert cores.count() == 1
    assert SpareCores(2, tmp_path / "none").count() == 2
    many = SpareCores(64, stat)
    many._last = (many._last[0] - 1, *many._last[1:])
    stat.write_text("cpu  0 6400 0 999999 0 0 0 0 0 0\n")
    assert many.count() == 1
