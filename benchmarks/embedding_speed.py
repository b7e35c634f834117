"""How fast sentences are embedded, and how near the vectors are, against sentence-transformers on torch.

    python -m benchmarks.embedding_speed [--sentences 2000] [--rounds 4] [--texts FILE]

Both run on the same sentences with two threads, part by part in turn, so that the machine treats them alike.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import numpy as np

from assistant.articles.sentences import split_sentences
from assistant.networks.embeddings import OnnxEmbedder
from assistant.settings import shipped
from benchmarks import full_model, print_machine, verdict

N_THREADS = 2
MIN_RATIO = 2.5
MIN_COSINE = 0.98


def main() -> None:
    """Embeds and prints sentences a second, their ratio, and the cosines."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sentences", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=4, help="parts in which the two take turns")
    parser.add_argument(
        "--texts", type=Path, help="a text file whose sentences are embedded (default: made from the sample)"
    )
    options = parser.parse_args()
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(N_THREADS)
    texts = sentences(options.sentences, options.texts)
    ours, theirs = OnnxEmbedder.load(N_THREADS), SentenceTransformer(str(full_model()), device="cpu")
    ours.embed(texts[:20])
    theirs.encode(texts[:20])
    print_machine()
    seconds = np.zeros(2)
    cosines: list[float] = []
    for part in np.array_split(np.array(texts, dtype=object), options.rounds):
        started = time.perf_counter()
        mine = ours.embed(list(part))
        turned = time.perf_counter()
        full = theirs.encode(list(part), batch_size=32, normalize_embeddings=True, show_progress_bar=False)
        seconds += (turned - started, time.perf_counter() - turned)
        cosines += [float(cosine) for cosine in (mine * full).sum(axis=1)]
    rates = len(texts) / seconds
    print(f"{len(texts)} sentences of {np.mean([len(t.split()) for t in texts]):.0f} words, {N_THREADS} threads")
    print(f"shipped int8 model:              {rates[0]:7.0f} sentences a second")
    print(f"sentence-transformers on torch:  {rates[1]:7.0f} sentences a second, batches of 32 sorted by length")
    print(f"ratio:                           {rates[0] / rates[1]:7.2f}x  {verdict(rates[0] / rates[1], MIN_RATIO)}")
    print(f"cosine, mean:                    {np.mean(cosines):7.4f}   {verdict(float(np.mean(cosines)), MIN_COSINE)}")
    print(f"cosine, least:                   {min(cosines):7.4f}   {verdict(min(cosines), MIN_COSINE)}")


def sentences(n: int, path: Path | None) -> list[str]:
    """Returns n sentences: of a file, else of the sample with its words changed about, no two the same."""
    (sample,) = shipped("articles").glob("*.txt")
    found = [s.text for s in split_sentences((path or sample).read_text(encoding="utf-8"))]
    if path is not None:
        return found[:n]
    numbers = random.Random(1)
    words = sorted({word for text in found for word in text.split()})
    made: list[str] = []
    while len(made) < n:
        text = numbers.choice(found).split()
        for _ in range(max(1, len(text) // 5)):
            text[numbers.randrange(len(text))] = numbers.choice(words)
        made.append(" ".join(text))
    return made


if __name__ == "__main__":
    main()
