"""What each kind of question gets: a composed answer, an overview of the article, a hint, or a refusal."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from assistant.answer import NO_ANSWER, Answer, cite
from assistant.compose import N_CLOSEST, compose, refusal
from assistant.inquiry import Inquiry
from assistant.intent import WHOLE_ARTICLE
from assistant.language import language_of
from assistant.overview import MAX_SENTENCES, overview
from assistant.retrieval import Evidence

MAX_ARTICLES = 3

_HINT = "Ask in a few words something about the article, for example who said what, when something happened, or why."
_EMPTY = "The library holds no article yet. Add one first."
_SUMMARY_WORDS = ("summ", "overview", "outline", "recap", "tl;dr", "tldr", "points", "takeaway", "gist", "abstract")


def answered(inquiry: Inquiry) -> Answer:
    """Returns the extractive answer of an inquiry that was searched and read."""
    question, standalone, kind = inquiry.question, inquiry.standalone, inquiry.intent.kind
    if kind in ("nothing", "greeting"):
        text = NO_ANSWER if kind == "nothing" else _HINT
        return refusal(question, standalone, [], 1.0, text, _HINT if kind == "nothing" else "")
    ids = _articles(inquiry)
    if not ids:
        return refusal(question, standalone, [], 1.0, reason=_EMPTY)
    if kind in WHOLE_ARTICLE:
        return _whole(inquiry, ids[:MAX_ARTICLES])
    answer = compose(
        question, standalone, inquiry.intent, inquiry.ranked, inquiry.readings, inquiry.parts.settings.carefulness
    )
    language = language_of(standalone)
    if language and inquiry.ranked and not language_of(inquiry.ranked[0].candidate.stored.sentence.text):
        # The models read English: what they make of another language is no better than chance.
        closest = [r.evidence() for r in inquiry.ranked[:N_CLOSEST]]
        reason = f"The question seems to be in {language}; the article is in English. Ask in English."
        return refusal(question, standalone, closest, max(0.5, answer.confidence), reason=reason)
    return answer


def _articles(inquiry: Inquiry) -> list[str]:
    """Returns the ids of the articles asked about, the newest first."""
    wanted = inquiry.article_ids
    known = [entry.id for entry in reversed(inquiry.parts.store.contents())]
    return [i for i in known if wanted is None or i in wanted]


def _whole(inquiry: Inquiry, ids: list[str]) -> Answer:
    """Returns the central sentences of up to three articles."""
    kind = inquiry.intent.kind
    wants_summary = any(word in inquiry.standalone.lower() for word in _SUMMARY_WORDS)
    evidence: list[Evidence] = []
    for article_id in ids:
        article = inquiry.parts.store.article(article_id)
        ids_of_sentences = inquiry.parts.store.first_ids(10**9, [article_id]) or []
        part = slice(-MAX_SENTENCES, None) if kind == "ending" else slice(MAX_SENTENCES)
        article, first = replace(article, sentences=article.sentences[part]), ids_of_sentences[part]
        vectors = inquiry.parts.store.vectors(first)
        if len(vectors) == len(article.sentences) > 0:
            stacked = np.stack([vectors[i] for i in first])
            evidence += overview(kind, wants_summary and len(ids) == 1, article, stacked)
    citations = cite(evidence)
    return Answer(
        question=inquiry.question,
        standalone_question=inquiry.standalone,
        text=" ".join(" ".join(c.sentence.text.split()) for c in citations),
        citations=citations,
        confidence=_WHOLE_CONFIDENCE,
    )


# No labelled data tells how often a choice of central sentences is right; this is a statement of that, not a measure.
_WHOLE_CONFIDENCE = 0.5
