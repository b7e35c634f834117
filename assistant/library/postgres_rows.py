"""Changes of the articles in PostgreSQL, each a part of one transaction; sentences are written with COPY."""

from __future__ import annotations

import json
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from assistant.articles.article import Article
from assistant.english.words import words
from assistant.errors import ArticleError
from assistant.library.postgres_database import Statements
from assistant.library.sqlite_changes import without_quotes
from assistant.library.sqlite_rows import ARTICLE_COLUMNS, SENTENCE_COLUMNS, article_values, unknown_article
from assistant.library.sqlite_values import from_boxes
from assistant.library.store import Original
from assistant.networks.embeddings import Vectors

_HEAD = struct.Struct(">HH")


def insert(
    db: Statements, article: Article, vectors: Vectors, original: Original | None, sequence: int | None = None
) -> bool:
    """Adds an article, as the last or at the place `sequence`; False if it was there already."""
    if db.execute("SELECT 1 FROM articles WHERE id = ?", (article.id,)).fetchone():
        return False
    n = len(article.sentences)
    sql = "UPDATE meta SET value = (value::bigint + ?)::text WHERE key = 'last_id' RETURNING value::bigint"
    (last,) = db.execute(sql, (n,)).fetchone()
    first = last - n + 1
    stems = [words(sentence.text) for sentence in article.sentences]
    n_pages = max((s.page or 0 for s in article.sentences), default=0)
    counts = (len(article.text.split()), n_pages, first, last, sum(map(len, stems)))
    values = (article.id, article.text, *article_values(article), *counts)
    columns = f"id, text, {ARTICLE_COLUMNS}, n_words, n_pages, first_id, last_id, n_stems"
    if sequence is not None:
        columns, values = f"sequence, {columns}", (sequence, *values)
    db.execute(f"INSERT INTO articles ({columns}) VALUES ({','.join('?' * len(values))})", values)
    _copy(db, f"COPY sentences (id, article_id, {SENTENCE_COLUMNS}) FROM STDIN", _sentence_rows(article, first))
    insert_vectors(db, range(first, last + 1), vectors)
    _count_stems(db, stems, 1)
    _copy(db, "COPY postings (stem, sentence_id, n, length) FROM STDIN", _posting_rows(stems, first))
    if original is not None:
        values = (article.id, original.name, original.data)
        db.execute("INSERT INTO originals (article_id, name, data) VALUES (?, ?, ?)", values)
    record_change(db)
    return True


def delete(db: Statements, article_id: str) -> int:
    """Removes an article and returns its place. Raises ArticleError if there is none of that id."""
    row = db.execute("SELECT sequence, first_id, last_id FROM articles WHERE id = ?", (article_id,)).fetchone()
    if row is None:
        raise unknown_article(article_id)
    sequence, first, last = row
    texts = db.execute("SELECT text FROM sentences WHERE article_id = ? ORDER BY id", (article_id,)).fetchall()
    stems = [words(text) for (text,) in texts]
    known = sorted({stem for of_one in stems for stem in of_one})
    # Of each of its stems a piece of the key: looking for its sentences would read all of the table.
    db.execute(
        "DELETE FROM postings USING unnest(?::text[]) AS gone (stem) "
        "WHERE postings.stem = gone.stem AND sentence_id BETWEEN ? AND ?", (known, first, last),
    )  # fmt: skip
    _count_stems(db, stems, -1)
    db.execute("DELETE FROM articles WHERE id = ?", (article_id,))
    record_change(db)
    return int(sequence)


def replace(db: Statements, article_id: str, article: Article, vectors: Vectors, original: Original | None) -> None:
    """Puts an article at the place of another; conversations about that are about this from now on.

    Raises:
        ArticleError: if there is none of that id, or the new one is in the library at another place.
    """
    if not insert(db, article, vectors, original, delete(db, article_id)):
        raise ArticleError(
            f"The new text is that of the article {article.id}, which is in the library already. Remove the article "
            f"{article_id} instead."
        )
    db.execute("DELETE FROM chat_suggestions WHERE article_id = ?", (article_id,))
    old, new = json.dumps(article_id), json.dumps(article.id)
    db.execute("UPDATE chats SET articles = replace(articles, ?, ?) WHERE strpos(articles, ?) > 0", (old, new, old))


