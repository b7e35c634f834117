"""Which vectors are near one: exactly where few are looked through, by an HNSW index where there are many."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Sequence
from typing import Any

from assistant.errors import StoreError
from assistant.library.postgres_database import PostgresDatabase, Statements
from assistant.library.postgres_errors import psycopg_module
from assistant.library.postgres_rows import insert_vectors, text_of, vector_of
from assistant.library.postgres_schema import INDEXING, LOCKS
from assistant.library.sqlite_rows import in_parts
from assistant.library.store import Hit
from assistant.library.vector_index import Range
from assistant.networks.embeddings import Vectors

_LOG = logging.getLogger(__name__)

INDEX = "vectors_by_cosine"
MAX_INDEXED_DIMENSION = 4000  # of halfvec in pgvector's HNSW
MAX_EXACT = 10_000
"""Up to so many vectors all are looked through: `python -m benchmarks.postgres` prints what that takes."""
N_LOOKED_AT = 128
"""Neighbours that are looked at for each vector when the index is made. With 64, pgvector's own choice, recall@10 among 200,000
was 0.9965 once and 0.9820 the next time: what is made is never quite the same."""
N_MORE = 2
"""So many times what is asked for is taken from the index, whose numbers have 16 bits, and put in order by all 32."""
N_COMPARED = 10
"""So many vectors are compared with in the time that the index takes for one more."""
N_SPARE = 1.5
"""So many times as many again where a part is searched: chosen articles may have fewer of what is near than their share."""

_BUILDING = {"maintenance_work_mem": "512MB", "max_parallel_maintenance_workers": "2", "lock_timeout": "0"}


class VectorTable:
    """The vectors of a library. May be shared by threads."""

    def __init__(
        self, database: PostgresDatabase, dimension: int, max_exact: int = MAX_EXACT, n_compared: int = N_COMPARED
    ) -> None:
        """Stores the database, how many numbers a vector has, up to how many vectors all are looked through, and `N_COMPARED`."""
        self._max_exact = max_exact
        self._n_compared = n_compared
        self._database = database
        self.dimension = dimension
        self._has_index = False
        self._building: threading.Thread | None = None
        self._lock = threading.Lock()

    def search(self, vector: Vectors, n: int, ranges: Sequence[Range] | None, n_all: int) -> list[Hit]:
        """Returns the n ids with the highest cosine to a unit vector, best first.

        Args:
            vector: float32, shape (d,).
            n: how many at most.
            ranges: of ids that are looked through; None for all.
            n_all: how many vectors there are.
        """
        n_chosen = n_all if ranges is None else sum(last - first + 1 for first, last in ranges)
        n = min(n, n_chosen)
        if n <= 0:
            return []
        if n_chosen > self._max_exact and self._is_indexed():
            n_near = N_MORE * n if n_chosen == n_all else math.ceil(N_SPARE * N_MORE * n * n_all / n_chosen)
            found = self._near(text_of(vector), n, n_near, ranges) if n_near * self._n_compared <= n_chosen else []
            # What was chosen may have too little of what is near, or the scan ends too early: then all of it is looked through.
            if len(found) == n:
                return found
        elif n_chosen > self._max_exact:
            self._build_aside()
        return self._exactly(text_of(vector), n, ranges)

    def of(self, ids: Sequence[int]) -> dict[int, Vectors]:
        """Returns the unit vectors of these sentences."""
        found: dict[int, Vectors] = {}
        for part in in_parts([int(i) for i in ids]):
            sql = "SELECT sentence_id, vector_send(vector) FROM vectors WHERE sentence_id = ANY (?::bigint[])"
            found |= {i: vector_of(sent) for i, sent in self._database.rows(sql, (part,))}
        return found

    def replace(self, db: Statements, ids: Sequence[int], vectors: Vectors) -> None:
        """Puts other vectors in the place of all, in the caller's transaction; they have no index for now."""
        db.execute(f"DROP INDEX IF EXISTS {INDEX}")
        db.execute("DELETE FROM vectors")
        insert_vectors(db, ids, vectors)
        self.dimension = int(vectors.shape[1])
        self._has_index = False

    def build_index(self) -> None:
        """Makes the index if there are vectors enough and there is none; others read and write meanwhile.

        Raises:
            StoreError: if it cannot be made; what is searched is found all the same, only later.
        """
        if self._building is not None and self._building is not threading.current_thread():
            self._building.join()
        if self._database.read_only or self.dimension > MAX_INDEXED_DIMENSION or self._is_indexed():
            return
        (n,) = self._database.row("SELECT coalesce(sum(last_id - first_id + 1), 0) FROM articles")
        if n > self._max_exact:
            with self._database.connection() as connection:
                self._build(connection)

    def _build_aside(self) -> None:
        """Begins to make the index in a thread of its own, where that has not begun."""
        with self._lock:
            if self._building is None or not self._building.is_alive():
                self._building = threading.Thread(target=self._build_quietly, name="vector index", daemon=True)
                self._building.start()

    def _is_indexed(self) -> bool:
        if not self._has_index:
            sql = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(?)"
            self._has_index = bool((self._database.row(sql, (INDEX,)) or [False])[0])
        return self._has_index

    def _near(self, vector: str, n: int, n_near: int, ranges: Sequence[Range] | None) -> list[Hit]:
        """Returns the n nearest of these ranges among the `n_near` nearest of all.

        Asked for a range in the scan itself, the server takes it for cheaper to compare all of that.
        """
        form = f"halfvec({self.dimension})"
        condition, values = _within(ranges)
        rows = self._database.rows(
            f"WITH near AS MATERIALIZED (SELECT sentence_id, vector FROM vectors ORDER BY vector::{form} <#> ?::{form} LIMIT ?) "
            f"SELECT sentence_id, -(vector <#> ?::vector) AS cosine FROM near {condition} "
            "ORDER BY cosine DESC, sentence_id LIMIT ?",
            (vector, n_near, vector, *values, n),
        )
        return [Hit(i, cosine) for i, cosine in rows]

    def _exactly(self, vector: str, n: int, ranges: Sequence[Range] | None) -> list[Hit]:
        condition, values = _within(ranges)
        # Materialized: what is ordered is no index then.
        rows = self._database.rows(
            f"WITH chosen AS MATERIALIZED (SELECT sentence_id, -(vector <#> ?::vector) AS cosine FROM vectors {condition}) "
            "SELECT sentence_id, cosine FROM chosen ORDER BY cosine DESC, sentence_id LIMIT ?",
            (vector, *values, n),
        )
        return [Hit(i, cosine) for i, cosine in rows]

    def _build_quietly(self) -> None:
        try:
            self.build_index()
        except StoreError as error:
            _LOG.warning("%s Vectors are looked through one by one meanwhile.", error)

    def _build(self, connection: Any) -> None:
        (mine,) = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (LOCKS, INDEXING)).fetchone()
        if not mine:
            return  # another process is at it
        before = {name: connection.execute("SELECT current_setting(%s)", (name,)).fetchone()[0] for name in _BUILDING}
        try:
            row = connection.execute(
                "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", (INDEX,)
            ).fetchone()
            if row and row[0]:
                return
            _set(connection, _BUILDING)
            try:
                self._create(connection)
            except psycopg_module().errors.DiskFull:
                # Workers share memory in /dev/shm, which is small in some containers.
                _set(connection, {"max_parallel_maintenance_workers": "0"})
                self._create(connection)
        finally:
            if not connection.closed:
                _set(connection, before)
                connection.execute("SELECT pg_advisory_unlock(%s, %s)", (LOCKS, INDEXING))

    def _create(self, connection: Any) -> None:
        connection.execute(f"DROP INDEX IF EXISTS {INDEX}")  # one whose making was interrupted
        connection.execute(
            f"CREATE INDEX CONCURRENTLY {INDEX} ON vectors "
            f"USING hnsw ((vector::halfvec({self.dimension})) halfvec_ip_ops) WITH (ef_construction = {N_LOOKED_AT})"
        )


def _set(connection: Any, values: dict[str, str]) -> None:
    for name, value in values.items():
        connection.execute("SELECT set_config(%s, %s, false)", (name, value))


def _within(ranges: Sequence[Range] | None) -> tuple[str, tuple[Any, ...]]:
    """Returns a condition that chooses the ids in some ranges, and its values."""
    if ranges is None:
        return "", ()
    if len(ranges) == 1:
        return "WHERE sentence_id BETWEEN ? AND ?", tuple(ranges[0])
    parts = ",".join(f"[{first},{last}]" for first, last in ranges)
    return "WHERE sentence_id BETWEEN ? AND ? AND sentence_id <@ ?::int8multirange", (
        min(first for first, _ in ranges), max(last for _, last in ranges), f"{{{parts}}}",
    )  # fmt: skip
