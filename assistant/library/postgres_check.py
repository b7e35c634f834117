"""Looks over a library in PostgreSQL: whether its tables agree with one another, and each text with its id."""

from __future__ import annotations

from contextlib import closing

from assistant.database_address import DatabaseAddress
from assistant.library.postgres_database import PostgresDatabase
from assistant.library.postgres_errors import psycopg_module, translated
from assistant.library.postgres_schema import version_of
from assistant.library.postgres_vectors import INDEX
from assistant.library.sqlite_articles import ArticleList
from assistant.library.sqlite_sentences import SentenceTable

_AGREE = (
    ("a sentence without its vector", "SELECT id FROM sentences LEFT JOIN vectors ON sentence_id = id WHERE sentence_id IS NULL"),
    (
        "the number of an article's sentences",
        "SELECT a.id FROM articles a LEFT JOIN sentences s ON s.article_id = a.id GROUP BY a.sequence "
        "HAVING count(s.id) <> a.last_id - a.first_id + 1",
    ),
    (
        "the index of words",
        "SELECT stem FROM stems FULL JOIN (SELECT stem, count(*) AS n FROM postings GROUP BY stem) AS counted USING (stem) "
        "WHERE n IS DISTINCT FROM n_sentences",
    ),
    (
        "the index of words",
        "SELECT sentence_id FROM postings LEFT JOIN sentences ON sentence_id = id WHERE id IS NULL",
    ),
)  # fmt: skip


def check_address(address: DatabaseAddress, timeout_seconds: float = 10.0) -> str:
    """Returns a line on the library in a database, which is not made where there is none yet. Raises StoreError otherwise."""
    with (
        translated(address),
        psycopg_module().connect(
            address.url, autocommit=True, connect_timeout=max(2, round(timeout_seconds))
        ) as connection,
    ):
        if not version_of(connection):
            return f"none yet in {address}; it is made when it is first opened"
    with closing(PostgresDatabase(address, timeout_seconds)) as database:
        return check_database(database)


def check_database(database: PostgresDatabase) -> str:
    """Returns a line on a library that is whole. Raises StoreError if it is not."""
    for what, sql in _AGREE:
        if database.row(f"{sql} LIMIT 1"):
            raise database.damage(what)
    articles = ArticleList(database)
    sentences = SentenceTable(database, articles)
    n_sentences = sum(len(sentences.article(article_id).sentences) for article_id in articles.all())
    (server,) = database.row("SELECT current_setting('server_version')")
    (vector,) = database.row("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
    has_index = database.row("SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(?) AND indisvalid", (INDEX,))
    told = [
        f"{len(articles.all())} articles, {n_sentences} sentences, all whole, in {database.address}",
        f"PostgreSQL {server.split()[0]}, pgvector {vector}",
        "vectors found by an index" if has_index else "vectors looked through one by one",
    ]
    return "; ".join(told + (["read-only"] if database.read_only else []))
