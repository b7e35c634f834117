"""Question -> ranked Evidence: lexical and dense search choose candidates, a fitted logistic scores them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assistant.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence retrieved for a question.

    Attributes:
        sentence: as stored, with its offsets.
        article_id: the article it stands in.
        title: that article's title.
        score: probability that the sentence helps to answer, 0 to 1.
    """

    sentence: Sentence
    article_id: str
    title: str
    score: float

    def to_dict(self) -> dict[str, Any]:
        """Returns the evidence as JSON types."""
        s = self.sentence
        return {
            "text": s.text,
            "article_id": self.article_id,
            "title": self.title,
            "start": s.start,
            "end": s.end,
            "position": s.position,
            "speaker": s.speaker,
            "page": s.page,
            "section": s.section,
            "score": round(self.score, 4),
        }
