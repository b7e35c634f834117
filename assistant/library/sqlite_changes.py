"""Changes of a library's articles, each a part of one transaction."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from assistant.articles.article import Article
from assistant.errors import ArticleError, StoreError
from assistant.library.sqlite_file import SqliteFile
from assistant.library.sqlite_rows import (
    ARTICLE_COLUMNS,
    article_values,
    insert_sentences,
    record_change,
    unknown_article,
)
from assistant.library.store import Original
from assistant.networks.embeddings import Vectors

REMOVED = "This answer quoted an article that has been removed for good."


def insert(
    db: sqlite3.Connection, article: Article, vectors: Vectors, original: Original | None, sequence: int | None = None
) -> bool:
    """Adds an article, as the last or at the place `sequence`; False if it was there already."""
    if db.execute("SELECT 1 FROM articles WHERE id = ?", (article.id,)).fetchone():
        return False
    # Both tell which ids were ever used; the larger is right, should one be damaged. The last additions tell of all.
    (used,) = db.execute(
        "SELECT max((SELECT coalesce(max(CAST(seq AS INTEGER)), 0) FROM sqlite_sequence WHERE name = 'sentences'), "
        "(SELECT coalesce(max(last_id), 0) FROM "
        "(SELECT last_id FROM changes WHERE kind = 'add' ORDER BY generation DESC LIMIT 100)))"
    ).fetchone()
    first, last = used + 1, used + len(article.sentences)
    n_pages = max((s.page or 0 for s in article.sentences), default=0)
    counts = (len(article.text.split()), n_pages, first, last)
    values = (sequence, article.id, article.text, *article_values(article), *counts)
    db.execute(
        f"INSERT INTO articles (sequence, id, text, {ARTICLE_COLUMNS}, n_words, n_pages, first_id, last_id) "
        f"VALUES ({','.join('?' * len(values))})",
        values,
    )
    insert_sentences(db, article, vectors, first)
    if original is not None:
        db.execute(
            "INSERT INTO originals (article_id, name, data) VALUES (?, ?, ?)",
            (article.id, original.name, original.data),
        )
    record_change(db, "add", first, last)
    return True


def delete(db: sqlite3.Connection, file: SqliteFile, article_id: str) -> int:
    """Removes an article and returns its place.

    Raises:
        ArticleError: if there is none of that id.
        StoreError: if its entry is damaged: what it says may be the words of another article.
    """
    row = db.execute(
        f"SELECT sequence, first_id, last_id, {file.sound('articles')} FROM articles WHERE id = ?", (article_id,)
    ).fetchone()
    if row is None:
        raise unknown_article(article_id)
    sequence, first, last, is_sound = row
    if not is_sound:
        raise file.damage(f"the entry of the article {article_id}")
    db.execute("DELETE FROM sentence_words WHERE rowid BETWEEN ? AND ?", (first, last))
    db.execute("DELETE FROM articles WHERE id = ?", (article_id,))
    record_change(db, "remove", first, last)
    return int(sequence)


def replace(
    db: sqlite3.Connection,
    file: SqliteFile,
    article_id: str,
    article: Article,
    vectors: Vectors,
    original: Original | None,
) -> None:
    """Puts an article at the place of another; conversations about that are about this from now on.

    Raises:
        ArticleError: if there is none of that id, or the new one is in the library at another place.
    """
    if not insert(db, article, vectors, original, delete(db, file, article_id)):
        raise ArticleError(
            f"The new text is that of the article {article.id}, which is in the library already. Remove the article "
            f"{article_id} instead."
        )
    db.execute("DELETE FROM chat_suggestions WHERE article_id = ?", (article_id,))
    db.execute(
        "UPDATE chats SET articles = replace(articles, ?, ?) WHERE instr(articles, ?)",
        (json.dumps(article_id), json.dumps(article.id), json.dumps(article_id)),
    )


def forget(db: sqlite3.Connection, article_id: str) -> None:
    """Removes what conversations and kept questions hold of an article: answers that quote it say so instead."""
    db.execute("DELETE FROM chat_suggestions WHERE article_id = ?", (article_id,))
    db.execute("DELETE FROM chat_kept_questions WHERE article_id = ?", (article_id,))
    db.execute("DELETE FROM chat_kept_articles WHERE id = ?", (article_id,))
    quoting = db.execute(
        "SELECT id, CAST(question AS BLOB), CAST(answer AS BLOB) FROM chat_turns WHERE instr(CAST(answer AS BLOB), ?)",
        (json.dumps(article_id).encode(),),
    ).fetchall()
    for number, question, answer in quoting:
        told = json.dumps(without_quotes(question.decode("utf-8", "replace"), answer))
        db.execute("UPDATE chat_turns SET answer = ? WHERE id = ?", (told, number))


def purge(file: SqliteFile) -> None:
    """Writes a library's file anew: where something stood that was removed, nothing of it is left.

    Raises:
        StoreError: if there is no room for it, or another process reads meanwhile; nothing is lost then.
    """
    with file.transaction() as db:
        # The word index only notes what was removed, until its parts are merged.
        db.execute("INSERT INTO sentence_words (sentence_words) VALUES ('optimize')")
    with file.translated():
        connection = file.connection()
        connection.execute("VACUUM")
        (is_busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_busy:
        raise StoreError(
            f"The library {file.path.parent} is being read: what was removed is still in its files. Run `assistant "
            "remove --for-good` again later."
        )


def without_quotes(question: str, answer: bytes) -> dict[str, Any]:
    """Returns an answer in the form of `Answer.to_dict()` that says why nothing is told any more."""
    try:
        told = json.loads(answer)
    except ValueError:
        told = {}
    return {
        "question": question,
        "standalone_question": question,
        "text": REMOVED,
        "short_answer": "",
        "short_spans": [],
        "citations": [],
        "closest": [],
        "sides": [],
        "confidence": 1.0,
        "abstained": True,
        "mode": "extractive",
        "reason": "",
        "decided_by": "removed",
        "seconds": told.get("seconds", 0.0) if isinstance(told, dict) else 0.0,
    }
