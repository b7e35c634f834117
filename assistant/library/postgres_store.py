"""The shared store: articles, vectors and words in PostgreSQL with pgvector, for any number of processes and machines."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from assistant.articles.article import Article
from assistant.database_address import DatabaseAddress
from assistant.errors import StoreError
from assistant.library import postgres_rows
from assistant.library.postgres_database import PostgresDatabase, Statements
from assistant.library.postgres_schema import ARTICLES
from assistant.library.postgres_vectors import MAX_EXACT, VectorTable
from assistant.library.postgres_words import PostgresWords
from assistant.library.reading_store import ReadingStore, check_shape
from assistant.library.sqlite_articles import ArticleList
from assistant.library.sqlite_rows import ARTICLE_COLUMNS, article_values, unknown_article
from assistant.library.store import Hit, Original
from assistant.networks.embeddings import Vectors

_WITH_TEXT = (
    "articles", "sentences", "postings", "stems", "originals",
    "chats", "chat_turns", "chat_suggestions", "chat_kept_articles", "chat_kept_questions",
)  # fmt: skip
_LOG = logging.getLogger(__name__)


class PostgresStore(ReadingStore):
    """A library in a PostgreSQL database, shared by every process that names it.

    Attributes:
        database: where all of it is.
        model: fingerprint of the embedding model whose vectors the library held when it was opened.
    """

    def __init__(
        self,
        address: DatabaseAddress,
        fingerprint: str,
        dimension: int,
        busy_timeout_seconds: float = 10.0,
        replica: DatabaseAddress | None = None,
        max_exact: int = MAX_EXACT,
    ) -> None:
        """Connects, and makes the tables where they are missing. Raises StoreError if the library cannot be used."""
        self.database = PostgresDatabase(address, busy_timeout_seconds, replica)
        try:
            self._fingerprint = fingerprint
            self._note_model()
            self.model = self.database.meta("embedding_model") or fingerprint
        except BaseException:
            self.database.close()
            raise
        articles = ArticleList(self.database)
        super().__init__(self.database, articles, PostgresWords(self.database, articles))
        self._vectors = VectorTable(self.database, dimension, max_exact)

    @property
    def read_only(self) -> bool:
        """Whether the library can only be read."""
        return self.database.read_only

    # -- changes ---------------------------------------------------------------------------------------------------

    def add(self, article: Article, vectors: Vectors, original: Original | None = None) -> bool:
        """Stores an article with its sentences and their vectors in one transaction; False if it was there already."""
        check_shape(article, vectors, self._vectors.dimension)
        with self.database.transaction(ARTICLES) as db:
            self._require_same_model(db)
            return postgres_rows.insert(db, article, vectors, original)

    def replace(self, article_id: str, article: Article, vectors: Vectors, original: Original | None = None) -> None:
        """Puts another article in the place of one, in one transaction; conversations about it are about the new one."""
        check_shape(article, vectors, self._vectors.dimension)
        with self.database.transaction(ARTICLES) as db:
            self._require_same_model(db)
            postgres_rows.replace(db, article_id, article, vectors, original)

    def remove(self, article_id: str, for_good: bool = False) -> Article:
        """Removes an article and returns it; for good, with all that conversations and kept questions hold of it."""
        article = self._sentences.unchecked_article(article_id)
        with self.database.transaction(ARTICLES) as db:
            postgres_rows.delete(db, article_id)
            if for_good:
                postgres_rows.forget(db, article_id)
        return article

    def purge(self) -> None:
        """Writes the tables over where something stood that was removed; the server's log and backups are its owner's.

        Raises:
            StoreError: if another process uses them for too long, or this user does not own them.
        """
        with self.database.connection() as connection:
            for table in _WITH_TEXT:
                connection.execute(f"VACUUM (FULL) {table}")
            connection.execute("VACUUM vectors")

    def describe(self, article: Article) -> None:
        """Changes title, author, date and tags of an article that is stored to those given."""
        values = dict(zip(ARTICLE_COLUMNS.split(", "), article_values(article), strict=True))
        told = [values[name] for name in ("title", "author", "date", "tags")]
        self._change_one("UPDATE articles SET title = ?, author = ?, date = ?, tags = ? WHERE id = ?", article.id, told)

    def rename(self, article_id: str, title: str) -> None:
        """Changes an article's title."""
        self._change_one("UPDATE articles SET title = ? WHERE id = ?", article_id, [title])

    def marked(self, key: str) -> bool:
        """Whether `mark` was called with this key, ever."""
        return bool(self.database.meta(key))

    def mark(self, key: str) -> bool:
        """Notes once and for all that something was done to this library; True the first time."""
        sql = "INSERT INTO meta (key, value) VALUES (?, '1') ON CONFLICT DO NOTHING"
        return not self.marked(key) and self.database.change(sql, (key,)) == 1

    def replace_vectors(self, fingerprint: str, ids: Sequence[int], vectors: Vectors) -> None:
        """Replaces every vector of the library after the embedding model was changed, in one transaction.

        Raises:
            StoreError: if `ids` are not those of all sentences any more.
        """
        with self.database.transaction(ARTICLES) as db:
            if [i for (i,) in db.execute("SELECT id FROM sentences ORDER BY id").fetchall()] != list(ids):
                raise StoreError(
                    f"The library {self.database.address} was changed meanwhile by another process, while its vectors were "
                    "made anew. Nothing was written. Open it again."
                )
            self._vectors.replace(db, ids, vectors)
            db.execute("UPDATE meta SET value = ? WHERE key = 'embedding_model'", (fingerprint,))
            postgres_rows.record_change(db)
        self.model = self._fingerprint = fingerprint

    # -- vectors ---------------------------------------------------------------------------------------------------

    def search_dense(self, vector: Vectors, n: int, article_ids: Sequence[str] | None = None) -> list[Hit]:
        """Returns the n sentences with the highest cosine to a unit vector, best first."""
        if self.database.meta("embedding_model") != self._fingerprint:
            raise self._other_model(self.database.meta("embedding_model"))
        n_all = sum(entry.n_sentences for entry in self.contents())
        ranges = None if article_ids is None else self._articles.ranges(article_ids)
        return self._vectors.search(vector, n, ranges, n_all)

    def vectors(self, ids: Sequence[int]) -> dict[int, Vectors]:
        """Returns the unit vectors of these sentences."""
        return self._vectors.of(ids)

    # -- the derived index -----------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Makes the vector index if there are sentences enough and there is none."""
        self._vectors.build_index()

    def close(self) -> None:
        """Makes the vector index if it is missing, and closes every connection; closing twice does nothing."""
        if self.database.closed:
            return
        try:
            self.flush()
        except StoreError as error:
            # What was stored is stored: a caller must not take this for the failure of what it did.
            _LOG.warning("%s", error)
        finally:
            self.database.close()

    # -- inside ----------------------------------------------------------------------------------------------------

    def _change_one(self, sql: str, article_id: str, values: Sequence[object]) -> None:
        with self.database.transaction(ARTICLES) as db:
            if db.execute(sql, (*values, article_id)).rowcount == 0:
                raise unknown_article(article_id)
            postgres_rows.record_change(db)

    def _note_model(self) -> None:
        if not self.read_only and not self.database.meta("embedding_model"):
            sql = "INSERT INTO meta (key, value) VALUES ('embedding_model', ?) ON CONFLICT DO NOTHING"
            self.database.change(sql, (self._fingerprint,))

    def _require_same_model(self, db: Statements) -> None:
        (stored,) = db.execute("SELECT value FROM meta WHERE key = 'embedding_model'").fetchone()
        if stored != self._fingerprint:
            raise self._other_model(stored)

    def _other_model(self, stored: str) -> StoreError:
        return StoreError(
            f"The library {self.database.address} has by now vectors of the embedding model {stored}, here "
            f"{self._fingerprint} is used. Name one model everywhere (ASSISTANT_EMBEDDING_MODEL), and open the library again."
        )
