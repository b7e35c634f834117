"""Questions on the article as a whole: a few sentences that together answer, cited.

Which these are is learned: a fitted logistic of what a sentence is like in its article and of what search and reader make of it for the
question (`training/fit_whole.py`). Who is mentioned, who said what and how it ends are chosen by what they ask for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.answering.signs import MAX_CITATIONS
from assistant.articles.article import Article
from assistant.articles.sentences import Sentence
from assistant.english.names import names
from assistant.finding.ranking import Ranked
from assistant.finding.search import Evidence
from assistant.library.store import Store
from assistant.networks.embeddings import Embedder, Vectors
from assistant.networks.scores import fitted_probability, logit
from assistant.question.intent import WHOLE_ARTICLE, Kind

N_ABOUT = 3
N_POINT = MAX_CITATIONS
N_SUMMARY = 5
N_ENDING = 2
N_MENTIONED = 6
N_SAID = 6
MAX_WANTED = 8
MAX_SENTENCES = 2000

UNREAD_FEATURES = (
    "question", "central", "early", "words", "asks", "digits", "early_of_summary", "late",
)  # fmt: skip
READ_FEATURES = (*UNREAD_FEATURES, "helps")
_LEAD_HALF_LIFE = 3.0
# More alike than this, a sentence says nothing that a chosen one does not say.
_SAME = 0.95
MAX_ARTICLES = 10
# So many sentences of each at most, where there are so many articles: ten sentences can be read, thirty are not.
_EACH = ((3, 100), (5, 2), (MAX_ARTICLES, 1))
_SUMMARY = re.compile(
    r"\b(?:summ(?:ar(?:y|ies|i[sz]\w*)|ed|ing)?|sum|overview|outline|recap|tl;?dr|points|takeaways?|gist|abstract|bullets|nutshell|main|in (?:short|brief))\b",
    re.IGNORECASE,
)
_NUMBERS = {word: n for n, word in enumerate("one two three four five".split(), 1)} | {"a": 1}
_COUNTED = re.compile(
    r"(?:\b(?:in|as|with|give me|write|list|name)|^) ?(?P<n>a|one|two|three|four|five|\d+) (?:short )?(?:sentences?|bullet points|bullets|points|lines?)\b",
    re.IGNORECASE,
)


def wanted_number(question: str) -> int | None:
    """Returns how many sentences a question wants, None if it does not say.

    >>> wanted_number("Sum it up in one sentence"), wanted_number("Three bullet points, please"), wanted_number("tl;dr")
    (1, 3, None)
    """
    found = _COUNTED.search(question)
    if found is None:
        return None
    name = found["n"].lower()
    return min(MAX_WANTED, max(1, int(name) if name.isdigit() else _NUMBERS[name]))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question on the whole is after.

    Attributes:
        vector: the question's unit vector, shape (d,).
        is_summary: whether it asks for all in short, so that what stands early counts for more.
        n: how many sentences are wanted.
    """

    vector: Vectors
    is_summary: bool = False
    n: int = N_SUMMARY

    @classmethod
    def of(cls, question: str, kind: Kind, vector: Vectors) -> Wanted:
        """Returns what a question of a kind is after; few sentences where it asks what an article is about."""
        is_summary = _SUMMARY.search(question) is not None
        usual = N_SUMMARY if is_summary else N_ABOUT if kind == "about" else N_POINT
        n = wanted_number(question) or usual
        return cls(vector, kind == "about" or is_summary, n)


def whole_kind(kind: Kind) -> Kind:
    """Returns the kind of a question on the whole: "point" where its pattern names none."""
    return kind if kind in WHOLE_ARTICLE else "point"


def central_evidence(
    store: Store,
    embedder: Embedder,
    kind: Kind,
    question: str,
    article_ids: Sequence[str],
    ranked: Sequence[Ranked] = (),
) -> list[Evidence]:
    """Returns the sentences that answer of the first ten of some articles, fewer of each where there are many.

    Args:
        store: the library.
        embedder: makes the question's vector.
        kind: what is asked about the whole; any other kind of question stands for "point".
        question: as understood.
        article_ids: the articles asked about.
        ranked: what search and reader made of their sentences for this question.
    """
    chosen = article_ids[:MAX_ARTICLES]
    kind = whole_kind(kind)
    if not chosen:
        return []
    wanted = Wanted.of(question, kind, embedder.embed([question])[0])
    if len(chosen) > 1 and not wanted_number(question):
        wanted = replace(wanted, n=N_ABOUT)
    most = most_of_each(len(chosen))
    found = ((r.candidate.stored, r.score) for r in ranked)
    helps = {(stored.article_id, stored.sentence.position): score for stored, score in found}
    evidence: list[Evidence] = []
    for article_id in chosen:
        article = store.article(article_id)
        ids = store.first_ids(10**9, [article_id]) or []
        part = slice(-MAX_SENTENCES, None) if kind == "ending" else slice(MAX_SENTENCES)
        article, first = replace(article, sentences=article.sentences[part]), ids[part]
        vectors = store.vectors(first)
        if len(vectors) == len(article.sentences) > 0:
            stacked = np.stack([vectors[i] for i in first])
            read = {
                s.position: helps[article_id, s.position]
                for s in article.sentences
                if (article_id, s.position) in helps
            }
            evidence += overview(kind, article, stacked, wanted, read, most)
    return evidence


