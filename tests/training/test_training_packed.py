"""What is packed comes out as it was; a packed run goes on where it was interrupted and ends by the clock."""

from __future__ import annotations

import itertools
import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from training_fakes import CONTEXT, WHEN

from assistant.errors import ModelError
from assistant.networks.onnx_model import MODELS
from training.batches import Batches
from training.held_back_figures import measure, measure_windows, read_asked, windows_asked, write_asked
from training.int8_pieces import read_pieces, write_pieces
from training.mixture import Mixture
from training.mpnet import MpnetEncoder, Size
from training.near_misses import NearMisses
from training.network import Batch, ReaderNetwork, losses
from training.pack import draw_shard, joined_weights, put_together
from training.packed_batches import PackedBatches, read_windows
from training.shards import Shard
from training.train_packed import WARM_UP, Clock, is_rounded_at, main, rate_at
from training.training_run import averaged_weights
from training.windows import IGNORED, Window, Windows

SIZE = Size(layers=1, width=48, heads=4, inner=64)
MISS = replace(
    WHEN, id="q2", question="When was it closed?", answers=(), answerable=False, mismatch=((12, 18),),
    focus=(0, len(CONTEXT)), plausible=(CONTEXT.index("1990"), "1990"),
)  # fmt: skip
NO = replace(WHEN, id="q3", source="boolq", question="Was it built in Paris by a king?", answers=(), kind="no")
WHO = replace(WHEN, id="q4", question="Who opened it?", answers=((CONTEXT.index("Anna Petrova"), "Anna Petrova"),))


@pytest.fixture(scope="module")
def windows() -> Windows:
    return Windows(MODELS / "tokenizer.json")


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def batches(windows: Windows, seed: int = 3) -> Batches:
    mixture = Mixture([WHEN, MISS, NO, WHO], NearMisses(lambda _, words: sorted(words)[:3]), seed)
    return Batches(mixture, windows, 4, seed)


def cut(windows: Windows) -> list[Window]:
    found = [windows.cut(e, size, random.Random(size)) for e in (WHEN, MISS, NO, WHO) for size in (40, 60, 96)]
    return [window for window in found if window is not None]


def ticking() -> Callable[[], float]:
    """Returns a clock on which every look takes five seconds."""
    return partial(next, itertools.count(0.0, 5.0))


def network(seed: int = 0) -> ReaderNetwork:
    torch.manual_seed(seed)
    return ReaderNetwork(MpnetEncoder(SIZE))


@pytest.fixture
def packed(windows: Windows, tmp_path: Path) -> Path:
    folder = tmp_path / "packed"
    weights = {k: v for k, v in network().state_dict().items() if k.startswith("encoder.")}
    write_pieces(weights, folder, "weights", 500_000, {"size": asdict(SIZE)})
    draw_shard(batches(windows), 50).write(folder / "windows-1.xz")
    draw_shard(batches(windows, 4), 30).write(folder / "windows-2.xz")
    write_asked(folder, "former", windows_asked(windows, [WHEN, MISS, NO, WHO]))
    return folder


def test_a_batch_read_from_a_shard_is_the_batch_drawn(windows: Windows, tmp_path: Path) -> None:
    drawn = batches(windows)
    shard = draw_shard(batches(windows), 30)
    shard.write(tmp_path / "windows.xz")
    found = Shard.read(tmp_path / "windows.xz").windows()
    assert len(found) == 30
    for first in range(0, 28, 4):
        assert found[first : first + 4] == next(drawn)
    assert found[28:] == next(drawn)[:2]


def test_shards_are_put_together_and_take_less_room(windows: Windows, tmp_path: Path) -> None:
    shards = []
    for seed in range(3):
        shards.append(tmp_path / f"{seed}.xz")
        draw_shard(batches(windows, seed), 20).write(shards[-1])
    (tmp_path / "windows-9.xz").touch()
    first, second = put_together(shards, tmp_path, 2)
    assert [first.name, second.name] == ["windows-1.xz", "windows-2.xz"]
    assert first.stat().st_size < 0.9 * sum(path.stat().st_size for path in shards[:2])
    expected = [window for path in shards for window in Shard.read(path).windows()]
    assert read_windows(tmp_path).windows() == expected


def test_every_form_of_label_comes_back(windows: Windows) -> None:
    given = cut(windows)
    assert {IGNORED, 0.0, 1.0} <= {label for w in given for label in w.support}
    assert {IGNORED, 0, 1} <= {label for w in given for label in w.mismatch}
    assert any(w.plausible != (IGNORED, IGNORED) for w in given)
    assert any(w.start == IGNORED for w in given)
    shard = Shard.of(given)
    assert shard.windows() == given
    assert Shard.joined([shard, Shard.of(given[:2])]).windows() == [*given, *given[:2]]
    with pytest.raises(OverflowError):
        Shard.of([replace(given[0], ids=[70_000])])


