"""What each of many articles says about a matter: the sentences that search finds, read once an article, with a probability.

Nothing is read whole. Search gives the sentences nearest to the matter over all articles; those of the likeliest articles are
read, one passage an article; a fitted logistic tells how likely the article speaks of the matter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.articles.sentences import Sentence
from assistant.english.words import content_words, words
from assistant.finding.passages import passage_around
from assistant.finding.search import Evidence, shares_of
from assistant.library.store import Store, StoredSentence
from assistant.networks.embeddings import Embedder
from assistant.networks.reader import Reader
from assistant.networks.scores import fitted_probability, logit

ABOUT_FEATURES = ("cosine", "overlap", "answered")
N_FOUND = 200  # sentences by each search over all articles
N_FOUND_EACH = 12  # of an article that was chosen, so that none is crowded out
MAX_SEARCHED_APART = 10
_OVERLAP_AS_COSINE = (
    0.3  # before anything is read: a sentence with all words of the matter is as near as 0.3 more of cosine
)
# Of the sentences of an article that are given beside its best.
_MAX_BELOW_BEST = 0.12

Fits = Callable[[Sentence, Sentence | None], bool]
"""Whether a sentence, behind the one before it, may speak for a side."""


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence that search found for a matter: its cosine to it, and the share of its words that it has."""

    stored: StoredSentence
    cosine: float
    overlap: float

    @property
    def nearness(self) -> float:
        """How near it is before anything is read."""
        return self.cosine + _OVERLAP_AS_COSINE * self.overlap


@dataclass(frozen=True, slots=True)
class OnMatter:
    """What an article has on a matter.

    Attributes:
        article_id: the article.
        probability: that it says something about the matter.
        found: its sentences, nearest first.
        features: values of ABOUT_FEATURES.
    """

    article_id: str
    probability: float
    found: tuple[Found, ...]
    features: tuple[float, ...]

    def evidence(self, n: int) -> list[Evidence]:
        """Returns up to n sentences that are about as near as the nearest, the nearest first."""
        near = [f for f in self.found if f.nearness >= self.found[0].nearness - _MAX_BELOW_BEST][:n]
        return [
            Evidence(f.stored.sentence, f.stored.article_id, f.stored.title, self.probability, url=f.stored.url)
            for f in near
        ]


def on_matter(
    store: Store,
    embedder: Embedder,
    reader: Reader,
    matter: str,
    article_ids: Sequence[str] | None,
    max_articles: int,
    fits: Fits | None = None,
) -> list[OnMatter]:
    """Returns what the likeliest articles have on a matter, the likeliest first.

    Args:
        store: where to search.
        embedder: the model that made the store's vectors.
        reader: reads one passage an article.
        matter: as the question words it: "the price of a ticket".
        article_ids: only these articles; None for all.
        max_articles: how many are read, and returned, at most.
        fits: which sentences may be taken; None for all.
    """
    found = _found(store, embedder, matter, article_ids)
    if fits is not None:
        found = _fitting(store, found, fits)
    by_article: dict[str, list[Found]] = {}
    for one in sorted(found, key=lambda f: (-f.nearness, f.stored.id)):
        by_article.setdefault(one.stored.article_id, []).append(one)
    likeliest = list(by_article.values())[:max_articles]
    passages = [passage_around(store, own[0].stored) for own in likeliest]
    read = [(own, passage) for own, passage in zip(likeliest, passages, strict=True) if passage is not None]
    readings = reader.read(f"What is said about {matter}?", [passage for _, passage in read]) if read else []
    results = []
    for (own, _), reading in zip(read, readings, strict=True):
        features = (own[0].cosine, own[0].overlap, logit(1 - reading.no_answer))
        article_id = own[0].stored.article_id
        results.append(
            OnMatter(article_id, fitted_probability("about", ABOUT_FEATURES, features), tuple(own), features)
        )
    return sorted(results, key=lambda r: -r.probability)


def _found(store: Store, embedder: Embedder, matter: str, article_ids: Sequence[str] | None) -> list[Found]:
    """Returns the sentences that search finds for a matter; of each article by itself where they are few."""
    stems = content_words(matter)
    vector = embedder.embed([matter])[0]
    apart = article_ids is not None and len(article_ids) <= MAX_SEARCHED_APART
    groups = [[i] for i in article_ids] if apart and article_ids is not None else [article_ids]
    n = N_FOUND_EACH if apart else N_FOUND
    cosines: dict[int, float] = {}
    lexical: set[int] = set()
    for group in groups:
        cosines |= {hit.id: hit.score for hit in store.search_dense(vector, n, group)}
        lexical |= {hit.id for hit in store.search_lexical(stems or words(matter), n, group)}
    missing = sorted(lexical - cosines.keys())
    cosines |= {i: float(other @ vector) for i, other in store.vectors(missing).items()}
    shares = shares_of(stems, *store.document_frequencies(stems))
    return [
        Found(s, cosines[s.id], sum(shares[w] for w in shares.keys() & set(words(s.sentence.text))))
        for s in store.sentences(sorted(cosines))
    ]


def _fitting(store: Store, found: Sequence[Found], fits: Fits) -> list[Found]:
    before = {s.id: s for s in store.sentences([f.stored.id - 1 for f in found])}

    def previous(stored: StoredSentence) -> Sentence | None:
        one = before.get(stored.id - 1)
        return one.sentence if one is not None and one.article_id == stored.article_id else None

    return [f for f in found if fits(f.stored.sentence, previous(f.stored))]
