"""How much of a text is right to the character, and in order: what the tests and `benchmarks.pdf_text` count."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

ANYWHERE = "---"
"""After this line of an expected text comes what stands apart, as footnotes do: its order is not judged."""

_MARKS = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]")


@dataclass(frozen=True)
class Judged:
    """Sentences that are wrong, neighbours that follow one another, and characters that nobody expected."""

    n_sentences: int
    wrong: tuple[str, ...]
    n_pairs: int
    n_in_order: int
    n_other: int


def judge(text: str, expected: str) -> Judged:
    """Returns what of a text is as expected: a sentence a line, white space and raised marks aside."""
    text = " ".join(_MARKS.sub("", text).split()) + " "
    lines = [line for line in expected.splitlines() if line.strip()]
    n_in_order = lines.index(ANYWHERE) if ANYWHERE in lines else len(lines)
    sentences = [line for line in lines if line != ANYWHERE]
    places: list[int] = []
    last = 0
    for sentence in sentences:
        place = text.find(sentence + " ", last)
        places.append(place if place >= 0 else text.find(sentence + " "))
        last = max(places[-1], 0)
    wrong = tuple(s for s, place in zip(sentences, places, strict=True) if place < 0)
    body = places[:n_in_order]
    starts = sorted(place for place in body if place >= 0)
    following = dict(itertools.pairwise(starts))
    pairs = [(a, b) for a, b in itertools.pairwise(body)]
    good = sum(a >= 0 and following.get(a) == b for a, b in pairs)
    return Judged(len(sentences), wrong, len(pairs), good, len(text) - sum(len(s) + 1 for s in sentences))
