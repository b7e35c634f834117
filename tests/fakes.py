"""Small stand-ins with the interfaces of the real parts, passed in where a test needs to know what comes out."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence

import numpy as np

from assistant.articles.article import Article, make_article
from assistant.articles.sentences import Sentence, split_sentences
from assistant.english.words import words
from assistant.networks.embeddings import Embedder, Progress, Vectors, unit
from assistant.networks.reader import Allows, Passage, Reading, anything

Turns = Sequence[tuple[str, str]]


class WordEmbedder(Embedder):
    """Counts words into a short vector: texts that share words are near one another, and nothing needs loading."""

    def __init__(self, dimension: int = 64, name: str = "words") -> None:
        self.dimension = dimension
        self.fingerprint = f"{name}:{dimension}"
        self.n_texts = 0
        self._name = name

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Returns unit vectors, float32, shape (n, d)."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for done, text in enumerate(texts, start=1):
            for word in words(text) or [""]:
                vectors[done - 1][zlib.crc32(f"{self._name}{word}".encode()) % self.dimension] += 1
            vectors[done - 1] = unit(vectors[done - 1])
            if progress is not None:
                progress(done, len(texts))
        self.n_texts += len(texts)
        return vectors


class ScriptedReader:
    """Supports the sentences that hold `wanted`; its span is the first of them, or `span_of` it. Keeps what it was given."""

    def __init__(self, wanted: str = "", span_of: Callable[[Sentence], tuple[int, int]] | None = None) -> None:
        self.wanted = wanted
        self.given: list[tuple[str, int, tuple[tuple[str, str], ...]]] = []
        self._span_of = span_of or (lambda sentence: (sentence.start, sentence.end))

    def read(
        self, question: str, passages: Sequence[Passage], history: Turns = (), allows: Allows = anything
    ) -> list[Reading]:
        """Returns one reading for each passage."""
        self.allows = allows
        self.given.append((question, len(passages), tuple(history)))
        return [self._read(passage) for passage in passages]

    def _read(self, passage: Passage) -> Reading:
        holding = [bool(self.wanted) and self.wanted in s.text for s in passage.sentences]
        support = tuple(0.99 if held else 0.01 for held in holding)
        if not any(holding):
            return Reading(passage, support, None, -10.0, 0.99)
        return Reading(passage, support, self._span_of(passage.sentences[holding.index(True)]), 10.0, 0.01)


def article_of(text: str, title: str = "", source: str = "") -> Article:
    """Returns the article of a text with its sentences, nobody speaking."""
    from dataclasses import replace

    article = make_article(text, title, source)
    return replace(article, sentences=tuple(split_sentences(article.text)))
