"""The embedded store: SQLite is the truth, FTS5 the lexical index, FAISS the vector index."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from assistant.articles.article import Article
from assistant.errors import StoreError
from assistant.library.sqlite_articles import ArticleList
from assistant.library.sqlite_file import SqliteFile
from assistant.library.sqlite_index import VECTORS, LibraryIndex
from assistant.library.sqlite_rows import (
    checked_vector,
    in_parts,
    insert_sentences,
    record_change,
    unknown_article,
    vector_rows,
)
from assistant.library.sqlite_sentences import SentenceTable
from assistant.library.sqlite_words import WordIndex
from assistant.library.store import Entry, Hit, StoredSentence
from assistant.library.vector_index import VectorIndex
from assistant.networks.embeddings import Vectors

DATABASE = "library.sqlite3"

__all__ = ["DATABASE", "VECTORS", "SqliteStore"]

_LOG = logging.getLogger(__name__)


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
        self._articles = ArticleList(self._file)
        self._sentences = SentenceTable(self._file, self._articles)
        self._words = WordIndex(self._file, self._articles)

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
            # Both tell which ids were ever used; the larger is right, should one be damaged.
            (used,) = connection.execute(
                "SELECT max((SELECT coalesce(max(CAST(seq AS INTEGER)), 0) FROM sqlite_sequence WHERE name = 'sentences'), "
                "(SELECT coalesce(max(last_id), 0) FROM changes))"
            ).fetchone()
            first = used + 1
            last = first + len(article.sentences) - 1
            insert_sentences(connection, article, vectors, first)
            connection.execute("UPDATE articles SET first_id = ?, last_id = ? WHERE id = ?", (first, last, article.id))
            record_change(connection, "add", first, last)
        return True

    def remove(self, article_id: str) -> Article:
        """Removes an article and returns it, its text and sentences damaged or not."""
        article = self._sentences.unchecked_article(article_id)
        with self._file.transaction() as connection:
            *row, is_sound = connection.execute(
                f"SELECT first_id, last_id, {self._file.sound('articles')} FROM articles WHERE id = ?", (article_id,)
            ).fetchone() or (None,)
            if not row:
                raise unknown_article(article_id)
            if not is_sound:
                # What it says may be the words of another article.
                raise self._file.damage(f"the entry of the article {article_id}")
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
            return connection.execute("INSERT OR IGNORE INTO meta (key, value) VALUES (?, '1')", (key,)).rowcount == 1

    # -- articles --------------------------------------------------------------------------------------------------

    def article(self, article_id: str) -> Article:
        """Returns one article whole, its text checked against its id."""
        return self._sentences.article(article_id)

    def contents(self) -> list[Entry]:
        """Returns all articles without their text, oldest first."""
        return [listed.entry for listed in self._articles.all().values()]

    # -- search ----------------------------------------------------------------------------------------------------

    def search_dense(self, vector: Vectors, n: int, article_ids: Sequence[str] | None = None) -> list[Hit]:
        """Returns the n sentences with the highest cosine to a unit vector, best first."""
        return self._index.search(vector, n, None if article_ids is None else self._articles.ranges(article_ids))

    def search_lexical(self, stems: Sequence[str], n: int, article_ids: Sequence[str] | None = None) -> list[Hit]:
        """Returns the n sentences with the highest BM25 score that hold any of the stems, best first."""
        return self._words.search(stems, n, article_ids)

    def search_speaker(self, names: Sequence[str], n: int, article_ids: Sequence[str] | None = None) -> list[int]:
        """Returns ids of up to n sentences whose speaker's name holds one of the names as a word, in order."""
        return self._words.spoken_by(names, n, article_ids)

    def document_frequencies(self, stems: Sequence[str]) -> tuple[dict[str, int], int]:
        """Returns in how many sentences each stem stands, and how many sentences there are."""
        return self._words.frequencies(stems)

    # -- sentences -------------------------------------------------------------------------------------------------

    def sentences(self, ids: Sequence[int]) -> list[StoredSentence]:
        """Returns the sentences with these ids, in order of id; ids that are gone are left out."""
        return self._sentences.of_ids(ids)

    def neighbours(self, sentence_id: int, before: int, after: int) -> list[StoredSentence]:
        """Returns the sentence and those around it in its article, in order."""
        return self._sentences.around(sentence_id, before, after)

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
        ranges = self._articles.ranges(article_ids)
        if sum(last - first + 1 for first, last in ranges) > n:
            return None
        return [i for first, last in ranges for i in range(first, last + 1)]

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
        except StoreError as error:
            # What was stored is stored: a caller must not take this for the failure of what it did.
            _LOG.warning("%s", error)
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
