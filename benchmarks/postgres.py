"""The shared library with many sentences: how long adding takes beyond embedding, and finding; and whether it finds all.

    python -m benchmarks.postgres [--sentences 200000] [--address postgresql://…]

Vectors are synthetic, of 384 numbers, in clusters as those of texts are. Without an address, a server is started as the
tests do it. What an exact search finds in NumPy is what the index is held against.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from typing import Any

import numpy as np

from assistant.articles.article import Article, make_article
from assistant.articles.sentences import Sentence
from assistant.database_address import DatabaseAddress
from assistant.library.postgres_store import PostgresStore
from assistant.library.postgres_vectors import MAX_EXACT
from assistant.networks.embeddings import Vectors
from benchmarks import ROOT, print_machine, verdict

DIMENSION = 384
N_EACH = 2000
N_QUESTIONS = 200
N_FOUND = 10
N_FUNCTION_WORDS = 50  # as frequent as those that are not searched for


def main() -> None:
    """Fills a library, and prints what took how long."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sentences", type=int, default=200_000)
    parser.add_argument("--address", help="of an empty database; it is filled")
    options = parser.parse_args()
    print_machine()
    if options.address:
        measure(DatabaseAddress(options.address), options.sentences)
        return
    sys.path.append(str(ROOT / "tests"))
    tests = importlib.import_module("postgres_server")
    with tests.running_server() as server:
        for name, value in (("shared_buffers", "1GB"), ("max_wal_size", "4GB")):
            server.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        server.stop()
        server.start()
        measure(DatabaseAddress(server.url(server.new_database())), options.sentences)


def measure(address: DatabaseAddress, n_sentences: int) -> None:
    """Adds so many sentences, asks, and prints."""
    numbers = np.random.default_rng(7)
    vectors = clustered(numbers, n_sentences)
    with closing(PostgresStore(address, "synthetic", DIMENSION, 600)) as store:
        adding, own = 0.0, time.process_time()
        for first in range(0, n_sentences, N_EACH):
            part = vectors[first : first + N_EACH]
            article = article_of(numbers, len(part), first)
            started = time.perf_counter()
            store.add(article, part)
            adding += time.perf_counter() - started
        own = time.process_time() - own
        started = time.perf_counter()
        store.flush()
        building = time.perf_counter() - started
        print(f"{n_sentences:,} sentences added in {adding:.0f} s (this process {own:.0f} s of them), index made in {building:.0f} s: {adding + building:.0f} s, "
              f"{verdict(adding + building, 240 * n_sentences / 200_000, at_most=True)}")  # fmt: skip
        questions = near(numbers, vectors)
        ids = [entry.id for entry in store.contents()]
        half = ids[: len(ids) // 2]
        of_all, of_half = (
            recall(store, questions, vectors, N_FOUND),
            recall(store, questions, vectors[: N_EACH * len(half)], 50, half),
        )
        print(f"recall@{N_FOUND} against all: {of_all:.4f}, {verdict(of_all, 0.98)}")
        print(f"recall@50 of half of the articles: {of_half:.4f}, {verdict(of_half, 0.98)}")
        print(f"  dense, 50 of all: {timed(lambda q: store.search_dense(q, 50), questions)}")
        print(f"  dense, one article (exact): {timed(lambda q: store.search_dense(q, 50, ids[:1]), questions)}")
        print(f"  dense, half of the articles: {timed(lambda q: store.search_dense(q, 50, half), questions)}")
        several = ids[: MAX_EXACT // N_EACH]
        print(
            f"  dense, {MAX_EXACT:,} sentences (exact): {timed(lambda q: store.search_dense(q, 50, several), questions)}"
        )
        stems = [word_of(numbers, N_FUNCTION_WORDS) for _ in range(N_QUESTIONS * 6)]
        asked = [stems[6 * i : 6 * i + 6] for i in range(N_QUESTIONS)]
        print(f"  words, six of them: {timed(lambda words: store.search_lexical(words, 50), asked)}")


def recall(
    store: PostgresStore, questions: Vectors, vectors: Vectors, n: int, article_ids: Sequence[str] | None = None
) -> float:
    """Returns the share of the n nearest of the vectors, whose sentences are numbered from 1, that is found."""
    nearest = np.argsort(-(questions @ vectors.T), axis=1, kind="stable")[:, :n] + 1
    found = ({hit.id for hit in store.search_dense(question, n, article_ids)} for question in questions)
    return float(np.mean([len(ids & set(right.tolist())) / n for ids, right in zip(found, nearest, strict=True)]))


def clustered(numbers: np.random.Generator, n: int) -> Vectors:
    """Returns unit vectors around a thousand centres, float32, shape (n, DIMENSION)."""
    centres = numbers.standard_normal((1000, DIMENSION)).astype(np.float32)
    return _unit(centres[numbers.integers(0, 1000, n)] + 0.7 * numbers.standard_normal((n, DIMENSION), np.float32))


def near(numbers: np.random.Generator, vectors: Vectors) -> Vectors:
    """Returns unit vectors near some of those given, as a question is near what answers it."""
    chosen = vectors[numbers.integers(0, len(vectors), N_QUESTIONS)]
    return _unit(chosen + 0.03 * numbers.standard_normal(chosen.shape, np.float32))


def article_of(numbers: np.random.Generator, n: int, first: int) -> Article:
    """Returns an article of n sentences whose words are as unequal in number as those of English."""
    lines = [" ".join([f"Number {first + i}:", *(word_of(numbers) for _ in range(14))]) + "." for i in range(n)]
    starts = np.cumsum([0, *(len(line) + 1 for line in lines)])
    article = make_article("\n".join(lines), f"Article {first}")
    sentences = (Sentence(line, int(starts[i]), int(starts[i]) + len(line), i) for i, line in enumerate(lines))
    return Article(article.id, article.title, article.text, article.source, article.added, tuple(sentences))


def word_of(numbers: np.random.Generator, n_left_out: int = 0) -> str:
    """Returns a word, the frequent ones often; never one of the `n_left_out` most frequent."""
    while (rank := min(int(numbers.zipf(1.3)), 50_000)) <= n_left_out:
        pass
    return f"w{rank}x"


def timed(do: Callable[[Any], object], questions: Iterable[Any]) -> str:
    """Returns the median and the 95th percentile of what each question takes."""
    taken = []
    for question in questions:
        started = time.perf_counter()
        do(question)
        taken.append(1000 * (time.perf_counter() - started))
    median, late = np.percentile(taken, (50, 95))
    return f"median {median:.1f} ms, 95th percentile {late:.1f} ms, {verdict(float(median), 25, at_most=True)}"


def _unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


if __name__ == "__main__":
    main()
