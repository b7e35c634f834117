"""Candidates + readings -> Evidence with one score, and what the answer's confidence is computed from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.articles.sentences import Sentence
from assistant.finding.search import Candidate, Evidence
from assistant.networks.reader import Reading
from assistant.networks.scores import fitted_probability, logit
from assistant.question.answer_type import expected_of
from assistant.question.intent import Intent

BESIDE_FEATURES = ("score", "adds", "next", "near")
NEAR = 3  # sentences
# Of the short answer in the best sentence, against the one that stands out most; logits. Held-back F1 is flat around it.
MAX_WORSE_BY_ITSELF = 2.0
MAX_BY_ITSELF = 2  # sentences, each about a quarter of a passage to read; two cores read them at once

READ_FEATURES = ("prior", "support")
BY_ITSELF_FEATURES = (*READ_FEATURES, "support_by_itself", "span_by_itself")
ANSWER_FEATURES = (
    "answered", "span_score", "span_margin", "answered_by_itself", "span_by_itself", "score", "speaker_missing",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate after reading.

    Attributes:
        candidate: what search found.
        support: what the reader gives it among its neighbours, None where it was not read.
        by_itself: what the reader made of it without them, None where it was not read so.
        alone: probability that the sentence helps to answer, whatever else was found.
        score: the same beside the best sentence; of that one itself, `alone`.
    """

    candidate: Candidate
    support: float | None
    by_itself: Reading | None
    alone: float
    score: float

    def evidence(self) -> Evidence:
        """Returns it as evidence."""
        return _evidence(self.candidate, self.score)


def searched_evidence(candidate: Candidate) -> Evidence:
    """Returns a candidate that nobody will read as evidence; its score is a probability all the same.

    It is fitted on questions that the article answers and others, as the score after reading is; the order stays.
    """
    return _evidence(candidate, fitted_probability("searched", ("prior",), [logit(candidate.score)]))


def rank(
    candidates: Sequence[Candidate],
    readings: Sequence[Reading],
    by_themselves: Sequence[Reading] = (),
    replies: Mapping[tuple[str, int], Reading] | None = None,
) -> list[Ranked]:
    """Returns the candidates, best score first.

    The best one is best by a fitted logistic of retrieval's score and what the reader gives it; the others follow by
    what they add to it.

    Args:
        candidates: what search found.
        readings: of passages.
        by_themselves: of single sentences of these passages, or of the replies to them.
        replies: those of replies, by article and position of the question in the text, which is as good as its reply.
    """
    support: dict[tuple[str, int], float] = {}
    for reading in readings:
        for sentence, value in zip(reading.passage.sentences, reading.support, strict=True):
            key = (reading.passage.article_id, sentence.position)
            support[key] = max(support.get(key, 0.0), value)
    again = {(r.passage.article_id, r.passage.sentences[0].position): r for r in by_themselves} | dict(replies or {})
    ranked = []
    for candidate in candidates:
        key = _place(candidate)
        alone = combined(candidate.score, support.get(key), again.get(key))
        ranked.append(Ranked(candidate, support.get(key), again.get(key), alone, alone))
    ranked.sort(key=lambda r: (-r.alone, r.candidate.stored.id))
    best, others = ranked[:1], ranked[1:]
    beside = [replace(r, score=min(best[0].score, beside_score(beside_features(best[0], r)))) for r in others]
    return best + sorted(beside, key=lambda r: (-r.score, -r.alone, r.candidate.stored.id))


def beside_features(best: Ranked, other: Ranked) -> list[float]:
    """Returns BESIDE_FEATURES: what tells whether a sentence helps, given the best one.

    What the question speaks of and the best sentence lacks is looked for in another, so of two that are alike one will
    do (Source: Carbonell and Goldstein, The use of MMR, SIGIR 1998); evidence also stands together.
    """
    one, two = best.candidate, other.candidate
    distance = abs(one.stored.sentence.position - two.stored.sentence.position)
    same = one.stored.article_id == two.stored.article_id
    return [
        logit(other.alone),
        sum(share for word, share in two.covered.items() if word not in one.covered),
        float(same and distance == 1),
        float(same and distance <= NEAR),
    ]


def beside_score(features: Sequence[float]) -> float:
    """Returns the probability that a sentence helps to answer, beside the best one."""
    return fitted_probability("beside", BESIDE_FEATURES, features)


