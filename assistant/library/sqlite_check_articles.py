"""Looking at one article of a library: its text, its sentences, their words and their vectors."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator

from assistant.articles.article import article_id
from assistant.library.sqlite_checksums import CHECKSUM, table_of
from assistant.library.sqlite_rows import SENTENCE_COLUMNS, is_complete, sentence_of, stand_in, stems_of
from assistant.library.sqlite_schema import vector_checksum


def article_faults(connection: sqlite3.Connection, sequence: int) -> Iterator[str]:
    """Yields a line on each thing about an article that is not as it was written.

    Args:
        connection: one that decodes whatever text it finds.
        sequence: the article's number in its table.
    """
    row = connection.execute(
        f"SELECT id, title, text, n_words, first_id, last_id, {sound(connection, 'articles')} FROM articles "
        "WHERE sequence = ?", (sequence,),
    ).fetchone()  # fmt: skip
    if row is None:
        yield f"article number {sequence} is listed, but not there"
        return
    expected, title, text, n_words, first, last, is_sound = row
    name = f"{title!r} ({expected})"
    if not isinstance(text, str) or article_id(text) != expected:
        yield f"the text of {name} is damaged"
        text = str(text)
    if not is_sound or n_words != len(text.split()):
        yield f"the title, source, author, date or tags of {name} are not as they were written"
    rows = connection.execute(
        f"SELECT id, {columns(connection, 'sentences', SENTENCE_COLUMNS)}, {sound(connection, 'sentences')} FROM sentences "
        "WHERE article_id = ? ORDER BY position", (expected,),
    ).fetchall()  # fmt: skip
    n_damaged = sum(not row[-1] or not is_complete(row[1:-1]) for row in rows)
    if n_damaged:
        yield f"{n_damaged} of {len(rows)} sentences of {name} are not as they were written"
    elif [row[0] for row in rows] != list(range(first, last + 1)):
        yield f"{name} has {len(rows)} sentences, expected {last - first + 1}"
    elif not stand_in(text, [sentence_of(row[1:-1]) for row in rows]):
        yield f"a sentence of {name} does not stand in its text where it says"
    yield from _derived_faults(connection, name, {row[0]: str(row[1]) for row in rows})


def strays(connection: sqlite3.Connection) -> Iterator[str]:
    """Yields sentences, vectors and words that belong to nothing."""
    since_3 = connection.execute("PRAGMA user_version").fetchone()[0] >= 3
    for what, sql in (
        ("sentences belong to no article", "sentences WHERE article_id NOT IN (SELECT id FROM articles)"),
        ("vectors belong to no sentence", "vectors WHERE sentence_id NOT IN (SELECT id FROM sentences)"),
        ("original files belong to no article", "originals WHERE article_id NOT IN (SELECT id FROM articles)"),
        (
            "entries of the word index belong to no sentence",
            "sentence_words WHERE rowid NOT IN (SELECT id FROM sentences)",
        ),
    ):
        if sql.startswith("originals") and not since_3:
            continue
        (n,) = connection.execute(f"SELECT count(*) FROM {sql}").fetchone()
        if n:
            yield f"{n} {what}"


def _derived_faults(connection: sqlite3.Connection, name: str, texts: dict[int, str]) -> Iterator[str]:
    """Yields what is wrong with the vectors and words of an article's sentences."""
    format_1 = connection.execute("PRAGMA user_version").fetchone()[0] < 2
    n_vectors = n_words = 0
    for sentence_id, text in texts.items():
        row = connection.execute(
            "SELECT vector, checksum FROM vectors WHERE sentence_id = ?", (sentence_id,)
        ).fetchone()  # fmt: skip
        if row is None or not isinstance(row[0], bytes):
            n_vectors += 1
        else:
            n_vectors += row[1] != (zlib.crc32(row[0]) if format_1 else vector_checksum(sentence_id, row[0]))
        row = connection.execute("SELECT stems FROM sentence_words WHERE rowid = ?", (sentence_id,)).fetchone()
        n_words += row is None or row[0] != stems_of(text)
    if n_vectors:
        yield f"{n_vectors} of {len(texts)} vectors of {name} are damaged or missing"
    if n_words:
        yield f"{n_words} of {len(texts)} sentences of {name} have other words in the word index, or none"


def sound(connection: sqlite3.Connection, name: str) -> str:
    """Returns SQL that is true of a sound row, and of every row where the format has no checksums."""
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
    return table_of(connection, name).has_checksum if CHECKSUM in columns else "1"


def columns(connection: sqlite3.Connection, name: str, wanted: str) -> str:
    """Returns a table's columns for a query, NULL in the place of those that its format does not have."""
    there = {row[1] for row in connection.execute(f"PRAGMA table_info({name})")}
    return ", ".join(column if column.strip('"') in there else "NULL" for column in wanted.split(", "))
