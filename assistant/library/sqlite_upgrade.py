"""How a library's tables are made, and how those of an older format are brought up to date."""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

from assistant.library import sqlite_commits
from assistant.library.sqlite_checksums import CHECKSUM, add_checksums, add_functions, chat_tables, table_of
from assistant.library.sqlite_connection import empty_log
from assistant.library.sqlite_schema import (
    APPLICATION_ID,
    CHECKED,
    COLUMNS_OF_3,
    SCHEMA_VERSION,
    TABLES,
    TABLES_OF_3,
    TABLES_OF_4,
    checked_version,
    vector_checksum,
)

_CHECKED_SINCE_2 = ("meta", "articles", "sentences", "changes", sqlite_commits.TABLE)
_CHECKED_SINCE_3 = tuple(name for name in CHECKED if name != "tokens")


def bring_up_to_date(connection: sqlite3.Connection, path: Path) -> None:
    """Makes the tables of an empty file, or those of an older format today's, in one transaction.

    Raises:
        StoreError: if it is no library, or a newer one.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have done it by now.
        version = checked_version(connection, path)
        if version == 0:
            make_tables(connection)
        elif version < SCHEMA_VERSION:
            upgrade(connection, version)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    empty_log(connection)


def make_tables(connection: sqlite3.Connection) -> None:
    """Makes a new library's tables; inside a transaction."""
    _run(connection, TABLES)
    connection.execute("INSERT OR IGNORE INTO meta (key, value) VALUES ('generation', '0')")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    upgrade(connection, 1)


def expected_tables() -> dict[str, tuple[str, str | None]]:
    """Returns what a library has, each with its kind and its SQL; the tables that FTS5 makes for itself are its own."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        add_functions(connection)
        make_tables(connection)
        rows = connection.execute("SELECT name, type, sql FROM sqlite_master").fetchall()
    return {name: (kind, sql) for name, kind, sql in rows if not name.startswith("sentence_words_")}


def upgrade(connection: sqlite3.Connection, version: int) -> None:
    """Brings the tables of an older format to today's; inside a transaction.

    Only what is sound gets a checksum: what was damaged before is not believed afterwards.
    """
    if version < 2:
        _to_format_2(connection)
    if version < 3:
        _to_format_3(connection)
    _to_format_4(connection)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _to_format_2(connection: sqlite3.Connection) -> None:
    """Adds the count of changes, and checksums to all rows."""
    sqlite_commits.prepare(connection)
    add_checksums(connection, (*_CHECKED_SINCE_2, *chat_tables(connection)))
    for sentence_id in _wrong_sentences(connection):
        connection.execute("UPDATE sentences SET checksum = NULL WHERE id = ?", (sentence_id,))
    connection.create_function("checksum_of", 3, _bound_checksum, deterministic=True)
    connection.execute("UPDATE vectors SET checksum = checksum_of(sentence_id, vector, checksum)")


def _to_format_3(connection: sqlite3.Connection) -> None:
    """Adds what files tell of articles and places, their originals, and all tables of conversations under one version."""
    for name, columns in COLUMNS_OF_3.items():
        # The checksum is over the new columns too: a row that does not fit now must not fit then.
        sound = table_of(connection, name).has_checksum
        connection.execute(f"UPDATE {name} SET {CHECKSUM} = NULL WHERE NOT ({sound})")
        for column in columns:
            connection.execute(f"ALTER TABLE {name} ADD COLUMN {column}")
    connection.execute(
        "UPDATE articles SET n_pages = (SELECT coalesce(max(page), 0) FROM sentences WHERE article_id = articles.id "
        "AND typeof(page) = 'integer')"
    )
    for name in COLUMNS_OF_3:
        connection.execute(table_of(connection, name).update(f"{CHECKSUM} IS NOT NULL"))
    _run(connection, TABLES_OF_3)
    add_checksums(connection, _CHECKED_SINCE_3)
    connection.execute("DROP TABLE IF EXISTS chat_schema")


def _to_format_4(connection: sqlite3.Connection) -> None:
    """Adds the tokens of programs."""
    _run(connection, TABLES_OF_4)
    add_checksums(connection, ("tokens",))


def _run(connection: sqlite3.Connection, script: str) -> None:
    # `executescript` would end the transaction.
    for statement in script.split(";\n"):
        connection.execute(statement)


def _wrong_sentences(connection: sqlite3.Connection) -> list[int]:
    """Returns the sentences that do not stand in their article's text where they say."""
    wrong: list[int] = []
    for article_id, text in connection.execute("SELECT id, CAST(text AS BLOB) FROM articles"):
        text = text.decode("utf-8", errors="replace")
        for sentence_id, start, end, sentence in connection.execute(
            "SELECT id, start, end, CAST(text AS BLOB) FROM sentences WHERE article_id = ?", (article_id,)
        ):
            stands = isinstance(start, int) and isinstance(end, int) and text[start:end].encode() == sentence
            wrong += [] if stands else [sentence_id]
    return wrong


def _bound_checksum(sentence_id: int, vector: object, checksum: object) -> int:
    """Returns today's checksum of a vector that fits the one of format 1, -1 for a damaged vector."""
    if not isinstance(vector, bytes) or zlib.crc32(vector) != checksum:
        return -1
    return vector_checksum(sentence_id, vector)
