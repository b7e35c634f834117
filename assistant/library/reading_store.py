"""What both stores read alike: articles, sentences and words, from tables of the same form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from assistant.articles.article import Article
from assistant.library.database import ArticleDatabase
from assistant.library.sqlite_articles import ArticleList
from assistant.library.sqlite_sentences import SentenceTable
from assistant.library.store import Entry, Hit, Original, StoredSentence
from assistant.networks.embeddings import Vectors


class Words(Protocol):
    """The words of all sentences, and who says them."""

    def search(self, stems: Sequence[str], n: int, article_ids: Sequence[str] | None) -> list[Hit]:
        """Returns the n sentences with the highest BM25 score that hold any of the stems, best first."""
        ...

    def spoken_by(self, names: Sequence[str], n: int, article_ids: Sequence[str] | None = None) -> list[int]:
        """Returns ids of up to n sentences whose speaker's name holds one of the names as a word, in order."""
        ...

    def frequencies(self, stems: Sequence[str]) -> tuple[dict[str, int], int]:
        """Returns in how many sentences each stem stands, and how many sentences there are."""
        ...


class ReadingStore:
    """The part of a store that reads articles, sentences and words.

    Args:
        database: where they stand.
        articles: the list of them.
        words: of their sentences.
    """

    def __init__(self, database: ArticleDatabase, articles: ArticleList, words: Words) -> None:
        self._articles = articles
        self._sentences = SentenceTable(database, articles)
        self._words = words

    def article(self, article_id: str) -> Article:
        """Returns one article whole, its text checked against its id."""
        return self._sentences.article(article_id)

    def check(self, article_ids: Sequence[str]) -> None:
        """Holds articles that are about to be cited against their ids, each once."""
        self._sentences.check(article_ids)

    def contents(self) -> list[Entry]:
        """Returns all articles without their text, oldest first."""
        return [listed.entry for listed in self._articles.all().values()]

    def original(self, article_id: str) -> Original | None:
        """Returns the file that an article was read from, None if it was not kept."""
        return self._sentences.original(article_id)

    def search_lexical(self, stems: Sequence[str], n: int, article_ids: Sequence[str] | None = None) -> list[Hit]:
        """Returns the n sentences with the highest BM25 score that hold any of the stems, best first."""
        return self._words.search(stems, n, article_ids)

    def search_speaker(self, names: Sequence[str], n: int, article_ids: Sequence[str] | None = None) -> list[int]:
        """Returns ids of up to n sentences whose speaker's name holds one of the names as a word, in order."""
        return self._words.spoken_by(names, n, article_ids)

    def document_frequencies(self, stems: Sequence[str]) -> tuple[dict[str, int], int]:
        """Returns in how many sentences each stem stands, and how many sentences there are."""
        return self._words.frequencies(stems)

    def sentences(self, ids: Sequence[int]) -> list[StoredSentence]:
        """Returns the sentences with these ids, in order of id; ids that are gone are left out."""
        return self._sentences.of_ids(ids)

    def neighbours(self, sentence_id: int, before: int, after: int) -> list[StoredSentence]:
        """Returns the sentence and those around it in its article, in order."""
        return self._sentences.around(sentence_id, before, after)

    def first_ids(self, n: int, article_ids: Sequence[str] | None = None) -> list[int] | None:
        """Returns all sentence ids in order if there are at most n, else None."""
        ranges = self._articles.ranges(article_ids)
        if sum(last - first + 1 for first, last in ranges) > n:
            return None
        return [i for first, last in ranges for i in range(first, last + 1)]


def check_shape(article: Article, vectors: Vectors, dimension: int) -> None:
    """Raises ValueError unless there is a vector of the dimension for each sentence."""
    expected = (len(article.sentences), dimension)
    if vectors.shape != expected:
        raise ValueError(f"vectors have shape {vectors.shape}, expected {expected}")
