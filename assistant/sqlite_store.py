"""The embedded store: SQLite is the truth, FTS5 the lexical index, FAISS the vector index."""

from __future__ import annotations

import sqlite3
import threading
import time
import uuid
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from assistant.article import Article, article_id
from assistant.embeddings import Vectors
from assistant.errors import ArticleError, StoreError
from assistant.sentences import Sentence
from assistant.sqlite_file import SqliteFile
from assistant.store import Entry, Hit, StoredSentence
from assistant.vector_index import Range, VectorIndex
from assistant.words import words

DATABASE = "library.sqlite3"
VECTORS = "vectors.faiss"

_STALE_SECONDS = 3600
_BATCH = 5000
_MAX_VARIABLES = 500
_COLUMNS = "s.text, s.start, s.end, s.position, s.speaker, s.page, s.section"


class SqliteStore:
    """A library folder: `library.sqlite3` with everything, `vectors.faiss` that is rebuilt from it when it must be.

    Attributes:
        folder: the library folder.
        index: the vector index, brought up to the store's generation before every dense search.
    """

    def __init__(self, folder: Path, fingerprint: str, dimension: int, busy_timeout_seconds: float = 10.0) -> None:
        self.folder = folder
        self._file = SqliteFile(folder / DATABASE, busy_timeout_seconds)
        self._index_lock = threading.RLock()
        self._saved_generation = -1
        self._fingerprint = fingerprint
        try:
            with self._file.translated():
                self._check_model(fingerprint)
                self.index = self._load_index(fingerprint, dimension)
        except BaseException:
            self._file.close()
            raise

    @property
    def read_only(self) -> bool:
        """Whether the library could only be opened for reading."""
        return self._file.read_only

    # -- changes ---------------------------------------------------------------------------------------------------

    def add(self, article: Article, vectors: Vectors) -> bool:
        """Stores an article with its sentences and their vectors in one transaction; False if it was there already."""
        if vectors.shape != (len(article.sentences), self.index.dimension):
            raise ValueError(
                f"vectors have shape {vectors.shape}, expected {(len(article.sentences), self.index.dimension)}"
            )
        with self._file.transaction() as connection:
            self._require_same_model()
            if connection.execute("SELECT 1 FROM articles WHERE id = ?", (article.id,)).fetchone():
                return False
            connection.execute(
                "INSERT INTO articles (id, title, text, source, added, n_words) VALUES (?, ?, ?, ?, ?, ?)",
                (article.id, article.title, article.text, article.source, article.added.isoformat(),
                 len(article.text.split())),
            )  # fmt: skip
            row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'sentences'").fetchone()
            first = (row[0] if row else 0) + 1
            last = first + len(article.sentences) - 1
            _insert(connection, article, vectors, first)
            connection.execute("UPDATE articles SET first_id = ?, last_id = ? WHERE id = ?", (first, last, article.id))
            _record(connection, "add", first, last)
        return True

    def remove(self, article_id: str) -> Article:
        """Removes an article and returns it, damaged or not."""
        article = self._article(article_id)
        with self._file.transaction() as connection:
            row = connection.execute("SELECT first_id, last_id FROM articles WHERE id = ?", (article_id,)).fetchone()
            if row is None:
                raise _unknown(article_id)
            connection.execute("DELETE FROM sentence_words WHERE rowid BETWEEN ? AND ?", row)
            connection.execute("DELETE FROM articles WHERE id = ?", (article_id,))
            _record(connection, "remove", *row)
        return article

    def rename(self, article_id: str, title: str) -> None:
        """Changes an article's title."""
        with self._file.transaction() as connection:
            if connection.execute("UPDATE articles SET title = ? WHERE id = ?", (title, article_id)).rowcount == 0:
                raise _unknown(article_id)
            _record(connection, "other", 0, -1)

    def marked(self, key: str) -> bool:
        """Whether `mark` was called with this key, ever."""
        return bool(self._meta(key))

    def mark(self, key: str) -> bool:
        """Notes once and for all that something was done to this library; True the first time."""
        if self.marked(key):
            return False
        with self._file.transaction() as connection:
            return connection.execute("INSERT OR IGNORE INTO meta VALUES (?, '1')", (key,)).rowcount == 1

    # -- articles --------------------------------------------------------------------------------------------------

    def article(self, article_id: str) -> Article:
        """Returns one article whole, its text checked against its id."""
        article = self._article(article_id)
        _check_text(article.text, article_id)
        return article

    def _article(self, article_id: str) -> Article:
        row = self._one("SELECT id, title, text, source, added FROM articles WHERE id = ?", (article_id,))
        if row is None:
            raise _unknown(article_id)
        rows = self._all(f"SELECT {_COLUMNS} FROM sentences s WHERE article_id = ? ORDER BY position", (article_id,))
        sentences = tuple(Sentence(*row) for row in rows)
        return Article(row[0], row[1], str(row[2]), row[3], _moment(row[4]), sentences)

    def contents(self) -> list[Entry]:
        """Returns all articles without their text, oldest first."""
        rows = self._all(
            "SELECT id, title, source, added, last_id - first_id + 1, length(text), n_words FROM articles ORDER BY sequence"
        )
        return [Entry(r[0], r[1], r[2], _moment(r[3]), r[4], r[5], r[6]) for r in rows]

    # -- search ----------------------------------------------------------------------------------------------------

    def search_dense(self, vector: Vectors, n: int, article_ids: Sequence[str] | None = None) -> list[Hit]:
        """Returns the n sentences with the highest cosine to a unit vector, best first."""
        with self._index_lock:
            self._catch_up()
            return self.index.search(vector, n, None if article_ids is None else self._ranges(article_ids))

    def search_lexical(self, stems: Sequence[str], n: int, article_ids: Sequence[str] | None = None) -> list[Hit]:
        """Returns the n sentences with the highest BM25 score that hold any of the stems, best first."""
        if not stems or article_ids == []:
            return []
        # Every stem is quoted: FTS5's operators and quotes in a question are words like any other.
        match = " OR ".join('"' + stem.replace('"', '""') + '"' for stem in stems)
        where, parameters = "", [match]
        if article_ids is not None:
            ranges = self._ranges(article_ids)
            if not ranges:
                return []
            where = "AND (" + " OR ".join(f"rowid BETWEEN {first} AND {last}" for first, last in ranges) + ")"
        rows = self._all(
            f"SELECT rowid, -bm25(sentence_words) FROM sentence_words WHERE sentence_words MATCH ? {where} "
            "ORDER BY bm25(sentence_words), rowid LIMIT ?",
            (*parameters, n),
        )
        return [Hit(row[0], row[1]) for row in rows]

    def search_speaker(self, names: Sequence[str], n: int, article_ids: Sequence[str] | None = None) -> list[int]:
        """Returns ids of up to n sentences whose speaker's name holds one of the names as a word, in order."""
        wanted = [set(words(name)) for name in names if words(name)]
        if not wanted:
            return []
        speakers = self._all("SELECT DISTINCT speaker FROM sentences WHERE speaker <> ''")
        spoken = [s for (s,) in speakers if any(name <= set(words(s)) for name in wanted)]
        ids: list[int] = []
        for speaker in spoken:
            ids += [i for (i,) in self._all("SELECT id FROM sentences WHERE speaker = ? ORDER BY id", (speaker,))]
        if article_ids is not None:
            ranges = self._ranges(article_ids)
            ids = [i for i in ids if any(first <= i <= last for first, last in ranges)]
        return sorted(ids)[:n]

    def document_frequencies(self, stems: Sequence[str]) -> tuple[dict[str, int], int]:
        """Returns in how many sentences each stem stands, and how many sentences there are."""
        rows: list[tuple[str, int]] = []
        for part in _parts(list(stems)):
            marks = ",".join("?" * len(part))
            rows += self._all(f"SELECT term, doc FROM sentence_vocabulary WHERE term IN ({marks})", part)
        (total,) = self._one("SELECT coalesce(sum(last_id - first_id + 1), 0) FROM articles")
        return dict(rows), int(total)

    # -- sentences -------------------------------------------------------------------------------------------------

    def sentences(self, ids: Sequence[int]) -> list[StoredSentence]:
        """Returns the sentences with these ids, in order of id; ids that are gone are left out."""
        return self._stored(f"s.id IN ({','.join(str(int(i)) for i in ids)})") if ids else []

    def neighbours(self, sentence_id: int, before: int, after: int) -> list[StoredSentence]:
        """Returns the sentence and those around it in its article, in order."""
        row = self._one("SELECT article_id FROM sentences WHERE id = ?", (sentence_id,))
        if row is None:
            return []
        return self._stored(
            f"s.id BETWEEN {sentence_id - before} AND {sentence_id + after} AND s.article_id = ?", (row[0],)
        )

    def vectors(self, ids: Sequence[int]) -> dict[int, Vectors]:
        """Returns the unit vectors of these sentences, each checked."""
        found: dict[int, Vectors] = {}
        for part in _parts(list(ids)):
            marks = ",".join("?" * len(part))
            for row in self._all(
                f"SELECT sentence_id, vector, checksum FROM vectors WHERE sentence_id IN ({marks})", part
            ):
                found[row[0]] = _vector(*row)
        return found

    def first_ids(self, n: int, article_ids: Sequence[str] | None = None) -> list[int] | None:
        """Returns all sentence ids in order if there are at most n, else None."""
        rows = self._all("SELECT id, first_id, last_id FROM articles WHERE last_id >= first_id")
        ranges = [(first, last) for i, first, last in rows if article_ids is None or i in article_ids]
        if sum(last - first + 1 for first, last in ranges) > n:
            return None
        return sorted(i for first, last in ranges for i in range(first, last + 1))

    # -- the derived index -----------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Writes the vector index if it is ahead of the file."""
        if self._file.read_only:
            return
        with self._index_lock:
            if self._stored_model() != self._fingerprint:
                return  # the library has another model's vectors: this index is not its own
            self._catch_up()
            if self.index.generation != self._saved_generation:
                try:
                    self.index.save(self.folder / VECTORS)
                except OSError as error:
                    raise StoreError(
                        f"The vector index {self.folder / VECTORS} cannot be written: {error.strerror}. Nothing is lost: "
                        "it is rebuilt from the library when next opened."
                    ) from error
                self._saved_generation = self.index.generation

    def close(self) -> None:
        """Writes the vector index and closes every connection; closing twice does nothing."""
        if self._file.closed:
            return
        try:
            self.flush()
        finally:
            self._file.close()

    def _check_model(self, fingerprint: str) -> None:
        """Reads which model made the vectors and which library this is; notes both in a new library."""
        if not (self._stored_model() and self._meta("library")) and not self._file.read_only:
            with self._file.transaction() as connection:
                connection.execute("INSERT OR IGNORE INTO meta VALUES ('embedding_model', ?)", (fingerprint,))
                connection.execute("INSERT OR IGNORE INTO meta VALUES ('library', ?)", (uuid.uuid4().hex,))
        self.model = self._stored_model() or fingerprint

    def _require_same_model(self) -> None:
        stored = self._stored_model()
        if stored != self._fingerprint:
            raise StoreError(
                f"The library {self.folder} has by now vectors of the embedding model {stored}, here {self._fingerprint} is "
                "used. Name one model everywhere (ASSISTANT_EMBEDDING_MODEL), and open the library again."
            )

    def _stored_model(self) -> str:
        return self._meta("embedding_model")

    def _meta(self, key: str) -> str:
        row = self._one("SELECT value FROM meta WHERE key = ?", (key,))
        return str(row[0]) if row else ""

    def _stamp(self, fingerprint: str) -> str:
        """Returns what an index file must bear: the model and the library, or one left behind by another would fit."""
        return f"{fingerprint} {self._meta('library')}"

    def replace_vectors(self, fingerprint: str, ids: Sequence[int], vectors: Vectors) -> None:
        """Replaces every vector of the library after the embedding model was changed, in one transaction.

        Raises:
            StoreError: if `ids` are not those of all sentences any more.
        """
        with self._file.transaction() as connection:
            if [i for (i,) in connection.execute("SELECT id FROM sentences ORDER BY id")] != list(ids):
                raise StoreError(
                    f"The library {self.folder} was changed meanwhile by another process, while its vectors were made "
                    "anew. Nothing was written. Open it again."
                )
            connection.execute("DELETE FROM vectors")
            connection.executemany("INSERT INTO vectors VALUES (?, ?, ?)", _blobs(ids, vectors))
            connection.execute("UPDATE meta SET value = ? WHERE key = 'embedding_model'", (fingerprint,))
            _record(connection, "vectors", 0, -1)
        with self._index_lock:
            self.model = self._fingerprint = fingerprint
            self.index = self._rebuilt(fingerprint, int(vectors.shape[1]))

    def _load_index(self, fingerprint: str, dimension: int) -> VectorIndex:
        path = self.folder / VECTORS
        for leftover in self.folder.glob(VECTORS + ".*.tmp"):
            if time.time() - leftover.stat().st_mtime > _STALE_SECONDS and not self._file.read_only:
                leftover.unlink(missing_ok=True)
        if self.model != fingerprint:
            return VectorIndex(self._stamp(fingerprint), dimension)
        index = VectorIndex.load(path, self._stamp(fingerprint), dimension)
        if index is None or index.generation > self._generation():
            if not self._file.read_only:
                # Of a restored backup's future: its generations will be reached again with other vectors.
                path.unlink(missing_ok=True)
            return self._rebuilt(fingerprint, dimension)
        self._saved_generation = index.generation
        return index

    def _rebuilt(self, fingerprint: str, dimension: int) -> VectorIndex:
        """Returns a new index made from the vectors in SQLite, read in one snapshot."""
        connection = self._file.connection()
        connection.execute("BEGIN")
        try:
            self._require_same_model()
            index = VectorIndex(self._stamp(fingerprint), dimension, self._generation())
            cursor = connection.execute("SELECT sentence_id, vector, checksum FROM vectors ORDER BY sentence_id")
            while rows := cursor.fetchmany(_BATCH):
                index.add(np.array([row[0] for row in rows]), np.stack([_vector(*row) for row in rows]))
            return index
        finally:
            connection.execute("ROLLBACK")

    def _catch_up(self) -> None:
        """Replays what other threads and processes changed since this index's generation."""
        generation = self._generation()
        if generation == self.index.generation:
            return
        with self._file.translated():
            changes = self._all(
                "SELECT generation, kind, first_id, last_id FROM changes WHERE generation > ? ORDER BY generation",
                (self.index.generation,),
            )
            if len(changes) != generation - self.index.generation:
                self.index = self._rebuilt(self.model, self.index.dimension)
                return
            for number, kind, first, last in changes:
                if kind == "remove":
                    self.index.remove(first, last)
                elif kind == "add":
                    self._index_range(first, last)
                elif kind == "vectors":
                    self.index = self._rebuilt(self.model, self.index.dimension)
                    return
                self.index.generation = number

    def _index_range(self, first: int, last: int) -> None:
        sql = "SELECT sentence_id, vector, checksum FROM vectors WHERE sentence_id BETWEEN ? AND ? ORDER BY sentence_id"
        rows = self._all(sql, (first, last))
        if rows:
            self.index.add(np.array([row[0] for row in rows]), np.stack([_vector(*row) for row in rows]))

    # -- rows ------------------------------------------------------------------------------------------------------

    def _generation(self) -> int:
        row = self._one("SELECT value FROM meta WHERE key = 'generation'")
        return int(row[0]) if row else 0

    def _ranges(self, article_ids: Sequence[str]) -> list[Range]:
        ranges: list[Range] = []
        for part in _parts(list(article_ids)):
            marks = ",".join("?" * len(part))
            ranges += self._all(
                f"SELECT first_id, last_id FROM articles WHERE id IN ({marks}) AND last_id >= first_id", part
            )
        return ranges

    def _stored(self, condition: str, parameters: Sequence[Any] = ()) -> list[StoredSentence]:
        rows = self._all(
            f"SELECT s.id, s.article_id, a.title, {_COLUMNS} FROM sentences s JOIN articles a ON a.id = s.article_id "
            f"WHERE {condition} ORDER BY s.id",
            parameters,
        )
        return [StoredSentence(row[0], row[1], row[2], Sentence(*row[3:])) for row in rows]

    def _all(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        with self._file.translated():
            return self._file.connection().execute(sql, tuple(parameters)).fetchall()

    def _one(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        with self._file.translated():
            return self._file.connection().execute(sql, tuple(parameters)).fetchone()


def _insert(connection: sqlite3.Connection, article: Article, vectors: Vectors, first: int) -> None:
    ids = range(first, first + len(article.sentences))
    numbered = list(zip(ids, article.sentences, strict=True))
    connection.executemany(
        "INSERT INTO sentences (id, article_id, text, start, end, position, speaker, page, section) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((i, article.id, s.text, s.start, s.end, s.position, s.speaker, s.page, s.section) for i, s in numbered),
    )
    connection.executemany("INSERT INTO vectors VALUES (?, ?, ?)", _blobs(ids, vectors))
    connection.executemany(
        "INSERT INTO sentence_words (rowid, stems) VALUES (?, ?)", ((i, " ".join(words(s.text))) for i, s in numbered)
    )


def _record(connection: sqlite3.Connection, kind: str, first: int, last: int) -> None:
    """Raises the generation and notes what it changed."""
    connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")
    connection.execute(
        "INSERT INTO changes SELECT value, ?, ?, ? FROM meta WHERE key = 'generation'", (kind, first, last)
    )


def _blobs(ids: Iterable[int], vectors: Vectors) -> Iterable[tuple[int, bytes, int]]:
    for i, vector in zip(ids, vectors, strict=True):
        blob = np.ascontiguousarray(vector, "<f4").tobytes()
        yield i, blob, zlib.crc32(blob)


def _vector(sentence_id: int, blob: bytes, checksum: int) -> Vectors:
    if not isinstance(blob, bytes) or zlib.crc32(blob) != checksum:
        raise StoreError(
            f"The vector of sentence {sentence_id} in the library is damaged. Restore the library from a backup, or "
            "remove the article and add it again."
        )
    return np.frombuffer(blob, "<f4").astype(np.float32)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except (ValueError, TypeError) as error:
        raise StoreError(
            f"The library is damaged: {text!r} is no time at which an article was added. Restore it from a backup."
        ) from error


def _check_text(text: str, expected: str) -> None:
    if article_id(text) != expected:
        raise StoreError(
            f"The text of article {expected} in the library is damaged: it does not have the hash that it was stored "
            "with. Restore the library from a backup, or remove the article and add it again."
        )


def _unknown(article_id: str) -> ArticleError:
    return ArticleError(f"There is no article {article_id!r} in the library. `assistant list` shows what there is.")


def _parts(items: list[Any]) -> Iterable[list[Any]]:
    """Yields the items in parts that fit SQLite's limit of variables."""
    for start in range(0, len(items), _MAX_VARIABLES):
        yield items[start : start + _MAX_VARIABLES]