def combined(prior: float, support: float | None, by_itself: Reading | None = None) -> float:
    """Returns the probability that a sentence helps, from retrieval's score and what the reader made of it, if it read."""
    if support is None:
        return fitted_probability("unread", ("prior",), [logit(prior)])
    if by_itself is None:
        return fitted_probability("read", READ_FEATURES, [logit(prior), logit(support)])
    return fitted_probability("by_itself", BY_ITSELF_FEATURES, by_itself_features(prior, support, by_itself))


def by_itself_features(prior: float, support: float, by_itself: Reading) -> list[float]:
    """Returns BY_ITSELF_FEATURES: what tells whether a sentence helps that was read among others and by itself."""
    return [logit(prior), logit(support), logit(by_itself.support[0]), _within_15(by_itself.span_score)]


def likeliest(ranked: Sequence[Ranked], readings: Sequence[Reading]) -> list[Ranked]:
    """Returns the sentences to read by themselves: the one with the best short answer, and the best ranked.

    What stands around a sentence helps to understand it, and distracts: two looks tell more than one.
    """
    holder = holder_of(ranked, best_reading(readings))
    first = [holder] if holder is not None else []
    others = [r for r in ranked if r.support is not None and r is not holder]
    return [*first, *others][:MAX_BY_ITSELF]


def best_reading(readings: Sequence[Reading]) -> Reading | None:
    """Returns the reading whose short answer stands out most against "no answer", None if no passage has one."""
    return max((r for r in readings if r.span is not None), key=lambda r: r.span_score, default=None)


def read_answer(
    question: str, ranked: Sequence[Ranked], readings: Sequence[Reading], prefers_best: bool = True
) -> Reading | None:
    """Returns the reading that gives the short answer, None if no reading has one.

    That is the passage's whose short answer stands out most, unless it stands in another sentence than the best and the best,
    by itself, has one of the kind asked for that stands out about as much: where the two differ, the best sentence is right
    more often. Without `prefers_best` it is always the one that stands out most.
    """
    standing_out = best_reading(readings)
    if not prefers_best or standing_out is None or not ranked or holder_of(ranked, standing_out) is ranked[0]:
        return standing_out
    best = ranked[0].by_itself
    if best is None or best.span is None or best.span_score < standing_out.span_score - MAX_WORSE_BY_ITSELF:
        return standing_out
    return best if expected_of(question).allows(short_answer(best)) else standing_out


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


def holder_of(ranked: Sequence[Ranked], reading: Reading | None) -> Ranked | None:
    """Returns the ranked sentence that a reading's short answer stands in, None if there is none."""
    sentence = holding_sentence(reading)
    if reading is None or sentence is None:
        return None
    place = (reading.passage.article_id, sentence.position)
    return next((r for r in ranked if _place(r.candidate) == place), None)


def answer_features(intent: Intent, ranked: Sequence[Ranked], readings: Sequence[Reading]) -> list[float]:
    """Returns ANSWER_FEATURES: what tells whether the articles answer the question, and whether the answer is right.

    They are few on purpose. Names, words and numbers that are missing, overlap, cosine and support beside them did worse on
    articles that were left out of the fit (AUROC 0.801 for 0.806, on SQuAD's 0.737 for 0.750): the reader knows of them.
    """
    if not ranked or not readings:
        return [logit(0.0), -10.0, 0.0, logit(0.0), -10.0, 0.0, 0.0]
    spans = sorted((r.span_score for r in readings if r.span is not None), reverse=True) or [-10.0]
    best = holder_of(ranked, best_reading(readings)) or ranked[0]
    return [
        logit(1 - min(r.no_answer for r in readings)),
        _within_15(spans[0]),
        min(10.0, spans[0] - spans[1]) if len(spans) > 1 else 0.0,
        logit(1 - best.by_itself.no_answer) if best.by_itself else logit(0.0),
        _within_15(best.by_itself.span_score) if best.by_itself else -10.0,
        logit(ranked[0].score),
        float(bool(intent.speakers) and not any(r.candidate.spoken for r in ranked)),
    ]


def _evidence(candidate: Candidate, score: float) -> Evidence:
    stored = candidate.stored
    return Evidence(stored.sentence, stored.article_id, stored.title, score, url=stored.url)


def _place(candidate: Candidate) -> tuple[str, int]:
    return candidate.stored.article_id, candidate.stored.sentence.position


def _within_15(score: float) -> float:
    return max(-15.0, min(15.0, score))


def probability(name: str, features: Sequence[float]) -> float:
    """Returns a fitted logistic of ANSWER_FEATURES.

    "answerable" is the probability that the articles answer, "right" that of a right short answer.
    """
    return fitted_probability(name, ANSWER_FEATURES, features)
