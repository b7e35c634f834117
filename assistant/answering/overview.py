"""Questions on the article as a whole: a few central sentences, cited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from assistant.answering.focus import Focus, focus_of, wanted_number
from assistant.articles.article import Article
from assistant.articles.sentences import Sentence
from assistant.english.names import names
from assistant.finding.search import Evidence
from assistant.library.store import Store
from assistant.networks.embeddings import Vectors
from assistant.question.intent import Kind

N_ABOUT = 3
N_SUMMARY = 5
N_ENDING = 2
N_MENTIONED = 6
N_SAID = 6
MAX_SENTENCES = 2000

# The first sentences of an article say what it is about: a bonus that halves every three sentences.
_LEAD_BONUS = 0.25
_LEAD_HALF_LIFE = 3.0
# Source: Carbonell, Goldstein: maximal marginal relevance (SIGIR 1998); 0.6 to centrality, the rest to difference.
_CENTRALITY_SHARE = 0.6
_MIN_WORDS = 5
# Two words that tell of what is asked for count as a third of centrality.
_CUE_BONUS = 0.35
MAX_ARTICLES = 10
# So many sentences of each at most, where there are so many articles: ten sentences can be read, thirty are not.
_EACH = ((3, 100), (5, 2), (MAX_ARTICLES, 1))
_SUMMARY_WORDS = (
    "summ",
    "overview",
    "outline",
    "recap",
    "tl;dr",
    "tldr",
    "points",
    "takeaway",
    "gist",
    "abstract",
    "bullets",
)


def central_evidence(store: Store, kind: Kind, question: str, article_ids: Sequence[str]) -> list[Evidence]:
    """Returns the central sentences of the first ten of some articles, fewer of each where there are many."""
    chosen = article_ids[:MAX_ARTICLES]
    wants_summary = any(word in question.lower() for word in _SUMMARY_WORDS)
    most = most_of_each(len(chosen))
    evidence: list[Evidence] = []
    for article_id in chosen:
        article = store.article(article_id)
        ids = store.first_ids(10**9, [article_id]) or []
        part = slice(-MAX_SENTENCES, None) if kind == "ending" else slice(MAX_SENTENCES)
        article, first = replace(article, sentences=article.sentences[part]), ids[part]
        vectors = store.vectors(first)
        if len(vectors) == len(article.sentences) > 0:
            stacked = np.stack([vectors[i] for i in first])
            evidence += overview(
                kind,
                wants_summary and len(chosen) == 1,
                article,
                stacked,
                focus_of(question),
                wanted_number(question),
                most,
            )
    return evidence


def most_of_each(n_articles: int) -> int:
    """Returns how many sentences of each of so many articles are told at most."""
    return next((most for n, most in _EACH if n_articles <= n), 1)


def overview(
    kind: Kind,
    wants_summary: bool,
    article: Article,
    vectors: Vectors,
    focus: Focus | None = None,
    n: int | None = None,
    most: int | None = None,
) -> list[Evidence]:
    """Returns the sentences that answer a question on the whole article, in order.

    Args:
        kind: "about", "point", "ending", "mentioned" or "who_said_what".
        wants_summary: whether more than the topic is asked for.
        article: with its sentences.
        vectors: their unit vectors, shape (n, d).
        focus: what the point is that is asked for.
        n: how many sentences are wanted, None for as many as usual.
        most: how many are given at most, the best of them, None for no limit.
    """
    central = centrality(article.sentences, vectors)
    if kind == "who_said_what":
        chosen = _statements(article.sentences, central)
    elif kind == "mentioned":
        chosen = _introductions(article.sentences)
    elif kind == "ending":
        chosen = list(range(len(article.sentences)))[: -N_ENDING - 1 : -1]
    elif kind == "point" and focus is not None:
        pointed = central + _pointed(article.sentences, focus)
        chosen = _diverse(article.sentences, vectors, pointed, n or focus.n)
    else:
        chosen = _diverse(article.sentences, vectors, central, n or (N_SUMMARY if wants_summary else N_ABOUT))
    if not chosen:
        chosen = _diverse(article.sentences, vectors, central, N_ABOUT)
    return [
        Evidence(article.sentences[i], article.id, article.title, float(central[i]), url=article.url)
        for i in sorted(chosen[:most])
    ]


def centrality(sentences: Sequence[Sentence], vectors: Vectors) -> Vectors:
    """Returns how central each sentence is, 0 to 1, shape (n,): its cosine to the mean of all, and how early it stands."""
    mean = vectors.mean(axis=0)
    norm = float(np.linalg.norm(mean)) or 1.0
    cosines = np.clip(vectors @ (mean / norm), 0, 1)
    lead = _LEAD_BONUS * 0.5 ** (np.arange(len(sentences)) / _LEAD_HALF_LIFE)
    short = np.array([len(s.text.split()) < _MIN_WORDS for s in sentences])
    values = np.clip((cosines + lead) / (1 + _LEAD_BONUS), 0, 1)
    return np.asarray(np.where(short, values * 0.3, values), dtype=np.float32)


def _pointed(sentences: Sequence[Sentence], focus: Focus) -> Vectors:
    """Returns what is added to centrality for the words of a focus, and for standing late, shape (n,)."""
    late = np.arange(len(sentences)) / max(1, len(sentences) - 1)
    cues = np.array([min(2, len(focus.cues.findall(s.text))) / 2 for s in sentences])
    short = np.array([len(s.text.split()) < _MIN_WORDS for s in sentences])
    return np.asarray(np.where(short, 0.0, _CUE_BONUS * cues + focus.late * late), dtype=np.float32)


def _diverse(sentences: Sequence[Sentence], vectors: Vectors, central: Vectors, n: int) -> list[int]:
    chosen: list[int] = []
    while len(chosen) < min(n, len(sentences)):
        nearest = np.max(vectors @ vectors[chosen].T, axis=1) if chosen else np.zeros(len(sentences))
        value = _CENTRALITY_SHARE * central - (1 - _CENTRALITY_SHARE) * nearest
        value[chosen] = -np.inf
        chosen.append(int(np.argmax(value)))
    return chosen


def _statements(sentences: Sequence[Sentence], central: Vectors) -> list[int]:
    """Returns up to N_SAID sentences with a speaker: every speaker's most central one, then the rest of theirs."""
    by_speaker: dict[str, list[int]] = {}
    for i, sentence in enumerate(sentences):
        if sentence.speaker:
            by_speaker.setdefault(sentence.speaker, []).append(i)
    queues = [sorted(indices, key=lambda i: -central[i]) for indices in by_speaker.values()]
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
