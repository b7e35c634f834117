"""Long passages whose support lies far apart -> short ones that hold all of it."""

from __future__ import annotations

import random
from dataclasses import replace

from assistant.articles.sentences import split_sentences
from training.data import Example

MAX_WORDS = 110  # about what a window holds


def condense(example: Example, rng: random.Random) -> Example:
    """Returns the example with its supporting sentences, a neighbour of each and others at random, in their order.

    Without it a window would hold one half of the evidence and be labelled as if it were all. An accepted answer
    that stands once in the supporting sentences becomes the labelled span.
    """
    sentences = split_sentences(example.context)
    spans = example.support or ()
    support = [n for n, s in enumerate(sentences) if any(s.start < b and a < s.end for a, b in spans)]
    if not support:
        return example
    chosen = set(support)
    n_words = sum(len(sentences[n].text.split()) for n in support)
    others = [n + rng.choice((-1, 1)) for n in support] + rng.sample(range(len(sentences)), min(12, len(sentences)))
    for n in others:
        if 0 <= n < len(sentences) and n not in chosen:
            length = len(sentences[n].text.split())
            if n_words + length <= MAX_WORDS:
                chosen.add(n)
                n_words += length
    text, spans_now = "", []
    for n in sorted(chosen):
        text += " " if text else ""
        if n in support:
            spans_now.append((len(text), len(text) + len(sentences[n].text)))
        text += sentences[n].text
    places = [
        (start, gold)
        for gold in example.golds
        for a, b in spans_now
        for start in [text.find(gold, a, b)]
        if start >= 0 and len(gold) > 2
    ]
    answers = tuple(places) if len(places) == 1 else ()
    return replace(example, context=text, support=tuple(spans_now), answers=answers, focus=None)
