"""Questions that a user has kept with what would have been right, each article's text once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.articles.article import Article, make_article
from assistant.errors import ArticleError, StoreError
from assistant.library.database import Database

MAX_OF_ONE = 2000


class KeptQuestions:
    """The users' own questions in the library's file; each owner sees theirs alone."""

    def __init__(self, file: Database) -> None:
        """Stores the file."""
        self._file = file

    def add(self, owner: str, row: Mapping[str, Any], article: Article) -> None:
        """Keeps a question, a row of a question set without its text, with the article that it was asked of.

        Raises:
            StoreError: if the owner has as many as may be kept, or the file cannot be written.
        """
        if self.count(owner) >= MAX_OF_ONE:
            raise StoreError(f"You have kept {MAX_OF_ONE:,} questions, which is the limit. Save them and delete some.")
        with self._file.transaction() as db:
            db.execute(
                "INSERT INTO chat_kept_articles (owner, id, title, text) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (owner, article.id, article.title, article.text),
            )
            db.execute(
                'INSERT INTO chat_kept_questions (owner, article_id, "row") VALUES (?, ?, ?)',
                (owner, article.id, json.dumps(row)),
            )

    def count(self, owner: str) -> int:
        """Returns how many questions the owner has kept."""
        return int(self._file.rows("SELECT count(*) FROM chat_kept_questions WHERE owner = ?", (owner,))[0][0])

    def rows(self, owner: str) -> Iterator[dict[str, Any]]:
        """Yields the owner's questions in order, as rows of a question set; `article` is the id of a kept article.

        A row that is damaged is left out.
        """
        kept = self._file.whole("chat_kept_questions")
        query = f'SELECT article_id, "row" FROM {kept} WHERE owner = ? ORDER BY id'
        for article_id, text in self._file.readable_rows(query, (owner,)):
            try:
                row = json.loads(text)
            except (ValueError, TypeError, RecursionError):
                continue
            if isinstance(row, dict):
                yield {**row, "article": article_id}

    def article(self, owner: str, article_id: str) -> Article:
        """Returns an article as it was when a question about it was kept.

        Raises:
            ArticleError: if the owner has kept none of that id, or it is damaged.
        """
        query = f"SELECT title, text FROM {self._file.whole('chat_kept_articles')} WHERE owner = ? AND id = ?"
        found = self._file.readable_rows(query, (owner, article_id))
        article = make_article(found[0][1], found[0][0]) if found and isinstance(found[0][1], str) else None
        if article is None or article.id != article_id:
            raise ArticleError(f"The article {article_id!r} of this question is not kept, or is damaged.")
        return article

    def clear(self, owner: str) -> None:
        """Deletes the owner's questions for good."""
        with self._file.transaction() as db:
            db.execute("DELETE FROM chat_kept_questions WHERE owner = ?", (owner,))
            db.execute("DELETE FROM chat_kept_articles WHERE owner = ?", (owner,))
