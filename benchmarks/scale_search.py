"""Libraries of so many sentences that they cannot be embedded here: copies of embedded ones, with noise."""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.articles.article import Article, make_article
from assistant.articles.sentences import Sentence
from assistant.assistant import Assistant
from assistant.library.sqlite_index import IndexSizes
from assistant.library.sqlite_store import SqliteStore
from assistant.networks.embeddings import Embedder, Vectors, load_embedder
from assistant.networks.reader import OnnxReader
from assistant.settings import Settings
from benchmarks.ask_speed import QUESTIONS, peak_megabytes

EACH = 100  # sentences an article
NOISE = 0.5  # of a copy's vector, beside a length of 1: its cosine with what it was copied from is 0.89
N_RECALL, N_NEAREST = 50, 10


@dataclass(frozen=True, slots=True)
class Figures:
    """What one library gave: medians in milliseconds, bytes in megabytes."""

    n_sentences: int
    adding: tuple[float, float]
    making: float
    search: float
    late: float
    recall: float
    resident: float
    asking: float
    asking_one: float

    def lines(self) -> Iterator[str]:
        """Yields what is printed."""
        first, last = self.adding
        yield f"{self.n_sentences} sentences, {self.n_sentences // EACH} articles"
        yield f"  stored: the first thousand {first:.3f} ms a sentence, the last thousand {last:.3f} ms ({last / first:.2f}x)"
        yield f"  index brought up to date and of its kind in {self.making:.1f} s more"
        yield f"  search alone: median {self.search:.1f} ms, 95th percentile {self.late:.1f} ms"
        yield f"  recall@{N_NEAREST} against comparing with all: {self.recall:.3f}"
        yield f"  memory without the reader {self.resident:.0f} MB, at most {peak_megabytes():.0f} MB so far"
        yield f"  ask: median {self.asking:.0f} ms; of one article of {EACH} sentences {self.asking_one:.0f} ms"


def measure_search(n_sentences: int, sentences: list[str], sizes: IndexSizes, repeat: int) -> Figures:
    """Returns the figures of a new library of so many sentences, made of some that are embedded."""
    embedder = load_embedder("", 2)
    vectors = embedder.embed(sentences)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(library=Path(folder))
        store = SqliteStore(settings.folder, embedder.fingerprint, embedder.dimension, sizes=sizes)
        taken = []
        for article, own in _articles(n_sentences, sentences, vectors):
            started = time.perf_counter()
            store.add(article, own)
            taken.append(1000 * (time.perf_counter() - started) / EACH)
        started = time.perf_counter()
        store.flush()
        store.settle()
        making = time.perf_counter() - started
        few = 1000 // EACH
        adding = float(np.median(taken[:few])), float(np.median(taken[-few:]))
        nobody: Any = None
        with Assistant(settings, store, embedder, nobody) as assistant:
            found = _milliseconds(lambda q: assistant.retrieve(q, rerank=False), repeat)
            resident = _resident_megabytes()
            recall = _recall(store, embedder, vectors)
            asked = Assistant(settings, store, embedder, OnnxReader.load(2))
            one = store.contents()[0].id
            asking = float(np.median(_milliseconds(asked.ask, repeat)))
            asking_one = float(np.median(_milliseconds(lambda q: asked.ask(q, one), repeat)))
    median, late = np.percentile(found, (50, 95))
    return Figures(n_sentences, adding, making, float(median), float(late), recall, resident, asking, asking_one)


def _articles(n_sentences: int, texts: list[str], vectors: Vectors) -> Iterator[tuple[Article, Vectors]]:
    """Yields articles of copies: each sentence with a number of its own, each vector with noise."""
    numbers, order = np.random.default_rng(3), random.Random(3)
    for number in range(n_sentences // EACH):
        chosen = [order.randrange(len(texts)) for _ in range(EACH)]
        lines = [f"{texts[i].rstrip('.')} ({number * EACH + place})." for place, i in enumerate(chosen)]
        noise = numbers.normal(size=(EACH, vectors.shape[1])) / np.sqrt(vectors.shape[1])
        own = vectors[chosen] + NOISE * noise
        vectors_of = np.asarray(own / np.linalg.norm(own, axis=1, keepdims=True), np.float32)
        yield article_of(lines, f"Article {number}"), vectors_of


def article_of(lines: Sequence[str], title: str) -> Article:
    """Returns an article whose sentences are the lines, as they are."""
    sentences, start = [], 0
    for place, line in enumerate(lines):
        sentences.append(Sentence(line, start, start + len(line), place))
        start += len(line) + 1
    made = make_article(" ".join(lines), title, "")
    return Article(made.id, made.title, made.text, made.source, made.added, tuple(sentences))


def _recall(store: SqliteStore, embedder: Embedder, vectors: Vectors) -> float:
    """Returns the share of the nearest sentences to questions, and to vectors near sentences, that a search finds."""
    numbers = np.random.default_rng(5)
    near = (
        vectors[numbers.integers(len(vectors), size=N_RECALL)] + vectors[numbers.integers(len(vectors), size=N_RECALL)]
    )
    queries = np.vstack([embedder.embed(QUESTIONS), near / np.linalg.norm(near, axis=1, keepdims=True)])
    last = max(store.first_ids(10**9) or [0])
    best: list[list[tuple[float, int]]] = [[] for _ in queries]
    for start in range(1, last + 1, 5000):
        kept = store.vectors(range(start, start + 5000))
        ids, part = list(kept), np.stack(list(kept.values()))
        for number, scores in enumerate(queries @ part.T):
            nearest = np.argsort(-scores)[:N_NEAREST]
            best[number] = sorted([*best[number], *((float(scores[i]), ids[i]) for i in nearest)], reverse=True)[
                :N_NEAREST
            ]
    hits = 0
    for query, exact in zip(queries, best, strict=True):
        hits += len({i for _, i in exact} & {hit.id for hit in store.search_dense(query, N_NEAREST)})
    return hits / (N_NEAREST * len(queries))


def _milliseconds(use: Any, repeat: int) -> list[float]:
    taken = []
    for number in range(repeat + 1):
        for question in QUESTIONS:
            started = time.perf_counter()
            use(question)
            if number:
                taken.append(1000 * (time.perf_counter() - started))
    return taken


def _resident_megabytes() -> float:
    """Returns the memory that this process holds now, where the system tells; else the most that it has held."""
    pages = Path("/proc/self/statm")
    if not pages.is_file():
        return peak_megabytes()
    return int(pages.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
