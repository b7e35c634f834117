"""LangChain's FAISS store on sentence-transformers as a peer, as the documentation of both classes has it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faiss
import torch
from langchain_community.docstore.in_memory import InMemoryDocstore
from langchain_community.vectorstores import FAISS
from langchain_huggingface import HuggingFaceEmbeddings

from benchmarks.peers.protocol import Batches, Peer, serve


class LangChain(Peer):
    """A store of texts beside an exact FAISS index."""

    def __init__(self, model: str, folder: Path, threads: int) -> None:
        torch.set_num_threads(threads)
        faiss.omp_set_num_threads(threads)
        self._folder = str(folder)
        embeddings = HuggingFaceEmbeddings(
            model_name=model, model_kwargs={"device": "cpu"}, encode_kwargs={"normalize_embeddings": True}
        )
        if (folder / "index.faiss").is_file():
            self._store = FAISS.load_local(self._folder, embeddings, allow_dangerous_deserialization=True)
        else:
            index = faiss.IndexFlatL2(len(embeddings.embed_query("hello world")))
            self._store = FAISS(embeddings, index, InMemoryDocstore(), {})

    def add(self, articles: Sequence[dict[str, Any]]) -> None:
        """Adds the sentences of all articles at once."""
        self._store.add_texts([sentence for article in articles for sentence in article["sentences"]])

    def add_vectors(self, batches: Batches) -> None:
        """Adds texts with their vectors."""
        for texts, vectors in batches:
            self._store.add_embeddings(zip(texts, vectors, strict=True))

    def save(self) -> None:
        """Writes the index, and the texts as a pickle."""
        self._store.save_local(self._folder)

    def search(self, question: str, k: int) -> list[str]:
        """Returns the nearest texts."""
        return [found.page_content for found in self._store.similarity_search(question, k)]


if __name__ == "__main__":
    serve(LangChain)
