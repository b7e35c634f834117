"""Words of the same kind, by the encoder's own word embeddings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_ENDINGS = ("ing", "ed", "ly", "tion", "s", "er", "al")


class Neighbours:
    """Finds words of the same kind as another among candidates.

    Args:
        rows: row of each word in `vectors`.
        vectors: (words, dimensions) float32 of unit length.
    """

    # Below, words have little in common; above, they may mean the same: "begin" and "commence" are at 0.41.
    MIN_SIMILARITY, MAX_SIMILARITY = 0.2, 0.4

    def __init__(self, rows: dict[str, int], vectors: NDArray[np.float32]) -> None:
        self._rows = rows
        self._vectors = vectors

    @classmethod
    def from_encoder(cls, folder: Path) -> Neighbours:
        """Returns the neighbours by the word embeddings in a folder's `model.safetensors` and `vocab.txt`."""
        from safetensors.numpy import load_file

        weights = load_file(folder / "model.safetensors")
        vectors = weights["embeddings.word_embeddings.weight"].astype(np.float32)
        vectors -= vectors.mean(axis=0)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        words = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
        return cls({word: row for row, word in enumerate(words)}, vectors)

    def vocabulary(self, min_letters: int) -> tuple[list[str], NDArray[np.float32]]:
        """Returns the words of at least so many plain letters, and their vectors."""
        words = [word for word in self._rows if len(word) >= min_letters and word.isascii() and word.isalpha()]
        return words, self._vectors[[self._rows[word] for word in words]]

    def __call__(self, word: str, candidates: Sequence[str]) -> list[str]:
        """Returns the candidates of the same kind and ending as the word, likest first."""
        own = ending(word)
        known = [c for c in candidates if c in self._rows and ending(c) == own]
        if word not in self._rows or not known:
            return []
        likeness = self._vectors[[self._rows[c] for c in known]] @ self._vectors[self._rows[word]]
        order = np.argsort(-likeness)
        return [known[i] for i in order if self.MIN_SIMILARITY <= likeness[i] <= self.MAX_SIMILARITY]


def ending(word: str) -> str:
    """Returns the ending that tells a word's form, "" if it has none."""
    return next((ending for ending in _ENDINGS if word.endswith(ending)), "")
