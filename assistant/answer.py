"""Answer and Citation: assembled from stored sentences, verified, rendered as text, Markdown or JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from assistant.finding.search import Evidence
from assistant.notebook import card, heading, paragraph, quiet, quoted
from assistant.question.follow_ups import NO_ANSWER

__all__ = ["NO_ANSWER", "Answer", "Citation", "Side", "cite"]


@dataclass(frozen=True, slots=True)
class Citation(Evidence):
    """Evidence that an answer rests on, with its marker: 1 for [1], 2 for [2] …

    Attributes:
        marker: see above.
        before, after: the sentences around it in its article, "" where they are not known; in no JSON, and not compared.
    """

    marker: int = 0
    before: str = field(default="", kw_only=True, compare=False, repr=False)
    after: str = field(default="", kw_only=True, compare=False, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Returns the citation as JSON types."""
        return {**Evidence.to_dict(self), "marker": self.marker}

    def _repr_html_(self) -> str:
        """Returns the citation for a notebook: the sentence highlighted between those around it."""
        return card(*self.shown())

    def shown(self, spans: Sequence[tuple[int, int]] = ()) -> list[str]:
        """Returns the parts of its card; `spans` of the sentence are bold."""
        where = quiet([f"[{self.marker}] {self.title}", *self.told()])
        return [where, paragraph(quoted(self.sentence.text, spans, self.before, self.after))]


@dataclass(frozen=True, slots=True)
class Side:
    """What an answer says of one article, or of one of two things that are compared.

    Attributes:
        name: an article's title, or the question's words.
        article_ids: the articles that were asked for it.
        markers: of its citations; empty where they say nothing about the matter.
    """

    name: str
    article_ids: tuple[str, ...]
    markers: tuple[int, ...]

    def to_dict(self) -> dict[str, Any]:
        """Returns the side as JSON types."""
        return {"name": self.name, "article_ids": list(self.article_ids), "markers": list(self.markers)}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant says, and what it rests on.

    Attributes:
        question: as asked.
        standalone_question: as understood, with the conversation taken into account; always a str.
        text: the cited sentences joined by spaces, of several sides a paragraph each behind its name; or what the language model wrote, or the refusal; no markers.
        short_answer: the words that answer, as they stand in the article; "" if none.
        short_spans: (article_id, start, end) of each short answer, inside a cited sentence.
        citations: in article order, markers from 1; empty when abstained.
        closest: when abstained, the closest sentences, best first; else empty.
        sides: of several articles that were asked, or two things compared, what is said of each; else empty.
        confidence: probability that this answer is right; when abstained, that the article does not say.
        abstained: whether the article does not say.
        mode: "extractive", or "written" by a language model from the cited sentences.
        reason: why it abstained or why a language model's text was not used, a hint; "" if there is nothing to say.
        decided_by: the name of the rule that decided (see `answering.decision`), or "reader".
        seconds: time taken.
    """

    question: str
    standalone_question: str
    text: str
    short_answer: str = ""
    short_spans: tuple[tuple[str, int, int], ...] = ()
    citations: tuple[Citation, ...] = ()
    closest: tuple[Evidence, ...] = ()
    sides: tuple[Side, ...] = ()
    confidence: float = 0.0
    abstained: bool = False
    mode: Literal["extractive", "written"] = "extractive"
    reason: str = ""
    decided_by: str = "reader"
    seconds: float = 0.0

    def as_markdown(self) -> str:
        """Returns the text with a marker after each cited sentence, and the sentences under it when rephrased.

        What tells of several articles as a whole has a paragraph for each, which begins with its title.
        """
        return "".join(piece for piece, _ in self._pieces())

    def marker_spans(self) -> list[tuple[int, int]]:
        """Returns where the marker of each citation stands in `as_markdown()`: (start, end), end exclusive.

        >>> from assistant.articles.sentences import Sentence
        >>> bees = Citation(Sentence("Bees hum.", 0, 9, 0), "id", "Bees", 0.9, 1)
        >>> Answer("?", "?", "Bees hum.", citations=(bees,)).marker_spans()
        [(10, 13)]
        """
        spans, place = [], 0
        for piece, is_marker in self._pieces():
            spans += [(place, place + len(piece))] if is_marker else []
            place += len(piece)
        return spans

    def _pieces(self) -> Iterator[tuple[str, bool]]:
        """Yields what `as_markdown` is made of, piece by piece, each with whether it is a marker."""
        if self.mode != "extractive" and self.citations:
            yield f"{self.text}\n\n", False
            for n, citation in enumerate(self.citations):
                yield ("\n" if n else ""), False
                yield f"[{citation.marker}]", True
                yield f" {_one_line(citation.sentence.text)}", False
            return
        if not self.citations:
            yield self.text, False
        groups = self._groups()
        for n, (name, group) in enumerate(groups):
            if name:
                yield f"{chr(10) * 2 if n else ''}{_one_line(name)}: {'' if group else NO_ANSWER}", False
            for m, citation in enumerate(group):
                yield f"{' ' if m else ''}{_one_line(citation.sentence.text)} ", False
                yield f"[{citation.marker}]", True

    def _repr_html_(self) -> str:
        """Returns the answer for a notebook: its text, and each cited sentence highlighted in its context."""
        parts: list[str] = [heading(self.question), paragraph(self.text)]
        for c in self.citations:
            start = c.sentence.start
            parts += c.shown([(a - start, b - start) for i, a, b in self.short_spans if i == c.article_id])
        parts += [quiet([f"Closest: {e.title}", _one_line(e.sentence.text)]) for e in self.closest]
        sure = "that the article does not say" if self.abstained else "that this is right"
        return card(*parts, quiet([f"Probability {sure}: {self.confidence:.2f}", self.reason]))

    def _groups(self) -> list[tuple[str, list[Citation]]]:
        """Returns the citations by what they are told of, each group with its name; "" where all are told of as one."""
        if self.sides:
            by_marker = {c.marker: c for c in self.citations}
            return [(side.name, [by_marker[m] for m in side.markers]) for side in self.sides]
        ids = dict.fromkeys(c.article_id for c in self.citations)
        if self.decided_by != "whole_article" or len(ids) < 2:
            return [("", list(self.citations))]
        groups = [[c for c in self.citations if c.article_id == i] for i in ids]
        return [(group[0].title, group) for group in groups]

    def to_dict(self) -> dict[str, Any]:
        """Returns the answer as JSON types: what the command line, REST and the chat give."""
        return {
            "question": self.question,
            "standalone_question": self.standalone_question,
            "text": self.text,
            "short_answer": self.short_answer,
            "short_spans": [list(span) for span in self.short_spans],
            "citations": [citation.to_dict() for citation in self.citations],
            "closest": [evidence.to_dict() for evidence in self.closest],
            "sides": [side.to_dict() for side in self.sides],
            "confidence": round(self.confidence, 4),
            "abstained": self.abstained,
            "mode": self.mode,
            "reason": self.reason,
            "decided_by": self.decided_by,
            "seconds": round(self.seconds, 4),
        }


def cite(evidence: Sequence[Evidence]) -> tuple[Citation, ...]:
    """Returns one citation for each piece of evidence, in article order, markers from 1."""
    articles = list(dict.fromkeys(e.article_id for e in evidence))
    ordered = sorted(evidence, key=lambda e: (articles.index(e.article_id), e.sentence.position))
    return tuple(
        Citation(e.sentence, e.article_id, e.title, e.score, n, url=e.url) for n, e in enumerate(ordered, start=1)
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
