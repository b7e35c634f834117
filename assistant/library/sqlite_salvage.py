"""What can be read of a damaged library, row by row: sound articles, the sound parts of others, conversations."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from assistant.adding import with_sentences
from assistant.articles.article import Article, article_id, title_of
from assistant.articles.sentences import Sentence
from assistant.errors import StoreError
from assistant.library.sqlite_check_articles import columns, sound
from assistant.library.sqlite_connection import ERRORS
from assistant.library.sqlite_rows import (
    ARTICLE_COLUMNS,
    SENTENCE_COLUMNS,
    article_of,
    checked_vector,
    is_complete,
    sentence_of,
    stand_in,
)
from assistant.library.store import Original
from assistant.loaders import Mark
from assistant.networks.embeddings import Vectors


@dataclass(frozen=True, slots=True)
class Salvaged:
    """An article whose text is right.

    Attributes:
        article: with its sentences, as they were, or made anew where one was damaged.
        original: the file that it was read from, if it was kept and is as it was.
        vectors: those that are as they were written, by the position of their sentence.
        done: what had to be mended, "" for nothing.
    """

    article: Article
    vectors: dict[int, Vectors]
    done: str
    original: Original | None = None


class Salvage:
    """Reads a damaged library; what cannot be read is passed over."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Stores a connection that decodes whatever text it finds."""
        self._connection = connection
        self._sentence_ids: dict[str, list[int]] = defaultdict(list)
        for sentence_id in numbers(connection, "sentences"):
            row = self.one("SELECT article_id FROM sentences WHERE id = ?", sentence_id)
            self._sentence_ids[str(row[0]) if row else ""].append(sentence_id)

    def one(self, sql: str, *parameters: object) -> tuple[object, ...] | None:
        """Returns the first row of a query, None if there is none that can be read."""
        try:
            row: tuple[object, ...] | None = self._connection.execute(sql, parameters).fetchone()
        except ERRORS:
            return None
        return row

    def articles(self) -> Iterator[Salvaged | str]:
        """Yields every article that can be saved, oldest first, and a line on each that cannot."""
        for sequence in numbers(self._connection, "articles"):
            row = self.one(
                f"SELECT id, CAST(text AS BLOB), {sound(self._connection, 'articles')}, "
                f"{columns(self._connection, 'articles', ARTICLE_COLUMNS)} FROM articles WHERE sequence = ?", sequence,
            )  # fmt: skip
            if row is None:
                yield f"article number {sequence} cannot be read: add it again"
                continue
            try:
                yield self._article(*row)  # type: ignore[arg-type]
            except StoreError as error:
                yield str(error)

    def _article(self, listed_id: str, raw: bytes, is_sound: bool, *told: object) -> Salvaged:
        title, source = told[:2]
        known = self._sentences(listed_id)
        text = _mended(raw, list(known.values()), listed_id)
        expected = article_id(text)
        if expected != listed_id:
            # The id itself may be what was damaged: the sentences bear it too.
            known = self._sentences(expected)
        if expected != listed_id and not known:  # nothing vouches for the text
            raise StoreError(
                f"the text of {title!r} ({listed_id}) is damaged: it was left out, add it again from {source!r}"
            )
        done = "" if is_sound else "check its title, source, author, dates and tags, one of which was damaged"
        base = _described(expected, text, told)
        whole = {number: s for number, s in known.items() if text[s.start : s.end] == s.text}
        if stand_in(text, list(whole.values())):
            ids = dict(zip(range(len(whole)), whole, strict=True))
            article = replace(base, sentences=tuple(whole.values()))
        else:
            article, ids = _made_anew(base, whole)
            done = "; ".join(filter(None, (done, f"{len(article.sentences) - len(ids)} sentences were made anew")))
        vectors = {position: v for position, number in ids.items() if (v := self._vector(number)) is not None}
        if n := len(article.sentences) - len(vectors):
            done = "; ".join(filter(None, (done, f"{n} vectors were made anew")))
        original, is_lost = self._original(expected)
        if is_lost:
            done = "; ".join(filter(None, (done, "its original file was damaged: its pages are not shown")))
        return Salvaged(article, vectors, done, original)

    def _original(self, of_article: str) -> tuple[Original | None, bool]:
        """Returns the original file of an article, and whether there was one that cannot be read."""
        if self.one("SELECT 1 FROM originals WHERE article_id = ?", of_article) is None:
            return None, False
        condition = sound(self._connection, "originals")
        row = self.one(f"SELECT name, data FROM originals WHERE article_id = ? AND {condition}", of_article)
        return (Original(str(row[0]), bytes(row[1])), False) if row else (None, True)  # type: ignore[call-overload]

    def _sentences(self, of_article: str) -> dict[int, Sentence]:
        """Returns the sentences of an article that are as they were written, by their id."""
        condition = sound(self._connection, "sentences")
        found = {}
        for number in self._sentence_ids.get(of_article, []):
            row = self.one(
                f"SELECT {columns(self._connection, 'sentences', SENTENCE_COLUMNS)} FROM sentences WHERE id = ? AND {condition}",
                number,
            )
            if row is not None and is_complete(row):
                found[number] = sentence_of(row)
        return found

    def _vector(self, sentence_id: int) -> Vectors | None:
        row = self.one("SELECT vector, checksum FROM vectors WHERE sentence_id = ?", sentence_id)
        try:
            return checked_vector(sentence_id, *row) if row else None  # type: ignore[arg-type]
        except StoreError:
            return None


