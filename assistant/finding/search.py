"""Question -> ranked Evidence: lexical and dense search choose candidates, a fitted logistic scores them."""

from __future__ import annotations

import math
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from assistant.articles.sentences import Sentence
from assistant.english.words import content_words, words
from assistant.finding.aside import aside
from assistant.library.store import Store, StoredSentence
from assistant.networks.embeddings import Embedder
from assistant.networks.scores import fitted_probability
from assistant.notebook import card, paragraph, quiet
from assistant.question.answer_type import holds, wanted_of
from assistant.question.intent import Intent

N_DENSE = 50
N_LEXICAL = 50
N_SPOKEN = 50
MAX_SPOKEN = 10_000  # of a speaker's sentences are known as theirs, be it search alone that finds them
MAX_CANDIDATES = 64
# The sentences up to three before and after each of the first ten are candidates too: the reader sees them.
N_READ = 10
REACH = 3
# Source: Cormack, Clarke, Büttcher: Reciprocal Rank Fusion outperforms Condorcet (SIGIR 2009), which found 60.
RANK_CONSTANT = 60

FEATURES = (
    "cosine",
    "cosine_to_best",
    "overlap",
    "overlap_to_best",
    "overlap_around",
    "names_missing",
    "speaker",
    "wanted",
    "ranks",
)

_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence retrieved for a question.

    Attributes:
        sentence: as stored, with its offsets.
        article_id: the article it stands in.
        title: that article's title.
        score: probability that the sentence helps to answer, 0 to 1.
        url: the address that the article was fetched from, "" if it was not.
    """

    sentence: Sentence
    article_id: str
    title: str
    score: float
    url: str = field(default="", kw_only=True)

    def to_dict(self) -> dict[str, Any]:
        """Returns the evidence as JSON types."""
        s = self.sentence
        return {
            "text": s.text,
            "article_id": self.article_id,
            "title": self.title,
            "start": s.start,
            "end": s.end,
            "position": s.position,
            "speaker": s.speaker,
            "page": s.page,
            "section": s.section,
            "place": s.place,
            "boxes": [[box.page, box.left, box.top, box.right, box.bottom] for box in s.boxes],
            "url": self.url,
            "score": round(self.score, 4),
        }

    def told(self) -> list[str]:
        """Returns what is known of where the sentence stands and who says it, and its score, for people."""
        s = self.sentence
        page = f"page {s.page}" if s.page else ""
        section = s.section if s.section != self.title else ""
        return [page, s.place, section, s.speaker, f"score {self.score:.2f}"]

    def _repr_html_(self) -> str:
        """Returns the evidence for a notebook."""
        return card(quiet([self.title, *self.told()]), paragraph(self.sentence.text))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that search found, before it is read.

    Attributes:
        stored: the sentence with its id.
        dense_rank: place in the dense search from 1, None if it was not among the first.
        lexical_rank: place in the lexical search from 1, None if it was not among the first.
        spoken: whether one of the speakers asked for says it.
        features: values of FEATURES.
        score: probability that the sentence helps to answer, by retrieval alone.
        covered: the question's words that are in it, each with its share of the weight of all.
        likeness: cosine with the matter that somebody is asked to have spoken of, None where there is none.
    """

    stored: StoredSentence
    dense_rank: int | None
    lexical_rank: int | None
    spoken: bool
    features: tuple[float, ...]
    score: float
    covered: dict[str, float]
    likeness: float | None = None


def search(
    store: Store, embedder: Embedder, question: str, intent: Intent, article_ids: Sequence[str] | None = None
) -> list[Candidate]:
    """Returns up to 64 candidates, best score first.

    Args:
        store: where to search.
        embedder: the model that made the store's vectors.
        question: a question that stands alone.
        intent: what kind of question it is.
        article_ids: only these articles; None for all.
    """
    stems = content_words(question)
    # Both leave Python alone, and in a large library take as long.
    by_words = aside(store.search_lexical, stems or words(question), N_LEXICAL, article_ids)
    vector = embedder.embed([question])[0]
    dense = store.search_dense(vector, N_DENSE, article_ids)
    lexical = by_words()
    statements = store.search_speaker(intent.speakers, MAX_SPOKEN, article_ids) if intent.speakers else []
    spoken = set(statements)
    dense_ranks = {hit.id: rank for rank, hit in enumerate(dense, start=1)}
    lexical_ranks = {hit.id: rank for rank, hit in enumerate(lexical, start=1)}
    fused = {
        i: _reciprocal(dense_ranks.get(i)) + _reciprocal(lexical_ranks.get(i)) + (_reciprocal(1) if i in spoken else 0)
        for i in dense_ranks.keys() | lexical_ranks.keys() | set(statements[:N_SPOKEN])
    }
    chosen = sorted(fused, key=lambda i: (-fused[i], i))[:MAX_CANDIDATES]
    cosines = {hit.id: hit.score for hit in dense}
    stored = {s.id: s for s in store.sentences(_looked_at(chosen))}
    chosen += [i for i in _beside(chosen[:N_READ], stored) if i not in fused]
    missing = [i for i in chosen if i not in cosines]
    cosines |= {i: float(other @ vector) for i, other in store.vectors(missing).items()}
    found = [stored[i] for i in chosen if i in stored and i in cosines]
    shares = shares_of(stems, *store.document_frequencies(stems))
    stems_of = {i: _stems_of(s.sentence.text, s.sentence.speaker) for i, s in stored.items()}
    ranks = {i: fused.get(i, 0.0) for i in chosen}
    rows = _features(question, intent, shares, found, stored, stems_of, cosines, ranks, spoken)
    candidates = [
        Candidate(
            s,
            dense_ranks.get(s.id),
            lexical_ranks.get(s.id),
            s.id in spoken,
            row,
            score_of(row),
            {word: share for word, share in shares.items() if word in stems_of[s.id]},
        )
        for s, row in zip(found, rows, strict=True)
    ]
    return sorted(candidates, key=lambda c: (-c.score, c.stored.id))


