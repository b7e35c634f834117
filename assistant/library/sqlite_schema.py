"""The tables of a library, and which format a file has."""

from __future__ import annotations

import sqlite3
import zlib
from pathlib import Path

from assistant.errors import StoreError
from assistant.library import sqlite_commits

APPLICATION_ID = 0x41525431  # "ART1"
SCHEMA_VERSION = 4

# Tables whose every row has a checksum; vectors have one of their own, which NumPy's bytes are checked against.
CHECKED = (
    "meta", "articles", "sentences", "changes", sqlite_commits.TABLE, "originals",
    "chats", "chat_turns", "chat_suggestions", "chat_choices", "chat_kept_articles", "chat_kept_questions", "tokens",
)  # fmt: skip

# Format 1. Later formats are made from it in both cases, so that a new library and an old one have the same tables.
TABLES = """
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

# What format 3 added to tables, and the tables that it added; earlier formats may have those of conversations already.
COLUMNS_OF_3 = {
    "articles": (
        "author TEXT NOT NULL DEFAULT ''",
        "date TEXT",
        "tags TEXT NOT NULL DEFAULT '[]'",
        "url TEXT NOT NULL DEFAULT ''",
        "fetched TEXT",
        "notes TEXT NOT NULL DEFAULT '[]'",
        "blocks BLOB",
        "n_pages INTEGER NOT NULL DEFAULT 0",
    ),
    "sentences": ("place TEXT NOT NULL DEFAULT ''", "boxes TEXT"),
}
TABLES_OF_3 = """
CREATE TABLE IF NOT EXISTS originals (
    article_id TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE, name TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS chats (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, articles TEXT NOT NULL,
    created TEXT NOT NULL, updated TEXT NOT NULL, deleted INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS chat_turns (
    id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id TEXT NOT NULL REFERENCES chats(id) ON DELETE CASCADE,
    position INTEGER NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL, rating INTEGER NOT NULL DEFAULT 0,
    created TEXT NOT NULL, UNIQUE (chat_id, position));
CREATE TABLE IF NOT EXISTS chat_suggestions (article_id TEXT PRIMARY KEY, questions TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS chat_choices (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS chats_by_owner ON chats (owner, updated);
CREATE TABLE IF NOT EXISTS chat_kept_articles (
    owner TEXT NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (owner, id));
CREATE TABLE IF NOT EXISTS chat_kept_questions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, article_id TEXT NOT NULL, row TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS chat_kept_questions_by_owner ON chat_kept_questions (owner);
"""

# What format 4 added. A token's own text stands nowhere.
TABLES_OF_4 = """
CREATE TABLE IF NOT EXISTS tokens (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, hash TEXT NOT NULL UNIQUE, scopes TEXT NOT NULL,
    created TEXT NOT NULL, expires TEXT);
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
    needed = {"meta", "articles", "sentences"} if version < SCHEMA_VERSION else set(CHECKED)
    if tables and (version < 1 or not needed <= tables):
        raise StoreError(
            f"The library {path} is damaged: its list of tables is not as it was written. `assistant doctor --repair` "
            "saves what can be read; or restore it from a backup."
        )
    return int(version)


def vector_checksum(sentence_id: int, vector: bytes) -> int:
    """Returns the checksum of a stored vector, which tells it from any other sentence's."""
    return zlib.crc32(vector, sentence_id & 0xFFFFFFFF)
