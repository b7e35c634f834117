"""The vector index of a library: loaded from its file or rebuilt, and kept up with what SQLite holds."""

from __future__ import annotations

import contextlib
import threading
import time
import uuid
from collections.abc import Sequence

import numpy as np

from assistant.errors import StoreError
from assistant.library.sqlite_file import SqliteFile
from assistant.library.sqlite_rows import checked_vector
from assistant.library.store import Hit
from assistant.library.vector_index import Range, VectorIndex
from assistant.networks.embeddings import Vectors

VECTORS = "vectors.faiss"

_STALE_SECONDS = 3600
_BATCH = 5000


class LibraryIndex:
    """A vector index that is derived from SQLite, never the other way round.

    Attributes:
        model: fingerprint of the embedding model whose vectors the library holds.
        vectors: the index itself.
    """

    def __init__(self, file: SqliteFile, fingerprint: str, dimension: int) -> None:
        self._file = file
        self._path = file.path.parent / VECTORS
        self._lock = threading.RLock()
        self._fingerprint = fingerprint
        self._saved_generation = -1
        self._note_model(fingerprint)
        self.model = self._stored_model() or fingerprint
        self.vectors = self._load(dimension)

    def search(self, vector: Vectors, n: int, ranges: Sequence[Range] | None) -> list[Hit]:
        """Returns the n ids with the highest cosine, best first, as of the library's last change."""
        with self._lock:
            self._catch_up()
            return self.vectors.search(vector, n, ranges)

    def save(self) -> None:
        """Writes the file if the index is ahead of it.

        Raises:
            StoreError: if it cannot be written; the articles are in SQLite all the same.
        """
        with self._lock:
            if self._file.read_only or self._stored_model() != self._fingerprint:
                return  # another process gave the library another model's vectors: this index is not its own
            self._catch_up()
            if self.vectors.generation == self._saved_generation:
                return
            try:
                self.vectors.save(self._path)
            except OSError as error:
                raise StoreError(
                    f"The vector index {self._path} cannot be written: {error.strerror}. What the library holds stays, "
                    "and the index is made anew from it at each opening. Free some space, or move away what is in its place."
                ) from error
            self._saved_generation = self.vectors.generation

    def rebuild(self, fingerprint: str = "", dimension: int = 0) -> None:
        """Makes the index anew from SQLite, for another model's vectors where one is named."""
        with self._lock:
            if fingerprint:
                self.model = self._fingerprint = fingerprint
            self.vectors = self._rebuilt(dimension or self.vectors.dimension)

    def require_same_model(self) -> None:
        """Refuses to mix vectors of two models.

        Raises:
            StoreError: if the library holds another model's vectors by now.
        """
        stored = self._stored_model()
        if stored != self._fingerprint:
            raise StoreError(
                f"The library {self._path.parent} has by now vectors of the embedding model {stored}, here "
                f"{self._fingerprint} is used. Name one model everywhere (ASSISTANT_EMBEDDING_MODEL), and open the "
                "library again."
            )

    def _note_model(self, fingerprint: str) -> None:
        """Notes in a new library which model made its vectors, and which library it is."""
        if not (self._stored_model() and self._file.meta("library")) and not self._file.read_only:
            with self._file.transaction() as connection:
                connection.execute(
                    "INSERT OR IGNORE INTO meta (key, value) VALUES ('embedding_model', ?)", (fingerprint,)
                )
                connection.execute("INSERT OR IGNORE INTO meta (key, value) VALUES ('library', ?)", (uuid.uuid4().hex,))

    def _stored_model(self) -> str:
        return self._file.meta("embedding_model")

    def _stamp(self) -> str:
        """Returns what an index file must bear: the model and the library, or one left behind by another would fit."""
        return f"{self._fingerprint} {self._file.meta('library')}"

    def _load(self, dimension: int) -> VectorIndex:
        for leftover in self._path.parent.glob(VECTORS + ".*.tmp"):
            # Another process may just have renamed its own, which is why it is young.
            with contextlib.suppress(OSError):
                if time.time() - leftover.stat().st_mtime > _STALE_SECONDS and not self._file.read_only:
                    leftover.unlink()
        if self.model != self._fingerprint:
            return VectorIndex(self._stamp(), dimension)
        index = VectorIndex.load(self._path, self._stamp(), dimension)
        if index is None or index.generation > self._file.generation():
            if not self._file.read_only:
                # Of a restored backup's future: its generations will be reached again with other vectors.
                with contextlib.suppress(OSError):
                    self._path.unlink(missing_ok=True)
            return self._rebuilt(dimension)
        self._saved_generation = index.generation
        return index

    def _rebuilt(self, dimension: int) -> VectorIndex:
        """Returns a new index made from the vectors in SQLite, read in one snapshot."""
        connection = self._file.connection()
        connection.execute("BEGIN")
        try:
            self.require_same_model()
            index = VectorIndex(self._stamp(), dimension, self._file.generation())
            cursor = connection.execute("SELECT sentence_id, vector, checksum FROM vectors ORDER BY sentence_id")
            while rows := cursor.fetchmany(_BATCH):
                _put(index, rows)
            return index
        finally:
            connection.execute("ROLLBACK")

    def _catch_up(self) -> None:
        """Replays what other threads and processes changed since this index's generation."""
        generation = self._file.generation()
        if generation == self.vectors.generation:
            return
        with self._file.translated():
            changes = self._file.rows(
                f"SELECT generation, kind, first_id, last_id, {self._file.sound('changes')} FROM changes "
                "WHERE generation > ? ORDER BY generation",
                (self.vectors.generation,),
            )
            if len(changes) != generation - self.vectors.generation or any(
                kind == "vectors" or not is_sound for _, kind, *_, is_sound in changes
            ):
                self.vectors = self._rebuilt(self.vectors.dimension)
                return
            for number, kind, first, last, _ in changes:
                if kind == "remove":
                    self.vectors.remove(first, last)
                elif kind == "add":
                    self._put_range(first, last)
                self.vectors.generation = number

    def _put_range(self, first: int, last: int) -> None:
        sql = "SELECT sentence_id, vector, checksum FROM vectors WHERE sentence_id BETWEEN ? AND ? ORDER BY sentence_id"
        _put(self.vectors, self._file.rows(sql, (first, last)))


def _put(index: VectorIndex, rows: Sequence[tuple[int, bytes, int]]) -> None:
    if rows:
        index.add(np.array([row[0] for row in rows]), np.stack([checked_vector(*row) for row in rows]))