@lru_cache(maxsize=4096)
def _stems_of(text: str, speaker: str) -> frozenset[str]:
    """Returns the stems of a sentence and of whoever says it; kept, as one question looks at some two hundred sentences."""
    return frozenset((*words(text), *words(speaker))) if speaker else frozenset(words(text))


def _looked_at(ids: Sequence[int]) -> list[int]:
    """Returns the ids of the sentences that may become candidates, and of those right before and after one, in order."""
    candidates = set(ids) | {i + step for i in ids[:N_READ] for step in range(-REACH, REACH + 1)}
    near = {i + step for i in candidates for step in (-1, 0, 1)}
    # As far as the candidates of the search reach, and no farther.
    return sorted(near & {i + step for i in ids for step in range(-REACH, REACH + 1)})


def _beside(ids: Sequence[int], stored: dict[int, StoredSentence]) -> list[int]:
    """Returns the ids of the sentences around these in the same article, without these, in order."""
    near = {
        i + step
        for i in ids if i in stored
        for step in range(-REACH, REACH + 1)
        if i + step in stored and stored[i + step].article_id == stored[i].article_id
    }  # fmt: skip
    return sorted(near - set(ids))


def score_of(features: Sequence[float]) -> float:
    """Returns the probability that a sentence with these features helps to answer."""
    return fitted_probability("retrieval", FEATURES, features)


def _reciprocal(rank: int | None) -> float:
    return 1 / (RANK_CONSTANT + rank) if rank else 0.0


def shares_of(stems: Sequence[str], frequencies: dict[str, int], n_sentences: int) -> dict[str, float]:
    """Returns each stem's share of their weight: the inverse document frequency, as BM25 has it.

    Source: Robertson, Zaragoza: The Probabilistic Relevance Framework (2009), with 1 added to stay above 0.
    """
    weights = {}
    for word in stems:
        n = min(frequencies.get(word, 0), n_sentences)
        weights[word] = math.log(1 + (n_sentences - n + 0.5) / (n + 0.5))
    total = sum(weights.values()) or 1.0
    return {word: weight / total for word, weight in weights.items()}


def _features(
    question: str,
    intent: Intent,
    shares: dict[str, float],
    found: Sequence[StoredSentence],
    stored: dict[int, StoredSentence],
    stems: dict[int, frozenset[str]],
    cosines: dict[int, float],
    fused: dict[int, float],
    spoken: set[int],
) -> list[tuple[float, ...]]:
    """Returns FEATURES for each sentence found."""
    wanted = wanted_of(question)
    asked_names = [set(words(name)) for name in intent.names]

    sought = frozenset(shares)
    # Most sentences around a candidate have none of the words, and need no set of their own.
    covered = {i: _NOTHING if sought.isdisjoint(have) else sought & have for i, have in stems.items()}

    def overlap(have: Set[str]) -> float:
        return sum([share for word, share in shares.items() if word in have]) if have else 0.0

    overlaps = {s.id: overlap(covered[s.id]) for s in found}
    best_cosine = max((cosines[s.id] for s in found), default=0.0)
    best_overlap = max(overlaps.values(), default=0.0)
    rows: list[tuple[float, ...]] = []
    for s in found:
        around = covered[s.id]
        for near in (s.id - 1, s.id + 1):
            if near in stored and stored[near].article_id == s.article_id:
                around = around | covered[near]
        missing = sum(map(stems[s.id].isdisjoint, asked_names)) / len(asked_names) if asked_names else 0.0
        rows.append((
            cosines[s.id],
            cosines[s.id] - best_cosine,
            overlaps[s.id],
            overlaps[s.id] - best_overlap,
            overlap(around) - overlaps[s.id],
            missing,
            float(s.id in spoken),
            holds(wanted, s.sentence.text),
            fused[s.id] * RANK_CONSTANT / 2,
        ))  # fmt: skip
    return rows
