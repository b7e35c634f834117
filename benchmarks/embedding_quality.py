"""What int8 costs in retrieval: nDCG@10 on a BEIR set, the shipped model against full precision.

    python -m benchmarks.embedding_quality --data FOLDER [--set nfcorpus] [--limit 200]

FOLDER holds retrieval/<set>.zip as BEIR publishes it. Both models see the same texts: title and text, cut at 256 word
pieces. Source: Thakur et al.: BEIR (NeurIPS 2021); nDCG as trec_eval computes it (gain = relevance, log2 discount).
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import math
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.networks.embeddings import OnnxEmbedder, Vectors
from benchmarks import full_model, print_machine, verdict

DEPTH = 10
MAX_LOSS_POINTS = 0.5

Judgements = dict[str, dict[str, int]]


def main() -> None:
    """Prints both models' nDCG@10, the difference with its interval, and the verdict."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder that holds retrieval/<set>.zip")
    parser.add_argument("--set", default="nfcorpus")
    parser.add_argument("--limit", type=int, default=0, help="so many documents and no more, to try the command")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    print_machine()
    corpus, queries, judgements = read_set(options.data / "retrieval" / f"{options.set}.zip", options.limit)
    print(f"{options.set}: {len(corpus)} documents, {len(queries)} questions with judgements")
    mine = measure(OnnxEmbedder.load(options.threads).embed, corpus, queries, judgements)
    full = measure(full_precision(options.threads), corpus, queries, judgements)
    differences = 100 * (mine - full)
    low, high = interval(differences)
    print(f"shipped int8 model:  nDCG@{DEPTH} {100 * mine.mean():.2f}")
    print(f"full precision:      nDCG@{DEPTH} {100 * full.mean():.2f}")
    loss = float(-differences.mean())
    print(f"difference:          {-loss:+.2f} points, 95 % interval {low:+.2f} to {high:+.2f}")
    print(f"loss:                {loss:.2f} points  {verdict(loss, MAX_LOSS_POINTS, at_most=True)}")


def read_set(path: Path, limit: int) -> tuple[dict[str, str], dict[str, str], Judgements]:
    """Returns documents, questions with at least one judged document, and the judgements, by id."""
    with zipfile.ZipFile(path) as archive:
        name = path.stem

        def rows(file: str) -> list[dict[str, str]]:
            with archive.open(f"{name}/{file}") as stream:
                return [json.loads(line) for line in stream]

        corpus = {row["_id"]: f"{row.get('title', '')} {row['text']}".strip() for row in rows("corpus.jsonl")}
        corpus = dict(list(corpus.items())[: limit or None])
        judgements: Judgements = {}
        with archive.open(f"{name}/qrels/test.tsv") as stream:
            for row in csv.DictReader(io.TextIOWrapper(stream, encoding="utf-8"), delimiter="\t"):
                if row["corpus-id"] in corpus and int(row["score"]) > 0:
                    judgements.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
        queries = {row["_id"]: row["text"] for row in rows("queries.jsonl") if row["_id"] in judgements}
    return corpus, queries, judgements


def full_precision(n_threads: int) -> Callable[[Sequence[str]], Vectors]:
    """Returns what embeds with the full model on sentence-transformers."""
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(n_threads)
    model = SentenceTransformer(str(full_model()), device="cpu")

    def embed(texts: Sequence[str]) -> Vectors:
        return np.asarray(model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False), np.float32)

    return embed


def measure(
    embed: Callable[[Sequence[str]], Vectors], corpus: dict[str, str], queries: dict[str, str], judgements: Judgements
) -> NDArray[np.float64]:
    """Returns nDCG@10 of each question, shape (n,)."""
    ids = list(corpus)
    scores = embed(list(queries.values())) @ embed(list(corpus.values())).T
    found = np.argsort(-scores, axis=1, kind="stable")[:, :DEPTH]
    return np.array([
        gain([ids[i] for i in row], judgements[query]) for query, row in zip(queries, found, strict=True)
    ])  # fmt: skip


def gain(ranked: Sequence[str], relevance: dict[str, int]) -> float:
    """Returns nDCG at the length of `ranked`."""
    given = sum(relevance.get(i, 0) / math.log2(rank + 1) for rank, i in enumerate(ranked, start=1))
    best = sorted(relevance.values(), reverse=True)[:DEPTH]
    return given / sum(value / math.log2(rank + 1) for rank, value in enumerate(best, start=1))


def interval(values: NDArray[np.float64], n_samples: int = 2000) -> tuple[float, float]:
    """Returns the 95 % bootstrap interval of the mean."""
    numbers = np.random.default_rng(0)
    means = numbers.choice(values, (n_samples, len(values))).mean(axis=1)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


if __name__ == "__main__":
    main()
