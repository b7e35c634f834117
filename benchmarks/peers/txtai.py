"""txtai as a peer: hybrid search with the text kept, as https://neuml.github.io/txtai/embeddings/ has it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from txtai import Embeddings

from benchmarks.peers.protocol import Batches, Peer, Vectors, serve


class Txtai(Peer):
    """An embeddings database on vectors in FAISS, words in BM25, and texts in SQLite."""

    def __init__(self, model: str, folder: Path, threads: int) -> None:
        torch.set_num_threads(threads)
        self._folder = folder
        self._settings: dict[str, Any] = {"path": model, "hybrid": True, "content": True}
        self._saved = True
        self._embeddings = Embeddings()
        if self._embeddings.exists(str(folder)):
            self._embeddings.load(str(folder))
        else:
            self._embeddings = Embeddings(dict(self._settings))  # which it writes into

    def add(self, articles: Sequence[dict[str, Any]]) -> None:
        """Adds the sentences of all articles at once."""
        self._embeddings.upsert([sentence for article in articles for sentence in article["sentences"]])

    def add_vectors(self, batches: Batches) -> None:
        """Hands ready-made vectors over by the method "external", which is given texts and returns vectors.

        A question is embedded by the model as ever.
        """
        embed = self._embeddings.batchtransform
        ready: dict[str, Vectors] = {}

        def transform(texts: list[str]) -> Vectors:
            made = [ready.pop(text, None) for text in texts]
            known = [vector for vector in made if vector is not None]
            return np.asarray(known if len(known) == len(texts) else embed(texts), np.float32)

        def lines() -> Any:
            for texts, vectors in batches:
                ready.update(zip(texts, vectors, strict=True))
                yield from texts

        embed([""])
        self._embeddings = Embeddings({**self._settings, "path": None, "method": "external", "transform": transform})
        self._embeddings.index(lines())
        self._saved = False

    def save(self) -> None:
        """Saves, if the vectors are of the model: a function that makes others cannot be saved."""
        if self._saved:
            self._embeddings.save(str(self._folder))

    def search(self, question: str, k: int) -> list[str]:
        """Returns what a hybrid search finds."""
        return [found["text"] for found in self._embeddings.search(question, k)]


if __name__ == "__main__":
    serve(Txtai)
