"""How the reader's examples are made, cut, labelled, learned from and measured."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.onnx_model import MODELS
from training.calibrate_reader import best_threshold
from training.condense import condense
from training.data import Example, held_back, is_held_back, read_set, training_part, training_sets
from training.embedding_neighbours import Neighbours
from training.follow_ups import follow_up
from training.measures import answer_f1, area_under_curve, expected_calibration_error, interval, set_f1
from training.mixture import KINDS, Mixture
from training.near_misses import NearMisses, words_of
from training.passages import passage_around, supporting
from training.speech import speech_questions
from training.windows import IGNORED, Windows
from training.yes_no import yes_no_question

CONTEXT = (
    "The bridge over the Arax was opened in 1975 by Anna Petrova. It is the longest bridge in the province. "
    "Engineers from Tabriz built it for 40 million rials. In May 1990 a flood closed the old road to Julfa."
)
WHEN = Example(
    "q1", "squad", "bridge", CONTEXT, "When was the bridge over the Arax opened?",
    answers=((CONTEXT.index("1975"), "1975"),), mismatch=(),
)  # fmt: skip
QUOTES = (
    "Talks went on in Baku. “We will sign the treaty before the summer,” said Elena Markova. "
    "Igor Belov left early. Markova stated that “the border must be open to everyone” as well."
)


def neighbours_of_nothing(_: str, __: Sequence[str]) -> list[str]:
    return []


def near_misses_of(example: Example, n: int = 60) -> list[Example]:
    maker = NearMisses(lambda _, candidates: sorted(candidates)[:3])
    sentence = CONTEXT.split(". ")[0]
    made = [maker.make(example, sentence, words_of(CONTEXT), random.Random(seed)) for seed in range(n)]
    return [m for m in made if m is not None]


def test_near_misses_change_one_thing_that_the_answer_sentence_does_not_say() -> None:
    made = near_misses_of(WHEN)
    assert len({m.question for m in made}) > 5
    for miss in made:
        assert not miss.answerable
        assert miss.answers == ()
        ((start, end),) = miss.mismatch or ()
        new = miss.question[start:end].lower()
        assert miss.question != WHEN.question
        assert new not in CONTEXT.split(". ")[0].lower()
        assert miss.question.endswith(WHEN.question[len(WHEN.question) - (len(miss.question) - end) :])


def test_near_misses_swap_numbers_contrasts_and_negate() -> None:
    longest = replace(WHEN, question="What is the longest bridge of 1975 called?")
    questions = {m.question for m in near_misses_of(longest, 200)}
    assert any("shortest" in q for q in questions)
    assert any("1990" in q for q in questions)
    assert any("isn't" in q or "is never" in q for q in questions)


def test_words_of_leaves_out_the_first_word_of_a_sentence() -> None:
    words = words_of(CONTEXT)
    names = [name for name, _ in words.names]
    assert names == ["Arax", "Anna Petrova", "Tabriz", "May 1990", "Julfa"]
    assert dict(words.names)["Anna Petrova"] == "by"
    assert words.numbers == ("1975", "40", "1990")


def test_neighbours_are_alike_but_not_the_same() -> None:
    vectors = np.array([[1, 0], [0.5, 0.866], [0.99, 0.141], [0, 1]], dtype=np.float32)
    find = Neighbours({"queen": 0, "duke": 1, "monarch": 2, "melon": 3}, vectors)
    assert find("queen", ["duke", "monarch", "melon", "unknown"]) == ["duke"]


def test_speech_questions_are_supported_by_all_that_somebody_said() -> None:
    made = [e for seed in range(40) for e in speech_questions([("squad", "talks", QUOTES)], random.Random(seed))]
    said = [e for e in made if e.answerable and "Markova" in e.question and "about" not in e.question]
    silent = [e for e in made if not e.answerable]
    assert said
    assert silent
    for example in said:
        assert {QUOTES[a:b].split()[0] for a, b in example.support or ()} == {"“We", "Markova"}
        ((start, text),) = example.answers
        assert QUOTES[start : start + len(text)] == text
        assert text in ("We will sign the treaty before the summer", "the border must be open to everyone")
    assert any("Belov" in e.question for e in silent)
    assert not any("Markova" in e.question and "about" not in e.question for e in silent)


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
    lengths = {len(window.ids), len(window.types), len(window.sentence), len(window.mismatch)}
    assert len(lengths) == 1


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


def test_windows_put_the_history_in_front(windows: Windows) -> None:
    window = windows.cut(replace(WHEN, history=(("Which bridge?", "The one in Arax."),)), 128, random.Random(0))
    assert window is not None
    text = windows.tokenizer.decode(window.ids, skip_special_tokens=False)
    assert text.startswith("[CLS] which bridge? the one in arax. [SEP] when was the bridge over the arax opened? [SEP]")
    assert windows.tokenizer.decode(window.ids[window.start : window.end + 1]) == "1975"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [
        {
            "id": f"{n}-{answerable}", "source": "made", "title": f"Article_{n}", "context": f"{n} {CONTEXT}",
            "question": WHEN.question, "history": [], "support": None, "answerable": answerable,
            "answers": [[CONTEXT.index("1975") + len(str(n)) + 1, "1975"]] if answerable else [],
        }
        for n in range(150) for answerable in (True, False)
    ]  # fmt: skip
    for name in ("squad", "squadshifts", "doc2dial"):
        with gzip.open(tmp_path / f"train-{name}.jsonl.gz", "wt", encoding="utf-8") as lines:
            lines.writelines(json.dumps(row) + "\n" for row in rows)
    return tmp_path


def test_held_back_articles_are_apart_from_training_ones_and_the_same_in_every_set(folder: Path) -> None:
    kept, trained = list(held_back(folder)), training_part(folder)
    assert len(kept) + len(trained) == 900
    assert 0 < len(kept) < 90
    assert not {e.article for e in kept} & {e.article for e in trained}
    assert all(is_held_back(e.article) for e in kept)
    assert all(e.context[start : start + len(text)] == text for e in kept for start, text in e.answers)


def test_sets_without_a_stated_licence_can_be_left_out(folder: Path) -> None:
    assert [p.name for p in training_sets(folder, stated_licences_only=True)] == ["train-squad.jsonl.gz"]
    with pytest.raises(FileNotFoundError, match="--data"):
        training_sets(folder / "elsewhere")


def test_mixture_has_both_kinds_and_is_the_same_for_a_seed(folder: Path) -> None:
    examples = read_set(folder / "train-squad.jsonl.gz")
    maker = NearMisses(neighbours_of_nothing)

    def draw(seed: int) -> list[Example]:
        stream = iter(Mixture(examples, maker, seed))
        return [next(stream) for _ in range(300)]

    drawn = draw(4)
    assert drawn == draw(4)
    assert drawn != draw(5)
    assert 0.4 < sum(e.answerable for e in drawn) / len(drawn) < 0.72
    assert sum(KINDS.values()) == pytest.approx(1.0)


def test_condensed_passages_hold_all_of_the_support_in_order() -> None:
    filler = "It rained again and again. " * 100
    first, second = "Anna Petrova was born in Julfa.", "Julfa lies on the Arax."
    context = f"{first} {filler}{second} {filler}"
    spans = tuple((context.index(s), context.index(s) + len(s)) for s in (first, second))
    long = replace(WHEN, context=context, support=spans, answers=(), accepted=("the Arax",))
    short = condense(long, random.Random(0))
    assert [short.context[a:b] for a, b in short.support or ()] == [first, second]
    assert 40 < len(short.context.split()) <= 110
    ((start, text),) = short.answers
    assert short.context[start : start + len(text)] == "the Arax"


def test_passages_for_calibration_hold_the_answer() -> None:
    long = replace(WHEN, context=CONTEXT + " It rained again and again." * 200)
    passage = passage_around(long, max_words=60)
    assert passage is not None
    assert len(passage.text.split()) <= 60
    assert long.context[passage.sentences[0].start :].startswith(passage.text)
    assert supporting(long, passage) == {0}


def test_answer_f1_is_that_of_squad() -> None:
    assert answer_f1("the 102nd military base", ["102nd Military Base."]) == 1.0
    assert answer_f1("military base in Gyumri", ["military base"]) == pytest.approx(2 / 3)
    assert answer_f1("", []) == 1.0
    assert answer_f1("Gyumri", []) == 0.0
    assert answer_f1("", ["Gyumri"]) == 0.0
    assert set_f1({1, 2}, {2, 3}) == 0.5
    assert set_f1(set(), set()) == 1.0


def test_area_under_curve_counts_ties_as_half() -> None:
    assert area_under_curve([True, False, True, False], [0.9, 0.1, 0.8, 0.2]) == 1.0
    assert area_under_curve([True, False], [0.5, 0.5]) == 0.5
    assert area_under_curve([True, True, False], [0.1, 0.9, 0.5]) == 0.5
    assert np.isnan(area_under_curve([True], [0.5]))


def test_calibration_error_and_interval() -> None:
    assert expected_calibration_error([True, False] * 50, [0.5] * 100) == pytest.approx(0.0)
    assert expected_calibration_error([False] * 100, [0.8] * 100) == pytest.approx(0.8)
    low, high = interval(np.arange(100.0)[:, None], lambda rows: float(rows.mean()))
    assert low < 49.5 < high
    assert high - low == pytest.approx(2 * 1.96 * 28.9 / 10, rel=0.15)


def test_threshold_weighs_both_classes_the_same() -> None:
    probabilities = np.array([0.9, 0.8, 0.7, 0.6, 0.1, 0.2])
    missing = np.array([True, True, True, True, False, False])
    threshold, f1 = best_threshold(probabilities, missing, np.array([0, 0, 0, 0, 1.0, 1.0]))
    assert 0.2 <= threshold < 0.6
    assert f1 == pytest.approx(1.0)


def test_the_network_learns_what_it_is_shown(windows: Windows) -> None:
    import torch
    from transformers import BertConfig, BertModel

    from training.network import Batch, ReaderNetwork, losses

    torch.set_num_threads(1)  # two threads that wait for each other crawl on a busy machine
    torch.manual_seed(0)
    config = BertConfig(hidden_size=384, num_hidden_layers=1, num_attention_heads=4, intermediate_size=64)
    network = ReaderNetwork(BertModel(config, add_pooling_layer=False))
    miss = replace(WHEN, question="When was it closed?", answers=(), answerable=False, mismatch=((12, 18),))
    cut = [windows.cut(e, 96, random.Random(1)) for e in (WHEN, miss)]
    batch = Batch.of([w for w in cut if w is not None])
    optimiser = torch.optim.Adam([p for p in network.parameters() if p.requires_grad], lr=1e-3)
    totals = []
    for _ in range(15):
        tokens, no_answer = network(batch.ids, batch.types, batch.mask)
        parts = losses(tokens, no_answer, batch)
        total = torch.stack(list(parts.values())).sum()
        totals.append(float(total.detach()))
        optimiser.zero_grad()
        total.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    assert set(parts) == {"span", "plausible", "no answer", "support", "mismatch"}
    assert totals[-1] < 0.5 * totals[0]
    assert not any(p.requires_grad for p in network.encoder.embeddings.parameters())


def test_training_and_reading_pool_sentences_alike() -> None:
    import torch

    from assistant import reading
    from training.network import sentence_logits

    logits = np.array([0.5, 2.0, -1.0, 0.1, 3.0], dtype=np.float32)
    numbers = np.array([-1, 0, 0, 1, 1])
    pooled = sentence_logits(torch.tensor(logits)[None], torch.tensor(numbers)[None], 2)[0].numpy()
    np.testing.assert_allclose(pooled, reading.sentence_logits(logits, numbers, 2), atol=1e-5)


def test_training_finds_the_same_span_as_reading() -> None:
    import torch

    from assistant import reading
    from training.train_reader import best_span

    rng = np.random.default_rng(0)
    for _ in range(20):
        start, end = rng.normal(size=(2, 50)).astype(np.float32)
        ours = best_span(torch.tensor(start), torch.tensor(end))
        (expected,) = reading.best_spans(start[1:], end[1:], np.zeros(49, dtype=np.int64), null=0.0)
        assert ours[:2] == (expected[0] + 1, expected[1] + 1)
        assert ours[2] == pytest.approx(expected[2], abs=1e-4)


def follow_ups(question: str, context: str = CONTEXT) -> set[str]:
    example = replace(WHEN, id="q2", question=question, context=context)
    made = [follow_up(example, [WHEN, example], random.Random(seed)) for seed in range(20)]
    assert all(m is None or m.history == ((WHEN.question, "1975"),) for m in made)
    return {m.question for m in made if m is not None}


def test_follow_ups_put_a_pronoun_for_what_both_questions_name() -> None:
    assert follow_ups("Who built the bridge over the Arax?") == {
        "Who built the bridge over the Arax?",
        "Who built the bridge over it?",
    }
    assert "Who measured its depth?" in follow_ups("Who measured the Arax's depth?")
    assert "How deep is it?" in follow_ups("How deep is the Arax?")
    assert "Where did she live?" not in follow_ups("Where did Petrova live?")  # not in the first question
    assert follow_ups("Which Arax bridges fell?") <= {"Which Arax bridges fell?"}  # part of a longer phrase


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


def test_statements_become_questions_that_want_yes_or_no() -> None:
    counts = {"build": 3, "open": 5, "opene": 0}
    text = "The old bridge was opened by Anna Petrova, who left soon. “It fell,” she said. Petrova opened two schools."
    example = replace(WHEN, context=text, answers=())
    made = [yes_no_question(example, counts, random.Random(seed)) for seed in range(30)]
    assert all(m is not None and m.answerable and not m.answers and m.history == () for m in made)
    found = {m.question: text[slice(*(m.support or ((0, 0),))[0])] for m in made if m is not None}
    assert found == {
        "Was the old bridge opened by Anna Petrova?": text[:57],
        "Was the old bridge opened by Anna Petrova, who left soon?": text[:57],
        "Did Petrova open two schools?": "Petrova opened two schools.",
    }
    assert (
        yes_no_question(replace(example, context="When it was late, they left. Nobody knew."), counts, random.Random(0))
        is None
    )
