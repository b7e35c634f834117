"""Looking at a library from outside: is it whole?"""

from __future__ import annotations

import sqlite3
import zlib
from pathlib import Path

from assistant.articles.article import article_id
from assistant.errors import StoreError
from assistant.library.sqlite_file import SqliteFile
from assistant.library.sqlite_store import DATABASE, VECTORS


def check_library(folder: Path, busy_timeout_seconds: float = 10.0) -> str:
    """Returns a line on a library whose every page, text and vector was checked; a folder without one is fine.

    Raises:
        StoreError: what is damaged, and what to do.
    """
    if not (folder / DATABASE).is_file():
        return f"{folder} (none yet; it is made at first use)"
    file = SqliteFile(folder / DATABASE, busy_timeout_seconds)
    try:
        with file.translated():
            return _check(file.connection(), folder)
    finally:
        file.close()


def _check(connection: sqlite3.Connection, folder: Path) -> str:
    problems = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
    if problems != ["ok"]:
        raise StoreError(f"The library {folder} is damaged: {problems[0]}. Restore it from a backup.")
    n_articles = 0
    for expected, title, text in connection.execute("SELECT id, title, text FROM articles"):
        n_articles += 1
        if not isinstance(text, str) or article_id(text) != expected:
            raise StoreError(
                f"The text of {title!r} ({expected}) in the library {folder} is damaged. Remove the article and add it again."
            )
    n_vectors = 0
    for sentence_id, blob, checksum in connection.execute("SELECT sentence_id, vector, checksum FROM vectors"):
        n_vectors += 1
        if not isinstance(blob, bytes) or zlib.crc32(blob) != checksum:
            raise StoreError(
                f"The vector of sentence {sentence_id} in the library {folder} is damaged. Remove its article and add it again."
            )
    (n_sentences,) = connection.execute("SELECT count(*) FROM sentences").fetchone()
    if n_sentences != n_vectors:
        raise StoreError(
            f"The library {folder} has {n_sentences} sentences but {n_vectors} vectors. Restore it from a backup."
        )
    (n_searched,) = connection.execute(
        "SELECT count(*) FROM sentences WHERE id IN (SELECT rowid FROM sentence_words)"
    ).fetchone()
    if n_sentences != n_searched:
        raise StoreError(
            f"The word index of the library {folder} lacks {n_sentences - n_searched} of {n_sentences} sentences. "
            "Remove the articles and add them again, or restore it from a backup."
        )
    index = "index file there" if (folder / VECTORS).is_file() else "index file rebuilt at next use"
    return f"{folder}: {n_articles} articles, {n_sentences} sentences, all whole; {index}"
