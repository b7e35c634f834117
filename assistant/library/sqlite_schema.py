"""The tables of a library, how they are made, and how those of an older format are brought up to date."""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

from assistant.errors import StoreError
from assistant.library import sqlite_commits
from assistant.library.sqlite_checksums import add_checksums, add_functions, chat_tables

APPLICATION_ID = 0x41525431  # "ART1"
SCHEMA_VERSION = 2

# Tables whose every row has a checksum; vectors have one of their own, which NumPy's bytes are checked against.
CHECKED = ("meta", "articles", "sentences", "changes", sqlite_commits.TABLE)

# Format 1. Later formats are made from it in both cases, so that a new library and an old one have the same tables.
_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS articles (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    source TEXT NOT NULL,
    added TEXT NOT NULL,
    n_words INTEGER NOT NULL,
    first_id INTEGER NOT NULL DEFAULT 0,
    last_id INTEGER NOT NULL DEFAULT -1
);
-- AUTOINCREMENT: an id is never used again, or a stale vector would cite another sentence.
CREATE TABLE IF NOT EXISTS sentences (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    text TEXT NOT NULL,
    speaker TEXT NOT NULL,
    page INTEGER,
    section TEXT NOT NULL,
    UNIQUE (article_id, position)
);
CREATE INDEX IF NOT EXISTS sentences_by_speaker ON sentences (speaker, id) WHERE speaker <> '';
CREATE TABLE IF NOT EXISTS vectors (
    sentence_id INTEGER PRIMARY KEY REFERENCES sentences (id) ON DELETE CASCADE,
    vector BLOB NOT NULL,
    checksum INTEGER NOT NULL
);
-- What each generation changed, so that another process catches up without reading everything.
CREATE TABLE IF NOT EXISTS changes (
    generation INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('add', 'remove', 'other', 'vectors')),
    first_id INTEGER NOT NULL,
    last_id INTEGER NOT NULL
);
CREATE VIRTUAL TABLE IF NOT EXISTS sentence_words USING fts5 (stems, tokenize = "unicode61 remove_diacritics 0");
CREATE VIRTUAL TABLE IF NOT EXISTS sentence_vocabulary USING fts5vocab ('sentence_words', 'row');
"""


def checked_version(connection: sqlite3.Connection, path: Path) -> int:
    """Returns the format of a library's file, 0 if it is empty.

    Raises:
        StoreError: if it is no library, a newer one, or one whose tables are not all there.
    """
    # Tables first: what another process commits after this look then reads as a library that is being made.
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if version > SCHEMA_VERSION and application == APPLICATION_ID:
        raise StoreError(
            f"The library {path} was written by a newer version of Article Assistant (format {version}, this "
            f"one reads up to {SCHEMA_VERSION}). Upgrade with pip install --upgrade article-assistant, or choose "
            "another library with ASSISTANT_LIBRARY."
        )
    if tables and application != APPLICATION_ID:
        raise StoreError(f"{path} is a SQLite database, but no library of Article Assistant. Choose another folder.")
    if tables and (version < 1 or not {"meta", "articles", "sentences"} <= tables):
        raise StoreError(
            f"The library {path} is damaged: its list of tables is not as it was written. `assistant doctor --repair` "
            "saves what can be read; or restore it from a backup."
        )
    return int(version)


def make_tables(connection: sqlite3.Connection) -> None:
    """Makes a new library's tables; inside a transaction."""
    for statement in _TABLES.split(";\n"):
        connection.execute(statement)
    connection.execute("INSERT OR IGNORE INTO meta (key, value) VALUES ('generation', '0')")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    upgrade(connection)


def expected_tables() -> dict[str, tuple[str, str | None]]:
    """Returns what a library has, each with its kind and its SQL; the tables that FTS5 makes for itself are its own."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        add_functions(connection)
        make_tables(connection)
        rows = connection.execute("SELECT name, type, sql FROM sqlite_master").fetchall()
    return {name: (kind, sql) for name, kind, sql in rows if not name.startswith("sentence_words_")}


def upgrade(connection: sqlite3.Connection) -> None:
    """Brings the tables of format 1 to today's; inside a transaction.

    Only what is sound gets a checksum: what was damaged before it had one is not believed afterwards.
    """
    sqlite_commits.prepare(connection)
    add_checksums(connection, (*CHECKED, *chat_tables(connection)))
    for sentence_id in _wrong_sentences(connection):
        connection.execute("UPDATE sentences SET checksum = NULL WHERE id = ?", (sentence_id,))
    connection.create_function("checksum_of", 3, _bound_checksum, deterministic=True)
    connection.execute("UPDATE vectors SET checksum = checksum_of(sentence_id, vector, checksum)")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


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


def vector_checksum(sentence_id: int, vector: bytes) -> int:
    """Returns the checksum of a stored vector, which tells it from any other sentence's."""
    return zlib.crc32(vector, sentence_id & 0xFFFFFFFF)


def _bound_checksum(sentence_id: int, vector: object, checksum: object) -> int:
    """Returns today's checksum of a vector that fits the one of format 1, -1 for a damaged vector."""
    if not isinstance(vector, bytes) or zlib.crc32(vector) != checksum:
        return -1
    return vector_checksum(sentence_id, vector)
