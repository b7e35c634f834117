"""How many changes a library has seen, counted in it and beside it: changes that are lost do not go unnoticed.

SQLite drops a damaged end of its write-ahead log without a word, as it must after a crash. The count beside the library is
written once a change is committed, before it is reported: where it is ahead of the count inside, changes that were reported
are missing. An older copy of the library in the place of a newer one looks the same, and it is.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import uuid
import zlib
from pathlib import Path

TABLE = "commits"

_TABLE_SQL = "CREATE TABLE IF NOT EXISTS commits (library TEXT PRIMARY KEY, n INTEGER NOT NULL, lost INTEGER NOT NULL)"
_LENGTH = 64  # bytes; always the same, so that a full disk has room for the next count where the last one stood


def count_path(path: Path) -> Path:
    """Returns the file beside a library that holds the count."""
    return path.with_name(path.name + "-count")


def prepare(connection: sqlite3.Connection) -> None:
    """Makes the table in a file that lacks it; inside a transaction."""
    connection.execute(_TABLE_SQL)
    if not connection.execute("SELECT 1 FROM commits").fetchone():
        connection.execute("INSERT INTO commits (library, n, lost) VALUES (?, 0, 0)", (uuid.uuid4().hex,))


def count(connection: sqlite3.Connection, path: Path) -> None:
    """Counts a change, inside its transaction, and keeps in mind how many before it are missing."""
    missing = n_missing(connection, path)
    connection.execute("UPDATE commits SET n = n + ? + 1, lost = lost + ?", (missing, missing))


def report(connection: sqlite3.Connection, path: Path) -> None:
    """Writes the count beside the library, after a commit. Where it cannot, the count is behind, and no guard."""
    with contextlib.suppress(sqlite3.Error, OSError):
        library, n = connection.execute("SELECT library, n FROM commits").fetchone()
        line = f"{library} {n:020d}"
        content = f"{line} {zlib.crc32(line.encode()):08x}".ljust(_LENGTH - 1) + "\n"
        beside = count_path(path)
        with beside.open("r+b" if beside.exists() else "xb") as file:
            file.write(content.encode())
            file.flush()
            os.fsync(file.fileno())


def is_emptied(path: Path) -> bool:
    """Returns whether a library's file is empty though changes to it were reported."""
    known = _read(count_path(path))
    return known is not None and known[1] > 0 and path.is_file() and path.stat().st_size == 0


def n_missing(connection: sqlite3.Connection, path: Path) -> int:
    """Returns how many changes were reported that the library lacks; 0 where nothing is known."""
    # The file first: what is committed after this look would else be missing in it.
    known = _read(count_path(path))
    row = connection.execute("SELECT library, n FROM commits").fetchone()
    if known is None or row is None or row[0] != known[0] or not isinstance(row[1], int):
        return 0
    return max(0, known[1] - row[1])


def n_lost(connection: sqlite3.Connection, path: Path) -> int:
    """Returns how many changes are missing, those included after which others were made."""
    row = connection.execute("SELECT lost FROM commits").fetchone()
    earlier = row[0] if row and isinstance(row[0], int) else 0
    return max(0, earlier) + n_missing(connection, path)


def _read(path: Path) -> tuple[str, int] | None:
    """Returns what the file beside the library says: which library, and how many changes; None if nothing sound."""
    try:
        library, n, checksum = path.read_bytes().decode("ascii").split()
        return (library, int(n)) if int(checksum, 16) == zlib.crc32(f"{library} {n}".encode()) else None
    except (OSError, ValueError):
        return None
