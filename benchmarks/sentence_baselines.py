"""A question and sentences -> the sentences' order by BM25, by embedding, and by both; what the reader must beat."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.networks.embeddings import Embedder

Ranker = Callable[[str, Sequence[str]], list[int]]
K1, B = 1.2, 0.75  # Robertson's usual values
RANK_OFFSET = 60  # Source: Cormack, Clarke & Büttcher 2009, reciprocal rank fusion


def bm25_order(question: str, sentences: Sequence[str]) -> list[int]:
    """Returns the sentences' numbers, best first, by BM25 over these sentences alone."""
    bags = [Counter(re.findall(r"\w+", s.lower())) for s in sentences]
    mean = sum(sum(bag.values()) for bag in bags) / len(bags) or 1.0
    scores = np.zeros(len(bags))
    for word in dict.fromkeys(re.findall(r"\w+", question.lower())):
        holding = sum(word in bag for bag in bags)
        weight = math.log(1 + (len(bags) - holding + 0.5) / (holding + 0.5))
        for n, bag in enumerate(bags):
            length = 1 - B + B * sum(bag.values()) / mean
            scores[n] += weight * bag[word] * (K1 + 1) / (bag[word] + K1 * length)
    return _order(scores)


def dense_order(embedder: Embedder, question: str, sentences: Sequence[str]) -> list[int]:
    """Returns the sentences' numbers, best first, by cosine with the question."""
    return _order(_vectors(embedder, tuple(sentences)) @ embedder.embed([question])[0])


def fused_order(embedder: Embedder, question: str, sentences: Sequence[str]) -> list[int]:
    """Returns the sentences' numbers, best first, by reciprocal ranks of both orders."""
    scores = np.zeros(len(sentences))
    for order in (bm25_order(question, sentences), dense_order(embedder, question, sentences)):
        for rank, number in enumerate(order):
            scores[number] += 1 / (RANK_OFFSET + rank)
    return _order(scores)


@lru_cache(maxsize=4096)
def _vectors(embedder: Embedder, sentences: tuple[str, ...]) -> NDArray[np.float32]:
    return embedder.embed(sentences)


def _order(scores: NDArray[np.floating]) -> list[int]:
    return [int(n) for n in np.argsort(-scores, kind="stable")]