def test_packed_batches_are_the_windows_padded(windows: Windows) -> None:
    given = cut(windows)
    rounds = PackedBatches(Shard.of(given), 200, "cpu", 1)
    seen = []
    while rounds.place()["round"] == 0 and rounds.place()["taken"] < len(rounds._groups):
        batch = next(rounds)
        width = batch.ids.shape[1]
        assert width % 8 == 0
        assert batch.ids.numel() <= 200
        lengths = [width] * len(batch.ids) if batch.mask is None else batch.mask.sum(1).tolist()
        own = [next(w for w in given if w.ids == row[:n].tolist()) for row, n in zip(batch.ids, lengths, strict=True)]
        seen += own
        expected, longest = Batch.of(own), max(lengths)
        for name in ("ids", "sentence", "mismatch"):
            assert torch.equal(getattr(batch, name)[:, :longest], getattr(expected, name))
        for name in ("start", "end", "plausible", "no_answer", "kinds", "support"):
            assert torch.equal(getattr(batch, name), getattr(expected, name))
        assert bool((batch.sentence[:, longest:] == -1).all())
        assert bool((batch.mismatch[:, longest:] == IGNORED).all())
        if expected.mask is not None:
            assert batch.mask is not None
            assert torch.equal(batch.mask[:, :longest], expected.mask)
    assert sorted(map(str, seen)) == sorted(map(str, given))


def test_packed_batches_go_on_where_they_stood_and_mix_anew(windows: Windows) -> None:
    shard = Shard.of(cut(windows) * 3)
    first, second = PackedBatches(shard, 200, "cpu", 1), PackedBatches(shard, 200, "cpu", 1)
    order = []
    for n in range(2 * len(first._groups)):
        if n == len(first._groups) + 3:
            second.go_to(first.place())
            assert 1 < second.rounds < 2
            assert torch.equal(next(first).ids, next(second).ids)
        order.append(next(first).ids.tolist())
    half = len(order) // 2
    assert order[:3] != order[half : half + 3]


def test_a_window_counts_the_same_however_wide_its_batch_is(windows: Windows) -> None:
    given = [w for w in cut(windows) if len(w.ids) < 60][:4]
    reader = network().eval()
    narrow = Batch.of(given)
    wide = next(PackedBatches(Shard.of(given), 10_000, "cpu", 1))
    with torch.no_grad():
        expected, found = (losses(*reader(b.ids, b.mask), b) for b in (narrow, wide))
    assert {k: float(v) for k, v in found.items()} == pytest.approx(
        {k: float(v) for k, v in expected.items()}, abs=1e-5
    )


@settings(max_examples=5, deadline=None)
@given(rows=st.integers(1, 3), piece=st.integers(500, 90_000), seed=st.integers(0, 99))
def test_weights_come_back_within_half_a_step(
    tmp_path_factory: pytest.TempPathFactory, rows: int, piece: int, seed: int
) -> None:
    folder = tmp_path_factory.mktemp("pieces")
    rng = torch.Generator().manual_seed(seed)
    weights = {"large": torch.randn(rows * 100, 700, generator=rng), "small": torch.randn(5, 3, generator=rng)}
    weights["large"][0] = 0
    weights["large"][1, 0] = 40.0
    paths = write_pieces(weights, folder, "reader", piece, {"n": 1})
    assert all(path.stat().st_size <= piece for path in paths[:-1])
    found, about = read_pieces(folder, "reader")
    assert about == {"n": 1}
    assert torch.equal(found["small"], weights["small"])
    step = weights["large"].abs().amax(1, keepdim=True) / 127
    assert bool(((found["large"] - weights["large"]).abs() <= step * 0.501).all())
    write_pieces(found, folder, "again", piece, {})
    torch.testing.assert_close(read_pieces(folder, "again")[0]["large"], found["large"], rtol=1e-6, atol=0)


def test_a_damaged_or_missing_piece_is_told(tmp_path: Path) -> None:
    *pieces, _ = write_pieces({"a": torch.randn(300, 300)}, tmp_path, "reader", 40_000, {})
    assert len(pieces) > 1
    content = pieces[1].read_bytes()
    pieces[1].write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ModelError, match="is not what was written"):
        read_pieces(tmp_path, "reader")
    pieces[1].unlink()
    with pytest.raises(ModelError, match=r"cannot be read.*Bring all pieces again"):
        read_pieces(tmp_path, "reader")
    with pytest.raises(ModelError, match=r"no windows-\*\.xz"):
        read_windows(tmp_path)


