"""The embedded store: SQLite is the truth, FTS5 the lexical index, FAISS the vector index."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from assistant.articles.article import Article
from assistant.errors import StoreError
from assistant.library import sqlite_changes
from assistant.library.database import Database
from assistant.library.reading_store import ReadingStore, check_shape
from assistant.library.sqlite_articles import ArticleList, added_alone
from assistant.library.sqlite_file import SqliteFile
from assistant.library.sqlite_index import VECTORS, IndexSizes, LibraryIndex
from assistant.library.sqlite_rows import (
    ARTICLE_COLUMNS,
    article_values,
    record_change,
    unknown_article,
    vector_rows,
)
from assistant.library.sqlite_words import WordIndex
from assistant.library.store import Hit, Original
from assistant.library.vector_index import VectorIndex
from assistant.networks.embeddings import Vectors

DATABASE = "library.sqlite3"

__all__ = ["DATABASE", "VECTORS", "SqliteStore"]

_LOG = logging.getLogger(__name__)


class SqliteStore(ReadingStore):
    """A library folder: `library.sqlite3` with everything, `vectors.faiss` that is rebuilt from it when it must be.

    Attributes:
        folder: the library folder.
    """

    def __init__(
        self,
        folder: Path,
        fingerprint: str,
        dimension: int,
        busy_timeout_seconds: float = 10.0,
        sizes: IndexSizes | None = None,
    ) -> None:
        self.folder = folder
        self._file = SqliteFile(folder / DATABASE, busy_timeout_seconds)
        try:
            with self._file.translated():
                self._index = LibraryIndex(self._file, fingerprint, dimension, sizes or IndexSizes())
        except BaseException:
            self._file.close()
            raise
        articles = ArticleList(self._file, partial(added_alone, self._file))
        super().__init__(self._file, articles, WordIndex(self._file, articles))

    @property
    def index(self) -> VectorIndex:
        """The vector index, brought up to the store's generation before every dense search."""
        return self._index.vectors

    @property
    def database(self) -> Database:
        """The file, for what stands in it beside the articles."""
        return self._file

    @property
    def model(self) -> str:
        """Fingerprint of the embedding model whose vectors the library holds."""
        return self._index.model

    @property
    def read_only(self) -> bool:
        """Whether the library could only be opened for reading."""
        return self._file.read_only

    # -- changes ---------------------------------------------------------------------------------------------------

    def add(self, article: Article, vectors: Vectors, original: Original | None = None) -> bool:
        """Stores an article with its sentences and their vectors in one transaction; False if it was there already."""
        check_shape(article, vectors, self.index.dimension)
        with self._file.transaction() as connection:
            self._index.require_same_model()
            is_new = sqlite_changes.insert(connection, article, vectors, original)
        self._index.follow(len(article.sentences))
        return is_new

    def replace(self, article_id: str, article: Article, vectors: Vectors, original: Original | None = None) -> None:
        """Puts another article in the place of one, in one transaction; conversations about it are about the new one."""
        check_shape(article, vectors, self.index.dimension)
        with self._file.transaction() as connection:
            self._index.require_same_model()
            sqlite_changes.replace(connection, self._file, article_id, article, vectors, original)

    def remove(self, article_id: str, for_good: bool = False) -> Article:
        """Removes an article and returns it, its text and sentences damaged or not.

        For good: what conversations and kept questions hold of it goes too; `purge` leaves nothing of it in the files.
        """
        article = self._sentences.unchecked_article(article_id)
        with self._file.transaction() as connection:
            sqlite_changes.delete(connection, self._file, article_id)
            if for_good:
                sqlite_changes.forget(connection, article_id)
        return article

    def purge(self) -> None:
        """Writes the library's files anew, without the places where something stood that was removed.

        Raises:
            StoreError: if there is no room, or another process reads meanwhile; nothing is lost then.
        """
        sqlite_changes.purge(self._file)
        self.flush()

    def describe(self, article: Article) -> None:
        """Changes title, author, date and tags of an article that is stored to those given."""
        with self._file.transaction() as connection:
            values = dict(zip(ARTICLE_COLUMNS.split(", "), article_values(article), strict=True))
            told = [values[name] for name in ("title", "author", "date", "tags")]
            sql = "UPDATE articles SET title = ?, author = ?, date = ?, tags = ? WHERE id = ?"
            if connection.execute(sql, (*told, article.id)).rowcount == 0:
                raise unknown_article(article.id)
            record_change(connection, "other", 0, -1)

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

    # -- vectors ---------------------------------------------------------------------------------------------------

    def search_dense(self, vector: Vectors, n: int, article_ids: Sequence[str] | None = None) -> list[Hit]:
        """Returns the n sentences with the highest cosine to a unit vector, best first."""
        return self._index.search(vector, n, None if article_ids is None else self._articles.ranges(article_ids))

    def vectors(self, ids: Sequence[int]) -> dict[int, Vectors]:
        """Returns the unit vectors of these sentences, each checked."""
        return self._index.kept.of(ids)

    # -- the derived index -----------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Writes the vector index if it is ahead of its file."""
        self._index.save()

    def settle(self) -> None:
        """Waits until the vector index is of the kind that fits the library's size, if it is being changed."""
        self._index.settle()

    def close(self) -> None:
        """Writes the vector index and closes every connection; closing twice does nothing."""
        if self._file.closed:
            return
        try:
            self._index.close()
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
