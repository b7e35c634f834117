"""An assistant small enough to read, with the faults that a gate must notice; a small question with answers to judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.answer import NO_ANSWER, Answer, Citation, cite
from assistant.articles.sentences import Sentence, split_sentences
from assistant.evaluation import Question
from assistant.evaluation.baselines import LexicalBaseline
from assistant.evaluation.questions import ArticleText
from assistant.finding.search import Evidence

History = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Faults:
    """What is broken: each as it could happen to the real thing."""

    reversed_ranking: bool = False
    threshold: float = 0.45
    wrong_neighbour_for: str = ""
    shifted_offsets_for: str = ""


class FakeAssistant(LexicalBaseline):
    """Answers with the best sentence above a threshold, and its first four words as the short answer."""

    def __init__(self, faults: Faults | None = None) -> None:
        super().__init__()
        self.faults = faults or Faults()
        self.asked: list[str] = []
        self.held: list[str] = []

    def add(self, text: str, title: str = "") -> object:  # type: ignore[override]
        article = super().add(text, title)
        self.held.append(article.id)
        return article

    def remove(self, article_id: str) -> None:
        super().remove(article_id)
        self.held.remove(article_id)

    def retrieve(
        self, question: str, k: int | None = None, article: str | None = None, history: History = ()
    ) -> list[Evidence]:
        found = super().retrieve(question, None, article, history)
        return (found[::-1] if self.faults.reversed_ranking else found)[:k]

    def ask(self, question: str, article: str | None = None, history: History = ()) -> Answer:
        self.asked.append(question)
        best = self.retrieve(question, 1, article, history)[0]
        if best.score < self.faults.threshold:
            return Answer(question, question, NO_ANSWER, abstained=True, confidence=1 - best.score, closest=(best,))
        short = " ".join(best.sentence.text.split()[:4])
        (citation,) = cite([best])
        if question == self.faults.wrong_neighbour_for:
            citation = self._next(citation)
        if question == self.faults.shifted_offsets_for:
            moved = replace(citation.sentence, start=citation.sentence.start + 1, end=citation.sentence.end + 1)
            citation = Citation(moved, citation.article_id, citation.title, citation.score, 1)
        return Answer(question, question, best.sentence.text, short, citations=(citation,), confidence=best.score)

    def _next(self, citation: Citation) -> Citation:
        sentences: Sequence[Sentence] = self._articles[citation.article_id][1]
        other = sentences[(citation.sentence.position + 1) % len(sentences)]
        return Citation(other, citation.article_id, citation.title, citation.score, 1)


TEXT = "Ada wrote the first program. It ran in 1843. Charles built the engine. Nobody paid him."
SENTENCES = split_sentences(TEXT)
ARTICLE = ArticleText("article", "Ada", TEXT)


def span(number: int) -> tuple[int, int]:
    return SENTENCES[number].start, SENTENCES[number].end


def question(**changes: Any) -> Question:
    values = {"id": "1", "text": "Q?", "article_id": "article", "answerable": True, "answers": ("Ada",)}
    return Question(**{**values, "needs": ((span(0),),), **changes})


def answer(*numbers: int, short: str = "Ada", **changes: Any) -> Answer:
    cited = tuple(Citation(SENTENCES[n], "article", "Ada", 0.9, m) for m, n in enumerate(numbers, start=1))
    text = " ".join(SENTENCES[n].text for n in numbers)
    return Answer(**{"question": "Q?", "standalone_question": "Q?", "text": text, "short_answer": short,
                     "citations": cited, "confidence": 0.8, **changes})  # fmt: skip


def refusal(**changes: Any) -> Answer:
    return answer(short="", **{"text": NO_ANSWER, "abstained": True, **changes})