def test_a_write_that_stops_early_leaves_the_one_before(tmp_path: Path) -> None:
    before = {"a": torch.randn(300, 300)}
    write_pieces(before, tmp_path, "reader", 40_000, {"n": 1})
    manifest = (tmp_path / "reader.json").read_bytes()
    kept = {path: path.read_bytes() for path in tmp_path.glob("*.bin")}
    write_pieces({"a": torch.randn(300, 300)}, tmp_path, "reader", 40_000, {"n": 2})
    assert not any(path.exists() for path in kept)  # the old ones go once the new ones count
    (tmp_path / "reader.json").write_bytes(manifest)
    for path, content in kept.items():
        path.write_bytes(content)
    assert read_pieces(tmp_path, "reader")[1] == {"n": 1}


def test_held_back_questions_give_the_same_figures_packed(windows: Windows, packed: Path) -> None:
    examples = [WHEN, MISS, NO, WHO]
    asked = read_asked(packed, "former")
    assert asked == windows_asked(windows, examples)
    assert {question.yes for question in asked} == {None, False}
    assert measure_windows(network(), asked) == measure(network(), windows, examples)
    assert read_asked(packed, "new") == []


def test_the_rate_warms_up_stays_and_falls_to_nothing_by_the_clock() -> None:
    assert rate_at(0.0, 0) == 1 / WARM_UP
    assert rate_at(0.3, WARM_UP) == rate_at(0.6, WARM_UP) == 1.0
    assert rate_at(0.8, WARM_UP) == pytest.approx(0.5)
    assert rate_at(1.0, WARM_UP) == 0.0
    assert [is_rounded_at(share) for share in (0.6, 0.71, 0.73, 1.0)] == [False, False, True, True]
    seconds = [100.0]
    clock = Clock(1, lambda: seconds[0])
    seconds[0] = 130.0
    assert clock.share == 0.5
    clock.go_to(45.0)
    seconds[0] = 139.0
    assert (clock.seconds, clock.share) == (54.0, 0.9)
    seconds[0] = 999.0
    assert clock.share == 1.0


def test_a_packed_run_is_saved_goes_on_and_is_joined(packed: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    given = ["--packed", str(packed), "--out", str(out), "--device", "cpu", "--tokens", "600", "--tell-every", "0"]
    given += ["--piece", "0.01", "--rate", "1e-3", "--no-bf16", "--rounded"]
    main([*given, "--minutes", "10", "--save-every", "2"], ticking())
    first = torch.load(out / "checkpoint.pt", weights_only=True)
    assert 600 <= first["place"]["seconds"] < 640
    assert first["examples"] > 50
    main([*given, "--minutes", "15", "--figures", "1"], ticking())
    second = torch.load(out / "checkpoint.pt", weights_only=True)
    assert first["steps"] < second["steps"] < 2 * first["steps"]  # five minutes after ten
    assert second["place"]["round"] > first["place"]["round"]
    assert second["log"][: len(first["log"])] == first["log"]
    assert json.loads((out / "log.json").read_text()) == second["log"]
    assert {"examples", "seconds", "former, f1", "loss of span"} <= set(second["log"][-1])
    assert len(list(out.glob("reader-*.bin"))) > 1
    whole = joined_weights(out, network())
    trained = second["average"]
    torch.testing.assert_close(whole["encoder.layers.0.up.weight"], trained["encoder.layers.0.up.weight"])
    assert torch.equal(whole["tokens.weight"], trained["tokens.weight"])
    # What is frozen is the pretrained, and not what travelled.
    assert torch.equal(whole["encoder.words.weight"], network().encoder.words.weight)
    torch.save({"average": whole}, tmp_path / "checkpoint.pt")
    network().load_state_dict(averaged_weights(tmp_path / "checkpoint.pt"))
    again = tmp_path / "again"
    main([*given[:2], "--out", str(again), *given[4:], "--minutes", "1", "--start", str(out)], ticking())
    started = torch.load(again / "checkpoint.pt", weights_only=True)
    assert started["steps"] < first["steps"]
    torch.testing.assert_close(started["average"]["tokens.weight"], whole["tokens.weight"], atol=5e-3, rtol=0)


def test_training_packed_needs_torch_and_numpy_alone() -> None:
    code = (
        "import sys, training.train_packed; "
        "print(*sorted({name.split('.')[0] for name in sys.modules} - set(sys.stdlib_module_names)))"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not set(found.stdout.split()) & {"tokenizers", "onnxruntime", "nupunkt", "Stemmer", "pydantic"}


def test_a_kernel_of_the_device_mixes_as_ours_does() -> None:
    from training.mpnet import attention

    torch.manual_seed(2)
    query, key, value = torch.randn(3, 2, 4, 16, 12)
    bias = torch.randn(1, 4, 16, 16)
    found = torch.nn.functional.scaled_dot_product_attention(query, key, value, bias)
    torch.testing.assert_close(found, attention(query, key, value, bias), atol=1e-5, rtol=1e-4)
    assert np.isfinite(found.numpy()).all()
