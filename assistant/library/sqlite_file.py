"""The SQLite file of a library: schema, versions, connections, and SQLite's errors in our words."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from assistant.errors import StoreError

APPLICATION_ID = 0x41525431  # "ART1"
SCHEMA_VERSION = 1

_SCHEMA = """
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


class SqliteFile:
    """Connections to one library file, one a thread.

    Attributes:
        path: the file.
        read_only: whether it could only be opened for reading.
    """

    def __init__(self, path: Path, busy_timeout_seconds: float = 10.0) -> None:
        self.path = path
        self.read_only = False
        self._busy_timeout_seconds = busy_timeout_seconds
        self._local = threading.local()
        self._lock = threading.Lock()
        self._connections: dict[threading.Thread, sqlite3.Connection] = {}
        self._closed = False
        with self.translated():
            self._prepare()

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    def connection(self) -> sqlite3.Connection:
        """Returns this thread's connection, opened at its first use.

        Raises:
            StoreError: if the library was closed or cannot be opened.
        """
        if self._closed:
            raise StoreError(f"The library {self.path.parent} was closed. Open it again with Assistant.open().")
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is not None and self.read_only and self._local.seen != self._look():
            connection.close()
            connection = None
        if connection is None:
            self._local.seen = self._look() if self.read_only else None
            connection = self._open()
            self._local.connection = connection
            with self._lock:
                # A server's threads come and go: each would leave open files behind.
                for thread in [thread for thread in self._connections if not thread.is_alive()]:
                    self._connections.pop(thread).close()
                self._connections[threading.current_thread()] = connection
        return connection

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Returns all rows of a query."""
        with self.translated():
            return self.connection().execute(sql, tuple(parameters)).fetchall()

    def row(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """Returns the first row of a query, None if there is none."""
        with self.translated():
            return self.connection().execute(sql, tuple(parameters)).fetchone()

    def meta(self, key: str) -> str:
        """Returns what the library notes under a key, "" if nothing."""
        row = self.row("SELECT value FROM meta WHERE key = ?", (key,))
        return str(row[0]) if row else ""

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Gives a connection inside one write transaction: all of it is kept, or nothing."""
        with self.translated():
            connection = self.connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turns SQLite's errors into StoreError with what to do."""
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError) as error:
            # Python reads names and messages as UTF-8, which they are not in a file overwritten by other bytes.
            raise StoreError(_explain(error, self.path)) from error

    def close(self) -> None:
        """Closes every thread's connection; closing twice does nothing."""
        with self._lock:
            self._closed = True
            for connection in self._connections.values():
                connection.close()
            self._connections.clear()

    @property
    def _log(self) -> Path:
        return self.path.with_name(self.path.name + "-wal")

    def _look(self) -> tuple[bool, int, int]:
        """Returns what differs after another user wrote a library that is read-only here."""
        status = self.path.stat()
        return self._log.exists(), status.st_mtime_ns, status.st_size

    def _open(self) -> sqlite3.Connection:
        location = "file:" + quote(str(self.path.resolve()))
        if self.read_only:
            # Where nobody is writing and this user may not either, there is no room for the write-ahead log's files.
            # Such a connection sees no later change: `connection` looks for one and opens anew.
            alone = not self._log.exists() and not os.access(self.path.parent, os.W_OK)
            location += "?immutable=1" if alone else "?mode=ro"
        connection = sqlite3.connect(
            location, timeout=self._busy_timeout_seconds, isolation_level=None, check_same_thread=False, uri=True
        )
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            if not self.read_only:
                # FULL: a commit that was reported survives a power cut.
                connection.execute("PRAGMA synchronous = FULL")
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The library folder {self.path.parent} cannot be made: {error.strerror}. "
                "Choose another with --library or ASSISTANT_LIBRARY."
            ) from error
        exists = self.path.exists()
        self.read_only = exists and not (os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK))
        connection = self.connection()
        # Tables first: what another process commits after this look then reads as a library that is being made.
        has_tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] > 0
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        if version > SCHEMA_VERSION and application == APPLICATION_ID:
            raise StoreError(
                f"The library {self.path} was written by a newer version of Article Assistant (format {version}, this "
                f"one reads up to {SCHEMA_VERSION}). Upgrade with pip install --upgrade article-assistant, or choose "
                "another library with ASSISTANT_LIBRARY."
            )
        if has_tables and application != APPLICATION_ID:
            raise StoreError(
                f"{self.path} is a SQLite database, but no library of Article Assistant. Choose another folder."
            )
        if version < SCHEMA_VERSION:
            if self.read_only:
                raise StoreError(f"The library {self.path} is empty and read-only. Make it writable or choose another.")
            self._create(connection)

    def _create(self, connection: sqlite3.Connection) -> None:
        self._switch_to_wal(connection)
        with self.transaction():
            for statement in _SCHEMA.split(";\n"):
                connection.execute(statement)
            connection.execute("INSERT OR IGNORE INTO meta VALUES ('generation', '0')")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def _switch_to_wal(self, connection: sqlite3.Connection) -> None:
        """Switches the journal, again and again while others open the same new file: SQLite does not wait here."""
        until = time.monotonic() + self._busy_timeout_seconds
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > until:
                    raise
                time.sleep(0.02)


def _explain(error: sqlite3.Error | UnicodeDecodeError, path: Path) -> str:
    text = str(error).lower()
    if "locked" in text or "busy" in text:
        return f"The library {path} is being written by another process. Wait for it to end, then try again."
    if "readonly" in text or "read-only" in text:
        return f"The library {path} is read-only: questions work, changes do not. Make file and folder writable."
    if "full" in text:
        return f"The disk that holds {path} is full. Nothing was changed. Free some space and try again."
    if isinstance(error, UnicodeDecodeError) or any(w in text for w in ("not a database", "malformed", "corrupt")):
        return (
            f"The library {path} is damaged ({error}). Restore it from a backup, or move it away: a new one is made "
            "and the articles can be added again."
        )
    if "unable to open" in text:
        return f"The library {path} cannot be opened. Check that the folder exists and may be read and written."
    return f"The library {path} cannot be used: {error}. `assistant doctor` tells more."
