"""The SQLite file of a library: its format, a connection a thread, and changes that are whole or not at all."""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from assistant.errors import StoreError
from assistant.library import sqlite_commits
from assistant.library.sqlite_checksums import keep_checksums, table_of
from assistant.library.sqlite_connection import (
    ERRORS,
    MEMORY,
    committing,
    connect,
    empty_log,
    is_damage,
    is_unusable_disk,
    log_holds_commits,
    log_of,
    switch_to_wal,
    translated,
)
from assistant.library.sqlite_schema import CHECKED, SCHEMA_VERSION, checked_version
from assistant.library.sqlite_upgrade import bring_up_to_date, make_tables

_LOG = logging.getLogger(__name__)


_CLOSE_SECONDS = 2.0


class _Turn:
    """Knows which threads use the file now; alone, they take turns."""

    def __init__(self, alone: bool) -> None:
        self._alone: AbstractContextManager[Any] = threading.RLock() if alone else nullcontext()
        self._using: Counter[threading.Thread] = Counter()
        self._changed = threading.Condition()

    def __enter__(self) -> None:
        self._alone.__enter__()
        with self._changed:
            self._using[threading.current_thread()] += 1

    def __exit__(self, *error: Any) -> None:
        me = threading.current_thread()
        with self._changed:
            self._using[me] -= 1
            if not self._using[me]:
                del self._using[me]
            self._changed.notify_all()
        self._alone.__exit__(*error)

    def wait_for_others(self, seconds: float) -> bool:
        """Returns whether no other thread uses the file any more, after at most so long."""
        me = threading.current_thread()
        with self._changed:
            return self._changed.wait_for(lambda: not [t for t in self._using if t is not me and t.is_alive()], seconds)


