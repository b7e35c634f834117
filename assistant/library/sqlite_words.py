"""Which sentences hold a word, or are said by somebody: the library's index of words, and that of speakers."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.english.words import words
from assistant.library.sqlite_articles import ArticleList, is_within
from assistant.library.sqlite_file import SqliteFile
from assistant.library.sqlite_rows import in_parts
from assistant.library.store import Hit


class WordIndex:
    """Looks up words and speakers in a library."""

    def __init__(self, file: SqliteFile, articles: ArticleList) -> None:
        """Stores what is searched."""
        self._file = file
        self._articles = articles

    def search(self, stems: Sequence[str], n: int, article_ids: Sequence[str] | None) -> list[Hit]:
        """Returns the n sentences with the highest BM25 score that hold any of the stems, best first."""
        if not stems or article_ids == []:
            return []
        # Every stem is quoted: FTS5's operators and quotes in a question are words like any other.
        match = " OR ".join('"' + stem.replace('"', '""') + '"' for stem in stems)
        condition, limits = self._within(article_ids)
        rows = self._file.rows(
            "SELECT rowid, -bm25(sentence_words) FROM sentence_words WHERE sentence_words MATCH ?"
            f"{condition} ORDER BY bm25(sentence_words), rowid LIMIT ?",
            (match, *limits, n),
        )
        return [Hit(row[0], row[1]) for row in rows]

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
        speakers = self._file.rows("SELECT DISTINCT speaker FROM sentences WHERE speaker <> ''")
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
        rows: list[tuple[str, int]] = []
        for part in in_parts(list(stems)):
            marks = ",".join("?" * len(part))
            rows += self._file.rows(f"SELECT term, doc FROM sentence_vocabulary WHERE term IN ({marks})", part)
        return dict(rows), self._articles.n_sentences()
