"""Mending a damaged library: what is sound is kept, what follows from the articles' texts is made anew."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from assistant.errors import StoreError
from assistant.library import sqlite_commits
from assistant.library.sqlite_check import Condition, check_library, look_over
from assistant.library.sqlite_check_articles import sound
from assistant.library.sqlite_checksums import CHECKSUM, chat_tables, columns_of
from assistant.library.sqlite_connection import ERRORS, log_of, open_to_look, translated
from assistant.library.sqlite_file import SqliteFile
from assistant.library.sqlite_salvage import Salvage, Salvaged, numbers
from assistant.library.sqlite_store import DATABASE, VECTORS, SqliteStore
from assistant.networks.embeddings import Embedder, Vectors

_OWN_NOTES = ("generation", "library", "embedding_model")


def repair_library(folder: Path, embedder: Embedder, busy_timeout_seconds: float = 10.0) -> list[str]:
    """Mends a library and returns a line on each thing that was done; [] for one that is whole, or not there.

    The damaged files are copied aside before anything is changed. The library must not be in use.

    Raises:
        StoreError: if it is in use, if nothing of it can be read, or if the disk has no room; it is as it was then.
    """
    path = folder / DATABASE
    try:
        found = look_over(folder, busy_timeout_seconds)
    except StoreError:
        found = Condition(0, 0, "", ("it cannot be looked over",), index_is_sound=False)  # row by row it may be read
    if found is None or (not found.problems and found.index_is_sound):
        return []
    if not found.problems:
        done = _set_aside(folder, (VECTORS,))
        _clear(folder / VECTORS)
        SqliteStore(folder, embedder.fingerprint, embedder.dimension, busy_timeout_seconds).close()
        return [*done, "the vector index was made anew"]
    with translated(path), closing(open_to_look(path, busy_timeout_seconds)) as connection:
        _take_alone(connection, path)
        done = _set_aside(folder, (DATABASE, log_of(path).name, VECTORS))
        with tempfile.TemporaryDirectory(prefix="repair.", dir=folder) as name:
            new = Path(name)
            done += _rebuild(connection, new, embedder)
            check_library(new, busy_timeout_seconds)
            connection.close()
            _put_in_place(new, folder)
    return done


def _take_alone(connection: sqlite3.Connection, path: Path) -> None:
    """Makes sure that nobody else has the library open, since another file takes its place."""
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise StoreError(
                f"The library {path} is in use. Stop the server and every other user of it, then repair it."
            ) from error
        raise
    except ERRORS:
        return  # too damaged to be locked


def _set_aside(folder: Path, names: Sequence[str]) -> list[str]:
    """Copies the damaged files to names that tell when, and returns a line on each."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    kept = []
    try:
        for path in (folder / name for name in names):
            if path.is_file() and path.stat().st_size:
                aside = path.with_name(f"{path.name}.damaged-{stamp}")
                shutil.copy2(path, aside)
                kept.append(f"{path.name} as it was is kept as {aside.name}")
    except OSError as error:
        raise StoreError(
            f"{folder} has no room for a copy of the damaged library: {error.strerror}. Nothing was changed; free some space."
        ) from error
    return kept


def _rebuild(connection: sqlite3.Connection, new: Path, embedder: Embedder) -> list[str]:
    """Makes a new library of what can be read of a damaged one, and returns a line on each thing that was mended."""
    done = []
    salvage = Salvage(connection)
    model = salvage.one(f"SELECT value FROM meta WHERE key = 'embedding_model' AND {sound(connection, 'meta')}")
    with closing(SqliteStore(new, embedder.fingerprint, embedder.dimension)) as store:
        n_articles = 0
        for saved in salvage.articles():
            if isinstance(saved, str):
                done.append(saved)
                continue
            store.add(saved.article, _vectors(saved, embedder, reuse=model == (embedder.fingerprint,)), saved.original)
            n_articles += 1
            if saved.done:
                done.append(f"{saved.article.title!r} ({saved.article.id}): {saved.done}")
        if not n_articles and not done and salvage.one("SELECT count(*) FROM articles") is None:
            raise StoreError("Nothing of the library can be read. Restore it from a backup.")
        for key in _notes(connection):
            store.mark(key)
    done += _copy_chats(connection, salvage, new / DATABASE)
    return [*done, f"the word index and the vector index were made anew, for {n_articles} articles"]


def _vectors(saved: Salvaged, embedder: Embedder, reuse: bool) -> Vectors:
    """Returns the vectors of an article's sentences, those made anew that are not there."""
    kept = saved.vectors if reuse else {}
    missing = [s for s in saved.article.sentences if s.position not in kept]
    vectors = dict(kept)
    if missing:
        made = embedder.embed([s.text for s in missing])
        vectors |= {s.position: vector for s, vector in zip(missing, made, strict=True)}
    return np.stack([vectors[s.position] for s in saved.article.sentences])


def _notes(connection: sqlite3.Connection) -> list[str]:
    """Returns what a library has noted once and for all."""
    try:
        rows = connection.execute(f"SELECT key FROM meta WHERE {sound(connection, 'meta')}").fetchall()
    except ERRORS:
        return []
    return [key for (key,) in rows if key not in _OWN_NOTES]


def _copy_chats(connection: sqlite3.Connection, salvage: Salvage, path: Path) -> list[str]:
    """Copies the conversations that are as they were written, and returns a line on those that are not."""
    names = chat_tables(connection)
    if not names:
        return []
    done = []
    with closing(SqliteFile(path)) as file, file.transaction() as new:
        for name in sorted(names, key=lambda name: name != "chats"):
            columns = sorted({c for c, *_ in columns_of(connection, name) & columns_of(new, name)} - {CHECKSUM})
            n_left_out = 0
            for number in numbers(connection, name):
                row = salvage.one(
                    f"SELECT {', '.join(columns)} FROM {name} WHERE rowid = ? AND {sound(connection, name)}", number
                )
                try:
                    marks = ", ".join("?" * len(row or ()))
                    new.execute(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})", row or ())
                except ERRORS:
                    n_left_out += 1
            if n_left_out:
                done.append(
                    f"{n_left_out} rows of {name} were damaged, or of a damaged conversation: they were left out"
                )
    return done


def _put_in_place(new: Path, folder: Path) -> None:
    """Puts a mended library in the place of the damaged one, of which copies are kept."""
    path = folder / DATABASE
    for beside in (log_of(path), path.with_name(path.name + "-shm"), sqlite_commits.count_path(path)):
        # The log of the damaged file would be taken for the new one's.
        beside.unlink(missing_ok=True)
    (new / DATABASE).replace(path)
    _clear(folder / VECTORS)
    (new / VECTORS).replace(folder / VECTORS)


def _clear(index: Path) -> None:
    """Makes way for a new file of the vector index, of which a copy is kept; a folder of that name is renamed."""
    if index.is_dir():
        index.rename(index.with_name(f"{index.name}.folder"))
    else:
        index.unlink(missing_ok=True)
