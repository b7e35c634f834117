"""Ranked evidence + readings -> Answer: which sentences answer, what in them is the short answer, or that none does."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answer import NO_ANSWER, Answer, Citation, cite
from assistant.answering.wording import said_by_others, settled
from assistant.finding.ranking import (
    Ranked,
    answer_features,
    answering,
    holder_of,
    probability,
    ruled_out,
    short_answer,
)
from assistant.finding.search import Evidence
from assistant.networks.reader import Reading
from assistant.networks.scores import coefficients
from assistant.question.intent import Intent, asks_for_statements
from assistant.settings import Carefulness
from assistant.speech.statements import statement_span

MAX_CITATIONS = 4
N_CLOSEST = 3
# "Who is the Russian minister?" is not answered by "the Armenian minister", nor "How many soldiers?" by "the 102nd". From
# `benchmarks/ruled_out.py`, where two in five questions have no answer: 0.28 % of 60 against 3.67 % of 40.
ANSWERABLE_THOUGH_RULED_OUT = 0.1


def compose(
    question: str,
    standalone: str,
    intent: Intent,
    ranked: Sequence[Ranked],
    readings: Sequence[Reading],
    carefulness: Carefulness,
) -> Answer:
    """Returns the extractive answer, or the refusal with the closest sentences."""
    features = answer_features(intent, ranked, readings)
    answerable = probability("answerable", features)
    # "No" is an answer too: another name or number may settle a question that wants yes or no.
    if intent.kind != "yes_no" and ruled_out(standalone, ranked, readings):
        answerable = min(answerable, ANSWERABLE_THOUGH_RULED_OUT)
    reading = answering(standalone, ranked, readings)
    if ranked and said_by_others(standalone, intent, ranked, holder_of(ranked, reading) or ranked[0]):
        answerable = min(answerable, ANSWERABLE_THOUGH_RULED_OUT)
    by_wording = settled(standalone, intent, ranked, readings)
    answerable = max(answerable, by_wording.certainty)
    if not ranked or answerable < threshold(carefulness):
        return refusal(question, standalone, [r.evidence() for r in ranked[:N_CLOSEST]], 1 - answerable)
    chosen = (by_wording.chosen or _chosen(ranked, reading))[:MAX_CITATIONS]
    citations = cite([r.evidence() for r in chosen])
    said = _said(intent, standalone, chosen)
    whole = bool(said) and asks_for_statements(standalone, intent)
    spans = tuple(_statement(r) for r in said) if whole else _short_spans(intent, reading, chosen, said)
    return Answer(
        question=question,
        standalone_question=standalone,
        text=" ".join(" ".join(c.sentence.text.split()) for c in citations),
        short_answer=_words_at(spans[0], citations) if spans else "",
        short_spans=spans,
        citations=citations,
        # Of a question that wants yes or no, or a statement, nothing is given that could be wrong but the sentence.
        confidence=by_wording.certainty
        or (answerable if whole or intent.kind == "yes_no" else probability("right", features)),
    )


def short_answer_of(question: str, ranked: Sequence[Ranked], readings: Sequence[Reading]) -> str:
    """Returns the words of the short answer, "" if no reading has one."""
    reading = answering(question, ranked, readings)
    return "" if reading is None else short_answer(reading)


def refusal(
    question: str,
    standalone: str,
    closest: Sequence[Evidence],
    confidence: float,
    text: str = NO_ANSWER,
    reason: str = "",
) -> Answer:
    """Returns the answer that the article does not say, the closest sentences beside it."""
    return Answer(
        question, standalone, text, closest=tuple(closest), confidence=confidence, abstained=True, reason=reason
    )


def threshold(carefulness: Carefulness) -> float:
    """Returns the probability of being answerable below which is abstained, chosen on held-back training questions."""
    return coefficients("threshold")[carefulness]


def _chosen(ranked: Sequence[Ranked], reading: Reading | None) -> list[Ranked]:
    """Returns the sentences to cite: the one with the short answer, and those that support it."""
    holder = holder_of(ranked, reading)
    first = [holder] if holder is not None else [ranked[0]]
    return first + [r for r in ranked if r is not first[0] and r.score >= coefficients("beside")["cited_from"]]


def _said(intent: Intent, question: str, chosen: Sequence[Ranked]) -> list[Ranked]:
    """Returns the cited sentences that are statements of the one asked about, none unless the first is.

    A speaker without a name, "the ambassador", is whoever speaks in the first.
    """
    if intent.kind != "said":
        return []
    unnamed = not intent.speakers and asks_for_statements(question, intent)
    speaker = chosen[0].candidate.stored.sentence.speaker if unnamed else ""
    said = [r for r in chosen if r.candidate.spoken or (speaker and r.candidate.stored.sentence.speaker == speaker)]
    return said if chosen[0] in said else []


def _short_spans(
    intent: Intent, reading: Reading | None, chosen: Sequence[Ranked], said: Sequence[Ranked]
) -> tuple[tuple[str, int, int], ...]:
    """Returns where the short answer stands, the best first; each inside one cited sentence.

    A question that wants yes or no, or what happened, has none: the sentences are the answer. "Who said that?" wants the
    name of the one whose words the sentence gives. A question with a subject of its own, "What did X say will stay?", wants
    what the reader found, if that is part of a statement, else the statements.
    """
    if intent.kind in ("yes_no", "happened"):
        return ()
    if intent.kind == "speaker" and (named := _speaker(chosen[0])) is not None:
        return (named,)
    span = _read_span(reading, chosen)
    return (span,) if span is not None else tuple(_statement(r) for r in said)


def _read_span(reading: Reading | None, chosen: Sequence[Ranked]) -> tuple[str, int, int] | None:
    if reading is None or reading.span is None:
        return None
    start, end = reading.span
    for r in chosen:
        sentence, article_id = r.candidate.stored.sentence, r.candidate.stored.article_id
        if article_id == reading.passage.article_id and sentence.start <= start < sentence.end:
            return article_id, start, min(end, sentence.end)
    return None


def _speaker(ranked: Ranked) -> tuple[str, int, int] | None:
    """Returns where a sentence names its speaker, None if it has none or says "she"."""
    stored = ranked.candidate.stored
    sentence, text = stored.sentence, stored.sentence.text
    for name in (sentence.speaker, *sentence.speaker.split()[-1:]):
        found = re.search(rf"\b{re.escape(name)}\b", text)
        if name and found:
            return stored.article_id, sentence.start + found.start(), sentence.start + found.end()
    return None


def _statement(ranked: Ranked) -> tuple[str, int, int]:
    sentence = ranked.candidate.stored.sentence
    start, end = statement_span(sentence.text)
    return ranked.candidate.stored.article_id, sentence.start + start, sentence.start + end


def _words_at(span: tuple[str, int, int], citations: Sequence[Citation]) -> str:
    article_id, start, end = span
    for citation in citations:
        sentence = citation.sentence
        if citation.article_id == article_id and sentence.start <= start < sentence.end:
            return sentence.text[start - sentence.start : end - sentence.start]
    return ""
