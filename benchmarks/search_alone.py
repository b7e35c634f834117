"""How long search takes without the reader, against embedding the question alone, in the same run.

    python -m benchmarks.search_alone [--sentences 2000] [--repeat 5]

Each question is embedded and searched in turn, so that other work on the machine slows both alike.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path

import numpy as np

from assistant.assistant import Assistant
from assistant.networks.embeddings import load_embedder
from assistant.settings import Settings, shipped
from benchmarks import print_machine, verdict
from benchmarks.ask_speed import QUESTIONS
from benchmarks.scale import text

MAX_RATIO = 2.5


def main() -> None:
    """Prints both medians, in time and in CPU time, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sentences", type=int, default=2_000)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    print_machine()
    with (
        tempfile.TemporaryDirectory() as folder,
        Assistant.open(Settings(library=Path(folder), n_kept_readings=0)) as assistant,
    ):
        (sample,) = shipped("articles").glob("*.txt")
        n_sentences = len(assistant.add_file(sample).sentences)
        numbers = random.Random(7)
        while n_sentences < options.sentences:
            n_sentences += len(assistant.add(text(numbers, min(100, options.sentences - n_sentences))).sentences)
        embed, search = load_embedder("", assistant.settings.threads).embed, assistant.retrieve
        taken: dict[str, list[tuple[float, float]]] = {"embedding the question": [], "search alone": []}
        for number in range(options.repeat + 1):
            for question in QUESTIONS:
                for name, use in (
                    ("embedding the question", lambda q: embed([q])),
                    ("search alone", lambda q: search(q, rerank=False)),
                ):
                    started = time.perf_counter(), time.process_time()
                    use(question)
                    if number:  # the first round warms up
                        taken[name].append((time.perf_counter() - started[0], time.process_time() - started[1]))
    medians = {name: 1000 * np.median(np.array(times), axis=0) for name, times in taken.items()}
    print(f"{n_sentences} sentences, {options.repeat} x {len(QUESTIONS)} questions")
    for name, (wall, cpu) in medians.items():
        print(f"{name:24s} median {wall:6.1f} ms, of CPU {cpu:6.1f} ms")
    wall, cpu = medians["search alone"] / medians["embedding the question"]
    print(f"ratio {wall:.2f} {verdict(wall, MAX_RATIO, at_most=True)}; of CPU {cpu:.2f}")


if __name__ == "__main__":
    main()
