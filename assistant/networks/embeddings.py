"""Texts -> unit vectors: the shipped int8 model on onnxruntime, or any other through sentence-transformers."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from assistant.errors import ModelError
from assistant.networks.kept import Kept, digest_of
from assistant.networks.onnx_model import MODELS, LaterSession, open_model

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]


class Embedder(Embeddings):
    """An embedding model. Subclasses give `fingerprint`, `dimension` and `embed`.

    Attributes:
        fingerprint: names the model and its weights; vectors of two fingerprints are not compared.
        dimension: d, the length of a vector.
    """

    fingerprint: str
    dimension: int

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Returns unit vectors, float32, shape (n, d); a text gives the same vector alone or among others.

        Args:
            texts: n texts; what is beyond the model's window is not read.
            progress: called with (texts done, n) as the work goes on.
        """
        raise NotImplementedError

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Returns one vector a text (LangChain's interface)."""
        return [[float(x) for x in vector] for vector in self.embed(texts)]

    def embed_query(self, text: str) -> list[float]:
        """Returns the vector of one text (LangChain's interface)."""
        return self.embed_documents([text])[0]


class OnnxEmbedder(Embedder):
    """The shipped model: all-MiniLM-L6-v2 in int8, mean-pooled, 256 tokens.

    Texts go through the model one a call, spread over threads: a dynamic int8 range over a batch would make a
    vector depend on the texts beside it, and on two cores this is as fast as batches. Of texts that come alone, as
    questions do, the last `n_kept` vectors are kept.
    """

    def __init__(
        self, session: LaterSession, tokenizer: Any, manifest: dict[str, Any], n_threads: int = 2, n_kept: int = 0
    ) -> None:
        self.dimension = int(manifest["dimension"])
        self.fingerprint = f"{manifest['name']}:{manifest['sha256']['embedder.onnx'][:12]}"
        self._session = session
        self._tokenizer = tokenizer
        self._max_tokens = int(manifest["max_tokens"])
        self._n_threads = n_threads
        self._kept: Kept[Vectors] = Kept(n_kept)

    @classmethod
    def load(cls, n_threads: int = 2, folder: Path = MODELS, n_kept: int = 0) -> OnnxEmbedder:
        """Returns the embedder, its files checked by SHA-256.

        Raises:
            ModelError: if a file is missing or not the one expected.
        """
        manifest, session, tokenizer = open_model("embedder", folder)
        tokenizer.enable_truncation(int(manifest["max_tokens"]))
        return cls(session, tokenizer, manifest, n_threads, n_kept)

    def warm(self) -> None:
        """Opens the network now, else it is with the first text."""
        self._session.warm()

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Returns unit vectors, float32, shape (n, 384)."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        if not texts:
            return vectors
        if len(texts) == 1:
            digest = digest_of(texts[0].encode("utf-8", "surrogatepass"))
            vectors[0] = self._kept.get(digest, lambda: self._embed_one(texts[0]))
            return vectors
        with ThreadPoolExecutor(min(self._n_threads, len(texts))) as pool:
            for done, vector in enumerate(pool.map(self._embed_one, texts), start=1):
                vectors[done - 1] = vector
                if progress is not None:
                    progress(done, len(texts))
        return vectors

    def _embed_one(self, text: str) -> Vectors:
        # The tokenizer reads the whole text before it truncates; a word or two a token is ample.
        ids = np.array([self._tokenizer.encode(text[: self._max_tokens * 40]).ids], dtype=np.int64)
        (states,) = self._session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        return unit(states[0].mean(axis=0))


class SentenceTransformersEmbedder(Embedder):
    """Any other model by name or path, on sentence-transformers and torch."""

    def __init__(self, name: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ModelError(
                f"The embedding model {name!r} needs sentence-transformers, which is not installed. "
                "pip install sentence-transformers, or unset ASSISTANT_EMBEDDING_MODEL to use the shipped model."
            ) from error
        try:
            self._model = SentenceTransformer(name)
        except Exception as error:
            raise ModelError(
                f"The embedding model {name!r} cannot be loaded: {error}. Give the name or folder of a "
                "sentence-transformers model, or unset ASSISTANT_EMBEDDING_MODEL to use the shipped one."
            ) from error
        self._lock = threading.Lock()
        # Not every release, nor every model, tells the dimension in the same way: a vector has it.
        self.dimension = int(self._model.encode("fingerprint", convert_to_numpy=True, show_progress_bar=False).shape[0])
        digest = hashlib.sha256(self.embed(["fingerprint"]).tobytes()).hexdigest()[:12]
        self.fingerprint = f"{name}:{digest}"

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Returns unit vectors, float32, shape (n, d)."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        with self._lock:
            for done, text in enumerate(texts, start=1):
                vectors[done - 1] = self._model.encode(
                    text, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
                )
                if progress is not None:
                    progress(done, len(texts))
        return vectors


def unit(vector: Vectors) -> Vectors:
    """Returns the vector divided by its Euclidean norm; zeros stay zeros."""
    norm = float(np.linalg.norm(vector))
    return np.asarray(vector / norm if norm > 0 else vector, dtype=np.float32)


def load_embedder(name: str = "", n_threads: int = 2, n_kept: int = 0) -> Embedder:
    """Returns the shipped embedder for "", else the sentence-transformers model of that name, which keeps nothing.

    Raises:
        ModelError: if it cannot be loaded.
    """
    return SentenceTransformersEmbedder(name) if name else OnnxEmbedder.load(n_threads, n_kept=n_kept)
