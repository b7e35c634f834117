"""Connections to a library's SQLite file, and SQLite's errors in our words."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from assistant.errors import StoreError
from assistant.library.sqlite_checksums import add_functions

# "whole": only what stands in the file itself is read, nothing is made beside it, and no later change is seen.
Access = Literal["write", "read", "whole"]

# Python reads SQLite's messages and names as UTF-8, which they are not in a file overwritten by other bytes.
ERRORS = (sqlite3.Error, UnicodeDecodeError)

_ACCESS = {"write": "?mode=rwc", "read": "?mode=ro", "whole": "?immutable=1"}
_UNUSABLE_DISK = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)


# In the place of a file: a database that is gone with its one connection.
MEMORY = Path(":memory:")


def connect(path: Path, access: Access, busy_timeout_seconds: float = 10.0) -> sqlite3.Connection:
    """Returns a connection that threads may share, in autocommit, with the functions that checksums need."""
    # The bytes of the path, not its text: a name need not be UTF-8.
    location = "file:" + quote(os.fsencode(_resolved(path))) + _ACCESS[access] if path != MEMORY else ":memory:"
    connection = sqlite3.connect(
        location, timeout=busy_timeout_seconds, isolation_level=None, check_same_thread=False, uri=True
    )
    try:
        add_functions(connection)
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA foreign_keys = ON")
        if access == "write":
            # FULL: a commit that was reported survives a power cut.
            connection.execute("PRAGMA synchronous = FULL")
    except BaseException:
        connection.close()
        raise
    return connection


def switch_to_wal(connection: sqlite3.Connection, timeout_seconds: float) -> None:
    """Switches the journal, again and again while others open the same new file: SQLite does not wait here."""
    until = time.monotonic() + timeout_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:  # a link to itself
        raise sqlite3.OperationalError(f"unable to open database file: {error}") from error


def open_to_look(path: Path, busy_timeout_seconds: float = 10.0) -> sqlite3.Connection:
    """Returns a connection that changes nothing of its own accord, and decodes whatever text it finds."""
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        try:
            return _looking(path, "write", busy_timeout_seconds)
        except sqlite3.OperationalError as error:
            if not is_unusable_disk(error):
                raise
    return _looking(path, _reading(path), busy_timeout_seconds)


def _looking(path: Path, access: Access, busy_timeout_seconds: float) -> sqlite3.Connection:
    connection = connect(path, access, busy_timeout_seconds)
    connection.text_factory = lambda value: value.decode("utf-8", errors="replace")
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _reading(path: Path) -> Access:
    return "read" if log_holds_commits(path) else "whole"


def log_of(path: Path) -> Path:
    """Returns the write-ahead log of a SQLite file: commits that are not in the file itself yet."""
    return path.with_name(path.name + "-wal")


def log_holds_commits(path: Path) -> bool:
    """Whether there is a write-ahead log with anything in it."""
    try:
        return log_of(path).stat().st_size > 0
    except OSError:
        return False


def empty_log(connection: sqlite3.Connection) -> None:
    """Moves every commit from the write-ahead log into the file, as far as readers allow; waits for nobody.

    What stays in the log is as safe there as before, so that a failure is none of the change that was made.
    """
    with contextlib.suppress(sqlite3.Error):
        (timeout,) = connection.execute("PRAGMA busy_timeout").fetchone()
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.execute(f"PRAGMA busy_timeout = {timeout}")


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turns SQLite's errors into StoreError with what to do."""
    try:
        yield
    except ERRORS as error:
        raise StoreError(explain(error, path)) from error


def is_damage(error: Exception) -> bool:
    """Whether an error means that the file is not as it was written."""
    text = str(error).lower()
    return isinstance(error, UnicodeDecodeError) or any(
        word in text
        for word in ("not a database", "malformed", "corrupt", "could not decode", "no such", "unsupported")
    )


def is_unusable_disk(error: sqlite3.Error) -> bool:
    """Whether an error means that the disk takes no more, or cannot be written at all."""
    return _code(error) in _UNUSABLE_DISK


@contextlib.contextmanager
def committing(path: Path) -> Iterator[None]:
    """Tells of a commit that was written but not synced that it may be kept or not, as only the disk knows."""
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) not in (sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC):
            raise  # what could not be written whole is no commit
        raise StoreError(
            f"The disk that holds {path} failed, or is full, while a change was being kept ({error}). Free some space, and "
            "see with `assistant list` whether it was."
        ) from error


def explain(error: Exception, path: Path) -> str:
    """Returns what an error of SQLite means for the user of the library at `path`, and what to do."""
    code = _code(error)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return f"The library {path} is being written by another process. Wait for it to end, then try again."
    if code == sqlite3.SQLITE_READONLY:
        return f"The library {path} is read-only: questions work, changes do not. Make file and folder writable."
    if code == sqlite3.SQLITE_FULL:
        return f"The disk that holds {path} is full. Nothing was changed. Free some space and try again."
    if code == sqlite3.SQLITE_IOERR:
        return f"The disk that holds {path} failed, or is full ({error}). Nothing was changed. Free some space and try again."
    if is_damage(error):
        return (
            f"The library {path} is damaged ({error}). `assistant doctor --repair` saves what can be read. Or: "
            "Restore it from a backup, or move it away: a new one is made and the articles can be added again."
        )
    if code == sqlite3.SQLITE_CANTOPEN:
        return f"The library {path} cannot be opened. Check that the folder exists and may be read and written."
    return f"The library {path} cannot be used: {error}. `assistant doctor` tells more."


def _code(error: BaseException) -> int:
    """Returns SQLite's primary result code, 255 where Python itself raised the error."""
    return int(getattr(error, "sqlite_errorcode", -1)) & 0xFF
