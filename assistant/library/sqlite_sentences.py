"""Sentences as they are stored: none leaves the library that is not as it was written."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from assistant.articles.article import Article
from assistant.errors import ArticleError, StoreError
from assistant.library.database import ArticleDatabase
from assistant.library.sqlite_articles import ArticleList
from assistant.library.sqlite_rows import (
    ARTICLE_COLUMNS,
    SENTENCE_COLUMNS,
    article_of,
    check_text,
    in_parts,
    sentence_of,
    stand_in,
    unknown_article,
)
from assistant.library.store import Original, StoredSentence

_MAX_KEPT = 4096  # sentences, some kilobyte each; a question looks at some two hundred


class SentenceTable:
    """Reads sentences and articles of a library.

    Every row is held against its checksum. An article that is read whole, or is about to be cited, is held against its text as
    well, whose hash is its id; search, which gives single sentences, reads no text, so that it takes no longer in a long article.
    """

    def __init__(self, file: ArticleDatabase, articles: ArticleList) -> None:
        """Stores what the sentences are read from."""
        self._file = file
        self._articles = articles
        self._kept: tuple[int, dict[int, StoredSentence]] = (-1, {})
        self._checked: set[str] = set()

    def of_ids(self, ids: Sequence[int]) -> list[StoredSentence]:
        """Returns the sentences with these ids, in order of id; ids that are gone are left out."""
        wanted = sorted({int(i) for i in ids})
        kept = self._kept_sentences()
        known = {i: stored for i in wanted if (stored := kept.get(i)) is not None}
        for part in in_parts([i for i in wanted if i not in known]):
            read = self._stored(f"id IN ({','.join('?' * len(part))})", part)
            known |= {stored.id: stored for stored in read}
        if len(kept) + len(known) > _MAX_KEPT:
            kept.clear()
        kept |= known
        return [known[i] for i in wanted if i in known]

    def around(self, sentence_id: int, before: int, after: int) -> list[StoredSentence]:
        """Returns a sentence and those around it in its article, in order; [] if it is gone."""
        stored = self._stored("id BETWEEN ? AND ?", (sentence_id - before, sentence_id + after))
        articles = [s.article_id for s in stored if s.id == sentence_id]
        return [s for s in stored if s.article_id in articles]

    def article(self, article_id: str) -> Article:
        """Returns one article whole, its text checked against its id and its sentences against its text."""
        while True:
            generation = self._file.generation()
            try:
                return self._article(article_id)
            except StoreError:
                # What another process changed between two looks is no damage.
                if self._file.generation() == generation:
                    raise

    def check(self, article_ids: Sequence[str]) -> None:
        """Reads each article whole once, as `article` does, so that nothing is cited of one that is not as it was written."""
        for article_id in article_ids:
            if article_id in self._checked:
                continue
            with suppress(ArticleError):  # it is gone: what was found of it was there a moment ago
                self.article(article_id)
                self._checked.add(article_id)

    def unchecked_article(self, article_id: str) -> Article:
        """Returns an article as far as it can be read, be it damaged."""
        row = self._file.row(f"SELECT text, {ARTICLE_COLUMNS} FROM articles WHERE id = ?", (article_id,))
        if row is None:
            raise unknown_article(article_id)
        # Without their boxes, which might be damaged too.
        columns = SENTENCE_COLUMNS.replace("boxes", "NULL")
        rows = self._file.rows(f"SELECT {columns} FROM sentences WHERE article_id = ? ORDER BY position", (article_id,))
        return article_of(article_id, str(row[0]), row[1:], map(sentence_of, rows))

    def original(self, article_id: str) -> Original | None:
        """Returns the file that an article was read from, None if it was not kept."""
        row = self._file.row(
            f"SELECT name, data, {self._file.sound('originals')} FROM originals WHERE article_id = ?", (article_id,)
        )
        if row is None:
            if article_id not in self._articles.all():
                raise unknown_article(article_id)
            return None
        if not row[2]:
            raise self._file.damage(f"the original file of the article {article_id}")
        return Original(row[0], row[1])

    def _article(self, article_id: str) -> Article:
        listed = self._articles.all().get(article_id)
        if listed is None:
            raise unknown_article(article_id)
        (first, last), title = listed.ids, listed.entry.title
        row = self._file.row(
            f"SELECT {self._file.sound('articles')}, text, {ARTICLE_COLUMNS} FROM articles WHERE id = ?", (article_id,)
        )
        if row is None:
            raise unknown_article(article_id)
        is_sound, text, *values = row
        if not is_sound:
            raise self._file.damage(f"the entry of the article {title!r}")
        check_text(text, article_id)
        rows = self._rows("id BETWEEN ? AND ?", listed.ids)
        article = article_of(article_id, text, values, (sentence_of(row[2:]) for row in rows))
        in_order = [row[:2] for row in rows] == [(i, article_id) for i in range(first, last + 1)]
        if not in_order or not stand_in(article.text, article.sentences):
            raise self._file.damage(f"a sentence of {title!r} ({article_id})")
        return article

    def _kept_sentences(self) -> dict[int, StoredSentence]:
        """Returns the sentences that were read since the library was last changed, as far as they are kept."""
        generation = self._file.generation()
        if self._kept[0] != generation:
            self._kept = (generation, {})
        return self._kept[1]

    def _stored(self, condition: str, parameters: Sequence[Any]) -> list[StoredSentence]:
        rows = self._rows(condition, parameters)
        listed = self._articles.all()
        found = []
        for row in rows:
            # What was removed between the looks is left out, as if it had been before them all.
            if row[1] in listed:
                entry = listed[row[1]].entry
                found.append(StoredSentence(row[0], row[1], entry.title, sentence_of(row[2:]), entry.url))
        return found

    def _rows(self, condition: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        rows = self._file.rows(
            f"SELECT id, article_id, {SENTENCE_COLUMNS}, {self._file.sound('sentences')} FROM sentences WHERE {condition} ORDER BY id",
            parameters,
        )
        for row in rows:
            if not row[-1]:
                raise self._file.damage(f"sentence {row[0]}")
        return [row[:-1] for row in rows]
