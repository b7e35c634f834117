"""The FAISS vector index: derived from the store, never trusted without its checksum."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.library.store import Hit
from assistant.library.vector_file import open_index_file, write_index_file
from assistant.networks.embeddings import Vectors

Ids = NDArray[np.int64]
Range = tuple[int, int]

_DIGITS = 6  # of a cosine; float32 keeps no more
_PART = 1 << 20  # bytes that are read at once


class VectorIndex:
    """Inner-product search over unit vectors with the store's sentence ids.

    Of two kinds. A flat index compares with every vector, as given. One with lists compares with those in the lists nearest to
    the query, in 8 bits a dimension: its scores are near the cosines, and it may miss some.

    Attributes:
        fingerprint: of the embedding model that made the vectors.
        dimension: d.
        generation: the store's generation that this index shows.
        n_trained: how many vectors there were when the lists were chosen; 0 for a flat index.
        n_probed: how many lists a search over everything looks into; 0 for a flat index.
    """

    def __init__(
        self,
        fingerprint: str,
        dimension: int,
        generation: int = 0,
        lists: Any = None,
        n_trained: int = 0,
        n_probed: int = 0,
    ) -> None:
        import faiss

        self.fingerprint = fingerprint
        self.dimension = dimension
        self.generation = generation
        self.n_trained = n_trained
        self.n_probed = n_probed
        # Native ids: an IDMap over lists removes others than it is told to.
        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension)) if lists is None else lists

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def is_exact(self) -> bool:
        """Whether every vector is compared with, and scores are cosines."""
        return not self.n_trained

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Adds vectors, shape (n, d), under ids that are not in the index yet, shape (n,)."""
        if len(ids):
            self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), np.ascontiguousarray(ids, np.int64))

    def remove(self, first: int, last: int) -> None:
        """Removes the ids from `first` to `last`, both included."""
        import faiss

        self._index.remove_ids(faiss.IDSelectorRange(first, last + 1))

    def reset(self) -> None:
        """Removes every vector."""
        self._index.reset()

    def search(self, vector: Vectors, n: int, ranges: Sequence[Range] | None = None) -> list[Hit]:
        """Returns the n ids with the highest score, best first.

        Args:
            vector: unit vector, shape (d,).
            n: at most so many.
            ranges: only ids within one of these (first, last), both included; None for all.
        """
        import faiss

        n = min(n, len(self))
        if n <= 0 or ranges == []:
            return []
        # Threads of FAISS's own wait by spinning, and one query is no work for several.
        faiss.omp_set_num_threads(1)
        query = np.ascontiguousarray(vector, np.float32).reshape(1, -1)
        # The selector must outlive the search: the parameters hold no reference to it.
        selector = None if ranges is None else _selector(ranges)
        scores, ids = self._index.search(query, n, params=self._parameters(selector, ranges))
        return in_order(Hit(int(i), float(s)) for i, s in zip(ids[0], scores[0], strict=True) if i >= 0)

    def _parameters(self, selector: Any, ranges: Sequence[Range] | None) -> Any:
        import faiss

        flat: Any = faiss.SearchParameters
        with_lists: Any = faiss.SearchParametersIVF
        if self.is_exact:
            return None if selector is None else flat(sel=selector)
        if ranges is None:
            return with_lists(nprobe=self.n_probed)
        # Where a filter leaves a tenth, ten times as many lists hold as many of what is chosen.
        share = sum(last - first + 1 for first, last in ranges) / len(self)
        return with_lists(sel=selector, nprobe=min(self._index.nlist, math.ceil(self.n_probed / min(1.0, share))))

    def save(self, path: Path) -> None:
        """Writes the index to a file, which is the old one or the new one at every moment. Raises OSError if it cannot."""
        header = {"fingerprint": self.fingerprint, "dimension": self.dimension, "generation": self.generation}
        if not self.is_exact:
            header |= {"trained": self.n_trained, "probed": self.n_probed}
        write_index_file(
            path, header, lambda write: _faiss().write_index(self._index, _faiss().PyCallbackIOWriter(write))
        )

    @classmethod
    def load(cls, path: Path, fingerprint: str, dimension: int) -> VectorIndex | None:
        """Returns the index of a file, None where it is missing, damaged, or of another model."""
        opened = open_index_file(path)
        if opened is None:
            return None
        header, file = opened
        with file:
            if header.get("fingerprint") != fingerprint or header.get("dimension") != dimension:
                return None
            # In parts, so that its bytes are in memory once: the checksum asks for all of them anyway.
            index = _faiss().read_index(_faiss().PyCallbackIOReader(file.read, _PART))
        trained, probed = int(header.get("trained", 0)), int(header.get("probed", 0))
        return cls(fingerprint, dimension, int(header["generation"]), index, trained, probed)

    @staticmethod
    def is_sound(path: Path) -> bool:
        """Whether a file is an index as it was written, of whichever model."""
        opened = open_index_file(path)
        if opened is not None:
            opened[1].close()
        return opened is not None


def in_order(hits: Iterable[Hit]) -> list[Hit]:
    """Returns hits best first; those that differ in rounding alone, as equal sentences do, in order of id."""
    return sorted(hits, key=lambda hit: (-round(hit.score, _DIGITS), hit.id))


def _faiss() -> Any:
    """Returns FAISS without its types, which lack some of what it has."""
    import faiss

    return faiss


def _selector(ranges: Sequence[Range]) -> Any:
    import faiss

    if len(ranges) == 1:
        return faiss.IDSelectorRange(ranges[0][0], ranges[0][1] + 1)
    # A bit an id: the ranges of ten thousand articles are looked up as fast as those of two.
    chosen = np.zeros(max(last for _, last in ranges) + 1, bool)
    for first, last in ranges:
        chosen[first : last + 1] = True
    selector: Any = faiss.IDSelectorBitmap
    return selector(np.packbits(chosen, bitorder="little"))
