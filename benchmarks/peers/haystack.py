"""Haystack as a peer: a pipeline of its sentence-transformers embedder and a retriever, on the store in memory or on FAISS.

As its documentation has it; of the store in memory this says that it is for trying things out.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faiss
import torch
from haystack import Document, Pipeline
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.document_stores.types import DuplicatePolicy
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from haystack_integrations.components.retrievers.faiss import FAISSEmbeddingRetriever
from haystack_integrations.document_stores.faiss import FAISSDocumentStore

from benchmarks.peers.protocol import Batches, Peer, serve

DIMENSION = 384


class Haystack(Peer):
    """A pipeline on a store of documents."""

    def __init__(self, model: str, folder: Path, threads: int, store: str = "memory") -> None:
        torch.set_num_threads(threads)
        faiss.omp_set_num_threads(threads)
        choices: dict[str, Any] = {"model": model, "normalize_embeddings": True, "progress_bar": False}
        self._model = choices
        self._path = folder / "store"
        self._store: Any
        if store == "faiss":
            self._store = FAISSDocumentStore(str(self._path), "Flat", DIMENSION)
            if not self._path.with_suffix(".faiss").exists():
                self._store = FAISSDocumentStore(None, "Flat", DIMENSION)
            retriever: Any = FAISSEmbeddingRetriever(document_store=self._store)
        else:
            is_saved = self._path.exists()
            self._store = InMemoryDocumentStore.load_from_disk(str(self._path)) if is_saved else InMemoryDocumentStore()
            retriever = InMemoryEmbeddingRetriever(document_store=self._store)
        self._pipeline = Pipeline()
        self._pipeline.add_component("embedder", SentenceTransformersTextEmbedder(**choices))
        self._pipeline.add_component("retriever", retriever)
        self._pipeline.connect("embedder.embedding", "retriever.query_embedding")
        self._pipeline.warm_up()
        self._embedder: Any = None

    def add(self, articles: Sequence[dict[str, Any]]) -> None:
        """Embeds and writes the sentences of all articles at once."""
        if self._embedder is None:
            self._embedder = SentenceTransformersDocumentEmbedder(**self._model)
            self._embedder.warm_up()
        documents = [Document(content=sentence) for article in articles for sentence in article["sentences"]]
        self._store.write_documents(self._embedder.run(documents)["documents"], policy=DuplicatePolicy.SKIP)

    def add_vectors(self, batches: Batches) -> None:
        """Writes documents that have their vectors."""
        for texts, vectors in batches:
            documents = [
                Document(content=text, embedding=vector.tolist()) for text, vector in zip(texts, vectors, strict=True)
            ]
            self._store.write_documents(documents, policy=DuplicatePolicy.SKIP)

    def save(self) -> None:
        """Writes the documents with their vectors as JSON, of the FAISS store also its index."""
        save = self._store.save if isinstance(self._store, FAISSDocumentStore) else self._store.save_to_disk
        save(str(self._path))

    def search(self, question: str, k: int) -> list[str]:
        """Returns what the pipeline retrieves."""
        found = self._pipeline.run({"embedder": {"text": question}, "retriever": {"top_k": k}})
        return [document.content for document in found["retriever"]["documents"]]


if __name__ == "__main__":
    serve(Haystack)
