"""The vector index of a library: loaded from its file or rebuilt, kept up with what SQLite holds, and of the kind that fits."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.errors import StoreError
from assistant.library.sqlite_file import SqliteFile
from assistant.library.sqlite_vectors import KeptVectors
from assistant.library.store import Hit
from assistant.library.vector_index import Range, VectorIndex
from assistant.library.vector_lists import N_FOUND, GoesOn, sample_size, with_lists
from assistant.networks.embeddings import Vectors

VECTORS = "vectors.faiss"

_STALE_SECONDS = 3600
_CLOSE_SECONDS = 30.0  # in which an index that is being made when the library is closed may be finished
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IndexSizes:
    """From how many sentences on a library is searched in which way.

    Attributes:
        max_flat: so many are compared one by one; of more, those in the lists nearest to the question.
        max_exact: where so few are chosen out of more than `max_flat`, each is compared with, as it is kept.
        growth: the lists are chosen anew where there are so many times as many sentences as when they were chosen.
        behind: the index is brought up to date once so many were added, however long nobody searches.
    """

    max_flat: int = 200_000
    max_exact: int = 2_000
    growth: float = 4.0
    behind: int = 10_000


class LibraryIndex:
    """A vector index that is derived from SQLite, never the other way round.

    Attributes:
        model: fingerprint of the embedding model whose vectors the library holds.
        vectors: the index itself.
        kept: the vectors in SQLite.
    """

    def __init__(self, file: SqliteFile, fingerprint: str, dimension: int, sizes: IndexSizes) -> None:
        self._file = file
        self._sizes = sizes
        self.kept = KeptVectors(file)
        self._making: threading.Thread | None = None
        self._given_up = self._closing = False
        self._n_behind = 0
        self._path = file.path.parent / VECTORS
        self._lock = threading.RLock()
        self._fingerprint = fingerprint
        self._saved = (-1, 0)
        self._note_model(fingerprint)
        self.model = self._stored_model() or fingerprint
        self.vectors = self._load(dimension)

    def search(self, vector: Vectors, n: int, ranges: Sequence[Range] | None) -> list[Hit]:
        """Returns the n ids with the highest cosine, best first, as of the library's last change."""
        with self._lock:
            self._catch_up()
            if self.vectors.is_exact:
                return self.vectors.search(vector, n, ranges)
            found = None
            if ranges is None or sum(last - first + 1 for first, last in ranges) > self._sizes.max_exact:
                # Lists are in 8 bits: twice as many are found, and compared as they are kept.
                found = self.vectors.search(vector, max(2 * n, N_FOUND), ranges)
        return self.kept.nearest(vector, n, ranges or []) if found is None else self.kept.compared(vector, found, n)

    def follow(self, n_added: int) -> None:
        """Brings the index up to date once enough was added, so that it grows with the library, not at its next search."""
        self._n_behind += n_added
        if self._n_behind >= self._sizes.behind:
            # What was added is added: that the index cannot follow is told to who searches.
            with self._lock, contextlib.suppress(StoreError):
                self._n_behind = 0
                self._catch_up()
            if len(self.vectors) > 2 * self._sizes.max_flat and self.vectors.is_exact:
                self.settle()  # who adds faster than lists are made waits for them, or memory would grow

    def settle(self, seconds: float | None = None) -> None:
        """Waits until an index that is being made in the background is in use, or was given up; at most so long."""
        with self._lock:
            making = self._making
        if making is not None:
            making.join(seconds)

    def close(self) -> None:
        """Lets an index that is being made be finished, if that is soon; the file is not written."""
        if not self._file.read_only:
            self.settle(_CLOSE_SECONDS)
        self._closing = True
        self.settle()

    def save(self) -> None:
        """Writes the file if the index is ahead of it.

        Raises:
            StoreError: if it cannot be written; the articles are in SQLite all the same.
        """
        with self._lock:
            if self._file.read_only or self._stored_model() != self._fingerprint:
                return  # another process gave the library another model's vectors: this index is not its own
            self._catch_up()
            shown = (self.vectors.generation, self.vectors.n_trained)
            if shown == self._saved:
                return
            try:
                self.vectors.save(self._path)
            except OSError as error:
                raise StoreError(
                    f"The vector index {self._path} cannot be written: {error.strerror}. What the library holds stays, "
                    "and the index is made anew from it at each opening. Free some space, or move away what is in its place."
                ) from error
            self._saved = shown

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
        self._saved = (index.generation, index.n_trained)
        return index

    def _rebuilt(self, dimension: int) -> VectorIndex:
        """Returns a new index made from the vectors in SQLite, read in one snapshot."""
        connection = self._file.connection()
        connection.execute("BEGIN")
        try:
            self.require_same_model()
            built = self._built(dimension, lambda: True)
            if built is None:
                raise StoreError(f"The vector index of {self._path.parent} was not made.")
            return built
        finally:
            connection.execute("ROLLBACK")

    def _built(self, dimension: int, goes_on: GoesOn) -> VectorIndex | None:
        """Returns a new index of the kind that fits, of the vectors in SQLite up to some generation.

        Those that are removed meanwhile may be in it or not; `_replay` removes them. Ids rise: those added later are greater.
        """
        generation, last, n = self._file.row(
            "SELECT (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'generation'), "
            "(SELECT coalesce(max(id), 0) FROM sentences), (SELECT count(*) FROM sentences)"
        )
        index = VectorIndex(self._stamp(), dimension, generation)
        parts = self.kept.within(0, last)
        if n > self._sizes.max_flat:
            return with_lists(index, n, self.kept.sample(sample_size(n), last), parts, goes_on)
        for ids, vectors in parts:
            index.add(ids, vectors)
        return index

    def _fits(self, index: VectorIndex) -> bool:
        """Whether an index is of the right kind for as many vectors as it has."""
        n, sizes = len(index), self._sizes
        if index.is_exact:
            return n <= sizes.max_flat
        return sizes.max_flat / 2 <= n <= sizes.growth * index.n_trained

    def _make_another(self) -> None:
        """Makes an index of another kind while the one there is goes on being used, and puts it in its place."""
        try:
            built = self._built(self.vectors.dimension, lambda: not self._closing)
            if built is not None and self._replay(built):
                with self._lock:
                    # What was changed since is little: nobody waits.
                    if self._replay(built):
                        self.vectors = built
        except (StoreError, MemoryError, RuntimeError) as error:
            self._given_up = True
            _LOG.warning("The vector index is still searched one by one, which takes longer: %s", error)
        finally:
            with self._lock:
                self._making = None

    def _catch_up(self) -> None:
        """Replays what other threads and processes changed since this index's generation."""
        if not self._replay(self.vectors):
            self.vectors = self._rebuilt(self.vectors.dimension)
        if self._making is None and not self._given_up and not self._closing and not self._fits(self.vectors):
            self._making = threading.Thread(target=self._make_another, name="vector-index", daemon=True)
            self._making.start()

    def _replay(self, index: VectorIndex) -> bool:
        """Changes an index as the library was changed since its generation; False where it must be made anew."""
        generation = self._file.generation()
        if generation == index.generation:
            return True
        with self._file.translated():
            changes = self._file.rows(
                f"SELECT generation, kind, first_id, last_id, {self._file.sound('changes')} FROM changes "
                "WHERE generation > ? ORDER BY generation",
                (index.generation,),
            )
            if len(changes) != generation - index.generation or any(
                kind == "vectors" or not is_sound for _, kind, *_, is_sound in changes
            ):
                return False
            for number, kind, first, last, _ in changes:
                if kind == "remove":
                    index.remove(first, last)
                elif kind == "add":
                    for ids, vectors in self.kept.within(first, last):
                        index.add(ids, vectors)
                index.generation = number
            return True
