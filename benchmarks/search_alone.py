"""How long search takes without the reader, against embedding the question alone, in the same run.

    python -m benchmarks.search_alone [--sentences 2000] [--questions 200]

Each question is embedded and searched in turn, so that other work on the machine slows both alike; none is asked twice, as
what was looked at before is found sooner.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from assistant.assistant import Assistant
from assistant.networks.embeddings import load_embedder
from assistant.settings import Settings
from benchmarks import print_machine, verdict
from benchmarks.peers.texts import made_articles, made_questions

MAX_RATIO = 2.5
N_WARM = 10


def main() -> None:
    """Prints both medians, in time and in CPU time, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sentences", type=int, default=2_000)
    parser.add_argument("--questions", type=int, default=200)
    options = parser.parse_args()
    print_machine()
    with (
        tempfile.TemporaryDirectory() as folder,
        Assistant.open(Settings(library=Path(folder), n_kept_readings=0)) as assistant,
    ):
        articles = made_articles(options.sentences)
        n_sentences = sum(len(assistant.add(article["text"]).sentences) for article in articles)
        embed, search = load_embedder("", assistant.settings.threads).embed, assistant.retrieve
        taken: dict[str, list[tuple[float, float]]] = {"embedding the question": [], "search alone": []}
        for question in made_questions(N_WARM + options.questions, articles):
            for name, use in (
                ("embedding the question", lambda q: embed([q])),
                ("search alone", lambda q: search(q, rerank=False)),
            ):
                started = time.perf_counter(), time.process_time()
                use(question)
                taken[name].append((time.perf_counter() - started[0], time.process_time() - started[1]))
    medians = {name: 1000 * np.median(np.array(times[N_WARM:]), axis=0) for name, times in taken.items()}
    print(f"{n_sentences} sentences, {options.questions} questions")
    for name, (wall, cpu) in medians.items():
        print(f"{name:24s} median {wall:6.1f} ms, of CPU {cpu:6.1f} ms")
    wall, cpu = medians["search alone"] / medians["embedding the question"]
    print(f"ratio {wall:.2f} {verdict(wall, MAX_RATIO, at_most=True)}; of CPU {cpu:.2f}")


if __name__ == "__main__":
    main()
