"""Which sentences hold a word, or are said by somebody: the library's index of words, and that of speakers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from assistant.english.words import words
from assistant.library.sqlite_articles import ArticleList, is_within
from assistant.library.sqlite_file import SqliteFile
from assistant.library.sqlite_rows import in_parts
from assistant.library.store import Hit

# Sentences a search, each about a microsecond; more where a filter leaves no more to look at. Among 257,000 public sentences so
# many find as much as 10,000 do, and 5,000 one supporting sentence in a hundred less.
MAX_SCORED = 7_000
_MAX_COUNTED = 200_000  # words, as many as stems are kept
_COUNTED_ANEW = 0.01  # of a large library is new or gone: its words are counted again
# Of FTS5's bm25(); Source: Robertson, Zaragoza: The Probabilistic Relevance Framework (2009).
_K1, _B = 1.2, 0.75


class WordIndex:
    """Looks up words and speakers in a library.

    Of a question's words the rare ones choose which sentences are scored, the frequent ones only add to the scores: a word
    that stands in every tenth sentence of a million would have a hundred thousand scored.
    """

    def __init__(self, file: SqliteFile, articles: ArticleList, max_scored: int = MAX_SCORED) -> None:
        """Stores what is searched, and how many sentences a search may score where words are frequent."""
        self._file = file
        self._articles = articles
        self._max_scored = max_scored
        self._counted: tuple[int, int, dict[str, int]] = (-1, 0, {})

    def search(self, stems: Sequence[str], n: int, article_ids: Sequence[str] | None) -> list[Hit]:
        """Returns the n sentences with the highest BM25 score that hold any of the stems, best first."""
        if not stems or article_ids == []:
            return []
        condition, limits = self._within(article_ids)
        frequencies, total = self.frequencies(stems)
        chosen = total if article_ids is None else sum(b - a + 1 for a, b in self._articles.ranges(article_ids))
        if min(chosen, sum(frequencies.values())) <= self._max_scored:
            # By a name: an expression that stands there twice is computed twice.
            rows = self._file.rows(
                "SELECT rowid, bm25(sentence_words) AS score FROM sentence_words WHERE sentence_words MATCH ?"
                f"{condition} ORDER BY score, rowid LIMIT ?",
                (" OR ".join(map(_quoted, stems)), *limits, n),
            )
            return [Hit(row[0], -row[1]) for row in rows]
        hits: dict[int, Hit] = {}
        for looked_for, joined in ways_to_look(frequencies, self._max_scored):
            if len(hits) >= n:
                break
            rows = self._file.rows(
                "SELECT rowid, -score FROM (SELECT rowid, bm25(sentence_words) AS score FROM sentence_words "
                f"WHERE sentence_words MATCH ?{condition} LIMIT ?) ORDER BY score, rowid LIMIT ?",
                (f" {joined} ".join(map(_quoted, looked_for)), *limits, self._max_scored, 4 * n),
            )
            others = {stem: count for stem, count in frequencies.items() if stem not in looked_for}
            hits = {hit.id: hit for hit in self._with_frequent(rows, others, total)} | hits
        return sorted(hits.values(), key=lambda hit: (-hit.score, hit.id))[:n]

    def _with_frequent(self, rows: Sequence[tuple[int, float]], frequent: dict[str, int], total: int) -> list[Hit]:
        """Returns sentences that rare words found with what frequent words add to their BM25 scores.

        The sentences' own mean length stands for that of all, which only FTS5 knows.
        """
        if not frequent:
            return [Hit(rowid, score) for rowid, score in rows]
        held: dict[int, list[str]] = {}
        for part in in_parts([row[0] for row in rows]):
            marks = ",".join("?" * len(part))
            sql = f"SELECT rowid, stems FROM sentence_words WHERE rowid IN ({marks})"
            held |= {rowid: stems.split() for rowid, stems in self._file.rows(sql, part)}
        mean = sum(map(len, held.values())) / max(1, len(held)) or 1.0
        weights = {
            stem: max(1e-6, math.log((total - n + 0.5) / (n + 0.5))) if n < total else 1e-6
            for stem, n in frequent.items()
        }
        hits = []
        for rowid, score in rows:
            stems = held.get(rowid, [])
            for stem, weight in weights.items():
                if count := stems.count(stem):
                    score += weight * count * (_K1 + 1) / (count + _K1 * (1 - _B + _B * len(stems) / mean))
            hits.append(Hit(rowid, score))
        return hits

    def _within(self, article_ids: Sequence[str] | None) -> tuple[str, tuple[int, ...]]:
        """Returns a condition on the rowid, and its parameters, that chooses the sentences of these articles."""
        if article_ids is None:
            return "", ()
        ranges = self._articles.ranges(article_ids)
        if len(ranges) == 1:
            return " AND rowid BETWEEN ? AND ?", ranges[0]
        # A thousand conditions are too many for SQLite, and looking through them too slow.
        self._file.connection().create_function("is_chosen", 1, lambda rowid: is_within(ranges, rowid))
        return " AND is_chosen(rowid)", ()

    def spoken_by(self, names: Sequence[str], n: int, article_ids: Sequence[str] | None = None) -> list[int]:
        """Returns ids of up to n sentences whose speaker's name holds one of the names as a word, in order."""
        wanted = [set(words(name)) for name in names if words(name)]
        if not wanted:
            return []
        # From each speaker to the next in their index: no look at all that each has said.
        speakers = self._file.rows(
            "WITH RECURSIVE s(name) AS (SELECT min(speaker) FROM sentences WHERE speaker <> '' UNION ALL "
            "SELECT (SELECT min(speaker) FROM sentences WHERE speaker <> '' AND speaker > s.name) FROM s "
            "WHERE s.name IS NOT NULL) SELECT name FROM s WHERE name IS NOT NULL"
        )
        spoken = [s for (s,) in speakers if any(name <= set(words(s)) for name in wanted)]
        ids: list[int] = []
        for speaker in spoken:
            ids += [i for (i,) in self._file.rows("SELECT id FROM sentences WHERE speaker = ? ORDER BY id", (speaker,))]
        if article_ids is not None:
            ranges = self._articles.ranges(article_ids)
            ids = [i for i in ids if is_within(ranges, i)]
        ids = sorted(set(ids))[:n]
        self._check_spoken(ids, spoken)
        return ids

    def _check_spoken(self, ids: Sequence[int], speakers: Sequence[str]) -> None:
        """Raises StoreError if a sentence's own row does not name the speaker that the index names."""
        for part in in_parts(list(ids)):
            marks = ",".join("?" * len(part))
            rows = self._file.rows(
                f"SELECT id, speaker, {self._file.sound('sentences')} FROM sentences WHERE id IN ({marks})", part
            )
            for sentence_id, speaker, is_sound in rows:
                if not is_sound or speaker not in speakers:
                    raise self._file.damage(f"the speaker of sentence {sentence_id}")

    def frequencies(self, stems: Sequence[str]) -> tuple[dict[str, int], int]:
        """Returns in how many sentences each stem stands, and how many sentences there are."""
        generation, total = self._file.generation(), self._articles.n_sentences()
        as_of, counted_at, counted = self._counted
        # To count a word, FTS5 goes through all that hold it: one is counted once as long as nothing changes, in a large
        # library as long as little does.
        if generation != as_of or len(counted) > _MAX_COUNTED:
            few_changes = total > 10 * self._max_scored and abs(total - counted_at) <= _COUNTED_ANEW * counted_at
            # What was not there may have come.
            counted = {stem: n for stem, n in counted.items() if n} if few_changes and generation != as_of else {}
            self._counted = (generation, counted_at if counted else total, counted)
        for part in in_parts([stem for stem in stems if stem not in counted]):
            marks = ",".join("?" * len(part))
            found = self._file.rows(f"SELECT term, doc FROM sentence_vocabulary WHERE term IN ({marks})", part)
            counted |= dict.fromkeys(part, 0) | dict(found)
        return {stem: counted[stem] for stem in stems if counted[stem]}, total


def _quoted(stem: str) -> str:
    """Returns a stem as FTS5 takes it: its operators and quotes in a question are words like any other."""
    return '"' + stem.replace('"', '""') + '"'


def ways_to_look(frequencies: Mapping[str, int], most: int) -> Iterator[tuple[list[str], Literal["OR", "AND"]]]:
    """Yields which stems to look for, and whether any or all of them, until enough is found: rare ones, then frequent ones.

    The rarest are those that together stand in at most so many sentences. Where they find too little, as they stand in other
    articles than those asked, the two rarest of the others are looked for, together, and then the one.
    """
    by_rarity = sorted(frequencies, key=lambda stem: (frequencies[stem], stem))
    rare: list[str] = []
    for stem in by_rarity:
        most -= frequencies[stem]
        if most < 0:
            break
        rare.append(stem)
    if rare:
        yield rare, "OR"
    frequent = by_rarity[len(rare) :]
    if len(frequent) > 1:
        yield frequent[:2], "AND"
    if frequent:
        yield frequent[:1], "OR"
