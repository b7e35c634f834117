"""What LangChain's vector store finds in a library: documents, or passages of them, nearest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from langchain_core.documents import Document

from assistant.answering.inquiry import chosen_ids_of
from assistant.articles.article import Article
from assistant.errors import ArticleError, AssistantError
from assistant.langchain.kept_documents import documents_of
from assistant.library.filter import Filter, FilterOptions
from assistant.library.store import Hit, Store, StoredSentence
from assistant.networks.embeddings import Vectors

Choice = dict[str, Any] | Callable[[Document], bool] | None
FILTERS = tuple(FilterOptions.__annotations__)
N_BESIDE = 1
"""Sentences before and after the best one in its passage."""


@dataclass(frozen=True, slots=True)
class Found:
    """A document or passage, the cosine of its best sentence, and that sentence's id in the store."""

    document: Document
    score: float
    sentence_id: int


def found_in(store: Store, vector: Vectors, k: int, choice: Choice, passages: bool) -> list[Found]:
    """Returns up to k documents, or passages, nearest first.

    Args:
        store: where to search.
        vector: unit vector, shape (d,).
        k: at most so many; below 1 for none.
        choice: which articles, or a function that says of each Document whether it is wanted.
        passages: whether each is a passage, or the whole document.

    Raises:
        ArticleError: if there is no article of an id, or what articles are chosen by is not what it should be.
        AssistantError: if they are chosen by what they cannot be chosen by.
    """
    ids = _chosen(store, choice)
    wanted = choice if callable(choice) else None
    n = 4 * k
    while k > 0:
        hits = store.search_dense(vector, n, ids)
        found = []
        for one in _in_order(store, hits, passages):
            if wanted is None or wanted(one.document):
                found.append(one)
                if len(found) == k:
                    return found
        if len(hits) < n:
            return found
        # A document has many sentences: where the nearest are all of a few, more of them are looked at.
        n *= 4
    return []


def filters_of(only: dict[str, Any]) -> dict[str, Any]:
    """Returns filters as given, once they are found to be some.

    Raises:
        AssistantError: if articles cannot be chosen by one of them.
        ArticleError: if one is not what it should be.
    """
    unknown = [name for name in only if name not in FILTERS]
    if unknown:
        raise AssistantError(
            f"Articles cannot be chosen by {unknown[0]!r:.80}. Choose them by {', '.join(FILTERS[:-1])} or {FILTERS[-1]}."
        )
    Filter.of(**only)
    return only


def _chosen(store: Store, choice: Choice) -> Sequence[str] | None:
    if choice is None or callable(choice):
        return None
    if not isinstance(choice, dict):
        raise AssistantError(f"The filter is {choice!r:.80}, expected a dict, or a function of a Document.")
    only = {name: value for name, value in choice.items() if name != "article"}
    return chosen_ids_of(choice.get("article"), Filter.of(**filters_of(only)), store)


def _in_order(store: Store, hits: Sequence[Hit], passages: bool) -> Iterator[Found]:
    stored = {sentence.id: sentence for sentence in store.sentences([hit.id for hit in hits])}
    articles: dict[str, Article] = {}
    told: dict[str, list[tuple[int, int]]] = {}
    for hit in hits:
        sentence = stored.get(hit.id)
        if sentence is None or _is_told(sentence, told.get(sentence.article_id, []), passages):
            continue
        # What another thread has removed meanwhile is left out.
        with suppress(ArticleError):
            article = articles.get(sentence.article_id) or store.article(sentence.article_id)
            articles[article.id] = article
            start, end = _span(store, sentence) if passages else (0, len(article.text))
            told.setdefault(article.id, []).append((start, end))
            for document in _documents(article, sentence, start, end, passages):
                yield Found(document, float(hit.score), hit.id)


def _is_told(sentence: StoredSentence, told: Sequence[tuple[int, int]], passages: bool) -> bool:
    """Whether a sentence is of a document, or in a passage, that was found for a nearer one."""
    s = sentence.sentence
    return bool(told) if not passages else any(start <= s.start and s.end <= end for start, end in told)


def _span(store: Store, sentence: StoredSentence) -> tuple[int, int]:
    around = store.neighbours(sentence.id, N_BESIDE, N_BESIDE) or [sentence]
    return around[0].sentence.start, around[-1].sentence.end


def _documents(article: Article, best: StoredSentence, start: int, end: int, passages: bool) -> Iterator[Document]:
    for kept in documents_of(article):
        if not passages:
            yield Document(id=kept.id, page_content=article.text, metadata=kept.metadata)
            continue
        s = best.sentence
        where = {"article_id": article.id, "start": start, "end": end, "sentence_start": s.start, "sentence_end": s.end}
        yield Document(page_content=article.text[start:end], metadata={**kept.metadata, **where})
