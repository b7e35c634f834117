"""Any of LangChain's embedding models as the embedder of a library."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from langchain_core.embeddings import Embeddings

from assistant.networks.embeddings import Embedder, Progress, Vectors, unit

TEXTS_A_CALL = 64


class AnyEmbeddings(Embedder):
    """An embedding model of LangChain's, its vectors scaled to length 1. As safe among threads as that model.

    The probabilities of `ask` and `retrieve` were fitted with the shipped model: with another, nothing tells how well
    they hold.
    """

    def __init__(self, embeddings: Embeddings, name: str = "") -> None:
        """Asks the model for one vector, which tells its dimension and, with `name`, which model it is."""
        self._embeddings = embeddings
        vector = unit(np.asarray(embeddings.embed_query("fingerprint"), dtype=np.float32))
        self.dimension = len(vector)
        self.fingerprint = f"{name or type(embeddings).__name__}:{hashlib.sha256(vector.tobytes()).hexdigest()[:12]}"

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Returns unit vectors, float32, shape (n, d), as the model gives them for documents."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for first in range(0, len(texts), TEXTS_A_CALL):
            some = list(texts[first : first + TEXTS_A_CALL])
            for place, vector in enumerate(self._embeddings.embed_documents(some), start=first):
                vectors[place] = unit(np.asarray(vector, dtype=np.float32))
            if progress is not None:
                progress(first + len(some), len(texts))
        return vectors


def embedder_of(embeddings: Embeddings) -> Embedder:
    """Returns an embedding model as the embedder of a library."""
    return embeddings if isinstance(embeddings, Embedder) else AnyEmbeddings(embeddings)
