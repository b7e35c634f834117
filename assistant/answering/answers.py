"""A decision -> the Answer: which sentences are cited, what in them is the short answer, or that none is given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answer import NO_ANSWER, Answer, Citation, Side, cite
from assistant.answering.coordination import whole_coordination
from assistant.answering.decision import Decision, decided, threshold
from assistant.answering.inquiry import Inquiry
from assistant.answering.overview import most_of_each
from assistant.answering.signs import MAX_CITATIONS, Several, Signs
from assistant.finding.ranking import Ranked
from assistant.finding.structure import item_words
from assistant.library.filter import Filter
from assistant.networks.reader import Reading

N_CLOSEST = 3
# There is no right choice of sentences for the whole, only one that agrees more or less with a person's: no measure, but said so.
WHOLE_CONFIDENCE = 0.5
MIN_CONFIDENCE_OF_LANGUAGE = 0.5

Span = tuple[str, int, int]
"""An article, and where in it something begins and ends."""

_HINT = "Ask in a few words something about the article, for example who said what, when something happened, or why."
_EMPTY = "The library holds no article yet. Add one first."


def answer_of(inquiry: Inquiry) -> Answer:
    """Returns the answer of an inquiry that was weighed, or the refusal with the closest sentences."""
    decision, signs = decided(inquiry), inquiry.signs or Signs("nothing")
    if decision.effect == "answers":
        return _without_reader(inquiry, signs, decision)
    if decision.effect == "refuses":
        reason = f"The question seems to be in {signs.language}; the article is in English. Ask in English."
        confidence = max(MIN_CONFIDENCE_OF_LANGUAGE, _confidence(signs, decision))
        return refusal(inquiry, decision, confidence, reason=reason)
    if not decision.answers:
        return refusal(inquiry, decision, _confidence(signs, decision))
    return _composed(inquiry, signs, decision)


def refusal(inquiry: Inquiry, decision: Decision, confidence: float, text: str = NO_ANSWER, reason: str = "") -> Answer:
    """Returns the answer that the article does not say, the closest sentences beside it."""
    return Answer(
        inquiry.question,
        inquiry.standalone.shown,
        text,
        closest=tuple(r.evidence() for r in inquiry.ranked[:N_CLOSEST]),
        confidence=confidence,
        abstained=True,
        reason=reason,
        decided_by=decision.rule,
    )


def _without_reader(inquiry: Inquiry, signs: Signs, decision: Decision) -> Answer:
    """Returns a hint, what each of several articles says, or their central sentences."""
    if signs.several is not None:
        return _of_sides(inquiry, signs.several, decision)
    if decision.rule == "greeting":
        return refusal(inquiry, decision, 1.0, _HINT)
    if not decision.answers and decision.rule == "no_article" and inquiry.chosen != Filter():
        return refusal(inquiry, decision, 1.0, inquiry.chosen.nothing())
    if not decision.answers:
        return refusal(inquiry, decision, 1.0, reason=_HINT if decision.rule == "no_question" else _EMPTY)
    citations = cite(signs.central)
    return Answer(
        inquiry.question,
        inquiry.standalone.shown,
        _text_of(citations),
        citations=citations,
        confidence=WHOLE_CONFIDENCE,
        reason=_left_out(signs),
        decided_by=decision.rule,
    )


def _of_sides(inquiry: Inquiry, several: Several, decision: Decision) -> Answer:
    """Returns what each side says, with its own sentences; one that says nothing is told of where it was asked by name.

    The confidence is the share of the sides that is expected to be right.
    """
    low = threshold(inquiry.parts.settings.carefulness)
    if not decision.answers:
        closest = sorted((e for side in several.sides for e in side.evidence), key=lambda e: -e.score)
        reason = f"None of the {several.n_asked:,} articles asked says it." if several.n_asked > 1 else ""
        refused = refusal(inquiry, decision, 1 - decision.probability, reason=reason)
        return replace(refused, closest=tuple(closest[:N_CLOSEST]))
    told = [side for side in several.sides if several.names_silent or side.probability >= low]
    n = most_of_each(sum(side.probability >= low for side in told))
    cited = [side.evidence[:n] if side.probability >= low else () for side in told]
    citations = cite(list({(e.article_id, e.sentence.position): e for own in cited for e in own}.values()))
    markers = {(c.article_id, c.sentence.position): c.marker for c in citations}
    sides = tuple(
        Side(side.name, side.article_ids, tuple(sorted(markers[e.article_id, e.sentence.position] for e in own)))
        for side, own in zip(told, cited, strict=True)
    )
    by_marker = {c.marker: c for c in citations}
    lines = [f"{s.name}: {_text_of([by_marker[m] for m in s.markers]) or NO_ANSWER}" for s in sides]
    return Answer(
        inquiry.question,
        inquiry.standalone.shown,
        "\n\n".join(lines),
        citations=citations,
        sides=sides,
        confidence=sum(max(side.probability, 1 - side.probability) for side in told) / len(told),
        decided_by=decision.rule,
    )


def _left_out(signs: Signs) -> str:
    """Returns a sentence on the articles that are not told of, "" if there are none."""
    if not signs.left_out:
        return ""
    n_told = len({evidence.article_id for evidence in signs.central})
    return f"This tells of the newest {n_told} of {n_told + signs.left_out:,} articles. Choose some to hear of others."


def _composed(inquiry: Inquiry, signs: Signs, decision: Decision) -> Answer:
    """Returns the answer that cites what a rule, or the reader, has chosen."""
    chosen = decision.cited.shown if decision.cited else signs.by_reader[:MAX_CITATIONS]
    citations = cite([r.evidence() for r in chosen])
    items = decision.cited.items if decision.cited else ()
    spans = _item_spans(items, chosen) if items else _short_spans(signs, chosen)
    if signs.wants_several and "coordination" not in inquiry.parts.off:
        spans = tuple(_coordinated(span, citations) for span in spans)
    return Answer(
        inquiry.question,
        inquiry.standalone.shown,
        _text_of(citations),
        short_answer=_words_at(spans[0], citations) if spans else "",
        short_spans=spans,
        citations=citations,
        confidence=_confidence(signs, decision),
        decided_by=decision.rule,
    )


def _confidence(signs: Signs, decision: Decision) -> float:
    """Returns the probability that what is said is right; of a refusal, that the article does not say.

    Of a question that wants yes or no, or a statement, nothing is given that could be wrong but the sentence.
    """
    if not decision.answers:
        return 1 - decision.probability
    if decision.cited and decision.cited.certainty:
        return decision.cited.confidence or decision.cited.certainty
    if decision.cited and decision.cited.items:
        return decision.probability
    chosen = (decision.cited.chosen if decision.cited else signs.by_reader)[:MAX_CITATIONS]
    is_statement = signs.wants_statements and bool(_said(signs, chosen))
    return decision.probability if is_statement or signs.wants_yes_no else signs.right


def _said(signs: Signs, chosen: Sequence[Ranked]) -> list[Ranked]:
    """Returns the cited sentences that are statements of the one asked about, none unless the first is.

    A speaker without a name, "the ambassador", is whoever speaks in the first.
    """
    if signs.kind != "said" or not chosen:
        return []
    unnamed = signs.has_unnamed_speaker and signs.wants_statements
    speaker = chosen[0].candidate.stored.sentence.speaker if unnamed else ""
    said = [r for r in chosen if r.candidate.spoken or (speaker and r.candidate.stored.sentence.speaker == speaker)]
    return said if chosen[0] in said else []


def _short_spans(signs: Signs, chosen: Sequence[Ranked]) -> tuple[Span, ...]:
    """Returns where the short answer stands, the best first; each inside one cited sentence.

    A question that wants yes or no, or what happened, has none: the sentences are the answer. "Who said that?" wants the
    name of the one whose words the sentence gives. A question with a subject of its own, "What did X say will stay?", wants
    what the reader found, if that is part of a statement, else the statements.
    """
    statements = tuple(_statement(signs, r) for r in _said(signs, chosen))
    if statements and signs.wants_statements:
        return statements
    if signs.kind in ("yes_no", "happened"):
        return ()
    if signs.kind == "speaker" and (named := _speaker(chosen[0])) is not None:
        return (named,)
    span = _read_span(signs.reading, chosen)
    return (span,) if span is not None else statements


def _item_spans(items: Sequence[int], chosen: Sequence[Ranked]) -> tuple[Span, ...]:
    """Returns where the words of each item stand, without their mark and the stop at their end."""
    spans = []
    for r in chosen:
        stored = r.candidate.stored
        if stored.id in items:
            start, end = item_words(stored.sentence.text)
            spans.append((stored.article_id, stored.sentence.start + start, stored.sentence.start + end))
    return tuple(spans)


def _read_span(reading: Reading | None, chosen: Sequence[Ranked]) -> Span | None:
    if reading is None or reading.span is None:
        return None
    start, end = reading.span
    for r in chosen:
        sentence, article_id = r.candidate.stored.sentence, r.candidate.stored.article_id
        if article_id == reading.passage.article_id and sentence.start <= start < sentence.end:
            return article_id, start, min(end, sentence.end)
    return None


def _coordinated(span: Span, citations: Sequence[Citation]) -> Span:
    """Returns where a short answer stands with all that it is named together with."""
    article_id, start, end = span
    for citation in citations:
        sentence = citation.sentence
        if citation.article_id == article_id and sentence.start <= start and end <= sentence.end:
            first, last = whole_coordination(sentence.text, start - sentence.start, end - sentence.start)
            return article_id, sentence.start + first, sentence.start + last
    return span


def _speaker(ranked: Ranked) -> Span | None:
    """Returns where a sentence names its speaker, None if it has none or says "she"."""
    stored = ranked.candidate.stored
    sentence, text = stored.sentence, stored.sentence.text
    for name in (sentence.speaker, *sentence.speaker.split()[-1:]):
        found = re.search(rf"\b{re.escape(name)}\b", text)
        if name and found:
            return stored.article_id, sentence.start + found.start(), sentence.start + found.end()
    return None


def _statement(signs: Signs, ranked: Ranked) -> Span:
    stored = ranked.candidate.stored
    start, end = signs.spans[stored.article_id, stored.sentence.position]
    return stored.article_id, start, end


def _text_of(citations: Sequence[Citation]) -> str:
    return " ".join(" ".join(c.sentence.text.split()) for c in citations)


def _words_at(span: Span, citations: Sequence[Citation]) -> str:
    article_id, start, end = span
    for citation in citations:
        sentence = citation.sentence
        if citation.article_id == article_id and sentence.start <= start < sentence.end:
            return sentence.text[start - sentence.start : end - sentence.start]
    return ""
