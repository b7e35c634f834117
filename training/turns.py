"""Questions that stand alone -> the same after some turns of a conversation, as people ask them in one.

Earlier turns always stand in front of the question. Most help, as where "he" is somebody named before; but a question may
also begin a new matter, and what went before must not mislead.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from assistant.articles.sentences import split_sentences
from training.data import Example

MAX_TURNS = 3
REFUSED = 0.15  # share of turns that the article did not answer
IN_FULL = 0.5  # share of answers that are the whole sentence, as the assistant shows it
NO_ANSWER = "The article does not say."


def after_turns(example: Example, others: Sequence[Example], rng: random.Random) -> Example:
    """Returns the example with one to three turns before those that it has; as it is if nothing else was asked.

    Args:
        example: any question.
        others: questions of the same passage or article, with answers.
        rng: source of chance.
    """
    asked = {example.question, *(question for question, _ in example.history)}
    before = [other for other in others if other.question not in asked and not other.history]
    if not before:
        return example
    chosen = rng.sample(before, min(len(before), rng.randint(1, MAX_TURNS)))
    return replace(example, history=(*(_turn(other, rng) for other in chosen), *example.history))


def _turn(example: Example, rng: random.Random) -> tuple[str, str]:
    if not example.answers or rng.random() < REFUSED:
        return example.question, NO_ANSWER
    start, answer = example.answers[0]
    if rng.random() < IN_FULL:
        holding = (s.text for s in split_sentences(example.context) if s.start <= start < s.end)
        return example.question, next(holding, answer)
    return example.question, answer
