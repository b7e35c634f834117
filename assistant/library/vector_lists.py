"""Choosing the lists of a large vector index: k-means over a sample, and as many lists looked into as recall asks for."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from assistant.library.vector_index import Ids, VectorIndex
from assistant.networks.embeddings import Vectors

# On two cores a million vectors are trained and filled in about a minute; with four times as many lists, in three, and a
# search takes as long.
LISTS_BY_ROOT = 2
VECTORS_A_LIST = 40  # in the sample; FAISS warns of fewer than 39
ROUNDS = 8
WANTED_RECALL = 0.99
N_QUERIES = 200
N_NEAREST = 10
N_FOUND = 100  # whose scores are computed anew from the vectors as they are kept

GoesOn = Callable[[], bool]


def sample_size(n_vectors: int) -> int:
    """Returns how many vectors are needed to choose the lists for so many."""
    return min(n_vectors, VECTORS_A_LIST * _n_lists(n_vectors))


def with_lists(
    empty: VectorIndex, n_vectors: int, sample: Vectors, parts: Iterable[tuple[Ids, Vectors]], goes_on: GoesOn
) -> VectorIndex | None:
    """Returns an index with lists that holds all vectors; None if it was told not to go on.

    Args:
        empty: whose fingerprint, dimension and generation it gets.
        n_vectors: about so many there are.
        sample: some of them, float32, shape (`sample_size(n_vectors)`, d).
        parts: ids and unit vectors of them all, shapes (m,) and (m, d), in parts.
        goes_on: asked now and then.
    """
    import faiss

    # Questions that are asked meanwhile have the other half of the machine.
    faiss.omp_set_num_threads(max(1, (os.cpu_count() or 1) // 2))
    centroids = _centroids(sample, _n_lists(n_vectors), goes_on)
    if centroids is None:
        return None
    quantizer: Any = faiss.IndexFlatIP(empty.dimension)
    quantizer.add(centroids)
    lists = faiss.IndexIVFScalarQuantizer(
        quantizer, empty.dimension, len(centroids), faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    lists.own_fields = True
    quantizer.this.disown()
    lists.train(sample)
    index = VectorIndex(empty.fingerprint, empty.dimension, empty.generation, lists, n_vectors, 1)
    nearest = _Nearest(_queries(sample))
    for ids, vectors in parts:
        if not goes_on():
            return None
        index.add(ids, vectors)
        nearest.look_at(ids, vectors)
    index.n_probed = _n_probed(index, nearest)
    return index


def _n_lists(n_vectors: int) -> int:
    return max(1, min(int(LISTS_BY_ROOT * math.sqrt(n_vectors)), n_vectors // VECTORS_A_LIST))


def _centroids(sample: Vectors, n_lists: int, goes_on: GoesOn) -> Vectors | None:
    """Returns the centres of the lists, unit vectors, shape (n_lists, d): spherical k-means, which may be stopped."""
    import faiss

    if len(sample) < n_lists:
        return None  # nearly everything was removed meanwhile
    numbers = np.random.default_rng(0)
    centroids = sample[numbers.choice(len(sample), n_lists, replace=False)]
    for _ in range(ROUNDS):
        if not goes_on():
            return None
        means: Any = faiss.Kmeans(
            sample.shape[1],
            n_lists,
            niter=1,
            spherical=True,
            min_points_per_centroid=1,
            max_points_per_centroid=len(sample),
        )
        means.train(sample, init_centroids=centroids)
        centroids = means.centroids
    return centroids


def _queries(sample: Vectors) -> Vectors:
    """Returns what stands for questions: near one sentence, a little towards another, and beside them all."""
    numbers = np.random.default_rng(1)
    one, other = (sample[numbers.integers(len(sample), size=N_QUERIES)] for _ in range(2))
    noise = numbers.normal(size=one.shape) / math.sqrt(one.shape[1])
    mixed = one + 0.5 * other + 0.5 * noise
    return np.asarray(mixed / np.linalg.norm(mixed, axis=1, keepdims=True), np.float32)


class _Nearest:
    """The nearest vectors of some queries among all that were looked at, found by comparing with each."""

    def __init__(self, queries: Vectors) -> None:
        self.queries = queries
        self._scores = np.full((len(queries), N_NEAREST), -np.inf, np.float32)
        self.ids = np.full((len(queries), N_NEAREST), -1, np.int64)

    def look_at(self, ids: Ids, vectors: Vectors) -> None:
        scores = np.hstack([self._scores, self.queries @ vectors.T])
        everybody = np.hstack([self.ids, np.broadcast_to(ids, (len(self.queries), len(ids)))])
        best = np.argpartition(-scores, N_NEAREST - 1, axis=1)[:, :N_NEAREST]
        self._scores = np.take_along_axis(scores, best, axis=1)
        self.ids = np.take_along_axis(everybody, best, axis=1)


def _n_probed(index: VectorIndex, nearest: _Nearest) -> int:
    """Returns into how few lists a search may look to find `WANTED_RECALL` of what is nearest."""
    n_lists = int(index._index.nlist)
    index.n_probed = 1
    while index.n_probed < n_lists:
        found = 0
        for query, ids in zip(nearest.queries, nearest.ids, strict=True):
            found += len({hit.id for hit in index.search(query, N_FOUND)} & set(ids.tolist()))
        if found >= WANTED_RECALL * (nearest.ids >= 0).sum():
            break
        index.n_probed = min(2 * index.n_probed, n_lists)
    return index.n_probed
