"""Looking at a library from outside: is it whole, and what is not?"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import StoreError
from assistant.library import sqlite_commits
from assistant.library.sqlite_check_articles import article_faults, strays
from assistant.library.sqlite_checksums import damaged_rows
from assistant.library.sqlite_connection import ERRORS, explain, open_to_look, translated
from assistant.library.sqlite_schema import APPLICATION_ID, SCHEMA_VERSION
from assistant.library.sqlite_store import DATABASE, VECTORS
from assistant.library.sqlite_upgrade import expected_tables
from assistant.library.vector_index import VectorIndex

MAX_TOLD = 10

_CHECKED = (
    "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'checksum' WHERE m.type = 'table'"
)


@dataclass(frozen=True, slots=True)
class Condition:
    """What was found in a library.

    Attributes:
        n_articles: in its table.
        n_sentences: in its table.
        index: a word on the file of the vector index.
        problems: one line each on what is not as it was written; () where everything is.
        index_is_sound: whether the vector index's file is missing or as it was written, and not damaged.
    """

    n_articles: int
    n_sentences: int
    index: str
    problems: tuple[str, ...]
    index_is_sound: bool


def check_library(folder: Path, busy_timeout_seconds: float = 10.0) -> str:
    """Returns a line on a library whose every row, text, word and vector was checked; a folder without one is fine.

    Raises:
        StoreError: what is damaged, and what to do.
    """
    found = look_over(folder, busy_timeout_seconds)
    if found is None:
        return f"{folder} (none yet; it is made at first use)"
    problems = (
        found.problems if found.index_is_sound else (*found.problems, f"the file {VECTORS} is not as it was written")
    )
    if problems:
        told, more = problems[:MAX_TOLD], len(problems[MAX_TOLD:])
        raise StoreError(
            f"The library {folder} is damaged: {'; '.join(told)}{f'; and {more} more' if more else ''}. "
            "`assistant doctor --repair` mends what it can and keeps a copy, or restore it from a backup."
        )
    return f"{folder}: {found.n_articles} articles, {found.n_sentences} sentences, all whole; {found.index}"


def look_over(folder: Path, busy_timeout_seconds: float = 10.0) -> Condition | None:
    """Returns everything that is not as it was written in a library, None where there is no library.

    Raises:
        StoreError: if it cannot be read at all, or is none.
    """
    path = folder / DATABASE
    if not path.is_file():
        return None
    with translated(path), closing(open_to_look(path, busy_timeout_seconds)) as connection:
        _check_format(connection, path)
        problems: list[str] = []
        # One snapshot, whatever others change meanwhile.
        connection.execute("BEGIN")
        for look in (_pages, _tables, _rows, _articles, _counts, _missing(path)):
            problems += _gathered(look, connection, path)
        counts = [_count(connection, table) for table in ("articles", "sentences")]
        connection.execute("ROLLBACK")
        problems += _gathered(_word_index, connection, path)
    index = folder / VECTORS
    is_sound = not index.exists() or VectorIndex.is_sound(index)
    word = "index file there" if index.exists() else "index file rebuilt at next use"
    return Condition(counts[0], counts[1], word, tuple(dict.fromkeys(problems)), is_sound)


def _gathered(
    look: Callable[[sqlite3.Connection], Iterator[str]], connection: sqlite3.Connection, path: Path
) -> list[str]:
    """Returns what one look found; what cannot be read is a finding, and the next look follows."""
    found: list[str] = []
    try:
        for problem in look(connection):
            found.append(problem)
    except ERRORS as error:
        found.append(str(error) if "malformed" in str(error) else explain(error, path))
    return found


def _check_format(connection: sqlite3.Connection, path: Path) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and (application != APPLICATION_ID or not 1 <= version <= SCHEMA_VERSION):
        raise StoreError(
            f"The library {path} has format {version} of application {application:#x}, expected is up to {SCHEMA_VERSION} "
            f"of {APPLICATION_ID:#x}: it is damaged, or of another or a newer program. Restore it from a backup."
        )


def _pages(connection: sqlite3.Connection) -> Iterator[str]:
    """Yields what SQLite itself finds wrong."""
    for (line,) in connection.execute(f"PRAGMA integrity_check({MAX_TOLD})"):
        if line != "ok":
            yield " ".join(line.split())


def _tables(connection: sqlite3.Connection) -> Iterator[str]:
    """Yields tables and indexes that are not as this program makes them."""
    if connection.execute("PRAGMA user_version").fetchone()[0] < SCHEMA_VERSION:
        return
    found = {name: (kind, sql) for name, kind, sql in connection.execute("SELECT name, type, sql FROM sqlite_master")}
    for name, made in expected_tables().items():
        if found.get(name) != made:
            yield f"the table or index {name} is not as it was made"


def _rows(connection: sqlite3.Connection) -> Iterator[str]:
    """Yields tables with rows that are not as they were written; articles and what they hold are looked at apart."""
    for (name,) in connection.execute(_CHECKED).fetchall():
        if name not in ("articles", "sentences", "vectors") and (n := damaged_rows(connection, name)):
            yield f"{n} of {_count(connection, name)} rows of {name} are not as they were written"


def _articles(connection: sqlite3.Connection) -> Iterator[str]:
    sequences = [sequence for (sequence,) in connection.execute("SELECT sequence FROM articles ORDER BY sequence")]
    for sequence in sequences:
        yield from article_faults(connection, sequence)
    yield from strays(connection)


def _counts(connection: sqlite3.Connection) -> Iterator[str]:
    """Yields counters that do not fit what they count."""
    (generation,) = connection.execute("SELECT max(generation) FROM changes").fetchone()
    row = connection.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()
    if row is None or row[0] != str(generation or 0):
        yield f"the generation is {row and row[0]!r}, but the last change is {generation or 0}"
    noted = dict(connection.execute("SELECT name, seq FROM sqlite_sequence"))
    tables = [n for (n,) in connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")]
    for table in tables:
        (last,) = connection.execute(f"SELECT max(rowid) FROM {table}").fetchone()
        if last and (not isinstance(noted.get(table), int) or noted[table] < last):
            yield f"the last number in {table} is {last}, but {noted.get(table)!r} is noted"
    if set(noted) - set(tables):
        yield f"last numbers are noted of {', '.join(map(repr, sorted(set(noted) - set(tables))))}, which are no tables"


def _missing(path: Path) -> Callable[[sqlite3.Connection], Iterator[str]]:
    def look(connection: sqlite3.Connection) -> Iterator[str]:
        if "n" in [row[1] for row in connection.execute(f"PRAGMA table_info({sqlite_commits.TABLE})")]:
            if _count(connection, sqlite_commits.TABLE) != 1:
                yield "the count of the changes is missing"
            if n := sqlite_commits.n_lost(connection, path):
                yield (
                    f"{n} changes that were made are missing: the write-ahead log was damaged or removed, or an older "
                    "copy was put in its place"
                )

    return look


def _word_index(connection: sqlite3.Connection) -> Iterator[str]:
    """Yields whether the word index fits the words that it was made of: FTS5 looks itself, in a change that is undone."""
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return  # read-only, or being written: the words themselves were looked at
    try:
        connection.execute("INSERT INTO sentence_words (sentence_words) VALUES ('integrity-check')")
    except sqlite3.DatabaseError:
        yield "the word index does not fit the words of the sentences"
    finally:
        connection.execute("ROLLBACK")


def _count(connection: sqlite3.Connection, table: str) -> int:
    try:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    except sqlite3.DatabaseError:
        return 0
