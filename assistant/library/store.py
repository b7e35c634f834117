"""What a store of articles and sentences does. One implementation a file; `sqlite_store` is the embedded one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from assistant.articles.article import Article
from assistant.articles.sentences import Sentence
from assistant.networks.embeddings import Vectors


@dataclass(frozen=True, slots=True)
class Entry:
    """An article in a list of contents: all but its text. `n_pages` is the last page with a sentence, 0 for none."""

    id: str
    title: str
    source: str
    added: datetime
    n_sentences: int
    n_characters: int
    n_words: int
    author: str = ""
    date: date | None = None
    tags: tuple[str, ...] = ()
    url: str = ""
    n_pages: int = 0


@dataclass(frozen=True, slots=True)
class Original:
    """The file that an article was read from, kept where its pages can be shown: its name, and its content."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class StoredSentence:
    """A sentence with its id in the store; ids rise in article order and are never used again."""

    id: int
    article_id: str
    title: str
    sentence: Sentence
    url: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One search result: a sentence's id and the engine's own score (cosine, or BM25 with higher better)."""

    id: int
    score: float


class Store(Protocol):
    """Keeps articles and finds their sentences. Every method raises StoreError when the store cannot be used.

    Threads may share one; a question's words and its vector are looked up in two of them at once.
    """

    def add(self, article: Article, vectors: Vectors, original: Original | None = None) -> bool:
        """Stores an article and its sentences' unit vectors, shape (n, d); False if it was there already."""
        ...

    def replace(self, article_id: str, article: Article, vectors: Vectors, original: Original | None = None) -> None:
        """Puts another article in the place of one, in one transaction; conversations about it are about the new one.

        Raises ArticleError if there is none of that id, or the new one is in the library already, at another place.
        """
        ...

    def remove(self, article_id: str, for_good: bool = False) -> Article:
        """Removes an article and returns it; for good, with all that conversations and kept questions hold of it.

        Raises ArticleError if there is none of that id.
        """
        ...

    def purge(self) -> None:
        """Leaves nothing in the files of what was removed."""
        ...

    def rename(self, article_id: str, title: str) -> None:
        """Changes an article's title. Raises ArticleError if there is none of that id."""
        ...

    def describe(self, article: Article) -> None:
        """Changes title, author, date and tags of an article that is stored to those given.

        Raises ArticleError if there is none of that id.
        """
        ...

    def original(self, article_id: str) -> Original | None:
        """Returns the file that an article was read from, None if it was not kept. Raises ArticleError if there is none."""
        ...

    def article(self, article_id: str) -> Article:
        """Returns one article whole. Raises ArticleError if there is none of that id."""
        ...

    def check(self, article_ids: Sequence[str]) -> None:
        """Holds articles that are about to be cited against their ids, and their sentences against their texts.

        An article is looked at once, as no other text can have its id. Raises StoreError if one is not as it was written; one
        that is gone is passed over.
        """
        ...

    def contents(self) -> list[Entry]:
        """Returns all articles without their text, oldest first."""
        ...

    def search_dense(self, vector: Vectors, n: int, article_ids: Sequence[str] | None = None) -> list[Hit]:
        """Returns the n sentences with the highest cosine to a unit vector, best first."""
        ...

    def search_lexical(self, stems: Sequence[str], n: int, article_ids: Sequence[str] | None = None) -> list[Hit]:
        """Returns the n sentences with the highest BM25 score that hold any of the stems, best first."""
        ...

    def search_speaker(self, names: Sequence[str], n: int, article_ids: Sequence[str] | None = None) -> list[int]:
        """Returns ids of up to n sentences whose speaker's name holds one of the names as a word, in order."""
        ...

    def sentences(self, ids: Sequence[int]) -> list[StoredSentence]:
        """Returns the sentences with these ids, in order of id; ids that are gone are left out."""
        ...

    def vectors(self, ids: Sequence[int]) -> dict[int, Vectors]:
        """Returns the unit vectors of these sentences."""
        ...

    def first_ids(self, n: int, article_ids: Sequence[str] | None = None) -> list[int] | None:
        """Returns all sentence ids in order if there are at most n, else None."""
        ...

    def neighbours(self, sentence_id: int, before: int, after: int) -> list[StoredSentence]:
        """Returns the sentence and those around it in its article, in order."""
        ...

    def document_frequencies(self, stems: Sequence[str]) -> tuple[dict[str, int], int]:
        """Returns in how many sentences each stem stands, and how many sentences there are."""
        ...

    def flush(self) -> None:
        """Writes what is derived (the vector index) to disk if it has changed."""
        ...

    def close(self) -> None:
        """Flushes and lets go of every resource; closing twice does nothing."""
        ...