class SqliteFile:
    """Connections to one library file, one a thread; in memory, one connection that threads take in turn.

    Attributes:
        path: the file; MEMORY for none, and what is kept is gone when it is closed.
        read_only: whether it can only be read: this user may not write it, or its disk was full when it was opened.
    """

    def __init__(self, path: Path, busy_timeout_seconds: float = 10.0) -> None:
        self.path = path
        self.read_only = False
        self._disk_was_full = False
        self._busy_timeout_seconds = busy_timeout_seconds
        self._local = threading.local()
        self._lock = threading.Lock()
        self._connections: dict[threading.Thread, sqlite3.Connection] = {}
        self._in_memory: sqlite3.Connection | None = None
        self._turn = _Turn(alone=path == MEMORY)
        self._closed = False
        try:
            with self.translated():
                self._prepare()
                connection = self.connection()
                self._sound = {name: table_of(connection, name).has_checksum for name in CHECKED}
                missing = sqlite_commits.n_missing(connection, path)
        except BaseException:
            self.close()
            raise
        if missing:
            _LOG.warning(
                "The library %s lacks its last %d changes: its write-ahead log was damaged or removed, or an older copy "
                "was put in its place. What is there is whole; `assistant list` shows it.", path.parent, missing,
            )  # fmt: skip

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
        if self._in_memory is not None:
            return self._in_memory
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is not None and self._local.seen != self._look():
            connection.close()
            connection = None
        if connection is None:
            self._local.seen = self._look()
            self._local.keeps_checksums = False
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
        with self._turn, self.translated():
            return self.connection().execute(sql, tuple(parameters)).fetchall()

    def readable_rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Returns the rows of a query as far as they can be read: a damaged page ends them."""
        found: list[Any] = []
        with self._turn, self.translated():
            try:
                for row in self.connection().execute(sql, tuple(parameters)):
                    found.append(row)
            except ERRORS as error:
                if not is_damage(error):
                    raise
                _LOG.warning("%s is damaged (%s): what can be read is shown. Run `assistant doctor`.", self.path, error)
        return found

    def row(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """Returns the first row of a query, None if there is none."""
        with self._turn, self.translated():
            return self.connection().execute(sql, tuple(parameters)).fetchone()

    def change(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Runs one statement in a transaction of its own and returns how many rows it changed."""
        with self.transaction() as connection:
            return connection.execute(sql, tuple(parameters)).rowcount

    def sound(self, table: str) -> str:
        """Returns SQL that is true of the rows of a table that are as they were written."""
        return self._sound[table]

    def whole(self, table: str) -> str:
        """Returns what stands in a query for a table without the rows that are not as they were written."""
        return f"(SELECT rowid AS rowid, * FROM {table} WHERE {self.sound(table)})"

    def meta(self, key: str) -> str:
        """Returns what the library notes under a key, "" if nothing. Raises StoreError if that is damaged."""
        row = self.row(f"SELECT value, {self.sound('meta')} FROM meta WHERE key = ?", (key,))
        if row and not row[1]:
            raise self.damage(f"what it notes as {key}")
        return str(row[0]) if row else ""

    def generation(self) -> int:
        """Returns how often the articles of the library were changed."""
        return int(self.meta("generation") or 0)

    def damage(self, what: str) -> StoreError:
        """Returns the error that something in the library is not as it was written."""
        return StoreError(
            f"The library {self.path.parent} is damaged: {what} is not as it was written. Run `assistant doctor "
            "--repair`, which makes anew what follows from the articles' texts, or restore the library from a backup."
        )

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Gives a connection inside one write transaction: all of it is kept, or nothing."""
        with self._turn, self.translated():
            self._try_to_write_again()
            connection = self.connection()
            if not getattr(self._local, "keeps_checksums", False):
                keep_checksums(connection, CHECKED)
                self._local.keeps_checksums = True
            connection.execute("BEGIN IMMEDIATE")
            try:
                if self._in_memory is None:
                    sqlite_commits.count(connection, self.path)
                yield connection
                with committing(self.path):
                    connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            if self._in_memory is None:
                sqlite_commits.report(connection, self.path)
                empty_log(connection)

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turns SQLite's errors into StoreError with what to do."""
        with translated(self.path):
            yield

    def close(self) -> None:
        """Closes every thread's connection, once each has ended what it is doing; closing twice does nothing."""
        self._closed = True
        # Under a statement that runs in another thread, a connection must not be closed: SQLite's would break down.
        if not self._turn.wait_for_others(self._busy_timeout_seconds + _CLOSE_SECONDS):
            for connection in list(self._connections.values()):
                connection.interrupt()
            self._turn.wait_for_others(_CLOSE_SECONDS)
        with self._lock:
            for connection in self._connections.values():
                connection.close()
            self._connections.clear()
            if self._in_memory is not None:
                self._in_memory.close()

    def _look(self) -> tuple[bool, int, int] | None:
        """Returns what differs after another user wrote a library that can only be read here, None if it can be written."""
        if not self.read_only:
            return None
        status = self.path.stat()
        return log_holds_commits(self.path), status.st_mtime_ns, status.st_size

    def _open(self) -> sqlite3.Connection:
        if not self.read_only:
            return connect(self.path, "write", self._busy_timeout_seconds)
        # Where nobody is writing and this user cannot either, there is no room for the write-ahead log's files.
        # Such a connection sees no later change: `connection` looks for one and opens anew.
        nowhere = self._disk_was_full or not os.access(self.path.parent, os.W_OK)
        alone = nowhere and not log_holds_commits(self.path) and (self._disk_was_full or not log_of(self.path).exists())
        return connect(self.path, "whole" if alone else "read", self._busy_timeout_seconds)

    def _try_to_write_again(self) -> None:
        """Ends the reading of a library whose disk was full, if it has room again."""
        if self._disk_was_full:
            connection = connect(self.path, "write", self._busy_timeout_seconds)
            try:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
            finally:
                connection.close()
            self.read_only = self._disk_was_full = False

    def _prepare(self) -> None:
        if self.path == MEMORY:
            self._in_memory = connect(MEMORY, "write")
            make_tables(self._in_memory)
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The library folder {self.path.parent} cannot be made: {error.strerror}. "
                "Choose another with --library or ASSISTANT_LIBRARY."
            ) from error
        if sqlite_commits.is_emptied(self.path):
            raise StoreError(
                f"The library {self.path} is empty, though changes to it were reported: its file was emptied. Restore it from "
                f"a backup, or remove {sqlite_commits.count_path(self.path)} to begin anew."
            )
        exists = self.path.exists()
        self.read_only = exists and not (os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK))
        try:
            version = checked_version(self.connection(), self.path)
        except sqlite3.OperationalError as error:
            if self.read_only or not exists or not is_unusable_disk(error):
                raise
            # The disk is full: there is no room for the files that SQLite wants beside a library even to read it.
            self.read_only = self._disk_was_full = True
            version = checked_version(self.connection(), self.path)
        if version == SCHEMA_VERSION:
            if not self.read_only:
                switch_to_wal(
                    self.connection(), self._busy_timeout_seconds
                )  # a backup that was put in place is in one file
            return
        if self.read_only:
            raise StoreError(
                f"The library {self.path} is {'of an older format' if version else 'empty'} and read-only. Open it once "
                "where it can be written, or choose another."
            )
        connection = self.connection()
        switch_to_wal(connection, self._busy_timeout_seconds)
        bring_up_to_date(connection, self.path)
