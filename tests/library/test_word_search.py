"""Frequent words have few sentences scored in a large library, and change nothing in a small one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fakes import article_of
from sqlite_folders import open_folder, put

from assistant.library.sqlite_articles import ArticleList
from assistant.library.sqlite_file import SqliteFile
from assistant.library.sqlite_store import SqliteStore
from assistant.library.sqlite_words import WordIndex

OLD = article_of(" ".join(f"The council met on day{i} of harvest." for i in range(60)))
RARE = article_of("A heron stood there. The council saw a heron. The heron left the council at harvest.")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with closing(open_folder(tmp_path)) as opened:
        put(opened, OLD)
        put(opened, RARE)
        yield opened


def words_of(store: SqliteStore, max_scored: int) -> WordIndex:
    return WordIndex(store._file, ArticleList(store._file), max_scored)


def test_as_long_as_few_are_scored_nothing_differs(store: SqliteStore) -> None:
    for stems in (["heron", "council"], ["harvest"], ["heron", "nowher"], ["day3", "day4", "council"]):
        rows = store._file.rows(
            "SELECT rowid, -bm25(sentence_words) FROM sentence_words WHERE sentence_words MATCH ? "
            "ORDER BY bm25(sentence_words), rowid LIMIT 30",
            (" OR ".join(f'"{stem}"' for stem in stems),),
        )
        assert [(hit.id, hit.score) for hit in words_of(store, 1000).search(stems, 30, None)] == rows


def test_rare_words_choose_and_frequent_ones_add(store: SqliteStore) -> None:
    few, all_of_them = words_of(store, 10), words_of(store, 1000)
    exact = all_of_them.search(["council", "heron", "harvest"], 3, None)
    hits = few.search(["council", "heron", "harvest"], 30, None)
    # A bare word in every second sentence weighs nothing in BM25; what is rare decides, and all of it is found.
    assert [hit.id for hit in hits[:3]] == [hit.id for hit in exact] == [61, 62, 63]
    assert hits[0].score == pytest.approx(exact[0].score, rel=0.05)
    assert [hit.id for hit in few.search(["day7", "council"], 5, None)] == [8, 1, 2, 3, 4]
    # What is rare in the library stands in other articles than the one asked: there the frequent words are looked for.
    assert [hit.id for hit in few.search(["day7", "council"], 5, [RARE.id])] == [62, 63]
    assert [hit.id for hit in few.search(["heron", "harvest"], 5, [OLD.id])] == [1, 2, 3, 4, 5]


def test_frequent_words_alone_have_a_limited_number_scored(store: SqliteStore) -> None:
    hits = words_of(store, 10).search(["council", "harvest"], 30, None)
    assert [hit.id for hit in hits] == list(range(1, 11))
    assert [hit.id for hit in words_of(store, 10).search(["council"], 30, [RARE.id])] == [62, 63]


def test_words_of_a_large_library_are_counted_once_until_it_grows(store: SqliteStore) -> None:
    words = words_of(store, 5)
    assert words.frequencies(["heron", "council", "gone"]) == ({"heron": 3, "council": 62}, 63)
    put(store, article_of("Heron after heron came. And a heron more."))
    assert words.frequencies(["gone"]) == ({}, 65)
    assert words.frequencies(["heron"]) == ({"heron": 5}, 65)


def test_in_a_large_library_a_count_is_kept_through_small_changes_but_not_that_there_is_none(
    store: SqliteStore,
) -> None:
    file: Any = Listening(store._file)
    words = WordIndex(file, ArticleList(store._file), 5)
    words.frequencies(["heron", "gone"])
    store.rename(OLD.id, "Harvest")
    assert words.frequencies(["heron"]) == ({"heron": 3}, 63)
    assert len(file.asked) == 1
    words.frequencies(["gone"])
    assert len(file.asked) == 2


class Listening:
    """A library's file that notes what is asked of it."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self.asked: list[str] = []

    def generation(self) -> int:
        return self._file.generation()

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        self.asked.append(sql)
        return self._file.rows(sql, parameters)


def test_words_of_a_small_library_are_counted_once_until_it_changes(store: SqliteStore) -> None:
    file: Any = Listening(store._file)
    words = WordIndex(file, ArticleList(store._file), 1000)
    assert words.frequencies(["heron", "gone"]) == words.frequencies(["gone", "heron"]) == ({"heron": 3}, 63)
    assert len(file.asked) == 1
    put(store, article_of("One heron."))
    assert words.frequencies(["heron"]) == ({"heron": 4}, 64)
