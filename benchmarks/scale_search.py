"""Libraries of so many sentences that they cannot be embedded here: copies of embedded ones, with noise.

No question is asked twice in a library's process, as what was looked at before is found sooner.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.articles.article import Article, make_article
from assistant.articles.sentences import Sentence, split_sentences
from assistant.assistant import Assistant
from assistant.library.sqlite_index import IndexSizes
from assistant.library.sqlite_store import SqliteStore
from assistant.networks.embeddings import Embedder, Vectors, load_embedder
from assistant.networks.reader import OnnxReader
from assistant.settings import Settings
from benchmarks import ROOT
from benchmarks.ask_speed import QUESTIONS, peak_megabytes
from benchmarks.peers.running import resident_megabytes
from benchmarks.peers.texts import made_articles, made_questions
from training.data import read_set, training_sets

EACH = 100  # sentences an article
N_WARM, N_SEARCHED, N_ASKED = 10, 200, 30  # questions
N_ALL = N_WARM + N_SEARCHED + 2 * (N_WARM + N_ASKED)
SEED = 23
ASKED_OF = ("squad2", "qed")  # development sets whose questions are asked of public texts
NOISE = 0.5  # of a copy's vector, beside a length of 1: its cosine with what it was copied from is 0.89
N_RECALL, N_NEAREST = 50, 10


@dataclass(frozen=True, slots=True)
class Corpus:
    """What libraries are made of.

    Attributes:
        texts: sentences that are copied; how often a word stands in them is how often it does in the library.
        vectors: of the first of them, float32, shape (m, d); those of the others are copies of these too.
        questions: no two the same.
    """

    texts: Sequence[str]
    vectors: Vectors
    questions: Sequence[str]


def made_corpus(n_embedded: int) -> Corpus:
    """Returns sentences of the sample's words, each of which is frequent in a large library: no rare one tells sentences apart."""
    articles = made_articles(n_embedded)
    texts = [line for article in articles for line in article["sentences"]]
    return _corpus(texts, n_embedded, made_questions(N_ALL, articles))


def public_corpus(data: Path, n_embedded: int) -> Corpus:
    """Returns the sentences of all public training sets, and questions of development sets: words as unequal as in any text."""
    examples = (example for path in training_sets(data) for example in read_set(path))
    contexts = dict.fromkeys(example.context for example in examples)
    found = (" ".join(s.text.split()) for context in contexts for s in split_sentences(context))
    texts = [text for text in dict.fromkeys(found) if 20 < len(text) < 400]
    asked = [e for name in ASKED_OF for e in read_set(data / f"dev-{name}.jsonl.gz") if not e.history]
    draw = random.Random(SEED)
    draw.shuffle(texts)
    return _corpus(texts, n_embedded, draw.sample(list({e.question: None for e in asked}), N_ALL))


def _corpus(texts: Sequence[str], n_embedded: int, questions: Sequence[str]) -> Corpus:
    return Corpus(texts, load_embedder("", 2).embed(texts[:n_embedded]), questions)


@dataclass(frozen=True, slots=True)
class Figures:
    """What one library gave: medians in milliseconds, bytes in megabytes, `making` and `opened` in seconds."""

    n_sentences: int
    adding: tuple[float, float]
    making: float
    search: float
    late: float
    recall: float
    opened: float
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
        yield f"  a process of its own: opened and searched in {self.opened:.2f} s; {self.resident:.0f} MB without the reader"
        yield f"  ask: median {self.asking:.0f} ms; of one article of {EACH} sentences {self.asking_one:.0f} ms"


def measure_search(n_sentences: int, corpus: Corpus, sizes: IndexSizes) -> Figures:
    """Returns the figures of a new library of so many sentences, made of some that are embedded."""
    embedder, n, few = load_embedder("", 2), N_WARM + N_SEARCHED, N_WARM + N_ASKED
    searched, asked_of_all, asked_of_one = (
        corpus.questions[a:b] for a, b in ((0, n), (n, n + few), (n + few, n + 2 * few))
    )
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(library=Path(folder), n_kept_readings=0)
        store = SqliteStore(settings.folder, embedder.fingerprint, embedder.dimension, sizes=sizes)
        taken = []
        for article, own in _articles(n_sentences, corpus):
            started = time.perf_counter()
            store.add(article, own)
            taken.append(1000 * (time.perf_counter() - started) / EACH)
        started = time.perf_counter()
        store.flush()
        store.settle()
        making = time.perf_counter() - started
        n_first = 1000 // EACH
        adding = float(np.median(taken[:n_first])), float(np.median(taken[-n_first:]))
        nobody: Any = None
        with Assistant(settings, store, embedder, nobody) as assistant:
            found = _milliseconds(lambda q: assistant.retrieve(q, rerank=False), searched)
            recall = _recall(store, embedder, corpus.vectors)
            asked = Assistant(settings, store, embedder, OnnxReader.load(2))
            one = store.contents()[0].id
            asking = float(np.median(_milliseconds(asked.ask, asked_of_all)))
            asking_one = float(np.median(_milliseconds(lambda q: asked.ask(q, one), asked_of_one)))
        opened, resident = _in_new_process(settings.folder, searched)
    median, late = np.percentile(found, (50, 95))
    times = float(median), float(late)
    return Figures(n_sentences, adding, making, *times, recall, opened, resident, asking, asking_one)


def _articles(n_sentences: int, corpus: Corpus) -> Iterator[tuple[Article, Vectors]]:
    """Yields articles of copies: each sentence with a number of its own, each vector with noise."""
    numbers, order = np.random.default_rng(3), random.Random(3)
    texts, vectors = corpus.texts, corpus.vectors
    for number in range(n_sentences // EACH):
        chosen = [order.randrange(len(texts)) for _ in range(EACH)]
        lines = [f"{texts[i].rstrip('.')} ({number * EACH + place})." for place, i in enumerate(chosen)]
        noise = numbers.normal(size=(EACH, vectors.shape[1])) / np.sqrt(vectors.shape[1])
        own = vectors[[i % len(vectors) for i in chosen]] + NOISE * noise
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


def _milliseconds(use: Any, questions: Sequence[str]) -> list[float]:
    """Returns what each question takes, once the first ones have warmed up what is used."""
    taken = []
    for question in questions:
        started = time.perf_counter()
        use(question)
        taken.append(1000 * (time.perf_counter() - started))
    return taken[N_WARM:]


def _in_new_process(folder: Path, questions: Sequence[str]) -> tuple[float, float]:
    """Returns seconds in which a process of its own opens a library and answers, and the megabytes that it holds after all questions."""
    code = f"from {__name__} import open_and_ask; open_and_ask()"
    command = [sys.executable, "-c", code, str(folder)]
    run = subprocess.run(
        command, input=json.dumps(list(questions)), capture_output=True, text=True, check=True, cwd=ROOT
    )
    opened, resident = json.loads(run.stdout)
    return opened, resident


def open_and_ask() -> None:
    """Opens a library, asks the questions that stand on the standard input, and prints what `_in_new_process` returns."""
    started, questions = time.perf_counter(), json.load(sys.stdin)
    with Assistant.open(Settings(library=Path(sys.argv[1]), n_kept_readings=0)) as assistant:
        assistant.retrieve(questions[0], rerank=False)
        opened = time.perf_counter() - started
        for question in questions[1:]:
            assistant.retrieve(question, rerank=False)
        print(json.dumps([opened, resident_megabytes(os.getpid()) or peak_megabytes()]))