def numbers(connection: sqlite3.Connection, table: str) -> list[int]:
    """Returns the numbers of a table's rows, from both ends as far as they can be read."""
    found: set[int] = set()
    for order in ("ASC", "DESC"):
        try:
            for (number,) in connection.execute(f"SELECT rowid FROM {table} NOT INDEXED ORDER BY rowid {order}"):
                found.add(number)
        except ERRORS:
            continue  # from the other end there may be more
    return sorted(found)


def _mended(raw: bytes, sentences: Sequence[Sentence], expected: str) -> str:
    """Returns a text, with its sentences put back where they were if that makes it the one that it was.

    Between them stands what stood there, so that only what is in a sentence is mended, or a space between two.
    """
    text = raw.decode("utf-8", errors="replace")
    if article_id(text) == expected:
        return text
    parts, place, end = [], 0, 0
    for s in sentences:
        between = raw[place:].decode("utf-8", errors="replace")[: s.start - end]
        between = "".join(c if c.isspace() else " " for c in between) if s.position else between
        parts += [between, s.text]
        place += len(between.encode()) + len(s.text.encode())
        end = s.end
    mended = "".join(parts)
    return mended if article_id(mended) == expected else text


def _made_anew(article: Article, whole: dict[int, Sentence]) -> tuple[Article, dict[int, int]]:
    """Returns the article with sentences made from its text, and the ids of those that are as before, by position.

    Section, page and place are those of the sound sentence before, for only the file that the text came from tells them.
    """
    marks = [Mark(s.start, s.section, s.page, s.place) for s in sorted(whole.values(), key=lambda s: s.start)]
    by_span = {(s.start, s.end): number for number, s in whole.items()}
    sentences, ids = [], {}
    for made in with_sentences(article, marks).sentences:
        number = by_span.get((made.start, made.end))
        if number is not None:
            ids[made.position] = number
            made = replace(whole[number], position=made.position)
        sentences.append(made)
    return replace(article, sentences=tuple(sentences)), ids


def _described(identity: str, text: str, told: Sequence[object]) -> Article:
    """Returns an article with what can be read of its ARTICLE_COLUMNS."""
    title, source, added, *rest = told
    whole = Article(identity, str(title or "") or title_of(text), text, str(source or ""), _moment(str(added)))
    names = ARTICLE_COLUMNS.split(", ")[3:]
    for name, value in zip(names, rest, strict=True):
        alone = [value if other == name else None for other in names]
        with suppress(StoreError):
            read = article_of(identity, text, (title, source, added, *alone), added=whole.added)
            whole = replace(whole, **{name: getattr(read, name)})
    return whole


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except (ValueError, TypeError):
        return datetime.now(UTC)
