"""Citations -> the same, with what stands around them in their article."""

from __future__ import annotations

from dataclasses import replace

from assistant.answer import Answer, Citation
from assistant.answering.inquiry import Inquiry

N_AROUND = 1


def in_context(answer: Answer, inquiry: Inquiry) -> Answer:
    """Returns the answer, its citations with the sentence before and the one after; those that search found."""
    ids = {(c.stored.article_id, c.stored.sentence.position): c.stored.id for c in inquiry.candidates}

    def around(citation: Citation) -> Citation:
        place = citation.sentence.position
        sentence_id = ids.get((citation.article_id, place))
        if sentence_id is None:
            return citation
        near = {
            s.sentence.position: s.sentence.text
            for s in inquiry.parts.store.neighbours(sentence_id, N_AROUND, N_AROUND)
        }
        return replace(citation, before=near.get(place - 1, ""), after=near.get(place + 1, ""))

    return replace(answer, citations=tuple(around(citation) for citation in answer.citations))
