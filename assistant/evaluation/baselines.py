"""What the assistant is measured against: lexical or dense search alone, first sentences, refusing, a chat model."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, Protocol

from assistant.answer import NO_ANSWER, Answer, cite
from assistant.articles.article import Article, make_article
from assistant.articles.sentences import Sentence, split_sentences
from assistant.finding.search import Evidence

History = Sequence[tuple[str, str]]
NAMES = ("lexical", "dense", "first", "abstain")


class Answering(Protocol):
    """What is evaluated: the assistant, a baseline, or a fake in a test."""

    def add(self, text: str, title: str = "") -> Article:
        """Adds an article and returns it."""
        ...

    def remove(self, article_id: str) -> object:
        """Removes an article."""
        ...

    def retrieve(
        self, question: str, k: int | None = None, article: str | None = None, history: History = ()
    ) -> list[Evidence]:
        """Returns the `k` best sentences, best first."""
        ...

    def ask(self, question: str, article: str | None = None, history: History = ()) -> Answer:
        """Returns the answer."""
        ...


class Baseline:
    """Holds articles, ranks their sentences by `score`, answers with the first `n_sentences` whole."""

    def __init__(self, n_sentences: int = 1) -> None:
        self.n_sentences = n_sentences
        self._articles: dict[str, tuple[Article, list[Sentence]]] = {}

    def add(self, text: str, title: str = "") -> Article:
        """Adds an article and returns it."""
        article = make_article(text, title)
        self._articles[article.id] = (article, split_sentences(article.text))
        return article

    def remove(self, article_id: str) -> None:
        """Removes an article."""
        del self._articles[article_id]

    def score(self, question: str, sentences: Sequence[Sentence]) -> list[float]:
        """Returns a score from 0 to 1 for each sentence."""
        raise NotImplementedError

    def retrieve(
        self, question: str, k: int | None = None, article: str | None = None, history: History = ()
    ) -> list[Evidence]:
        """Returns the `k` best sentences, best first, of one article or of all; the last question leads a follow-up."""
        question = " ".join([*(turn[0] for turn in history[-1:]), question])
        held = [self._articles[article]] if article else list(self._articles.values())
        pairs = [(whole, sentence) for whole, sentences in held for sentence in sentences]
        scores = self.score(question, [sentence for _, sentence in pairs])
        best = sorted(range(len(pairs)), key=lambda i: -scores[i])[:k]
        return [Evidence(pairs[i][1], pairs[i][0].id, pairs[i][0].title, scores[i]) for i in best]

    def ask(self, question: str, article: str | None = None, history: History = ()) -> Answer:
        """Returns the best sentences as the answer; never refuses."""
        best = self.retrieve(question, self.n_sentences, article, history)
        text = " ".join(evidence.sentence.text for evidence in best)
        return Answer(question, question, text, citations=cite(best), confidence=best[0].score if best else 0.0)


class LexicalBaseline(Baseline):
    """Ranks sentences by BM25 over the words of the articles at hand.

    Source: Robertson and Zaragoza, 2009, "The Probabilistic Relevance Framework: BM25 and Beyond".
    """

    def score(self, question: str, sentences: Sequence[Sentence], k1: float = 1.2, b: float = 0.75) -> list[float]:
        """Returns BM25 / (BM25 + 5), which keeps the order and lies between 0 and 1."""
        counts = [Counter(re.findall(r"\w+", sentence.text.lower())) for sentence in sentences]
        mean_length = sum(count.total() for count in counts) / max(1, len(counts)) or 1.0
        scores = [0.0] * len(counts)
        for word in dict.fromkeys(re.findall(r"\w+", question.lower())):
            n_with = sum(word in count for count in counts)
            idf = math.log(1 + (len(counts) - n_with + 0.5) / (n_with + 0.5))
            for i, count in enumerate(counts):
                n = count[word]
                scores[i] += idf * n * (k1 + 1) / (n + k1 * (1 - b + b * count.total() / mean_length))
        return [score / (score + 5) for score in scores]


class DenseBaseline(Baseline):
    """Ranks sentences by the cosine of their embedding with the question's."""

    def __init__(self, embedder: Any, n_sentences: int = 1) -> None:
        super().__init__(n_sentences)
        self._embedder = embedder
        self._vectors: dict[str, Any] = {}

    def remove(self, article_id: str) -> None:
        """Removes an article and the vectors kept so far."""
        super().remove(article_id)
        self._vectors.clear()

    def score(self, question: str, sentences: Sequence[Sentence]) -> list[float]:
        """Returns the cosines, 0 where they are negative."""
        new = list(dict.fromkeys(s.text for s in sentences if s.text not in self._vectors))
        self._vectors.update(zip(new, self._embedder.embed(new), strict=True) if new else ())
        query = self._embedder.embed([question])[0]
        return [max(0.0, min(1.0, float(self._vectors[sentence.text] @ query))) for sentence in sentences]


class FirstBaseline(Baseline):
    """Answers with the first sentences, whatever the question."""

    def score(self, question: str, sentences: Sequence[Sentence]) -> list[float]:  # noqa: ARG002
        """Returns scores that fall with the place in the article."""
        return [1 / (1 + sentence.position) for sentence in sentences]


class AbstainBaseline(LexicalBaseline):
    """Always refuses; finds sentences as the lexical baseline does."""

    def ask(self, question: str, article: str | None = None, history: History = ()) -> Answer:  # noqa: ARG002
        """Returns the refusal."""
        return Answer(question, question, NO_ANSWER, abstained=True, confidence=0.5)
