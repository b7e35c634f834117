"""The vector index finds what comparing with every vector finds, and its file is never trusted when damaged."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.library.vector_index import VectorIndex

DIMENSION = 8


def vectors_of(n: int, seed: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(n, DIMENSION)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def filled(ids: list[int], vectors: np.ndarray, generation: int = 3) -> VectorIndex:
    index = VectorIndex("model:1", DIMENSION, generation)
    index.add(np.array(ids, dtype=np.int64), vectors)
    return index


ranges_of_ids = st.lists(
    st.tuples(st.integers(1, 70), st.integers(0, 25)).map(lambda pair: (pair[0], pair[0] + pair[1])), max_size=3
)


@given(
    n=st.integers(0, 60),
    seed=st.integers(0, 2**31),
    removed=ranges_of_ids,
    ranges=st.none() | ranges_of_ids,
    k=st.integers(1, 70),
)
def test_search_equals_brute_force(
    n: int, seed: int, removed: list[tuple[int, int]], ranges: list[tuple[int, int]] | None, k: int
) -> None:
    vectors = vectors_of(n + 1, seed)
    query, vectors = vectors[-1], vectors[:-1]
    ids = list(range(1, n + 1))
    index = filled(ids, vectors)
    for first, last in removed:
        index.remove(first, last)
    left = [
        i for i in ids
        if not any(first <= i <= last for first, last in removed)
        and (ranges is None or any(first <= i <= last for first, last in ranges))
    ]  # fmt: skip
    expected = sorted(left, key=lambda i: -float(vectors[i - 1] @ query))[:k]
    found = index.search(query, k, ranges)
    assert len(found) == len(expected)
    # Ties of float rounding may change places: the scores decide.
    np.testing.assert_allclose([h.score for h in found], [vectors[i - 1] @ query for i in expected], atol=1e-5)
    assert {h.id for h in found} <= set(left)
    for hit in found:
        assert hit.score == pytest.approx(float(vectors[hit.id - 1] @ query), abs=1e-5)


@given(n=st.integers(0, 30), seed=st.integers(0, 2**31))
def test_save_then_load_is_identity(tmp_path: Path, n: int, seed: int) -> None:
    vectors = vectors_of(n + 1, seed)
    index = filled(list(range(5, 5 + n)), vectors[:n], generation=seed)
    index.save(tmp_path / "v")
    loaded = VectorIndex.load(tmp_path / "v", "model:1", DIMENSION)
    assert loaded is not None
    assert (len(loaded), loaded.generation, loaded.fingerprint) == (n, seed, "model:1")
    assert loaded.search(vectors[-1], 50) == index.search(vectors[-1], 50)
    assert [path.name for path in tmp_path.iterdir()] == ["v"]


@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_any_flipped_bit_is_noticed(tmp_path: Path, where: float, bit: int) -> None:
    filled([1, 2, 3], vectors_of(3, 1)).save(tmp_path / "v")
    content = bytearray((tmp_path / "v").read_bytes())
    content[int(where * len(content))] ^= 1 << bit
    (tmp_path / "v").write_bytes(content)
    assert VectorIndex.load(tmp_path / "v", "model:1", DIMENSION) is None


@given(kept=st.floats(0, 1, exclude_max=True))
def test_any_truncation_is_noticed(tmp_path: Path, kept: float) -> None:
    filled([1, 2, 3], vectors_of(3, 1)).save(tmp_path / "v")
    content = (tmp_path / "v").read_bytes()
    (tmp_path / "v").write_bytes(content[: int(kept * len(content))])
    assert VectorIndex.load(tmp_path / "v", "model:1", DIMENSION) is None


def test_a_file_of_another_model_or_none_gives_none(tmp_path: Path) -> None:
    filled([1], vectors_of(1, 1)).save(tmp_path / "v")
    assert VectorIndex.load(tmp_path / "v", "model:2", DIMENSION) is None
    assert VectorIndex.load(tmp_path / "v", "model:1", DIMENSION + 1) is None
    assert VectorIndex.load(tmp_path / "w", "model:1", DIMENSION) is None
    assert VectorIndex.load(tmp_path, "model:1", DIMENSION) is None
    for content in (
        b"",
        b"\n",
        b"article-assistant vectors 1\n[]\n",
        b"article-assistant vectors 1\n3\n",
        b"\xff\n\xff",
    ):
        (tmp_path / "v").write_bytes(content)
        assert VectorIndex.load(tmp_path / "v", "model:1", DIMENSION) is None


def test_a_save_that_fails_leaves_the_old_file_whole(tmp_path: Path) -> None:
    index = filled([1, 2], vectors_of(2, 1))
    with pytest.raises(OSError):
        index.save(tmp_path / "missing" / "v")
    index.save(tmp_path / "v")
    before = (tmp_path / "v").read_bytes()
    (tmp_path / "w").mkdir()
    with pytest.raises(OSError):
        index.save(tmp_path / "w")
    assert (tmp_path / "v").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["v", "w"]


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
@pytest.mark.parametrize(("folder", "file"), [(0o755, 0o644), (0o700, 0o600), (0o775, 0o664)])
def test_who_may_read_the_folder_may_read_the_file(tmp_path: Path, folder: int, file: int) -> None:
    tmp_path.chmod(folder)
    VectorIndex("model", 4).save(tmp_path / "vectors.faiss")
    assert (tmp_path / "vectors.faiss").stat().st_mode & 0o777 == file


def test_reset_empties() -> None:
    index = filled([1, 2], vectors_of(2, 1))
    index.reset()
    assert len(index) == 0
    assert index.search(vectors_of(1, 2)[0], 5) == []
