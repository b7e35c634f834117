"""Adding and asking where there is much: an article of many sentences, a library of many articles, and of many sentences.

    python -m benchmarks.scale [--sentences 20000] [--articles 1000]
    python -m benchmarks.scale --library 10000 --library 100000 --library 1000000 [--data DIR]

The baseline, in the same run, is the sample article alone: how much more a question costs where there is more. With
`--library` only libraries of so many sentences are measured, the first of which is the baseline; see `scale_search.py` for
how they are made. With `--data`, a folder of public question sets, they have the words of public texts and are asked public
questions; without, the words of the sample, all of which are frequent then.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path

import numpy as np

from assistant.assistant import Assistant
from assistant.library.sqlite_check import check_library
from assistant.library.sqlite_index import IndexSizes
from assistant.settings import Settings, shipped
from benchmarks import print_machine
from benchmarks.ask_speed import QUESTIONS, peak_megabytes
from benchmarks.scale_search import made_corpus, measure_search, public_corpus

WORDS = (
    "river harvest engine market signal winter bridge island paper music garden letter doctor school window mountain "
    "treaty soldier minister border energy council harbour railway forest museum company product village summer"
).split()
NAMES = ("Ada Moss", "Ben Okri", "Cem Kaya", "Dana Silva", "Emil Roth", "Fay Lund", "Gita Rao", "Hugo Weiss")


def main() -> None:
    """Builds both libraries and prints times and memory."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sentences", type=int, default=20_000)
    parser.add_argument("--articles", type=int, default=1_000)
    parser.add_argument("--sentences-each", type=int, default=20)
    parser.add_argument("--repeat", type=int, default=3, help="rounds of the questions; not with --library")
    parser.add_argument("--library", type=int, action="append", help="sentences of a library; may be repeated")
    parser.add_argument("--data", type=Path, help="folder of public question sets, for the words of the libraries")
    parser.add_argument("--embedded", type=int, default=1000, help="sentences that the libraries are made of")
    parser.add_argument("--max-flat", type=int, default=IndexSizes().max_flat, help="above which the index has lists")
    options = parser.parse_args()
    print_machine()
    if options.library:
        measure_libraries(options)
        return
    (sample,) = shipped("articles").glob("*.txt")
    numbers = random.Random(7)
    base = measure("sample article", [sample.read_text(encoding="utf-8")], options.repeat, 0.0)
    long = [text(numbers, options.sentences)]
    measure(f"one article of {options.sentences} sentences", long, options.repeat, base)
    many = [text(numbers, options.sentences_each) for _ in range(options.articles)]
    measure(f"{options.articles} articles of {options.sentences_each} sentences", many, options.repeat, base)


def measure_libraries(options: argparse.Namespace) -> None:
    """Prints the figures of libraries of several sizes."""
    corpus = public_corpus(options.data, options.embedded) if options.data else made_corpus(options.embedded)
    sizes, first = IndexSizes(max_flat=options.max_flat), None
    for n_sentences in options.library:
        figures = measure_search(n_sentences, corpus, sizes)
        first = first or figures
        print("\n".join(figures.lines()))
        print(f"  search alone {figures.search / first.search:.2f}x the first library's", flush=True)


def text(numbers: random.Random, n_sentences: int) -> str:
    """Returns an article of sentences that differ, one in eight of them spoken by somebody."""
    lines = []
    for i in range(n_sentences):
        words = " ".join(numbers.choices(WORDS, k=numbers.randint(6, 20)))
        year = numbers.randint(1500, 2020)
        said = f"{numbers.choice(NAMES)} said that " if numbers.random() < 0.125 else "In those days "
        lines.append(f"{said}the {words} of {year} stood at number {i}.")
    return "\n".join(" ".join(lines[start : start + 6]) for start in range(0, len(lines), 6))


def measure(name: str, articles: list[str], repeat: int, base_ms: float) -> float:
    """Adds the articles to a new library, asks, opens it again; prints it all and returns the median of a question in ms."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(library=Path(folder), n_kept_readings=0)
        with Assistant.open(settings) as assistant:
            started = time.perf_counter()
            n_sentences = sum(len(assistant.add(article).sentences) for article in articles)
            adding = time.perf_counter() - started
            taken = []
            for _ in range(repeat):
                for question in (*QUESTIONS, f"Who stood at number {n_sentences // 2}?"):
                    asked = time.perf_counter()
                    assistant.ask(question)
                    taken.append(1000 * (time.perf_counter() - asked))
        started = time.perf_counter()
        with Assistant.open(settings) as assistant:
            assistant.retrieve(QUESTIONS[0])
        opening = time.perf_counter() - started
        check_library(Path(folder))
        size = sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6
    median, late = np.percentile(taken, (50, 95))
    ratio = f", {median / base_ms:.1f}x the sample" if base_ms else ""
    print(f"{name}: {n_sentences} sentences")
    print(f"  added in {adding:.1f} s ({n_sentences / adding:.0f} sentences a second)")
    print(f"  a question: median {median:.0f} ms, 95th percentile {late:.0f} ms{ratio}")
    print(f"  opened and searched in {opening:.2f} s; {size:.1f} MB on disk; peak memory {peak_megabytes():.0f} MB")
    return float(median)


if __name__ == "__main__":
    main()
