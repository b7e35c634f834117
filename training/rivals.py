"""Answered questions -> passages put together from the sentences that rival the answering one, with and without it.

A sentence that looks like the answer to a retriever and is none is what the reader has to tell from it. The passages of the
labelled sets hold few, as neighbours speak of different things.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.articles.sentences import split_sentences
from training.data import Example
from training.removed import MAX_GOLD, MIN_GOLD, plain

Embed = Callable[[Sequence[str]], NDArray[np.float32]]

MAX_WORDS = 110  # about what a window holds
MIN_RIVALS, NEAREST = 2, 16
SAME_ARTICLE = 0.15  # of likeness more for a sentence of the question's own article: that is where the assistant looks
MIN_WORDS, MAX_SENTENCE_WORDS = 4, 45
UNANSWERED = 0.4


@dataclass(frozen=True, slots=True)
class Known:
    """A sentence of the passages."""

    text: str
    article: str
    n_words: int


class Rivals:
    """The sentences of all passages, by their likeness to a question.

    Args:
        passages: (article, context) of each passage.
        embed: texts -> unit vectors (n, d).
        kept_in: folder that keeps the vectors from run to run; None keeps none.
    """

    def __init__(self, passages: Iterable[tuple[str, str]], embed: Embed, kept_in: Path | None = None) -> None:
        found = {s.text: article for article, context in passages for s in split_sentences(context)}
        known = [Known(text, article, len(text.split())) for text, article in found.items()]
        self._known = [s for s in known if MIN_WORDS <= s.n_words <= MAX_SENTENCE_WORDS]
        self._embed = embed
        self._vectors = _vectors([s.text for s in self._known], embed, kept_in)
        self._number = {article: n for n, article in enumerate(dict.fromkeys(s.article for s in self._known))}
        self._articles = np.array([self._number[s.article] for s in self._known])

    def gathered(self, example: Example, rng: random.Random) -> Example | None:
        """Returns the question with its rivals, and in six of ten draws with the sentence that answers among them.

        A rival names no accepted answer. None where the answer is not labelled, or so short or long that it may stand there
        in other words.
        """
        golds = [plain(gold) for gold in example.golds]
        if (
            not example.answers
            or example.kind == "several"
            or not all(MIN_GOLD <= len(gold) <= MAX_GOLD for gold in golds)
        ):
            return None
        start, answer = example.answers[0]
        own = next(
            (s for s in split_sentences(example.context) if s.start <= start < start + len(answer) <= s.end), None
        )
        if own is None:
            return None
        rivals = self.nearest(example, golds)
        rng.shuffle(rivals)
        texts, n_words, room = list[str](), len(own.text.split()), rng.randint(MAX_WORDS // 3, MAX_WORDS)
        for rival in rivals:
            if n_words + rival.n_words <= room:
                texts.append(rival.text)
                n_words += rival.n_words
        if len(texts) < MIN_RIVALS:
            return None
        made = replace(example, id=f"{example.id}#gathered", support=None, mismatch=None, focus=None)
        if rng.random() < UNANSWERED:
            text = " ".join(texts)
            focus = (0, len(texts[0]))
            return replace(made, context=text, answers=(), accepted=(), answerable=False, focus=focus, kind="")
        texts.insert(rng.randint(0, len(texts)), own.text)
        text = " ".join(texts)
        place = text.index(own.text) + start - own.start
        return replace(made, context=text, answers=((place, answer),))

    def nearest(self, example: Example, golds: Sequence[str]) -> list[Known]:
        """Returns the sentences most like the question, likest first, that name none of the golds."""
        likeness = self._vectors @ self._embed([example.question])[0]
        likeness[self._articles == self._number.get(example.article, -1)] += SAME_ARTICLE
        order = np.argpartition(-likeness, min(4 * NEAREST, len(likeness) - 1))[: 4 * NEAREST]
        order = order[np.argsort(-likeness[order])]
        nearest = (self._known[i] for i in order)
        return [s for s in nearest if not any(gold in plain(s.text) for gold in golds)][:NEAREST]


def _vectors(texts: Sequence[str], embed: Embed, kept_in: Path | None) -> NDArray[np.float32]:
    """Returns the vectors of the texts; the folder keeps those that were embedded before."""
    if kept_in is None:
        return embed(texts)
    path = kept_in / "rivals.npz"
    digests = [hashlib.sha256(text.encode()).hexdigest()[:16] for text in texts]
    known: dict[str, NDArray[np.float32]] = {}
    if path.exists():
        with np.load(path) as kept:
            known = dict(zip(kept["digests"].tolist(), kept["vectors"], strict=True))
    new = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in known}
    if new:
        known |= dict(zip(new, embed(list(new.values())), strict=True))
        kept_in.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".part.npz")
        np.savez(aside, digests=np.array(list(known)), vectors=np.stack(list(known.values())))
        aside.replace(path)
    return np.stack([known[digest] for digest in digests])
