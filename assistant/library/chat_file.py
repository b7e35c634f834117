"""The SQLite file behind conversations: its tables, and changes that are whole or not at all."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.errors import StoreError

SCHEMA_VERSION = 2

_SCHEMA = """
CREATE TABLE chat_schema (version INTEGER NOT NULL);
CREATE TABLE chats (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, articles TEXT NOT NULL,
    created TEXT NOT NULL, updated TEXT NOT NULL, deleted INTEGER NOT NULL DEFAULT 0);
CREATE TABLE chat_turns (
    id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id TEXT NOT NULL REFERENCES chats(id) ON DELETE CASCADE,
    position INTEGER NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL, rating INTEGER NOT NULL DEFAULT 0,
    created TEXT NOT NULL, UNIQUE (chat_id, position));
CREATE TABLE chat_suggestions (article_id TEXT PRIMARY KEY, questions TEXT NOT NULL);
CREATE TABLE chat_choices (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE INDEX chats_by_owner ON chats (owner, updated);
"""
_SINCE_2 = """
CREATE TABLE kept_articles (
    owner TEXT NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (owner, id));
CREATE TABLE kept_questions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, article_id TEXT NOT NULL, row TEXT NOT NULL);
CREATE INDEX kept_questions_by_owner ON kept_questions (owner);
"""


class ChatFile:
    """A connection that threads share, one statement or transaction at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Stores the connection; use `open`."""
        self._connection = connection
        self._lock = threading.RLock()

    @classmethod
    def open(cls, path: Path | None, busy_timeout_seconds: float) -> ChatFile:
        """Opens the file, making it and its tables where they are missing; None keeps them in memory.

        Raises:
            StoreError: if the file is damaged, locked, read-only, or written by a newer version.
        """
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(
                path or ":memory:", timeout=busy_timeout_seconds, isolation_level=None, check_same_thread=False
            )
        except (OSError, sqlite3.Error) as error:
            raise StoreError(_cannot(f"open the conversations in {path}", error)) from error
        file = cls(connection)
        try:
            file.rows("PRAGMA journal_mode = WAL")
            file._prepare(path)
            file.rows("PRAGMA foreign_keys = ON")
        except StoreError:
            connection.close()
            raise
        return file

    def close(self) -> None:
        """Closes the connection; nothing may be called afterwards."""
        with self._lock:
            self._connection.close()

    def rows(self, query: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """Returns the rows of a query."""
        with self._lock:
            try:
                return self._connection.execute(query, values).fetchall()
            except sqlite3.Error as error:
                raise StoreError(_cannot("read the conversations", error)) from error

    def change(self, what: str, statement: str, values: tuple[Any, ...]) -> int:
        """Runs one statement and returns how many rows it changed; `what` is for the error message."""
        with self.changing(what) as db:
            return db.execute(statement, values).rowcount

    @contextmanager
    def changing(self, what: str) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is kept, or nothing."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
            except sqlite3.Error as error:
                raise StoreError(_cannot(what, error)) from error
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                self._connection.rollback()
                raise StoreError(_cannot(what, error)) from error
            except BaseException:
                self._connection.rollback()
                raise

    def _prepare(self, path: Path | None) -> None:
        with self.changing("prepare the conversations") as db:
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'chat_schema'").fetchone():
                _run(db, _SCHEMA + _SINCE_2)
                db.execute("INSERT INTO chat_schema VALUES (?)", (SCHEMA_VERSION,))
                return
            version = db.execute("SELECT max(version) FROM chat_schema").fetchone()[0]
            if version == 1:
                _run(db, _SINCE_2)
                db.execute("UPDATE chat_schema SET version = ?", (SCHEMA_VERSION,))
                return
            if version != SCHEMA_VERSION:
                raise StoreError(
                    f"The conversations in {path} have schema version {version}, this program reads {SCHEMA_VERSION}. "
                    "Update the program, or choose another library folder."
                )


def _run(db: sqlite3.Connection, script: str) -> None:
    # `executescript` would end the transaction.
    for statement in filter(str.strip, script.split(";")):
        db.execute(statement)


def _cannot(what: str, error: Exception) -> str:
    return (
        f"Cannot {what}: {error}. Check that the library folder can be written, that the disk is not full and that "
        "no other program holds the file; then try again."
    )
