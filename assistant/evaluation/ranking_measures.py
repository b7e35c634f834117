"""How early the needed sentences come in a ranking: recall, reciprocal rank, nDCG.

A question needs one or more things; each need is met by any one of its sentences. A ranking is given as `met`: for each
rank from the first, the needs that this sentence meets. Where a need has one sentence these are the usual measures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

Ranking = Sequence[frozenset[int]]


def new_needs(met: Ranking) -> list[int]:
    """Returns for each rank how many needs it meets that no earlier rank has met."""
    seen: set[int] = set()
    gains = []
    for needs in met:
        gains.append(len(needs - seen))
        seen |= needs
    return gains


def recall_at(met: Ranking, n_needs: int, k: int) -> float:
    """Returns the share of the needs that the first `k` ranks meet; 0 to 1."""
    return sum(new_needs(met[:k])) / n_needs


def reciprocal_rank(met: Ranking) -> float:
    """Returns 1 / rank of the first sentence that meets a need, 0.0 if none does."""
    return next((1 / rank for rank, needs in enumerate(met, start=1) if needs), 0.0)


def ndcg_at(met: Ranking, n_needs: int, k: int) -> float:
    """Returns the normalised discounted cumulative gain of the first `k` ranks; 0 to 1.

    A rank gains 1 if it meets a need for the first time. The ideal ranking meets one need a rank.

    Source: Järvelin and Kekäläinen, 2002, with the discount 1 / log2(rank + 1) of trec_eval.
    """
    gains = [min(1, n_new) for n_new in new_needs(met[:k])]
    gained = sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(n_needs, k) + 1))
    return gained / ideal


def graded_ndcg_at(grades: Sequence[float], all_grades: Sequence[float], k: int) -> float:
    """Returns nDCG for graded relevance: `grades` in ranked order, `all_grades` of everything judged, in any order."""
    ideal = _discounted(sorted(all_grades, reverse=True)[:k])
    return _discounted(grades[:k]) / ideal if ideal else 0.0


def _discounted(grades: Sequence[float]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))
