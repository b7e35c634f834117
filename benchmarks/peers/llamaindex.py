"""LlamaIndex as a peer: a vector store index on a model of its own, in its simple store or on FAISS, as its documentation has it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faiss
import torch
from llama_index.core import StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.schema import TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.faiss import FaissVectorStore

from benchmarks.peers.protocol import Batches, Peer, serve

DIMENSION = 384


class LlamaIndex(Peer):
    """An index of nodes, one a sentence."""

    def __init__(self, model: str, folder: Path, threads: int, store: str = "simple") -> None:
        torch.set_num_threads(threads)
        faiss.omp_set_num_threads(threads)
        self._folder = str(folder)
        self._embedding = HuggingFaceEmbedding(model_name=model, device="cpu", embed_batch_size=32)
        if (folder / "docstore.json").is_file():
            own = {"vector_store": FaissVectorStore.from_persist_dir(self._folder)} if store == "faiss" else {}
            context = StorageContext.from_defaults(persist_dir=self._folder, **own)
            self._index: Any = load_index_from_storage(context, embed_model=self._embedding)
        else:
            own = {"vector_store": FaissVectorStore(faiss.IndexFlatL2(DIMENSION))} if store == "faiss" else {}
            context = StorageContext.from_defaults(**own)
            self._index = VectorStoreIndex(nodes=[], storage_context=context, embed_model=self._embedding)

    def add(self, articles: Sequence[dict[str, Any]]) -> None:
        """Inserts the sentences of all articles at once."""
        self._index.insert_nodes([TextNode(text=s) for article in articles for s in article["sentences"]])

    def add_vectors(self, batches: Batches) -> None:
        """Inserts nodes that have their vectors."""
        for texts, vectors in batches:
            self._index.insert_nodes(
                [TextNode(text=text, embedding=vector.tolist()) for text, vector in zip(texts, vectors, strict=True)]
            )

    def save(self) -> None:
        """Writes the storage context: JSON, of the FAISS store also its index."""
        self._index.storage_context.persist(persist_dir=self._folder)

    def search(self, question: str, k: int) -> list[str]:
        """Returns the texts of the nodes that a retriever finds."""
        return [found.node.text for found in self._index.as_retriever(similarity_top_k=k).retrieve(question)]


if __name__ == "__main__":
    serve(LlamaIndex)
