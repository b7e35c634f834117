"""A library as LangChain's vector store."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore
from langchain_core.vectorstores.utils import maximal_marginal_relevance

from assistant.articles.article import article_id
from assistant.collection import Collection
from assistant.errors import ArticleError, AssistantError
from assistant.langchain.embeddings import embedder_of
from assistant.langchain.kept_documents import PREFIX, KeptDocument, checked, described_by, documents_of, source_of
from assistant.langchain.searching import Choice, Found, found_in
from assistant.library.open_library import open_store
from assistant.loaders import load_text
from assistant.networks.embeddings import Embedder, Vectors, unit
from assistant.settings import Settings, read_settings


class LibraryVectorStore(VectorStore):
    """The articles of a library as documents. May be shared by threads; what it awaits runs in threads.

    A document is an article: its text, normalised as that of every article, is split into sentences, and what is near to
    its best sentence is found. Metadata are given back as they were added; `title`, `author`, `date` and `tags` in them
    also describe the article, so that `ask` and the filters know them. Articles that were added otherwise are found too.

    With `passages`, what is found is a passage: the best sentence with those beside it. Its metadata also have
    `article_id`, `start` and `end`, where `article.text[start:end]` is its text, and `sentence_start` and `sentence_end`
    of the sentence itself.

    A `filter` is a dict of `article` (an id or several), `tags`, `since`, `until`, `author`, `source` and `title`, as
    `Assistant.ask` takes them, or a function that is given a Document and says whether it is wanted. Scores are cosines,
    -1 to 1; relevance scores are the same, 0 where they are below.

    Attributes:
        collection: an Assistant, or the Collection that it is.
        passages: whether passages are found, or whole documents.
    """

    def __init__(self, collection: Collection, passages: bool = False) -> None:
        self.collection = collection
        self.passages = passages
        self._lock = threading.Lock()

    @classmethod
    def from_texts(
        cls,
        texts: Iterable[str],
        embedding: Embeddings,
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        settings: Settings | None = None,
        passages: bool = False,
        **kwargs: Any,  # noqa: ARG003 - what other vector stores take
    ) -> LibraryVectorStore:
        """Returns a vector store with these texts on the library of `settings`; `close` it in the end.

        Args:
            texts: see `add_texts`.
            embedding: the library's embedding model; a library that was made with another gets new vectors.
            metadatas: one a text.
            ids: one a text.
            settings: None for those of the environment.
            passages: whether passages are found.
            kwargs: ignored.

        Raises:
            StoreError: if the library cannot be used.
            ArticleError: as `add_texts`.
        """
        settings, embedder = settings or read_settings(), embedder_of(embedding)
        store = cls(Collection(settings, open_store(settings, embedder), embedder), passages)
        try:
            store.add_texts(texts, metadatas, ids=ids)
        except BaseException:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Writes what is derived and lets go of the library; only where `from_texts` has opened it."""
        self.collection.store.close()

    def __enter__(self) -> LibraryVectorStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def embeddings(self) -> Embedder:
        """The embedding model of the library."""
        return self.collection.embeddings

    # -- changing --------------------------------------------------------------------------------------------------

    def add_texts(
        self,
        texts: Iterable[str],
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: Sequence[str | None] | None = None,
        **kwargs: Any,  # noqa: ARG002 - what other vector stores take
    ) -> list[str]:
        """Adds documents and returns their ids; all are looked at before the first is added.

        Args:
            texts: one a document. The same text twice is one article.
            metadatas: one a text, JSON types.
            ids: one a text: a document of that id is replaced. None for the id of the text's article, with a number where
                that is taken by a document with other metadata.
            kwargs: ignored.

        Raises:
            ValueError: if there are more or fewer metadatas or ids than texts.
            ArticleError: if a text is empty, too large or not text.
            AssistantError: if metadata cannot be kept.
            StoreError: if the library cannot be written.
        """
        given = list(texts)
        for name, values in (("metadatas", metadatas), ("ids", ids)):
            if values is not None and len(values) != len(given):
                raise ValueError(f"There are {len(given)} texts and {len(values)} {name}, expected one a text.")
        limit = self.collection.settings.max_article_megabytes
        normal = [load_text(text, limit).text for text in given]
        told = [checked(metadata) for metadata in metadatas or [{} for _ in given]]
        with self._lock:
            held = {entry.id: documents_of(entry) for entry in self.collection.store.contents()}
            return [self._put(held, *one) for one in zip(normal, told, ids or [None] * len(given), strict=True)]

    def delete(self, ids: list[str] | None = None, **kwargs: Any) -> bool:  # noqa: ARG002 - what others take
        """Removes documents, with their article where it is no other's, and returns True; unknown ids are passed over.

        None removes every document that was added through LangChain, and no other article.
        """
        with self._lock:
            for entry in self.collection.store.contents():
                documents = documents_of(entry)
                if ids is not None:
                    self._keep(entry.id, documents, [one for one in documents if one.id not in ids])
                elif entry.source.startswith(PREFIX):
                    self._keep(entry.id, documents, [])
        return True

    def _put(
        self, held: dict[str, tuple[KeptDocument, ...]], text: str, metadata: dict[str, Any], given: str | None
    ) -> str:
        """Adds one document to what articles hold, in the library and in `held`, and returns its id."""
        target = article_id(text)
        document = KeptDocument(given or _free_id(target, metadata, held), metadata)
        before = held.get(target, ())
        if given is None and not metadata and any(one.id == target for one in before):
            return target
        others = [one for one in before if one.id != document.id]
        if not before:
            self.collection.add(text, source=source_of([document]), **described_by(metadata))
            held[target] = (document,)
        elif document not in before:
            held[target] = self._keep(target, before, [*others, document])
        # Only now: a process that ends before leaves the document twice, not nowhere.
        for other, documents in list(held.items()):
            if other != target and any(one.id == document.id for one in documents):
                held[other] = self._keep(other, documents, [one for one in documents if one.id != document.id])
        return document.id

    def _keep(
        self, article: str, before: Sequence[KeptDocument], documents: Sequence[KeptDocument]
    ) -> tuple[KeptDocument, ...]:
        """Leaves an article with these documents, or removes it with the last of them."""
        store = self.collection.store
        if not documents:
            store.remove(article)
        elif list(before) != list(documents):
            whole = store.article(article)
            ids = store.first_ids(len(whole.sentences), [article]) or []
            vectors = store.vectors(ids)
            rows: Vectors = np.array([vectors[i] for i in ids], dtype=np.float32).reshape(len(ids), -1)
            changed = replace(whole, source=source_of(documents))
            store.replace(article, changed, rows, store.original(article))
        return tuple(documents)

    # -- looking ---------------------------------------------------------------------------------------------------

    def get_by_ids(self, ids: Sequence[str], /) -> list[Document]:
        """Returns the whole documents with these ids, in their order; unknown ones are left out."""
        wanted = set(ids)
        found: dict[str, Document] = {}
        for entry in self.collection.store.contents():
            kept = [one for one in documents_of(entry) if one.id in wanted]
            if kept:
                with suppress(ArticleError):
                    text = self.collection.store.article(entry.id).text
                    found |= {one.id: Document(id=one.id, page_content=text, metadata=one.metadata) for one in kept}
        return [found[i] for i in dict.fromkeys(ids) if i in found]

    def similarity_search(
        self,
        query: str,
        k: int = 4,
        filter: Choice = None,
        **kwargs: Any,  # noqa: ARG002 - what other vector stores take
    ) -> list[Document]:
        """Returns up to k documents, or passages, the nearest to a text first; for `filter` see the class."""
        return [one.document for one in self._found(self._vector(query), k, filter)]

    def similarity_search_with_score(
        self,
        query: str,
        k: int = 4,
        filter: Choice = None,
        **kwargs: Any,  # noqa: ARG002
    ) -> list[tuple[Document, float]]:
        """Returns what `similarity_search` does, each with the cosine of its best sentence: 1 is nearest."""
        return [(one.document, one.score) for one in self._found(self._vector(query), k, filter)]

    def similarity_search_by_vector(
        self,
        embedding: list[float],
        k: int = 4,
        filter: Choice = None,
        **kwargs: Any,  # noqa: ARG002
    ) -> list[Document]:
        """Returns up to k documents, the nearest to a vector first. Raises AssistantError for one of another length."""
        return [one.document for one in self._found(self._checked(embedding), k, filter)]

    def max_marginal_relevance_search(
        self,
        query: str,
        k: int = 4,
        fetch_k: int = 20,
        lambda_mult: float = 0.5,
        filter: Choice = None,
        **kwargs: Any,  # noqa: ARG002
    ) -> list[Document]:
        """Returns up to k of the `fetch_k` documents nearest to a text that also differ: 1 for near alone, 0 for different."""
        return self._different(self._vector(query), k, fetch_k, lambda_mult, filter)

    def max_marginal_relevance_search_by_vector(
        self,
        embedding: list[float],
        k: int = 4,
        fetch_k: int = 20,
        lambda_mult: float = 0.5,
        filter: Choice = None,
        **kwargs: Any,  # noqa: ARG002
    ) -> list[Document]:
        """Returns what `max_marginal_relevance_search` does, for a vector."""
        return self._different(self._checked(embedding), k, fetch_k, lambda_mult, filter)

    def _select_relevance_score_fn(self) -> Callable[[float], float]:
        return lambda cosine: min(1.0, max(0.0, cosine))

    def _vector(self, query: str) -> Vectors:
        vector: Vectors = self.embeddings.embed([query])[0]
        return vector

    def _checked(self, embedding: Sequence[float]) -> Vectors:
        vector = unit(np.asarray(embedding, dtype=np.float32))
        if vector.shape != (self.embeddings.dimension,):
            raise AssistantError(
                f"The vector has shape {vector.shape}, expected {self.embeddings.dimension} numbers, "
                "as the library's embedding model gives them."
            )
        return vector

    def _found(self, vector: Vectors, k: int, choice: Choice) -> list[Found]:
        return found_in(self.collection.store, vector, k, choice, self.passages)

    def _different(self, vector: Vectors, k: int, fetch_k: int, lambda_mult: float, choice: Choice) -> list[Document]:
        near = self._found(vector, max(k, fetch_k), choice)
        vectors = self.collection.store.vectors([one.sentence_id for one in near])
        near = [one for one in near if one.sentence_id in vectors]
        if not near:
            return []
        rows: list[Any] = [vectors[one.sentence_id] for one in near]
        chosen = maximal_marginal_relevance(vector, rows, lambda_mult, k)
        return [near[place].document for place in chosen]


def _free_id(target: str, metadata: dict[str, Any], held: dict[str, tuple[KeptDocument, ...]]) -> str:
    """Returns the id of a document that has none: its article's, numbered where others with other metadata have that."""
    taken = {one.id: one.metadata for one in held.get(target, ())}
    number, candidate = 1, target
    while candidate in taken and taken[candidate] != metadata:
        number += 1
        candidate = f"{target}-{number}"
    return candidate
