"""Rows of the library: how articles, sentences and vectors are written, and checked when they are read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from assistant.articles.article import Article, article_id
from assistant.articles.sentences import Sentence
from assistant.english.words import words
from assistant.errors import ArticleError, StoreError
from assistant.library.sqlite_schema import vector_checksum
from assistant.library.sqlite_values import blocks_of, boxes_of, day_of, from_blocks, from_boxes, json_of, texts_of
from assistant.networks.embeddings import Vectors

# SQLite's default limit of variables in a statement is 999 in its older versions.
_MAX_VARIABLES = 500

# Quoted: a word of PostgreSQL's own, which shares the names.
SENTENCE_COLUMNS = 'text, start, "end", position, speaker, page, section, place, boxes'
ARTICLE_COLUMNS = "title, source, added, author, date, tags, url, fetched, notes, blocks"


def insert_sentences(connection: sqlite3.Connection, article: Article, vectors: Vectors, first: int) -> None:
    """Writes the sentences of an article, their vectors and their words, under ids from `first` on."""
    ids = range(first, first + len(article.sentences))
    numbered = list(zip(ids, article.sentences, strict=True))
    connection.executemany(
        f"INSERT INTO sentences (id, article_id, {SENTENCE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                i,
                article.id,
                s.text,
                s.start,
                s.end,
                s.position,
                s.speaker,
                s.page,
                s.section,
                s.place,
                from_boxes(s.boxes),
            )
            for i, s in numbered
        ),
    )
    connection.executemany("INSERT INTO vectors VALUES (?, ?, ?)", vector_rows(ids, vectors))
    connection.executemany(
        "INSERT INTO sentence_words (rowid, stems) VALUES (?, ?)", ((i, stems_of(s.text)) for i, s in numbered)
    )


def is_complete(values: Sequence[Any]) -> bool:
    """Returns whether a row's SENTENCE_COLUMNS are there; where the name of a column was damaged, one reads as NULL."""
    text, start, end, position, speaker, _, section, *_ = values
    return None not in (text, start, end, position, speaker, section)


def sentence_of(values: Sequence[Any]) -> Sentence:
    """Returns the sentence of a row's SENTENCE_COLUMNS. Raises StoreError if its boxes are damaged."""
    text, start, end, position, speaker, page, section, place, boxes = values
    return Sentence(text, start, end, position, speaker, page, section, place or "", boxes_of(boxes))


def article_values(article: Article) -> tuple[Any, ...]:
    """Returns what is stored of an article in ARTICLE_COLUMNS."""
    return (
        article.title,
        article.source,
        article.added.isoformat(),
        article.author,
        article.date and article.date.isoformat(),
        json_of(article.tags),
        article.url,
        article.fetched and article.fetched.isoformat(),
        json_of(article.notes),
        from_blocks(article.blocks),
    )


def article_of(
    identity: str, text: str, values: Sequence[Any], sentences: Iterable[Sentence] = (), added: datetime | None = None
) -> Article:
    """Returns the article of a row's ARTICLE_COLUMNS; `added` replaces what it says.

    Raises:
        StoreError: if one of them is damaged.
    """
    title, source, told, author, day, tags, url, fetched, notes, blocks = values
    return Article(
        identity,
        title,
        text,
        source,
        added or moment(told),
        tuple(sentences),
        author or "",
        day_of(day),
        texts_of(tags),
        url or "",
        None if fetched is None else moment(fetched),
        texts_of(notes),
        blocks_of(blocks),
    )


def stems_of(text: str) -> str:
    """Returns what the word index holds of a sentence."""
    return " ".join(words(text))


def record_change(connection: sqlite3.Connection, kind: str, first: int, last: int) -> None:
    """Raises the generation and notes what it changed."""
    connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")
    connection.execute(
        "INSERT INTO changes (generation, kind, first_id, last_id) "
        "SELECT value, ?, ?, ? FROM meta WHERE key = 'generation'", (kind, first, last),
    )  # fmt: skip


def vector_rows(ids: Iterable[int], vectors: Vectors) -> Iterable[tuple[int, bytes, int]]:
    """Yields (sentence id, vector as little-endian float32, checksum) to be stored."""
    for i, vector in zip(ids, vectors, strict=True):
        blob = np.ascontiguousarray(vector, "<f4").tobytes()
        yield i, blob, vector_checksum(i, blob)


def checked_vector(sentence_id: int, blob: bytes, checksum: int) -> Vectors:
    """Returns a stored vector. Raises StoreError if it is damaged."""
    if not isinstance(blob, bytes) or vector_checksum(sentence_id, blob) != checksum:
        raise StoreError(
            f"The vector of sentence {sentence_id} in the library is damaged. `assistant doctor --repair` makes it anew; "
            "or restore the library from a backup."
        )
    return np.frombuffer(blob, "<f4").astype(np.float32)


def moment(text: str) -> datetime:
    """Returns a stored time. Raises StoreError if it is damaged."""
    try:
        return datetime.fromisoformat(text)
    except (ValueError, TypeError) as error:
        raise StoreError(
            f"The library is damaged: {text!r} is no time at which an article was added. Restore it from a backup."
        ) from error


def check_text(text: object, expected: str) -> None:
    """Raises StoreError if a stored text is not the one that its id was made from."""
    if not isinstance(text, str) or article_id(text) != expected:
        raise StoreError(
            f"The text of article {expected} in the library is damaged: it does not have the hash that it was stored "
            "with. Restore the library from a backup, or remove the article and add it again."
        )


def stand_in(text: str, sentences: Sequence[Sentence]) -> bool:
    """Whether the sentences stand in a text where they say, one after another, with nothing but space between them."""
    end = 0
    for position, s in enumerate(sentences):
        if s.position != position or not end <= s.start < s.end or text[s.start : s.end] != s.text:
            return False
        if text[end : s.start].strip():
            return False
        end = s.end
    return not text[end:].strip()


def unknown_article(article_id: str) -> ArticleError:
    """Returns the error that there is no such article."""
    text = f"There is no article {article_id!r} in the library. `assistant list` shows what there is."
    return ArticleError(text, "missing")


def in_parts(items: list[Any]) -> Iterable[list[Any]]:
    """Yields the items in parts that fit SQLite's limit of variables."""
    for start in range(0, len(items), _MAX_VARIABLES):
        yield items[start : start + _MAX_VARIABLES]
