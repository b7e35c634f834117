"""One question, answered and judged: what was expected, what was given, what was right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from assistant.answer import Answer
from assistant.evaluation.answer_measures import RIGHT_F1, exact_match, token_f1
from assistant.evaluation.questions import ArticleText, Need, Question, Span
from assistant.finding.search import Evidence

RIGHT, FREE, WRONG = "right", "free", "wrong"

OUTCOMES = ("wrong answer", "should have refused", "wrongly refused", "right", "rightly refused")
"""How a question can end, failures first."""


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one question.

    Attributes:
        id, kind, question, history, article_id, answerable, answers: of the question.
        needs, also: spans of the sentences that are needed, or neither right nor wrong.
        standalone_question, text, short_answer, abstained, confidence, mode, reason, decided_by: of the answer.
        seconds: time that `ask` took.
        citations: (start, end, "right" | "free" | "wrong") of each citation.
        n_broken: citations and short spans that do not reproduce the article, and markers out of order.
        needs_met: the needs that the citations meet.
        retrieved: (start, end, score) of the sentences found, best first.
        found: for each of these, the needs that it meets.
        exact_match, f1: by the rules of SQuAD; None where no short answer is labelled.
        right: whether it was answered rightly, or rightly refused.
        tags: of the question.
    """

    id: str
    kind: str
    question: str
    history: tuple[tuple[str, str], ...]
    article_id: str
    answerable: bool
    answers: tuple[str, ...]
    needs: tuple[Need, ...]
    also: tuple[Span, ...]
    standalone_question: str
    text: str
    short_answer: str
    abstained: bool
    confidence: float
    mode: str
    reason: str
    decided_by: str
    seconds: float
    citations: tuple[tuple[int, int, str], ...]
    n_broken: int
    needs_met: tuple[int, ...]
    retrieved: tuple[tuple[int, int, float], ...]
    found: tuple[tuple[int, ...], ...]
    exact_match: float | None
    f1: float | None
    right: bool
    tags: tuple[str, ...] = ()

    @property
    def outcome(self) -> str:
        """What happened: one of `OUTCOMES`."""
        if not self.answerable:
            return "rightly refused" if self.abstained else "should have refused"
        if self.abstained:
            return "wrongly refused"
        return "right" if self.right else "wrong answer"

    @property
    def n_right_citations(self) -> int:
        """Citations of sentences that support the answer."""
        return sum(label == RIGHT for _, _, label in self.citations)

    @property
    def n_wrong_citations(self) -> int:
        """Citations of sentences that do not."""
        return sum(label == WRONG for _, _, label in self.citations)

    @property
    def support_f1(self) -> float:
        """F1 of the cited sentences against what the answer needs; 0.0 for a refusal."""
        return support_f1(self.n_right_citations, self.n_wrong_citations, len(self.needs_met), len(self.needs))

    def to_dict(self) -> dict[str, Any]:
        """Returns the row as JSON types."""
        return {**asdict(self), "outcome": self.outcome}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Row:
        """Returns the row of JSON types."""
        return cls(
            **{
                field.name: _tuples(
                    values.get(field.name, _ADDED[field.name]) if field.name in _ADDED else values[field.name]
                )
                for field in fields(cls)
            }
        )


_ADDED: dict[str, Any] = {"decided_by": "", "tags": []}
"""What results of older versions lack, and what stands for it."""


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


def support_f1(n_right: int, n_wrong: int, n_met: int, n_needs: int) -> float:
    """Returns the harmonic mean of the share of citations that are right and the share of needs that are met."""
    if n_right == 0 or n_met == 0:
        return 0.0
    precision, recall = n_right / (n_right + n_wrong), n_met / n_needs
    return 2 * precision * recall / (precision + recall)


def same_sentence(a: Span, b: Span) -> bool:
    """Returns whether two spans mean the same sentence: they share at least half of the shorter one.

    Labels outlive the segmenter: where it cuts elsewhere, sentence and label still find each other.
    """
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return 2 * shared >= min(a[1] - a[0], b[1] - b[0]) > 0


def needs_met_by(span: Span, needs: Sequence[Need]) -> frozenset[int]:
    """Returns the indices of the needs that the sentence at `span` meets."""
    return frozenset(i for i, need in enumerate(needs) if any(same_sentence(span, one) for one in need))


def judge(question: Question, article: ArticleText, answer: Answer, found: Sequence[Evidence], seconds: float) -> Row:
    """Returns what became of a question, given its answer and the sentences found for it."""
    spans = [(c.sentence.start, c.sentence.end) for c in answer.citations]
    met = frozenset[int]().union(*(needs_met_by(span, question.needs) for span in spans))
    labels = [_label(span, question) for span in spans]
    given = "" if answer.abstained else answer.short_answer or answer.text
    f1 = token_f1(given, question.answers) if question.has_short_answer else None
    if not question.answerable or answer.abstained:
        right = question.answerable != answer.abstained
    elif f1 is not None:
        right = f1 >= RIGHT_F1
    else:
        right = support_f1(labels.count(RIGHT), labels.count(WRONG), len(met), len(question.needs)) >= RIGHT_F1
    return Row(
        id=question.id,
        kind=question.kind,
        question=question.text,
        history=question.history,
        article_id=question.article_id,
        answerable=question.answerable,
        answers=question.answers,
        needs=question.needs,
        also=question.also,
        standalone_question=answer.standalone_question,
        text=answer.text,
        short_answer=answer.short_answer,
        abstained=answer.abstained,
        confidence=answer.confidence,
        mode=answer.mode,
        reason=answer.reason,
        decided_by=answer.decided_by,
        seconds=seconds,
        citations=tuple((*span, label) for span, label in zip(spans, labels, strict=True)),
        n_broken=_count_broken(answer, article),
        needs_met=tuple(sorted(met)),
        retrieved=tuple((e.sentence.start, e.sentence.end, round(e.score, 4)) for e in found),
        found=tuple(tuple(sorted(_found_needs(e, question))) for e in found),
        exact_match=exact_match(given, question.answers) if question.has_short_answer else None,
        f1=f1,
        right=right,
        tags=question.tags,
    )


def _label(span: Span, question: Question) -> str:
    if needs_met_by(span, question.needs):
        return RIGHT
    unjudged = question.answerable and not question.needs
    return FREE if unjudged or any(same_sentence(span, one) for one in question.also) else WRONG


def _found_needs(evidence: Evidence, question: Question) -> frozenset[int]:
    if evidence.article_id != question.article_id:
        return frozenset()
    return needs_met_by((evidence.sentence.start, evidence.sentence.end), question.needs)


def _count_broken(answer: Answer, article: ArticleText) -> int:
    """Returns how many citations and short spans are not what stands in the article."""
    n_broken = 0
    for marker, citation in enumerate(answer.citations, start=1):
        sentence = citation.sentence
        stands = citation.article_id == article.id and article.text[sentence.start : sentence.end] == sentence.text
        n_broken += not (stands and sentence.text and citation.marker == marker)
    for article_id, start, end in answer.short_spans:
        inside = any(
            c.article_id == article_id and c.sentence.start <= start < end <= c.sentence.end for c in answer.citations
        )
        n_broken += not inside
    return n_broken + (answer.abstained and bool(answer.citations))
