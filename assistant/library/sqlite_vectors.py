"""The vectors of sentences as a library keeps them: read in parts, each checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from assistant.library.sqlite_file import SqliteFile
from assistant.library.sqlite_rows import checked_vector, in_parts
from assistant.library.store import Hit
from assistant.library.vector_index import Ids, Range, in_order
from assistant.networks.embeddings import Vectors

_BATCH = 5000
_SELECT = "SELECT sentence_id, vector, checksum FROM vectors WHERE"


class KeptVectors:
    """Reads vectors. Every method raises StoreError where one is damaged."""

    def __init__(self, file: SqliteFile) -> None:
        """Stores what they are read from."""
        self._file = file

    def of(self, ids: Iterable[int]) -> dict[int, Vectors]:
        """Returns the unit vectors of these sentences; those that are gone are left out."""
        found: dict[int, Vectors] = {}
        for part in in_parts(list(ids)):
            for row in self._file.rows(f"{_SELECT} sentence_id IN ({','.join('?' * len(part))})", part):
                found[row[0]] = checked_vector(*row)
        return found

    def within(self, first: int, last: int) -> Iterator[tuple[Ids, Vectors]]:
        """Yields ids and vectors of the sentences from `first` to `last`, both included, in parts, shapes (m,) and (m, d)."""
        sql = f"{_SELECT} sentence_id BETWEEN ? AND ? ORDER BY sentence_id LIMIT {_BATCH}"
        while rows := self._file.rows(sql, (first, last)):
            yield np.array([row[0] for row in rows], np.int64), np.stack([checked_vector(*row) for row in rows])
            first = rows[-1][0] + 1

    def sample(self, n: int, last: int) -> Vectors:
        """Returns the vectors of about n sentences up to the id `last`, all alike likely, shape (m, d)."""
        ids = [i for (i,) in self._file.rows("SELECT id FROM sentences WHERE id <= ?", (last,))]
        chosen = np.random.default_rng(0).choice(np.array(ids, np.int64), min(n, len(ids)), replace=False)
        return np.array(list(self.of(sorted(chosen.tolist())).values()), np.float32)

    def nearest(self, vector: Vectors, n: int, ranges: Sequence[Range]) -> list[Hit]:
        """Returns the n sentences of these ranges with the highest cosine, best first, each compared with."""
        parts = [part for first, last in ranges for part in self.within(first, last)]
        return _best([(i, float(s)) for ids, found in parts for i, s in zip(ids, found @ vector, strict=True)], n)

    def compared(self, vector: Vectors, hits: Sequence[Hit], n: int) -> list[Hit]:
        """Returns the n of some hits with the highest cosine, best first, with that for their score."""
        return _best([(i, float(other @ vector)) for i, other in self.of(hit.id for hit in hits).items()], n)


def _best(scored: Iterable[tuple[int, float]], n: int) -> list[Hit]:
    return in_order(Hit(int(i), score) for i, score in scored)[:n]
