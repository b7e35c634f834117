"""Folders with a library in them, for tests of the library's files."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from fakes import WordEmbedder, article_of

from assistant.library.sqlite_store import DATABASE, SqliteStore

EMBEDDER = WordEmbedder(dimension=512)
BASE = article_of("The base stays. Mirzoyan said so. Nobody asked about the base.", title="Base")
FRUIT = article_of("Bananas are yellow. Apples are red. The base of a pear is wide.", title="Fruit")
MANY = [article_of(f"Article {i} speaks of topic{i}. It has two sentences about topic{i}.") for i in range(40)]


def open_folder(folder: Path, embedder: WordEmbedder = EMBEDDER) -> SqliteStore:
    return SqliteStore(folder, embedder.fingerprint, embedder.dimension, busy_timeout_seconds=0.2)


def put(store: SqliteStore, article: object, embedder: WordEmbedder = EMBEDDER) -> bool:
    return store.add(article, embedder.embed([s.text for s in article.sentences]))  # type: ignore[attr-defined, arg-type]


def nearest(store: SqliteStore, question: str, embedder: WordEmbedder = EMBEDDER) -> str:
    (hit,) = store.search_dense(embedder.embed([question])[0], 1)
    return store.sentences([hit.id])[0].sentence.text


def change(folder: Path, sql: str, *parameters: object) -> None:
    with closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
        assert connection.execute(sql, parameters).rowcount != 0


def library_of_two(parent: Path) -> Path:
    """Returns the folder of a library with two articles, closed."""
    folder = parent / "two articles #1?"
    with closing(open_folder(folder)) as store:
        put(store, BASE)
        put(store, FRUIT)
    return folder
