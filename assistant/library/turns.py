"""A conversation and its turns, as they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Chat:
    """One conversation.

    Attributes:
        id: 32 hexadecimal digits.
        title: as named by the user, else the first question.
        articles: ids of the articles it is about; empty for all.
        updated: when its last turn was kept, ISO 8601, UTC.
        n_turns: how many questions were asked in it.
    """

    id: str
    title: str
    articles: tuple[str, ...]
    updated: str
    n_turns: int

    def to_dict(self) -> dict[str, Any]:
        """Returns the conversation's heading as JSON types."""
        return {
            "id": self.id,
            "title": self.title,
            "articles": list(self.articles),
            "updated": self.updated,
            "n_turns": self.n_turns,
        }


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its answer.

    Attributes:
        id: never used twice.
        position: index in its conversation, from 0.
        question: as asked.
        answer: `Answer.to_dict()`.
        rating: 1 for thumbs up, -1 for thumbs down, 0 for none.
        created: ISO 8601, UTC.
    """

    id: int
    position: int
    question: str
    answer: Mapping[str, Any] = field(hash=False)
    rating: int
    created: str

    def to_dict(self) -> dict[str, Any]:
        """Returns the turn as JSON types."""
        return {
            "id": self.id,
            "position": self.position,
            "question": self.question,
            "answer": dict(self.answer),
            "rating": self.rating,
            "created": self.created,
        }
