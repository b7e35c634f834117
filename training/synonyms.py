"""Words of like meaning, by the encoder's own word embeddings, and questions put in other words with them.

People who have not seen a text ask for it in words of their own; labelled questions mostly repeat the text's. Two words
are taken for synonyms when each is among the nearest to the other. Opposites and things of one kind, "cats" and "dogs",
are alike, too: those met most are told apart by list.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.contrasts import CONTRASTS
from training.data import Example
from training.embedding_neighbours import Neighbours, ending

NEAREST = 4
MIN_LIKENESS, MIN_LIKENESS_OF_NOUN = 0.42, 0.5
MAX_REPLACED = 2
_SAME_LETTERS = 4
_VERBAL = ("ed", "ing", "ly", "tion")
_NEGATIONS = ("un", "in", "im", "dis", "non", "ir", "il", "mis")
_WORD = re.compile(r"\b[a-z]{4,}\b")
_ROWS_AT_ONCE = 1000
# Of one kind, or opposite, and so no synonyms; and words without a meaning of their own.
_KEPT = frozenset(
    """
    many much they their them that those these this than other another would will should could might must ought there here
    each every same ever never something anything nothing everything someone anyone everyone nobody somebody person people
    himself herself myself cannot doesn didn wasn couldn wouldn aren weren hadn hasn within until through being having able
    unable three four five seven eight nine eleven twelve hundred thousand million billion trillion second third fourth
    fifth sixth seventh eighth ninth single double triple half dozen black white blue green yellow purple orange brown pink
    grey gray days weeks months years hours minutes seconds decades today yesterday tomorrow daily weekly nightly monthly
    annual biennial spring summer autumn winter north south east west northern southern eastern western miles kilometres
    kilometers distances longer shorter larger smaller bigger younger older newer harder easier simpler further farther
    wider narrower seller buyer increases decreases presence absence heating cooling short small large long less more cheap
    expensive safety sons daughters brothers sisters siblings parents parent child baby families boys girls ladies father
    mother daughter wife husband woman women female male lady queen king prince princess uncle aunt nephew niece actress
    actor actors dogs cats animals pets horse monkey cattle sheep goats pigs chicken hockey basketball baseball football
    soccer rugby cricket tennis saxophone clarinet violin trombone piano guitar drum army navy military town village city
    cities urban bread loaf milk dairy meat beef pork steak fish seafood trout rice wheat maize knife knives oven stove
    religion christianity bible pope vatican england britain china shanghai canada ontario york manhattan french france
    australia sydney mayor alderman storm hurricane cyclone typhoon rainfall snowfall anthropology sociology genocide
    holocaust mouth tongue throat temperature heat moon lunar english spanish german italian russian website site sites
    websites books textbooks heart cardiac parts hands fingers feet lowest sell sold sale buy bought purchase criticized
    praised rich poor won lost wins losses victory defeat born died birth death began ended opened closed arrived departed
    joined left
    """.split()
)


class Synonyms:
    """Finds synonyms, and puts questions in other words.

    Args:
        words: lower case.
        vectors: (words, dimensions) float32 of unit length.
    """

    def __init__(self, words: list[str], vectors: NDArray[np.float32]) -> None:
        near = _nearest(words, vectors)
        self._of = {
            word: [other for other, likeness in found.items() if word in near[other] and _alike(word, other, likeness)]
            for word, found in near.items()
            if word not in _KEPT
        }

    @classmethod
    def from_encoder(cls, folder: Path) -> Synonyms:
        """Returns the synonyms by the word embeddings in a folder's `model.safetensors` and `vocab.txt`."""
        return cls(*Neighbours.from_encoder(folder).vocabulary(_SAME_LETTERS))

    def __call__(self, word: str) -> list[str]:
        """Returns the synonyms of a word in lower case, none if it has none."""
        return self._of.get(word, [])

    def reworded(self, example: Example, rng: random.Random) -> Example:
        """Returns the example with synonyms for one or two words that its question shares with the passage.

        It is returned as it is if it has no such word, or if a word of the question is known not to fit.
        """
        if example.mismatch:
            return example
        text = example.context.lower()
        shared = [m for m in _WORD.finditer(example.question) if self(m.group()) and m.group()[:5] in text]
        chosen = rng.sample(shared, min(len(shared), rng.randint(1, MAX_REPLACED)))
        question = example.question
        for match in sorted(chosen, key=lambda m: -m.start()):
            question = question[: match.start()] + rng.choice(self(match.group())) + question[match.end() :]
        return replace(example, question=question)


def _nearest(words: list[str], vectors: NDArray[np.float32]) -> dict[str, dict[str, float]]:
    """Returns for each word its `NEAREST` others with their likeness."""
    found = {}
    for first in range(0, len(words), _ROWS_AT_ONCE):
        likeness = vectors[first : first + _ROWS_AT_ONCE] @ vectors.T
        top = np.argsort(-likeness, axis=1)[:, : NEAREST + 1]
        for row, columns in enumerate(top):
            found[words[first + row]] = {words[c]: float(likeness[row, c]) for c in columns if c != first + row}
    return found


def _alike(word: str, other: str, likeness: float) -> bool:
    """Returns whether two words that are near to each other may mean the same: other letters, same form, no opposites."""
    least = MIN_LIKENESS if word.endswith(_VERBAL) else MIN_LIKENESS_OF_NOUN
    if likeness < least or other in _KEPT or word.endswith("est") or ending(word) != ending(other):
        return False
    opposite = other in CONTRASTS.get(word, ()) or any(word == n + other or other == n + word for n in _NEGATIONS)
    return not opposite and word[:_SAME_LETTERS] != other[:_SAME_LETTERS]
