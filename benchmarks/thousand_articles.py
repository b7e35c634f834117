"""A library of many articles: how long questions over all of them take, and what asking costs while somebody adds.

    python -m benchmarks.thousand_articles --data DIR [--articles 1000]

The articles are the paragraphs of DIR's train-*.jsonl.gz, joined to about 40 sentences each; the questions are theirs, and some over
all articles. Then two processes of eight threads each ask for a while, first with nobody adding, then while this process adds
articles: the ratio of their 95th percentiles is what adding costs those who ask.
"""

from __future__ import annotations

import argparse
import gzip
import json
import multiprocessing
import random
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np

from assistant.assistant import Assistant
from assistant.settings import Settings
from benchmarks import print_machine, verdict
from benchmarks.ask_speed import peak_megabytes

N_SENTENCES = 40
SEED = 5
MAX_MEDIAN_MS = 400.0
MAX_MEMORY_MB = 1200.0
MAX_RATIO = 3.0
Replies = Any  # a queue of (seconds, errors) of each process
N_PROCESSES, N_THREADS = 2, 8
OVER_ALL = (
    "What do the articles say about war?",
    "Which articles mention music?",
    "Which article is about football?",
    "What are the articles about?",
    "Compare the first and the second article on people.",
)


def main() -> None:
    """Builds the library, asks it, and prints times and memory beside the bars."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=30.0, help="of each load")
    options = parser.parse_args()
    print_machine()
    n_more = max(20, options.articles // 20)
    texts, asked = articles(options.data, options.articles + n_more)
    questions = [*random.Random(SEED).sample(asked, options.questions), *OVER_ALL]
    with (
        tempfile.TemporaryDirectory() as folder,
        Assistant.open(Settings(library=Path(folder), n_kept_readings=0)) as assistant,
    ):
        started = time.perf_counter()
        n_sentences = sum(len(assistant.add(text).sentences) for text in texts[: options.articles])
        print(
            f"{options.articles:,} articles, {n_sentences:,} sentences, added in {time.perf_counter() - started:.0f} s"
        )
        measure_asking(assistant, questions)
        idle = print_load(Path(folder), questions, options.seconds, assistant, ())
        adding = print_load(Path(folder), questions, options.seconds, assistant, texts[options.articles :])
        print(f"  adding makes it {adding / idle:.1f} times as long  {verdict(adding / idle, MAX_RATIO, at_most=True)}")


def articles(data: Path, n: int) -> tuple[list[str], list[str]]:
    """Returns n texts of about 40 sentences each, and the questions on them."""
    files = sorted(data.glob("train-*.jsonl.gz"))
    rows = chain.from_iterable(_rows(path) for path in files)
    texts: list[str] = []
    asked: list[str] = []
    parts: dict[str, None] = {}
    seen: set[str] = set()
    for context, question in rows:
        asked.append(question)
        if context not in seen:
            seen.add(context)
            parts[context] = None
        if sum(part.count(". ") + 1 for part in parts) >= N_SENTENCES:
            texts.append("\n\n".join(parts))
            parts.clear()
        if len(texts) == n:
            return texts, asked
    raise SystemExit(f"{data} holds paragraphs for {len(texts):,} articles, {n:,} are asked for.")


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if len(row.get("context") or "") > 200 and row.get("question") and not row.get("history"):
                yield row["context"][:8000], row["question"]


def measure_asking(assistant: Assistant, questions: Sequence[str]) -> None:
    """Asks each question once, after a few to warm up, and prints times and memory."""
    for question in islice(questions, 3):
        assistant.ask(question)
    taken = {question: _seconds(assistant, question) for question in questions}
    ms = 1000 * np.array(list(taken.values()))
    over_all = 1000 * np.array([taken[question] for question in OVER_ALL])
    peak = peak_megabytes()
    print(
        f"  a question: median {np.median(ms):.0f} ms  {verdict(float(np.median(ms)), MAX_MEDIAN_MS, at_most=True)}, "
        f"95th percentile {np.percentile(ms, 95):.0f} ms"
    )
    print(f"  of these, over all articles: {', '.join(f'{one:.0f}' for one in over_all)} ms")
    print(f"  peak memory {peak:.0f} MB  {verdict(peak, MAX_MEMORY_MB, at_most=True)}")


def _seconds(assistant: Assistant, question: str) -> float:
    started = time.perf_counter()
    assistant.ask(question)
    return time.perf_counter() - started


def print_load(
    folder: Path, questions: Sequence[str], seconds: float, assistant: Assistant, more: Sequence[str]
) -> float:
    """Lets two processes ask while this one adds `more`; prints their 95th percentile in ms, and returns it."""
    spawn = multiprocessing.get_context("spawn")
    replies = spawn.Queue()
    askers = [spawn.Process(target=_ask_for, args=(folder, questions, seconds, n, replies)) for n in range(N_PROCESSES)]
    for asker in askers:
        asker.start()
    n_added = 0
    while more and n_added < len(more) and any(asker.is_alive() for asker in askers):
        assistant.add(more[n_added])
        n_added += 1
    results = [replies.get() for _ in askers]
    for asker in askers:
        asker.join()
    taken = 1000 * np.array([value for values, _ in results for value in values])
    errors = [error for _, own in results for error in own]
    late = float(np.percentile(taken, 95))
    print(
        f"  {N_PROCESSES} processes of {N_THREADS} threads{f', {n_added} articles added' if more else ''}: {len(taken)} answers, "
        f"median {np.median(taken):.0f} ms, 95th percentile {late:.0f} ms, {len(errors)} errors {sorted(set(errors))[:3]}"
    )
    return late


def _ask_for(folder: Path, questions: Sequence[str], seconds: float, seed: int, replies: Replies) -> None:
    """Asks from several threads until the time is up, and sends how long each answer took, and what went wrong."""
    taken: list[float] = []
    errors: list[str] = []
    with Assistant.open(Settings(library=folder, n_kept_readings=0)) as assistant:
        assistant.ask(questions[0])
        end = time.monotonic() + seconds

        def ask(number: int) -> None:
            draw = random.Random(100 * seed + number)
            while time.monotonic() < end:
                try:
                    taken.append(_seconds(assistant, draw.choice(questions)))
                except Exception as error:  # noqa: BLE001  # whatever it is, it is counted
                    errors.append(f"{type(error).__name__}: {error}")

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(N_THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    replies.put((taken, errors))


if __name__ == "__main__":
    main()