def forget(db: Statements, article_id: str) -> None:
    """Removes what conversations and kept questions hold of an article: answers that quote it say so instead."""
    db.execute("DELETE FROM chat_suggestions WHERE article_id = ?", (article_id,))
    db.execute("DELETE FROM chat_kept_questions WHERE article_id = ?", (article_id,))
    db.execute("DELETE FROM chat_kept_articles WHERE id = ?", (article_id,))
    quoting = db.execute(
        "SELECT id, question, answer FROM chat_turns WHERE strpos(answer, ?) > 0", (json.dumps(article_id),)
    ).fetchall()
    for number, question, answer in quoting:
        told = json.dumps(without_quotes(question, answer.encode()))
        db.execute("UPDATE chat_turns SET answer = ? WHERE id = ?", (told, number))


def insert_vectors(db: Statements, ids: Iterable[int], vectors: Vectors) -> None:
    """Writes the vectors of sentences, shape (n, d), float32."""
    head = _HEAD.pack(vectors.shape[1] if vectors.ndim == 2 else 0, 0)
    with db.connection.cursor().copy("COPY vectors (sentence_id, vector) FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(["int8", "bytea"])
        for i, vector in zip(ids, vectors, strict=True):
            copy.write_row((i, head + np.ascontiguousarray(vector, ">f4").tobytes()))


def vector_of(sent: bytes) -> Vectors:
    """Returns a vector, float32, as `vector_send` gives it."""
    return np.frombuffer(sent, ">f4", offset=_HEAD.size).astype(np.float32)


def text_of(vector: Vectors) -> str:
    """Returns a vector as PostgreSQL reads it from a text."""
    return "[" + ",".join(map(str, np.asarray(vector, np.float32).tolist())) + "]"


def record_change(db: Statements) -> None:
    """Raises the generation: whoever keeps what was read before reads it anew."""
    db.execute("UPDATE meta SET value = (value::bigint + 1)::text WHERE key = 'generation'")


def _sentence_rows(article: Article, first: int) -> Iterator[Sequence[Any]]:
    for i, s in enumerate(article.sentences, first):
        yield (
            i, article.id, s.text, s.start, s.end, s.position, s.speaker, s.page, s.section, s.place, from_boxes(s.boxes),
        )  # fmt: skip


def _posting_rows(stems: Sequence[Sequence[str]], first: int) -> Sequence[Sequence[Any]]:
    # In the order of the key, so that its pages are filled one after another.
    return sorted(
        (stem, i, n, len(of_one)) for i, of_one in enumerate(stems, first) for stem, n in Counter(of_one).items()
    )


def _count_stems(db: Statements, stems: Sequence[Sequence[str]], sign: int) -> None:
    """Counts in how many sentences each stem stands, and takes those away that stand in none."""
    counts = Counter(stem for of_one in stems for stem in set(of_one))
    known = sorted(counts)
    db.execute(
        "INSERT INTO stems (stem, n_sentences) SELECT * FROM unnest(?::text[], ?::bigint[]) "
        "ON CONFLICT (stem) DO UPDATE SET n_sentences = stems.n_sentences + excluded.n_sentences",
        (known, [sign * counts[stem] for stem in known]),
    )
    if sign < 0:
        db.execute("DELETE FROM stems WHERE stem = ANY (?::text[]) AND n_sentences <= 0", (known,))


def _copy(db: Statements, sql: str, rows: Iterable[Sequence[Any]]) -> None:
    with db.connection.cursor().copy(sql) as copy:
        for row in rows:
            copy.write_row(row)
