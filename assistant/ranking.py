"""Candidates + readings -> Evidence with one score, and what the answer's confidence is computed from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer_type import answer_type, may_answer
from assistant.intent import Intent
from assistant.reader import Reading
from assistant.retrieval import FEATURES, Candidate, Evidence, coefficients
from assistant.sentences import Sentence
from assistant.specifics import missing_numbers, replaced
from assistant.words import content_words, words

ANSWER_FEATURES = (
    "span_score",
    "span_margin",
    "answered",
    "support",
    "score",
    "overlap",
    "cosine",
    "names_missing",
    "words_missing",
    "speaker_missing",
    "type_differs",
    "replaced",
    "numbers_missing",
)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate after reading.

    Attributes:
        candidate: what search found.
        support: what the reader gives it, None where it was not read.
        score: probability that the sentence helps to answer.
    """

    candidate: Candidate
    support: float | None
    score: float

    def evidence(self) -> Evidence:
        """Returns it as evidence."""
        stored = self.candidate.stored
        return Evidence(stored.sentence, stored.article_id, stored.title, self.score)


def rank(candidates: Sequence[Candidate], readings: Sequence[Reading]) -> list[Ranked]:
    """Returns the candidates, best score first: a fitted logistic of retrieval's score and the reader's support."""
    support: dict[tuple[str, int], float] = {}
    for reading in readings:
        for sentence, value in zip(reading.passage.sentences, reading.support, strict=True):
            key = (reading.passage.article_id, sentence.position)
            support[key] = max(support.get(key, 0.0), value)
    ranked = []
    for candidate in candidates:
        read = support.get((candidate.stored.article_id, candidate.stored.sentence.position))
        ranked.append(Ranked(candidate, read, combined(candidate.score, read)))
    return sorted(ranked, key=lambda r: (-r.score, r.candidate.stored.id))


def combined(prior: float, support: float | None) -> float:
    """Returns the probability that a sentence helps, from retrieval's score and the reader's support if it was read."""
    if support is None:
        fitted = coefficients("unread")
        return logistic(fitted["intercept"] + fitted["prior"] * logit(prior))
    fitted = coefficients("read")
    return logistic(fitted["intercept"] + fitted["prior"] * logit(prior) + fitted["support"] * logit(support))


def best_reading(readings: Sequence[Reading]) -> Reading | None:
    """Returns the reading whose short answer stands out most against "no answer", None if no passage has one."""
    return max((r for r in readings if r.span is not None), key=lambda r: r.span_score, default=None)


def short_answer(reading: Reading) -> str:
    """Returns the words of a reading's short answer, "" if it has none."""
    if reading.span is None:
        return ""
    offset = reading.passage.sentences[0].start
    return reading.passage.text[reading.span[0] - offset : reading.span[1] - offset]


def holding_sentence(reading: Reading | None) -> Sentence | None:
    """Returns the sentence that a reading's short answer stands in, None if there is none."""
    if reading is None or reading.span is None:
        return None
    return next((s for s in reading.passage.sentences if s.start <= reading.span[0] < s.end), None)


def answer_features(
    intent: Intent, question: str, ranked: Sequence[Ranked], readings: Sequence[Reading]
) -> list[float]:
    """Returns ANSWER_FEATURES: what tells whether the articles answer the question, and whether the answer is right."""
    if not ranked or not readings:
        return [-10.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    spans = sorted((r.span_score for r in readings if r.span is not None), reverse=True) or [-10.0]
    top = ranked[0]
    read = " ".join(f"{r.passage.text} {' '.join(s.speaker for s in r.passage.sentences)}" for r in readings)
    have = set(words(read))
    names = [set(words(name)) for name in intent.names]
    stems = content_words(question)
    features = dict(zip(FEATURES, top.candidate.features, strict=True))
    best = best_reading(readings)
    holder = holding_sentence(best) or top.candidate.stored.sentence
    return [
        max(-15.0, min(15.0, spans[0])),
        min(10.0, spans[0] - spans[1]) if len(spans) > 1 else 0.0,
        1 - min(r.no_answer for r in readings),
        top.support or 0.0,
        logit(top.score),
        features["overlap"],
        features["cosine"],
        sum(not name <= have for name in names) / len(names) if names else 0.0,
        sum(stem not in have for stem in stems) / len(stems) if stems else 1.0,
        float(bool(intent.speakers) and not any(r.candidate.spoken for r in ranked)),
        float(best is not None and not may_answer(answer_type(question), short_answer(best))),
        float(replaced(question, holder.text)),
        missing_numbers(question, have),
    ]


def probability(name: str, features: Sequence[float]) -> float:
    """Returns a fitted logistic of ANSWER_FEATURES: "answerable", or "right" for the probability of a right answer."""
    fitted = coefficients(name)
    return logistic(fitted["intercept"] + sum(fitted[n] * x for n, x in zip(ANSWER_FEATURES, features, strict=True)))


def logit(p: float) -> float:
    """Returns the log odds of a probability, kept within ±9.2."""
    p = min(max(p, 1e-4), 1 - 1e-4)
    return math.log(p / (1 - p))


def logistic(x: float) -> float:
    """Returns the probability of log odds."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, x))))
