"""Which sentences hold a word, or are said by somebody, in PostgreSQL; weighed as the embedded library weighs them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from assistant.english.words import words
from assistant.library.postgres_database import PostgresDatabase
from assistant.library.sqlite_articles import ArticleList, is_within
from assistant.library.sqlite_words import MAX_SCORED, ways_to_look
from assistant.library.store import Hit
from assistant.library.vector_index import Range

# Source: BM25 as SQLite computes it, https://www.sqlite.org/fts5.html#the_bm25_function: its constants, and the least
# weight of a word that stands in more than half of all sentences.
_K1, _B, _LEAST = 1.2, 0.75, 1e-6
# Two that differ by less differ by the order in which their words were added up: the first in the library is first.
_SAME = 1e-9
_OF_ONE = (
    f"weight * n * {_K1 + 1}::float8 / (n + {_K1}::float8 * ({1 - _B}::float8 + {_B}::float8 * length / ?::float8))"
)


class PostgresWords:
    """Looks up words and speakers. What weighs a word is kept when articles change, and never counted anew.

    As in the embedded library, rare words choose which sentences are scored where frequent ones stand in too many.
    """

    def __init__(self, database: PostgresDatabase, articles: ArticleList, max_scored: int = MAX_SCORED) -> None:
        """Stores what is searched, and how many sentences a search may score where words are frequent."""
        self._database = database
        self._articles = articles
        self._max_scored = max_scored

    def search(self, stems: Sequence[str], n: int, article_ids: Sequence[str] | None) -> list[Hit]:
        """Returns the n sentences with the highest BM25 score that hold any of the stems, best first."""
        ranges = None if article_ids is None else self._articles.ranges(article_ids)
        if not stems or ranges == []:
            return []
        rows = self._database.rows(
            "SELECT stem, n_sentences, (SELECT sum(n_stems) FROM articles), "
            "(SELECT sum(last_id - first_id + 1) FROM articles) FROM stems WHERE stem = ANY (?::text[])",
            (list(set(stems)),),
        )
        if not rows:
            return []
        n_stems, n_sentences = int(rows[0][2]), int(rows[0][3])
        weights = {stem: _weight(int(count), n_sentences) for stem, count, *_ in rows}
        asked = [stem for stem in stems if stem in weights]
        mean = n_stems / n_sentences
        n_chosen = n_sentences if ranges is None else sum(last - first + 1 for first, last in ranges)
        counts = {stem: int(count) for stem, count, *_ in rows}
        if min(n_chosen, sum(counts.values())) <= self._max_scored:
            return self._scored(asked, weights, mean, n, ranges)
        hits: dict[int, Hit] = {}
        for looked_for, joined in ways_to_look(counts, self._max_scored):
            if len(hits) >= n:
                break
            look = self._with_all if joined == "AND" or counts[looked_for[0]] > self._max_scored else self._scored
            found = look(looked_for, weights, mean, 4 * n, ranges)
            others = [stem for stem in counts if stem not in looked_for]
            hits = {hit.id: hit for hit in self._with_frequent(found, others, weights, mean)} | hits
        return _best(hits.values())[:n]

    def _scored(
        self, stems: Sequence[str], weights: dict[str, float], mean: float, n: int, ranges: Sequence[Range] | None
    ) -> list[Hit]:
        """Returns the n sentences with the highest score by these stems, best first."""
        condition, values = _within(ranges)
        found = self._database.rows(
            f"SELECT sentence_id, score FROM (SELECT sentence_id, sum({_OF_ONE}) AS score "
            "FROM unnest(?::text[], ?::float8[]) AS asked (stem, weight) JOIN postings USING (stem) "
            f"{condition} GROUP BY sentence_id) AS scored ORDER BY round(score / {_SAME}::float8) DESC, sentence_id LIMIT ?",
            (mean, list(stems), [weights[stem] for stem in stems], *values, n),
        )
        return [Hit(i, float(score)) for i, score in found]

    def _with_all(
        self, stems: Sequence[str], weights: dict[str, float], mean: float, n: int, ranges: Sequence[Range] | None
    ) -> list[Hit]:
        """Returns the n best of the first sentences that hold all of one or two frequent stems, by their score, best first."""
        condition, values = _within(ranges)
        others = "".join(" AND sentence_id IN (SELECT sentence_id FROM postings WHERE stem = ?)" for _ in stems[1:])
        first = self._database.rows(
            f"SELECT sentence_id FROM postings {condition or 'WHERE true'} AND stem = ?{others} ORDER BY sentence_id LIMIT ?",
            (*values, stems[0], *stems[1:], self._max_scored),
        )
        return self._with_frequent([Hit(i, 0.0) for (i,) in first], stems, weights, mean)[:n]

    def _with_frequent(
        self, hits: Sequence[Hit], stems: Sequence[str], weights: dict[str, float], mean: float
    ) -> list[Hit]:
        """Returns sentences with what these stems add to their scores, best first."""
        if not hits or not stems:
            return _best(hits)
        rows = self._database.rows(
            f"SELECT sentence_id, sum({_OF_ONE}) FROM unnest(?::text[], ?::float8[]) AS asked (stem, weight) "
            "JOIN postings USING (stem) WHERE sentence_id = ANY (?::bigint[]) GROUP BY sentence_id",
            (mean, list(stems), [weights[stem] for stem in stems], [hit.id for hit in hits]),
        )
        added = {i: float(score) for i, score in rows}
        return _best(Hit(hit.id, hit.score + added.get(hit.id, 0.0)) for hit in hits)

    def spoken_by(self, names: Sequence[str], n: int, article_ids: Sequence[str] | None = None) -> list[int]:
        """Returns ids of up to n sentences whose speaker's name holds one of the names as a word, in order."""
        wanted = [set(words(name)) for name in names if words(name)]
        if not wanted:
            return []
        speakers = self._database.rows("SELECT DISTINCT speaker FROM sentences WHERE speaker <> ''")
        spoken = [s for (s,) in speakers if any(name <= set(words(s)) for name in wanted)]
        sql = "SELECT id FROM sentences WHERE speaker <> '' AND speaker = ANY (?::text[]) ORDER BY id"
        ids = [i for (i,) in self._database.rows(sql, (spoken,))] if spoken else []
        if article_ids is not None:
            ranges = self._articles.ranges(article_ids)
            ids = [i for i in ids if is_within(ranges, i)]
        return ids[:n]

    def frequencies(self, stems: Sequence[str]) -> tuple[dict[str, int], int]:
        """Returns in how many sentences each stem stands, and how many sentences there are."""
        sql = "SELECT stem, n_sentences FROM stems WHERE stem = ANY (?::text[])"
        rows = self._database.rows(sql, (list(set(stems)),)) if stems else []
        total = sum(listed.entry.n_sentences for listed in self._articles.all().values())
        return dict(rows), total


def _weight(n_with: int, n_all: int) -> float:
    weight = math.log((n_all - n_with + 0.5) / (n_with + 0.5))
    return weight if weight > 0 else _LEAST


def _best(hits: Iterable[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: (-round(hit.score / _SAME), hit.id))


def _within(ranges: Sequence[Range] | None) -> tuple[str, tuple[Any, ...]]:
    """Returns a condition that chooses the sentences in some ranges, and its values."""
    if ranges is None:
        return "", ()
    if len(ranges) == 1:
        return "WHERE sentence_id BETWEEN ? AND ?", tuple(ranges[0])
    parts = ",".join(f"[{first},{last}]" for first, last in ranges)
    return "WHERE sentence_id <@ ?::int8multirange", (f"{{{parts}}}",)
