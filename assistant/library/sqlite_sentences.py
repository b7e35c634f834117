"""Sentences as they are stored: none leaves the library that is not as it was written and in its article's text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from assistant.articles.article import Article
from assistant.articles.sentences import Sentence
from assistant.errors import ArticleError, StoreError
from assistant.library.kept_texts import KeptTexts
from assistant.library.sqlite_articles import ArticleList, Listed
from assistant.library.sqlite_file import SqliteFile
from assistant.library.sqlite_rows import check_text, in_parts, moment, stand_in, unknown_article
from assistant.library.store import StoredSentence

_COLUMNS = "text, start, end, position, speaker, page, section"
_MAX_KEPT_BYTES = 64 * 1024 * 1024


class SentenceTable:
    """Reads sentences and articles of a library.

    Every row is held against its checksum, and against its article's text, whose hash is its id. The texts that were last
    read so are kept.
    """

    def __init__(self, file: SqliteFile, articles: ArticleList) -> None:
        """Stores what the sentences are read from."""
        self._file = file
        self._articles = articles
        self._texts = KeptTexts(_MAX_KEPT_BYTES)

    def of_ids(self, ids: Sequence[int]) -> list[StoredSentence]:
        """Returns the sentences with these ids, in order of id; ids that are gone are left out."""
        found: list[StoredSentence] = []
        for part in in_parts(sorted({int(i) for i in ids})):
            found += self._stored(f"id IN ({','.join('?' * len(part))})", part)
        return found

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

    def unchecked_article(self, article_id: str) -> Article:
        """Returns an article as far as it can be read, be it damaged."""
        row = self._file.row("SELECT id, title, text, source, added FROM articles WHERE id = ?", (article_id,))
        if row is None:
            raise unknown_article(article_id)
        rows = self._file.rows(
            f"SELECT {_COLUMNS} FROM sentences WHERE article_id = ? ORDER BY position", (article_id,)
        )
        return Article(row[0], row[1], str(row[2]), row[3], moment(row[4]), tuple(Sentence(*row) for row in rows))

    def _article(self, article_id: str) -> Article:
        listed = self._articles.all().get(article_id)
        if listed is None:
            raise unknown_article(article_id)
        entry, (first, last) = listed.entry, listed.ids
        text = self._checked_text(article_id)
        rows = self._rows("id BETWEEN ? AND ?", listed.ids)
        sentences = tuple(Sentence(*row[2:]) for row in rows)
        in_order = [row[:2] for row in rows] == [(i, article_id) for i in range(first, last + 1)]
        if not in_order or not stand_in(text, sentences):
            raise self._file.damage(f"a sentence of {entry.title!r} ({article_id})")
        return Article(article_id, entry.title, text, entry.source, entry.added, sentences)

    def _checked_text(self, article_id: str) -> str:
        row = self._file.row("SELECT text FROM articles WHERE id = ?", (article_id,))
        if row is None:
            raise unknown_article(article_id)
        check_text(row[0], article_id)
        return str(row[0])

    def _stored(self, condition: str, parameters: Sequence[Any]) -> list[StoredSentence]:
        rows = self._rows(condition, parameters)
        listed = self._articles.all()
        texts = self._kept_texts({row[1] for row in rows if row[1] in listed}, listed)
        found = []
        for row in rows:
            # What was removed between the looks is left out, as if it had been before them all.
            if row[1] in texts:
                sentence = Sentence(*row[2:])
                if texts[row[1]][sentence.start : sentence.end] != sentence.text:
                    raise self._file.damage(f"sentence {row[0]}")
                found.append(StoredSentence(row[0], row[1], listed[row[1]].entry.title, sentence))
        return found

    def _rows(self, condition: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        rows = self._file.rows(
            f"SELECT id, article_id, {_COLUMNS}, {self._file.sound('sentences')} FROM sentences WHERE {condition} ORDER BY id",
            parameters,
        )
        for row in rows:
            if not row[-1]:
                raise self._file.damage(f"sentence {row[0]}")
        return [row[:-1] for row in rows]

    def _kept_texts(self, article_ids: Iterable[str], listed: dict[str, Listed]) -> dict[str, str]:
        """Returns the checked texts of articles by their id, without those that are gone by now."""
        texts: dict[str, str] = {}
        for article_id in article_ids:
            # An article that was removed and added again has other sentences.
            key = (article_id, listed[article_id].ids[0])
            text = self._texts.get(key)
            if text is None:
                try:
                    text = self._checked_text(article_id)
                except ArticleError:
                    continue
                self._texts.keep(key, text)
            texts[article_id] = text
        return texts
