"""The SQLite file behind conversations: its tables, and changes that are whole or not at all."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.errors import StoreError
from assistant.library import sqlite_commits
from assistant.library.sqlite_checksums import add_checksums, chat_tables, columns_of, keep_checksums, table_of
from assistant.library.sqlite_connection import ERRORS, connect, empty_log, is_damage, is_full

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
CREATE TABLE chat_kept_articles (
    owner TEXT NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (owner, id));
CREATE TABLE chat_kept_questions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, article_id TEXT NOT NULL, row TEXT NOT NULL);
CREATE INDEX chat_kept_questions_by_owner ON chat_kept_questions (owner);
"""

_LOG = logging.getLogger(__name__)


class ChatFile:
    """A connection that threads share, one statement or transaction at a time."""

    def __init__(self, connection: sqlite3.Connection, path: Path | None = None) -> None:
        """Stores the connection; use `open`."""
        self._connection = connection
        self._path = path
        self._lock = threading.RLock()

    @classmethod
    def open(cls, path: Path | None, busy_timeout_seconds: float) -> ChatFile:
        """Opens the file, making it and its tables where they are missing; None keeps them in memory.

        Raises:
            StoreError: if the file is damaged, locked, read-only, or written by a newer version. On a full disk there is
                a warning instead, and they are kept in memory.
        """
        try:
            return cls._open(path, busy_timeout_seconds)
        except StoreError as error:
            if path is None or not is_full(error.__cause__):
                raise
        _LOG.warning("The disk that holds %s is full: conversations are not kept, nor are those shown that are.", path)
        return cls._open(None, busy_timeout_seconds)

    @classmethod
    def _open(cls, path: Path | None, busy_timeout_seconds: float) -> ChatFile:
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            connection = connect(path, "write", busy_timeout_seconds)
        except (OSError, *ERRORS) as error:
            raise StoreError(_cannot(f"open the conversations in {path}", error)) from error
        file = cls(connection, path)
        try:
            file.rows("PRAGMA journal_mode = WAL")
            file._prepare(path)
            file._keep_checksums()
        except StoreError:
            connection.close()
            raise
        return file

    @classmethod
    def columns(cls) -> dict[str, frozenset[tuple[str, str, int, int]]]:
        """Returns the tables that such a file has, with their columns."""
        file = cls.open(None, 0)
        try:
            return {name: columns_of(file._connection, name) for name in chat_tables(file._connection)}
        finally:
            file.close()

    def close(self) -> None:
        """Closes the connection; nothing may be called afterwards."""
        with self._lock:
            self._connection.close()

    def rows(self, query: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """Returns the rows of a query."""
        with self._lock:
            try:
                return self._connection.execute(query, values).fetchall()
            except ERRORS as error:
                raise StoreError(_cannot("read the conversations", error)) from error

    def whole_rows(self, query: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """Returns the rows of a query as far as they can be read: a damaged page ends them.

        In the place of a table, `whole_…` is its rows that are as they were written; `assistant doctor` counts the others.
        """
        rows: list[Any] = []
        with self._lock:
            try:
                for row in self._connection.execute(query, values):
                    rows.append(row)
            except ERRORS as error:
                if not is_damage(error):
                    raise StoreError(_cannot("read the conversations", error)) from error
                _LOG.warning(
                    "Conversations are damaged (%s): what can be read is shown. Run `assistant doctor`.", error
                )
        return rows

    def change(self, what: str, statement: str, values: tuple[Any, ...]) -> int:
        """Runs one statement and returns how many rows it changed; `what` is for the error message."""
        with self.changing(what) as db:
            return db.execute(statement, values).rowcount

    @contextmanager
    def changing(self, what: str, counted: bool = True) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is kept, or nothing."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
            except ERRORS as error:
                raise StoreError(_cannot(what, error)) from error
            try:
                if self._path is not None and counted:
                    sqlite_commits.count(self._connection, self._path)
                yield self._connection
                self._connection.execute("COMMIT")
            except ERRORS as error:
                self._connection.rollback()
                raise StoreError(_cannot(what, error)) from error
            except BaseException:
                self._connection.rollback()
                raise
            if self._path is not None and counted:
                sqlite_commits.report(self._connection, self._path)
                empty_log(self._connection)

    def _prepare(self, path: Path | None) -> None:
        with self.changing("prepare the conversations", counted=False) as db:
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

    def _keep_checksums(self) -> None:
        """Gives every table its checksums, and a view of the rows that fit theirs."""
        with self.changing("prepare the conversations", counted=False) as db:
            names = chat_tables(db)
            sqlite_commits.prepare(db)
            add_checksums(db, (*names, sqlite_commits.TABLE))
            keep_checksums(db, (*names, sqlite_commits.TABLE))
            for name in names:
                db.execute(
                    f"CREATE TEMP VIEW whole_{name} AS SELECT rowid AS rowid, * FROM main.{name} WHERE {table_of(db, name).has_checksum}"
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
