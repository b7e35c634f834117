"""A first reader that marks sentences by the words they share with the question."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.reader import Passage, Reading
from assistant.words import content_words, words


class OverlapReader:
    """Supports a sentence by the share of the question's content words that it holds; the span is the sentence."""

    def read(
        self, question: str, passages: Sequence[Passage], history: Sequence[tuple[str, str]] = ()
    ) -> list[Reading]:
        """Returns one reading for each passage."""
        return [self._read(question, passage) for passage in passages]

    def _read(self, question: str, passage: Passage) -> Reading:
        stems = content_words(question)
        shares = [sum(stem in set(words(s.text)) for stem in stems) / max(1, len(stems)) for s in passage.sentences]
        best = max(range(len(shares)), key=lambda i: shares[i])
        sentence = passage.sentences[best]
        support = tuple(0.05 + 0.9 * share for share in shares)
        return Reading(passage, support, (sentence.start, sentence.end), 10 * shares[best] - 5, 1 - shares[best])
