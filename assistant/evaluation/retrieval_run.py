"""Evaluates retrieval alone: all documents of a BEIR set in one library, ranked by their best sentence."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from assistant.evaluation.baselines import Answering
from assistant.evaluation.figures import Contribution, Figure, ratio_figures
from assistant.evaluation.questions import RetrievalSet
from assistant.evaluation.ranking_measures import graded_ndcg_at
from assistant.evaluation.results import Times, write_json
from assistant.evaluation.significance import resample_weights
from assistant.evaluation.systems import System
from assistant.notebook import card, figures, heading, quiet

SENTENCES_A_QUERY = 100
"""Sentences retrieved, so that ten documents are among them even where one document holds many good sentences."""

DEPTHS = (1, 3, 5, 10)


@dataclass(frozen=True, slots=True)
class Ranked:
    """The documents found for a query, best first, and what was judged relevant."""

    id: str
    query: str
    documents: tuple[str, ...]
    judgements: dict[str, int]

    @property
    def grades(self) -> list[int]:
        """The grade of each document found; 0 for those that were not judged."""
        return [self.judgements.get(document, 0) for document in self.documents]


@dataclass(frozen=True)
class RetrievalResults:
    """An evaluation of retrieval on a BEIR set."""

    set_name: str
    digest: str
    system: str
    rows: tuple[Ranked, ...]
    figures: dict[str, Figure]
    times: Times

    def to_dict(self) -> dict[str, Any]:
        """Returns the results as JSON types."""
        return {
            "set": self.set_name,
            "digest": self.digest,
            "system": self.system,
            "figures": {name: figure.to_dict() for name, figure in self.figures.items()},
            "times": {name: round(getattr(self.times, name), 5) for name in Times.__slots__},
            "rows": [{"id": row.id, "query": row.query, "documents": list(row.documents)} for row in self.rows],
        }

    def _repr_html_(self) -> str:
        """Returns the results for a notebook: every figure with its interval."""
        rows = [(name, *figure.told()) for name, figure in self.figures.items()]
        parts = [heading(f"{self.set_name}: {self.system}"), figures(("", "value", "95 % interval", "n"), rows)]
        return card(*parts, quiet([f"{len(self.rows):,} queries"]))


def evaluate_retrieval(
    questions: RetrievalSet,
    system: System | Answering | None = None,
    k: int = 5,
    folder: Path | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> RetrievalResults:
    """Returns how well `system` ranks the documents of a BEIR set; progress counts documents and queries."""
    system = system or System()
    n_steps = len(questions.documents) + len(questions.queries)
    with ExitStack() as stack:
        opened = stack.enter_context(system.open()) if isinstance(system, System) else system
        names: dict[str, list[str]] = {}
        for done, (document_id, article) in enumerate(questions.documents.items(), start=1):
            names.setdefault(opened.add(article.text, title=article.title).id, []).append(document_id)
            if on_progress:
                on_progress(done, n_steps)
        rows, seconds = [], []
        for done, (query_id, query) in enumerate(questions.queries.items(), start=1):
            start = time.perf_counter()
            found = opened.retrieve(query, k=SENTENCES_A_QUERY)
            seconds.append(time.perf_counter() - start)
            documents = [name for article in dict.fromkeys(e.article_id for e in found) for name in names[article]]
            rows.append(Ranked(query_id, query, tuple(documents), questions.judgements[query_id]))
            if on_progress:
                on_progress(len(questions.documents) + done, n_steps)
    figures = retrieval_figures(rows, k)
    p50, p95 = (float(np.percentile(seconds, percent)) for percent in (50, 95))
    label = system.label if isinstance(system, System) else type(system).__qualname__
    times = Times(p50, p95, len(rows) / sum(seconds), 1)
    results = RetrievalResults(questions.name, questions.digest, label, tuple(rows), figures, times)
    if folder is not None:
        write_json(results.to_dict(), folder / "results.json")
    return results


def retrieval_figures(rows: Sequence[Ranked], k: int) -> dict[str, Figure]:
    """Returns recall@k, reciprocal rank and nDCG@10 of the documents, with intervals."""

    def recall(row: Ranked, depth: int) -> Contribution:
        return sum(grade > 0 for grade in row.grades[:depth]) / sum(g > 0 for g in row.judgements.values()), 1.0

    def first(row: Ranked) -> Contribution:
        return next((1 / rank for rank, grade in enumerate(row.grades, start=1) if grade > 0), 0.0), 1.0

    def ndcg(row: Ranked) -> Contribution:
        return graded_ndcg_at(row.grades, list(row.judgements.values()), 10), 1.0

    ratios = {f"passages.recall@{depth}": partial(recall, depth=depth) for depth in sorted({*DEPTHS, k})}
    return ratio_figures(
        rows, {**ratios, "passages.mrr": first, "passages.ndcg@10": ndcg}, resample_weights([row.id for row in rows])
    )
