"""The articles of a library as its table lists them: read once a generation, and none believed that is damaged."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.library.database import ArticleDatabase
from assistant.library.sqlite_file import SqliteFile
from assistant.library.sqlite_rows import moment
from assistant.library.sqlite_values import day_of, texts_of
from assistant.library.store import Entry
from assistant.library.vector_index import Range

_COLUMNS = (
    "id, title, source, added, last_id - first_id + 1, length(text), n_words, author, date, tags, url, n_pages, "
    "first_id, last_id"
)


OnlyAdded = Callable[[int, int], bool]


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

    def __init__(self, file: ArticleDatabase, only_added: OnlyAdded = lambda _, __: False) -> None:
        """Stores where the list stands; it is read when it is asked for.

        Args:
            file: the database.
            only_added: whether nothing but articles at the end was added between two generations: then only these are read.
        """
        self._file = file
        self._only_added = only_added
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
            goes_on = known.generation >= 0 and self._only_added(known.generation, generation)
            known = self._read(generation, known if goes_on else _Known(-1, 0, {}, 0))
            self._known = known
        return known

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


def added_alone(file: SqliteFile, after: int, upto: int) -> bool:
    """Returns whether every change of a file behind one generation, up to another, added an article."""
    kinds = file.rows(
        f"SELECT kind, {file.sound('changes')} FROM changes WHERE generation > ? AND generation <= ?", (after, upto)
    )
    return len(kinds) == upto - after and set(kinds) == {("add", 1)}


def is_within(ranges: Sequence[Range], number: int) -> bool:
    """Whether a number is within one of some ranges that are in order and apart."""
    place = bisect_right(ranges, (number, float("inf"))) - 1
    return place >= 0 and ranges[place][0] <= number <= ranges[place][1]
