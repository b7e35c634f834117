"""The embedded store: SQLite is the truth, FTS5 the lexical index, FAISS the vector index."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.articles.article import Article
from assistant.articles.sentences import Sentence
from assistant.english.words import words
from assistant.errors import StoreError
from assistant.library.sqlite_file import SqliteFile
from assistant.library.sqlite_index import VECTORS, LibraryIndex
from assistant.library.sqlite_rows import (
    check_text,
    checked_vector,
    in_parts,
    insert_sentences,
    moment,
    record_change,
    unknown_article,
    vector_rows,
)
from assistant.library.store import Entry, Hit, StoredSentence
from assistant.library.vector_index import Range, VectorIndex
from assistant.networks.embeddings import Vectors

DATABASE = "library.sqlite3"

__all__ = ["DATABASE", "VECTORS", "SqliteStore"]

_COLUMNS = "s.text, s.start, s.end, s.position, s.speaker, s.page, s.section"


class SqliteStore:
    """A library folder: `library.sqlite3` with everything, `vectors.faiss` that is rebuilt from it when it must be.

    Attributes:
        folder: the library folder.
    """

    def __init__(self, folder: Path, fingerprint: str, dimension: int, busy_timeout_seconds: float = 10.0) -> None:
        self.folder = folder
        self._file = SqliteFile(folder / DATABASE, busy_timeout_seconds)
        try:
            with self._file.translated():
                self._index = LibraryIndex(self._file, fingerprint, dimension)
        except BaseException:
            self._file.close()
            raise

    @property
    def index(self) -> VectorIndex:
        """The vector index, brought up to the store's generation before every dense search."""
        return self._index.vectors

    @property
    def model(self) -> str:
        """Fingerprint of the embedding model whose vectors the library holds."""
        return self._index.model

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
            self._index.require_same_model()
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
            insert_sentences(connection, article, vectors, first)
            connection.execute("UPDATE articles SET first_id = ?, last_id = ? WHERE id = ?", (first, last, article.id))
            record_change(connection, "add", first, last)
        return True

    def remove(self, article_id: str) -> Article:
        """Removes an article and returns it, damaged or not."""
        article = self._article(article_id)
        with self._file.transaction() as connection:
            row = connection.execute("SELECT first_id, last_id FROM articles WHERE id = ?", (article_id,)).fetchone()
            if row is None:
                raise unknown_article(article_id)
            connection.execute("DELETE FROM sentence_words WHERE rowid BETWEEN ? AND ?", row)
            connection.execute("DELETE FROM articles WHERE id = ?", (article_id,))
            record_change(connection, "remove", *row)
        return article

    def rename(self, article_id: str, title: str) -> None:
        """Changes an article's title."""
        with self._file.transaction() as connection:
            if connection.execute("UPDATE articles SET title = ? WHERE id = ?", (title, article_id)).rowcount == 0:
                raise unknown_article(article_id)
            record_change(connection, "other", 0, -1)

    def marked(self, key: str) -> bool:
        """Whether `mark` was called with this key, ever."""
        return bool(self._file.meta(key))

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
        check_text(article.text, article_id)
        return article

    def _article(self, article_id: str) -> Article:
        row = self._file.row("SELECT id, title, text, source, added FROM articles WHERE id = ?", (article_id,))
        if row is None:
            raise unknown_article(article_id)
        rows = self._file.rows(
            f"SELECT {_COLUMNS} FROM sentences s WHERE article_id = ? ORDER BY position", (article_id,)
        )
        sentences = tuple(Sentence(*row) for row in rows)
        return Article(row[0], row[1], str(row[2]), row[3], moment(row[4]), sentences)

    def contents(self) -> list[Entry]:
        """Returns all articles without their text, oldest first."""
        rows = self._file.rows(
            "SELECT id, title, source, added, last_id - first_id + 1, length(text), n_words FROM articles ORDER BY sequence"
        )
        return [Entry(r[0], r[1], r[2], moment(r[3]), r[4], r[5], r[6]) for r in rows]

    # -- search ----------------------------------------------------------------------------------------------------

    def search_dense(self, vector: Vectors, n: int, article_ids: Sequence[str] | None = None) -> list[Hit]:
        """Returns the n sentences with the highest cosine to a unit vector, best first."""
        return self._index.search(vector, n, None if article_ids is None else self._ranges(article_ids))

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
        rows = self._file.rows(
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
        speakers = self._file.rows("SELECT DISTINCT speaker FROM sentences WHERE speaker <> ''")
        spoken = [s for (s,) in speakers if any(name <= set(words(s)) for name in wanted)]
        ids: list[int] = []
        for speaker in spoken:
            ids += [i for (i,) in self._file.rows("SELECT id FROM sentences WHERE speaker = ? ORDER BY id", (speaker,))]
        if article_ids is not None:
            ranges = self._ranges(article_ids)
            ids = [i for i in ids if any(first <= i <= last for first, last in ranges)]
        return sorted(ids)[:n]

    def document_frequencies(self, stems: Sequence[str]) -> tuple[dict[str, int], int]:
        """Returns in how many sentences each stem stands, and how many sentences there are."""
        rows: list[tuple[str, int]] = []
        for part in in_parts(list(stems)):
            marks = ",".join("?" * len(part))
            rows += self._file.rows(f"SELECT term, doc FROM sentence_vocabulary WHERE term IN ({marks})", part)
        (total,) = self._file.row("SELECT coalesce(sum(last_id - first_id + 1), 0) FROM articles")
        return dict(rows), int(total)

    # -- sentences -------------------------------------------------------------------------------------------------

    def sentences(self, ids: Sequence[int]) -> list[StoredSentence]:
        """Returns the sentences with these ids, in order of id; ids that are gone are left out."""
        return self._stored(f"s.id IN ({','.join(str(int(i)) for i in ids)})") if ids else []

    def neighbours(self, sentence_id: int, before: int, after: int) -> list[StoredSentence]:
        """Returns the sentence and those around it in its article, in order."""
        row = self._file.row("SELECT article_id FROM sentences WHERE id = ?", (sentence_id,))
        if row is None:
            return []
        return self._stored(
            f"s.id BETWEEN {sentence_id - before} AND {sentence_id + after} AND s.article_id = ?", (row[0],)
        )

    def vectors(self, ids: Sequence[int]) -> dict[int, Vectors]:
        """Returns the unit vectors of these sentences, each checked."""
        found: dict[int, Vectors] = {}
        for part in in_parts(list(ids)):
            marks = ",".join("?" * len(part))
            for row in self._file.rows(
                f"SELECT sentence_id, vector, checksum FROM vectors WHERE sentence_id IN ({marks})", part
            ):
                found[row[0]] = checked_vector(*row)
        return found

    def first_ids(self, n: int, article_ids: Sequence[str] | None = None) -> list[int] | None:
        """Returns all sentence ids in order if there are at most n, else None."""
        rows = self._file.rows("SELECT id, first_id, last_id FROM articles WHERE last_id >= first_id")
        ranges = [(first, last) for i, first, last in rows if article_ids is None or i in article_ids]
        if sum(last - first + 1 for first, last in ranges) > n:
            return None
        return sorted(i for first, last in ranges for i in range(first, last + 1))

    # -- the derived index -----------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Writes the vector index if it is ahead of its file."""
        self._index.save()

    def close(self) -> None:
        """Writes the vector index and closes every connection; closing twice does nothing."""
        if self._file.closed:
            return
        try:
            self.flush()
        finally:
            self._file.close()

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
            connection.executemany("INSERT INTO vectors VALUES (?, ?, ?)", vector_rows(ids, vectors))
            connection.execute("UPDATE meta SET value = ? WHERE key = 'embedding_model'", (fingerprint,))
            record_change(connection, "vectors", 0, -1)
        self._index.rebuild(fingerprint, int(vectors.shape[1]))

    # -- rows ------------------------------------------------------------------------------------------------------

    def _ranges(self, article_ids: Sequence[str]) -> list[Range]:
        ranges: list[Range] = []
        for part in in_parts(list(article_ids)):
            marks = ",".join("?" * len(part))
            ranges += self._file.rows(
                f"SELECT first_id, last_id FROM articles WHERE id IN ({marks}) AND last_id >= first_id", part
            )
        return ranges

    def _stored(self, condition: str, parameters: Sequence[Any] = ()) -> list[StoredSentence]:
        rows = self._file.rows(
            f"SELECT s.id, s.article_id, a.title, {_COLUMNS} FROM sentences s JOIN articles a ON a.id = s.article_id "
            f"WHERE {condition} ORDER BY s.id",
            parameters,
        )
        return [StoredSentence(row[0], row[1], row[2], Sentence(*row[3:])) for row in rows]
