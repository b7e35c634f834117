"""Whether a question is on one article as a whole, though no pattern of `question.whole_article` says so: by its words, learned."""

from __future__ import annotations

import re
from itertools import pairwise

from assistant.networks.scores import coefficients

_WORDS = re.compile(r"\w+|\?")


def asks_for_the_whole(question: str) -> bool:
    """Returns whether a question wants several sentences from all over an article: its arguments, its findings, what was decided.

    A sum of weights of its words and pairs of words, fitted by `training/fit_whole.py` on questions written for it.
    """
    weights = coefficients("whole_asked")
    total = weights["intercept"] + sum(weights.get(name, 0.0) for name in wordings(question))
    return total >= weights["threshold"]


def wordings(question: str) -> frozenset[str]:
    """Returns the words and pairs of neighbouring words of a question.

    >>> sorted(wordings("Main points?"))
    ['word ?', 'word main', 'word main points', 'word points', 'word points ?']
    """
    found = _WORDS.findall(question.lower().replace("\u2019", "'"))
    return frozenset(f"word {w}" for w in (*found, *(f"{a} {b}" for a, b in pairwise(found))))
