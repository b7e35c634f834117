"""Texts, not questions: where their sentences end (kind G), and which of them answer for the whole (kind F)."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.articles.article import Article, normalise
from assistant.articles.sentences import Sentence, split_sentences
from assistant.assistant import Assistant
from assistant.networks.embeddings import Vectors

_MARKER = re.compile(r"^(?:[-*•#>]+|\(?(?:\d{1,3}|[a-zA-Z])[.)])\s+")
N_BOOTSTRAP = 2000
DAMPING = 0.85
"""Source: Mihalcea, Tarau: TextRank (EMNLP 2004)."""


def is_split_rightly(case: dict[str, Any]) -> bool:
    """Returns whether a text's sentences are those labelled, list and heading markers apart."""
    found = [_bare(s.text) for s in split_sentences(normalise(case["text"]))]
    return found == [_bare(text) for text in case["sentences"]]


def _bare(text: str) -> str:
    return _MARKER.sub("", text.strip()).strip()


@dataclass(frozen=True)
class Chosen:
    """How well three choices of as many sentences agree with both people's, F1 from 0 to 1."""

    kind: str
    ours: float
    lead: float
    textrank: float


def chosen(assistant: Assistant, case: dict[str, Any]) -> Chosen:
    """Asks one question on the whole article; a refusal agrees with nobody, and the baselines take three sentences then."""
    article = assistant.add(case["article"])
    answer = assistant.ask(case["question"], article.id)
    positions = [citation.sentence.position for citation in answer.citations]
    n = len(positions) or 3
    lead = range(min(n, len(article.sentences)))
    ids = assistant.store.first_ids(10**6, [article.id]) or []
    stacked = assistant.store.vectors(ids)
    rank = textrank(np.stack([stacked[i] for i in ids]), n)
    agreed = _agreement(article, case)
    return Chosen(case.get("kind", "whole"), agreed(positions), agreed(list(lead)), agreed(rank))


def _agreement(article: Article, case: dict[str, Any]) -> Callable[[Sequence[int]], float]:
    people = [{_position(article.sentences, text) for text in case[who]} - {None} for who in ("first", "second")]

    def agreement(positions: Sequence[int]) -> float:
        return sum(2 * len(set(positions) & one) / max(1, len(set(positions)) + len(one)) for one in people) / len(
            people
        )

    return agreement


def _position(sentences: Sequence[Sentence], text: str) -> int | None:
    wanted = " ".join(text.split())
    for sentence in sentences:
        have = " ".join(sentence.text.split())
        if wanted in have or have in wanted:
            return sentence.position
    return None


def textrank(vectors: Vectors, n: int) -> list[int]:
    """Returns the n sentences that the others are most like, by the walk of TextRank over cosines of vectors (n, d)."""
    weights = np.clip(vectors @ vectors.T, 0.0, None).astype(np.float64)
    np.fill_diagonal(weights, 0.0)
    weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
    ranks = np.full(len(weights), 1 / len(weights))
    for _ in range(50):
        ranks = (1 - DAMPING) / len(weights) + DAMPING * weights.T @ ranks
    return sorted(np.argsort(-ranks)[:n].tolist())


def paired_interval(differences: Sequence[float], seed: int = 17) -> tuple[float, float, float]:
    """Returns the mean of paired differences with its 95 % interval, by bootstrap."""
    draw = random.Random(seed)
    means = sorted(float(np.mean(draw.choices(differences, k=len(differences)))) for _ in range(N_BOOTSTRAP))
    return float(np.mean(differences)), means[N_BOOTSTRAP // 40], means[-N_BOOTSTRAP // 40]
