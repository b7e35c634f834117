"""How long a question takes on the sample article once all is loaded, and how much memory it needs.

    python -m benchmarks.ask_speed [--repeat 5]

The baseline, in the same run, is embedding the question and the sample's sentences with sentence-transformers and
taking the nearest: what answering without an index or a reader costs.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from assistant.assistant import Assistant
from assistant.settings import Settings, shipped
from benchmarks import full_model, print_machine, verdict

MAX_MEDIAN_MS = 150.0
MAX_P95_MS = 300.0
MAX_MEMORY_MB = 700.0
QUESTIONS = (
    "What did Mirzoyan say?",
    "Who is the Armenian foreign minister?",
    "What happened in 2020?",
    "When was the base established?",
    "Which countries border Armenia?",
    "Who raised concerns about Russia’s military presence?",
    "Is the base going to be withdrawn?",
    "What is this article about?",
    "How do I bake bread?",
    "What did Kopyrkin emphasize about bilateral relations?",
)


def main() -> None:
    """Asks, and prints median, 95th percentile, memory, and the ratio to the baseline."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--no-baseline", action="store_true", help="leave sentence-transformers out")
    options = parser.parse_args()
    print_machine()
    with (
        tempfile.TemporaryDirectory() as folder,
        Assistant.open(Settings(library=Path(folder), n_kept_readings=0)) as assistant,
    ):
        (article,) = shipped("articles").glob("*.txt")
        added = assistant.add_file(article)
        mine = milliseconds(assistant.ask, options.repeat)
        # Before the baseline is loaded: its memory is not ours.
        peak = peak_megabytes()
        with Assistant.open(Settings(library=Path(folder))) as keeping:
            again = float(np.median(milliseconds(keeping.ask, 1)))
        texts = [s.text for s in added.sentences]
    median, late = np.percentile(mine, (50, 95))
    print(f"{len(mine)} questions on the sample article, models loaded")
    print(f"median:          {median:6.0f} ms  {verdict(median, MAX_MEDIAN_MS, at_most=True)}")
    print(f"95th percentile: {late:6.0f} ms  {verdict(late, MAX_P95_MS, at_most=True)}")
    print(f"asked again:     {again:6.0f} ms, where readings are kept, as they are unless n_kept_readings is 0")
    print(f"peak memory:     {peak:6.0f} MB  {verdict(peak, MAX_MEMORY_MB, at_most=True)}")
    if not options.no_baseline:
        base = float(np.median(milliseconds(baseline(texts), options.repeat)))
        print(
            f"sentence-transformers, nearest sentence without an index: median {base:.0f} ms; ratio {base / median:.1f}x"
        )


def milliseconds(ask: Callable[[str], object], repeat: int) -> list[float]:
    """Returns how long each question took, each asked `repeat` times after one unmeasured round."""
    for question in QUESTIONS:
        ask(question)
    taken = []
    for _ in range(repeat):
        for question in QUESTIONS:
            started = time.perf_counter()
            ask(question)
            taken.append(1000 * (time.perf_counter() - started))
    return taken


def baseline(texts: list[str]) -> Callable[[str], object]:
    """Returns what finds the nearest sentence with sentence-transformers."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(full_model()), device="cpu")

    def nearest(question: str) -> str:
        vectors = model.encode([question, *texts], normalize_embeddings=True, show_progress_bar=False)
        return texts[int((vectors[1:] @ vectors[0]).argmax())]

    return nearest


def peak_megabytes() -> float:
    """Returns the most memory that this process has held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3


if __name__ == "__main__":
    main()
