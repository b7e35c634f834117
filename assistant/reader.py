"""Question + passages -> support per sentence, an answer span, the probability of no answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive sentences of one article that the reader sees together.

    Attributes:
        article_id: the article's id.
        text: the article's text from the first sentence's start to the last one's end.
        sentences: at least one, in article order; offsets count from the article's start.
    """

    article_id: str
    text: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader made of one passage.

    Attributes:
        passage: the passage read.
        support: for each sentence of the passage, the probability that it helps to answer; 0 to 1.
        span: article offsets (start, end) of the best short answer, None if there is none.
        span_score: logit of the best span minus that of "no answer"; comparable across passages.
        no_answer: probability that the passage does not answer the question; 0 to 1.
    """

    passage: Passage
    support: tuple[float, ...]
    span: tuple[int, int] | None
    span_score: float
    no_answer: float


class Reader(Protocol):
    """Reads passages for a question."""

    def read(
        self, question: str, passages: Sequence[Passage], history: Sequence[tuple[str, str]] = ()
    ) -> list[Reading]:
        """Returns one reading for each passage, in their order; each is the same alone or among others."""
        ...