def nearest_cosine(store: Store, embedder: Embedder, question: str, article_id: str) -> float:
    """Returns the cosine of a question to the likest of an article's first sentences; -1 where these have no vectors yet."""
    vectors = store.vectors((store.first_ids(10**9, [article_id]) or [])[:MAX_SENTENCES])
    asked = embedder.embed([question])[0]
    return max((float(vector @ asked) for vector in vectors.values()), default=-1.0)


def most_of_each(n_articles: int) -> int:
    """Returns how many sentences of each of so many articles are told at most."""
    return next((most for n, most in _EACH if n_articles <= n), 1)


def overview(
    kind: Kind,
    article: Article,
    vectors: Vectors,
    wanted: Wanted,
    helps: Mapping[int, float],
    most: int | None = None,
) -> list[Evidence]:
    """Returns the sentences that answer a question on the whole article, in order.

    Args:
        kind: "about", "point", "ending", "mentioned" or "who_said_what".
        article: with its sentences.
        vectors: their unit vectors, shape (n, d).
        wanted: what the question is after.
        helps: of the sentences that were read, by position, the probability that they help to answer.
        most: how many are given at most, the best of them, None for no limit.
    """
    chances = central_probabilities(article.sentences, vectors, wanted, helps)
    if kind == "who_said_what":
        chosen = _statements(article.sentences, chances)
    elif kind == "mentioned":
        chosen = _introductions(article.sentences)
    elif kind == "ending":
        chosen = list(range(len(article.sentences)))[: -N_ENDING - 1 : -1]
    else:
        chosen = _likeliest(vectors, chances, wanted.n)
    if not chosen:
        chosen = _likeliest(vectors, chances, N_ABOUT)
    return [
        Evidence(article.sentences[i], article.id, article.title, float(chances[i]), url=article.url)
        for i in sorted(chosen[:most])
    ]


def central_probabilities(
    sentences: Sequence[Sentence], vectors: Vectors, wanted: Wanted, helps: Mapping[int, float]
) -> Vectors:
    """Returns the probability that each sentence is one that a person would choose for a question on the whole, shape (n,)."""
    rows = central_features(sentences, vectors, wanted)
    chances = [
        fitted_probability("whole_read", READ_FEATURES, [*row, logit(helps[s.position])])
        if s.position in helps
        else fitted_probability("whole_unread", UNREAD_FEATURES, row)
        for s, row in zip(sentences, rows, strict=True)
    ]
    return np.array(chances, dtype=np.float32)


def central_features(sentences: Sequence[Sentence], vectors: Vectors, wanted: Wanted) -> list[list[float]]:
    """Returns UNREAD_FEATURES of each sentence.

    Its cosine to the question, and to the mean of all; how early it stands, half as much every three sentences; the logarithm of
    its number of words; whether it asks, and whether it holds a digit; how early it stands where a summary is wanted, and how late
    it stands.
    """
    last = max(1, len(sentences) - 1)
    mean = vectors.mean(axis=0)
    mean = mean / (float(np.linalg.norm(mean)) or 1.0)
    return [
        [
            float(vector @ wanted.vector),
            float(vector @ mean),
            0.5 ** (i / _LEAD_HALF_LIFE),
            float(np.log1p(len(sentence.text.split()))),
            float(sentence.text.rstrip().endswith("?")),
            float(any(c.isdigit() for c in sentence.text)),
            wanted.is_summary * 0.5 ** (i / _LEAD_HALF_LIFE),
            i / last,
        ]
        for i, (sentence, vector) in enumerate(zip(sentences, vectors, strict=True))
    ]


def _likeliest(vectors: Vectors, chances: Vectors, n: int) -> list[int]:
    """Returns the n likeliest sentences, the likeliest first; of those that say the same the likelier one."""
    chosen: list[int] = []
    for i in np.argsort(-chances, kind="stable").tolist():
        if len(chosen) == n:
            break
        if not chosen or float(np.max(vectors[chosen] @ vectors[i])) < _SAME:
            chosen.append(i)
    return chosen


def _statements(sentences: Sequence[Sentence], chances: Vectors) -> list[int]:
    """Returns up to N_SAID sentences with a speaker: every speaker's likeliest one, then the rest of theirs."""
    by_speaker: dict[str, list[int]] = {}
    for i, sentence in enumerate(sentences):
        if sentence.speaker:
            by_speaker.setdefault(sentence.speaker, []).append(i)
    queues = [sorted(indices, key=lambda i: -chances[i]) for indices in by_speaker.values()]
    chosen: list[int] = []
    while len(chosen) < N_SAID and any(queues):
        for queue in queues:
            if queue and len(chosen) < N_SAID:
                chosen.append(queue.pop(0))
    return chosen


def _introductions(sentences: Sequence[Sentence]) -> list[int]:
    """Returns up to N_MENTIONED sentences that together name the most: each the one that adds most new names."""
    named = [set(names(s.text)) for s in sentences]
    known: set[str] = set()
    chosen: list[int] = []
    while len(chosen) < N_MENTIONED:
        gains = [sum(1 + (" " in name) for name in found - known) for found in named]
        best = max(range(len(gains)), key=lambda i: (gains[i], -i), default=-1)
        if best < 0 or gains[best] == 0:
            break
        chosen.append(best)
        known |= named[best]
    return chosen
