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


@dataclass(frozen=True, slots=True)
class _Known:
    """The list as of a generation.

    Attributes:
        generation: of the library.
        last: the last article's place in the table.
        listed: every article by its id, oldest first.
        n_sentences: of all of them.
    """

    generation: int
    last: int
    listed: dict[str, Listed]
    n_sentences: int


class ArticleList:
    """What the library lists, oldest first; followed as other threads and processes change it."""

    def __init__(self, file: ArticleDatabase) -> None:
        """Stores the file; the list is read when it is asked for."""
        self._file = file
        self._known = _Known(-1, 0, {}, 0)

    def all(self) -> dict[str, Listed]:
        """Returns every article by its id, oldest first.

        Raises:
            StoreError: if a row is not as it was written.
        """
        return self._now().listed

    def n_sentences(self) -> int:
        """Returns how many sentences all articles have."""
        return self._now().n_sentences

    def _now(self) -> _Known:
        known, generation = self._known, self._file.generation()
        if known.generation != generation:
            known = self._with_added(known, generation) or self._read(generation, _Known(-1, 0, {}, 0))
            self._known = known
        return known

    def _with_added(self, known: _Known, generation: int) -> _Known | None:
        """Returns what is known and what was added at the end since, None where more was changed than that."""
        kinds = self._file.rows(
            f"SELECT kind, {self._file.sound('changes')} FROM changes WHERE generation > ? AND generation <= ?",
            (known.generation, generation),
        )
        if known.generation < 0 or len(kinds) != generation - known.generation or set(kinds) != {("add", 1)}:
            return None
        return self._read(generation, known)

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

    def _read(self, generation: int, before: _Known) -> _Known:
        """Returns what was known and the articles behind that in the table."""
        last, total = before.last, before.n_sentences
        rows = self._file.rows(
            f"SELECT sequence, {_COLUMNS}, {self._file.sound('articles')} FROM articles WHERE sequence > ? ORDER BY sequence",
            (last,),
        )
        listed = dict(before.listed)
        for row in rows:
            last, article_id, title, source, added, n_sentences, n_characters, n_words, *told, is_sound = row
            if not is_sound:
                raise self._file.damage(f"the entry of the article {title!r}")
            author, day, tags, url, n_pages, first_id, last_id = told
            listed[article_id] = Listed(
                Entry(
                    article_id, title, source, moment(added), n_sentences, n_characters, n_words,
                    author, day_of(day), texts_of(tags), url, n_pages,
                ),
                (first_id, last_id),
            )  # fmt: skip
            total += n_sentences
        return _Known(generation, last, listed, total)


def is_within(ranges: Sequence[Range], number: int) -> bool:
    """Whether a number is within one of some ranges that are in order and apart."""
    place = bisect_right(ranges, (number, float("inf"))) - 1
    return place >= 0 and ranges[place][0] <= number <= ranges[place][1]
