"""Answers, sentences and lists as text: what an agent reads, and what it can read next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.answer import Answer, Citation
from assistant.finding.search import Evidence
from assistant.library.store import Entry

ARTICLE = "article://{id}"
SENTENCE = "article://{id}/sentences/{position}"


def address_of(evidence: Evidence) -> str:
    """Returns the address by which a sentence can be read as a resource."""
    return SENTENCE.format(id=evidence.article_id, position=evidence.sentence.position)


def answer_told(answer: Answer) -> str:
    """Returns an answer with where each cited sentence stands; of a refusal its reason, and what is closest."""
    parts = [answer.as_markdown()]
    if answer.citations:
        parts.append("\n".join(f"[{citation.marker}] {place_told(citation)}" for citation in answer.citations))
    if answer.reason:
        parts.append(answer.reason)
    if answer.closest:
        parts.append("Closest sentences, which do not answer:\n" + sentences_told(answer.closest))
    return "\n\n".join(parts)


def sentences_told(evidence: Sequence[Evidence]) -> str:
    """Returns sentences, a line each, best first, with their score and where they stand."""
    return "\n".join(f"- {_one_line(e.sentence.text)} ({e.score:.2f}; {place_told(e)})" for e in evidence)


def place_told(evidence: Evidence | Citation) -> str:
    """Returns where a sentence stands: article, page, speaker, characters, addresses."""
    s = evidence.sentence
    parts = [
        _one_line(evidence.title),
        f"page {s.page}" if s.page else "",
        s.place,
        f"said by {s.speaker}" if s.speaker else "",
        f"characters {s.start}-{s.end}",
        address_of(evidence),
        evidence.url,
    ]
    return ", ".join(filter(None, parts))


def entries_told(entries: Iterable[Entry], n_all: int, following: str | None) -> str:
    """Returns a part of the list of articles, a line each."""
    lines = [f"{n_all:,} articles"]
    for entry in entries:
        known = [entry.author, entry.date.isoformat() if entry.date else "", ", ".join(entry.tags), entry.url]
        told = "; ".join(filter(None, [f"{entry.n_sentences:,} sentences", *known]))
        lines.append(f"- {entry.id}: {_one_line(entry.title)} ({told})")
    if following:
        lines.append(f"There are more: call again with the cursor {following}")
    return "\n".join(lines)


def _one_line(text: str) -> str:
    return " ".join(text.split())
