"""The articles of a library as its table lists them: read once a generation, and none believed that is damaged."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.library.database import ArticleDatabase
from assistant.library.sqlite_rows import moment
from assistant.library.sqlite_values import day_of, texts_of
from assistant.library.store import Entry
from assistant.library.vector_index import Range

_COLUMNS = (
    "id, title, source, added, last_id - first_id + 1, length(text), n_words, author, date, tags, url, n_pages, "
    "first_id, last_id"
)


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in the table, and the ids of its sentences, first and last, both included."""

    entry: Entry
    ids: Range


class ArticleList:
    """What the library lists, oldest first; followed as other threads and processes change it."""

    def __init__(self, file: ArticleDatabase) -> None:
        """Stores the file; the list is read when it is asked for."""
        self._file = file
        self._known: tuple[int, dict[str, Listed]] = (-1, {})

    def all(self) -> dict[str, Listed]:
        """Returns every article by its id, oldest first.

        Raises:
            StoreError: if a row is not as it was written.
        """
        generation = self._file.generation()
        if self._known[0] != generation:
            self._known = (generation, self._read())
        return self._known[1]

    def ranges(self, article_ids: Sequence[str] | None) -> list[Range]:
        """Returns which sentence ids these articles have, in order, adjoining ranges as one; None for all articles."""
        listed = self.all()
        chosen = listed.values() if article_ids is None else [listed[i] for i in set(article_ids) if i in listed]
        merged: list[Range] = []
        for first, last in sorted(one.ids for one in chosen if one.ids[0] <= one.ids[1]):
            if merged and merged[-1][1] + 1 == first:
                merged[-1] = (merged[-1][0], last)
            else:
                merged.append((first, last))
        return merged

    def _read(self) -> dict[str, Listed]:
        rows = self._file.rows(f"SELECT {_COLUMNS}, {self._file.sound('articles')} FROM articles ORDER BY sequence")
        listed = {}
        for row in rows:
            article_id, title, source, added, n_sentences, n_characters, n_words, *told, first, last, is_sound = row
            if not is_sound:
                raise self._file.damage(f"the entry of the article {title!r}")
            author, day, tags, url, n_pages = told
            listed[article_id] = Listed(
                Entry(
                    article_id, title, source, moment(added), n_sentences, n_characters, n_words,
                    author, day_of(day), texts_of(tags), url, n_pages,
                ),
                (first, last),
            )  # fmt: skip
        return listed


def is_within(ranges: Sequence[Range], number: int) -> bool:
    """Whether a number is within one of some ranges that are in order and apart."""
    place = bisect_right(ranges, (number, float("inf"))) - 1
    return place >= 0 and ranges[place][0] <= number <= ranges[place][1]
